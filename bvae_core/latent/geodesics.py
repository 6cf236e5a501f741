"""Geodesics: ways along which the images change as little as they can."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.latent import _check
from bvae_core.latent._roadmap import Roadmap, at_shares, evenly, grid_edges
from bvae_core.latent.metric import Decode, metric_grid
from bvae_core.latent.paths import along, one_way

#: A way between two anchors is that of so many straight pieces.
STEPS = 32
SIDE = 64
# How many places may be decoded to straighten a way: for a first look, and to the end. The more
# dimensions, the fewer rounds that makes.
_HASTE, _REST = 1024, 32_768
_DIFFERENCE = 1e-2  # to each side: large against float32's rounding, small against any cell
_AT_ONCE = 512
_GAIN = 1e-4  # a round that gains no larger share of the energy is the last one
_SHORTEST = 1 / 64  # of what a round would like to go


class Geodesics:
    """Ways between anchors that are short in the space of images.

    The decoder g lays the latent space out as a surface in the space of images, where lengths are
    those of the metric JᵀJ that its Jacobian J pulls back (Arvanitidis, Hansen & Hauberg 2018,
    "Latent space oddity"). A geodesic minimises the energy Σ‖g(z_{i+1}) − g(z_i)‖² of `STEPS`
    steps (Shao, Kumar & Fletcher 2018, "The Riemannian geometry of deep generative models"), which
    also makes them equally long: along it the image changes evenly.

    In the plane the search begins with the shortest way over a grid of 64 × 64 metrics, which is
    made when it is first needed; elsewhere with the straight line. Then the energy is lowered by
    gradient steps that the metric preconditions, J being taken by central differences. It ends in a
    local minimum; what it finds is never longer, over its `STEPS` steps, than the straight line.

    Any thread may ask if the decoder may be asked from any.

    Parameters
    ----------
    decode
        From places (n, d) float32 to images (n, …).
    latents
        (N, d), finite, N ≥ 1: the codes that the grid is to cover.

    Raises
    ------
    AnchorError
        If there are no codes, or one is not finite.
    """

    def __init__(self, decode: Decode, latents: ArrayLike) -> None:
        self._decode = decode
        self._codes = _check.codes(latents)

    def path(
        self,
        anchors: ArrayLike,
        frames: int,
        *,
        refined: bool = True,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> NDArray[np.float32]:
        """Go from anchor to anchor.

        Parameters
        ----------
        anchors, frames
            As in `bvae_core.latent.straight`, as are shares, result and errors.
        refined
            Whether to go on until nothing more is gained; otherwise the way is good enough to be
            looked at while an anchor moves. In the plane that takes but the grid, and some hundred
            decodes.
        is_wanted
            Asked now and then; once it says False, the way stays as it is by then.
        """
        _check.within(anchors, self._codes)
        find = partial(self._way, refined, is_wanted)

        def segment(
            start: NDArray[np.float64],
            end: NDArray[np.float64],
            t: NDArray[np.float64],
            _rest: NDArray[np.float64],
        ) -> NDArray[np.float64]:
            return at_shares(one_way(start, end, find), t[:, 0])

        return along(anchors, frames, segment)

    def sketch(self, anchors: ArrayLike, frames: int) -> NDArray[np.float32] | None:
        """Go from anchor to anchor over the grid of metrics, without decoding anything.

        It may be longer in pixels than the straight line, and of ways that are as good it may be
        another one each time. Parameters and errors are those of `path`.

        Returns
        -------
        (frames, d) float32, or None in other spaces than the plane: there is no grid.
        """
        _check.within(anchors, self._codes)
        if self._codes.shape[1] != 2:
            return None
        roadmap = self._roadmap

        def segment(
            start: NDArray[np.float64],
            end: NDArray[np.float64],
            t: NDArray[np.float64],
            _rest: NDArray[np.float64],
        ) -> NDArray[np.float64]:
            return at_shares(roadmap.sketch(start, end, STEPS, by_cost=True), t[:, 0])

        return along(anchors, frames, segment)

    def prepare(self) -> None:
        """Make now what is otherwise made when the first way is asked for."""
        if self._codes.shape[1] == 2:
            _ = self._roadmap

    def _way(
        self,
        refined: bool,
        is_wanted: Callable[[], bool],
        start: NDArray[np.float64],
        end: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        line = start + np.linspace(0, 1, STEPS + 1)[:, None] * (end - start)
        ways = [line]
        if self._codes.shape[1] == 2:
            ways.append(self._roadmap.way(start, end, STEPS))
        ways = [self._evenly(way) for way in ways]
        way = min(ways, key=self._energy)
        if refined or self._codes.shape[1] != 2:
            way = self._relaxed(way, _REST if refined else _HASTE, is_wanted)
        return min(way, line, key=self._length)

    @cached_property
    def _roadmap(self) -> Roadmap:
        low, high = _box(self._codes)
        bounds = np.stack([low, high], axis=1)
        metric = metric_grid(self._decode, bounds, (SIDE, SIDE)).reshape(-1, 2, 2)
        # Where the decoder doesn't care, straight ways are short.
        metric += 1e-3 * (np.trace(metric, axis1=1, axis2=2).mean() or 1) * np.eye(2)
        centres = (np.arange(SIDE) + 0.5) / SIDE * (high - low)[:, None] + low[:, None]
        nodes = np.stack(np.meshgrid(*centres), axis=-1).reshape(-1, 2)
        edges = grid_edges(SIDE, SIDE)
        ahead = nodes[edges[:, 1]] - nodes[edges[:, 0]]
        between = (metric[edges[:, 0]] + metric[edges[:, 1]]) / 2
        return Roadmap(nodes, edges, np.sqrt(np.einsum("ni,nij,nj->n", ahead, between, ahead)))

    def _images(self, places: NDArray[np.float64]) -> NDArray[np.float32]:
        images: NDArray[np.float32] = self._decode(places.astype(np.float32))
        return images.reshape(len(places), -1)

    def _steps(self, way: NDArray[np.float64]) -> NDArray[np.float64]:
        return _step_lengths(self._images(way))

    def _length(self, way: NDArray[np.float64]) -> float:
        return float(self._steps(way).sum())

    def _energy(self, way: NDArray[np.float64]) -> float:
        return float((self._steps(way) ** 2).sum())

    def _evenly(self, way: NDArray[np.float64]) -> NDArray[np.float64]:
        return evenly(way, self._steps(way), STEPS)

    def _relaxed(
        self, way: NDArray[np.float64], decodes: int, is_wanted: Callable[[], bool]
    ) -> NDArray[np.float64]:
        """Lower the energy of a way between its ends, in rounds that lower it for certain."""
        low, high = _box(np.concatenate([self._codes, way]))
        images = self._images(way)
        energy = float((_step_lengths(images) ** 2).sum())
        step = 1.0
        while decodes > 0 and is_wanted():
            metric, gradient = self._pulled_back(way, images)
            decodes -= 2 * way[1:-1].size
            move = _solve(metric, gradient)
            before = energy
            while step >= _SHORTEST:
                tried = way.copy()
                tried[1:-1] = np.clip(way[1:-1] - step * move, low, high)
                tried_images = self._images(tried)
                decodes -= len(way)
                tried_energy = float((_step_lengths(tried_images) ** 2).sum())
                if tried_energy < energy:
                    way, images, energy = tried, tried_images, tried_energy
                    break
                step /= 2
            if before - energy <= _GAIN * before:
                break
            step = min(1.0, 2 * step)
        return way

    def _pulled_back(
        self, way: NDArray[np.float64], images: NDArray[np.float32]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return JᵀJ, (n, d, d), and half the energy's gradient, (n, d), at the inner places."""
        inner = way[1:-1]
        count, latent_dim = inner.shape
        pull = 2 * images[1:-1] - images[:-2] - images[2:]
        metric, gradient = np.empty((count, latent_dim, latent_dim)), np.empty(inner.shape)
        sides = _DIFFERENCE * np.concatenate([np.eye(latent_dim), -np.eye(latent_dim)])
        at_once = max(1, _AT_ONCE // len(sides))
        for first in range(0, count, at_once):
            here = slice(first, first + at_once)
            around = (inner[here, None] + sides).reshape(-1, latent_dim)
            seen = self._images(around).reshape(-1, 2, latent_dim, images.shape[1])
            slope = (seen[:, 0] - seen[:, 1]) / (2 * _DIFFERENCE)
            metric[here] = slope @ slope.transpose(0, 2, 1)
            gradient[here] = np.einsum("ndp,np->nd", slope, pull[here])
        return metric, gradient


def _step_lengths(images: NDArray[np.float32]) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.linalg.norm(
        np.diff(images, axis=0).astype(np.float64), axis=1
    )
    return lengths


def _box(points: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the corners of a box around points, with a margin."""
    low, high = points.min(axis=0).astype(np.float64), points.max(axis=0).astype(np.float64)
    margin = np.where(high > low, 0.05 * (high - low), 1)
    return low - margin, high + margin


def _solve(metric: NDArray[np.float64], gradient: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the move that the gradient asks for of places tied to their neighbours by the metric.

    A tridiagonal system of blocks: 2G on the diagonal, beside it −(G + G′)/2, which ties the
    places to one another as the energy's own second derivatives do, solved by elimination.
    """
    count, latent_dim = gradient.shape
    ridge = 1e-3 * (np.trace(metric, axis1=1, axis2=2).mean() / latent_dim or 1)
    metric = metric + ridge * np.eye(latent_dim)
    beside = (metric[:-1] + metric[1:]) / 2
    # What is beside an end is as the metric there.
    diagonal = np.concatenate([metric[:1], beside]) + np.concatenate([beside, metric[-1:]])
    factors = np.empty_like(beside)
    right = gradient.copy()
    for i in range(1, count):
        factors[i - 1] = np.linalg.solve(diagonal[i - 1], beside[i - 1])
        right[i] += factors[i - 1].T @ right[i - 1]
        diagonal[i] -= beside[i - 1] @ factors[i - 1]
    move = np.empty_like(right)
    move[-1] = np.linalg.solve(diagonal[-1], right[-1])
    for i in range(count - 2, -1, -1):
        move[i] = np.linalg.solve(diagonal[i], right[i]) + factors[i] @ move[i + 1]
    return move
