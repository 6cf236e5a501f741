"""Shortest ways through a graph of places, made smooth."""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

# To the eight next cells and to those a knight's move away: half of them, as edges go both ways.
# With all sixteen directions a way over cells is at most 2.8 % longer than it has to be.
_MOVES = ((0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1))
# Bends are rounded off over so many edges of the graph.
_ROUNDING = 1.5
# Of so many nodes the cheapest ways to all others are kept, for sketches.
_TREES = 32


class _Tree(NamedTuple):
    """The cheapest ways from one node to all others."""

    costs: NDArray[np.float64]
    before: NDArray[np.int32]  # the node before each on the way to it; negative where there is none


class Roadmap:
    """Places, and what it costs to go from one straight to another.

    Parameters
    ----------
    nodes
        (n, d), n ≥ 1.
    edges
        (m, 2) indices of nodes; each may be gone both ways.
    costs
        (m,), above 0.
    """

    def __init__(
        self, nodes: NDArray[np.float64], edges: NDArray[np.int64], costs: NDArray[np.float64]
    ) -> None:
        self._nodes = nodes
        self._index = cKDTree(nodes)
        both = np.concatenate([edges, edges[:, ::-1]])
        shape = (len(nodes), len(nodes))
        self._graph = csr_array((np.tile(costs, 2), (both[:, 0], both[:, 1])), shape=shape)
        self._trees: dict[int, _Tree] = {}
        self._lock = threading.Lock()

    def way(
        self, start: NDArray[np.float64], end: NDArray[np.float64], steps: int
    ) -> NDArray[np.float64]:
        """Return the cheapest way in `steps` equally long steps, (steps + 1, d), rounded off."""
        _, (first, last) = self._index.query([start, end])
        between = _between(self._tree(first), first, last)
        # The places themselves stand for the nodes next to them.
        corners = np.stack([start, *self._nodes[between], end])
        return _smooth(corners, _lengths(corners), steps)

    def sketch(
        self,
        start: NDArray[np.float64],
        end: NDArray[np.float64],
        steps: int,
        *,
        by_cost: bool = False,
    ) -> NDArray[np.float64]:
        """Return such a way soon: where one end stays as it was, hardly anything is computed.

        Of ways that cost the same it may be another one each time.

        Parameters
        ----------
        start, end, steps
            As in `way`.
        by_cost
            Whether steps cost the same, and are not equally long.
        """
        _, (first, last) = self._index.query([start, end])
        if first in self._trees:
            tree = self._kept_tree(first)
            nodes = [first, *_between(tree, first, last), last]
        else:
            # Whichever end stays, at the next place its tree is there.
            self._kept_tree(first)
            tree = self._kept_tree(last)
            nodes = [first, *_between(tree, last, first)[::-1], last]
        corners = np.stack([start, *self._nodes[nodes[1:-1]], end])
        costs = np.abs(np.diff(tree.costs[nodes]))
        return _smooth(corners, costs if by_cost and len(costs) > 1 else _lengths(corners), steps)

    def _kept_tree(self, node: int) -> _Tree:
        with self._lock:
            tree = self._trees.pop(node, None) or self._tree(node)
            self._trees[node] = tree  # now the newest
            if len(self._trees) > _TREES:
                del self._trees[next(iter(self._trees))]
        return tree

    def _tree(self, node: int) -> _Tree:
        return _Tree(*dijkstra(self._graph, indices=node, return_predecessors=True))


def _between(tree: _Tree, first: int, last: int) -> list[int]:
    """Return the nodes between the tree's own, `first`, and another, in that order."""
    nodes = []
    node = tree.before[last]
    while node >= 0 and node != first:  # negative before the first, and where no way leads
        nodes.append(int(node))
        node = tree.before[node]
    return nodes[::-1]


def grid_edges(rows: int, columns: int) -> NDArray[np.int64]:
    """Return the pairs of neighbouring cells of a grid that is counted row by row, (m, 2)."""
    cells = np.arange(rows * columns).reshape(rows, columns)
    pairs = []
    for up, right in _MOVES:
        here = cells[: rows - up, max(0, -right) : columns - max(0, right)]
        there = cells[up:, max(0, right) : columns + min(0, right)]
        pairs.append(np.stack([here.ravel(), there.ravel()], axis=1))
    return np.concatenate(pairs)


def evenly(
    way: NDArray[np.float64], lengths: NDArray[np.float64], steps: int
) -> NDArray[np.float64]:
    """Go the same way in steps that are equally long, given how long its pieces are."""
    total = lengths.sum()
    # Where nothing counts as long, what is far apart still counts a little.
    apart = _lengths(way)
    shares = lengths / (total or 1) + 1e-6 * apart / (apart.sum() or 1)
    return at_shares(way, np.linspace(0, 1, steps + 1), shares)


def at_shares(
    way: NDArray[np.float64],
    shares: NDArray[np.float64],
    lengths: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return the places at such shares of a way, 0 to 1; its pieces are equal if not given."""
    far = np.concatenate([[0.0], np.cumsum(np.ones(len(way) - 1) if lengths is None else lengths)])
    wanted = shares * far[-1]
    return np.stack([np.interp(wanted, far, coordinates) for coordinates in way.T], axis=1)


def _lengths(way: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.linalg.norm(np.diff(way, axis=0), axis=1)
    return lengths


def _smooth(
    corners: NDArray[np.float64], lengths: NDArray[np.float64], steps: int
) -> NDArray[np.float64]:
    """Go from corner to corner in equal steps, given how long the pieces are, rounding them off."""
    way = evenly(corners, lengths, steps)
    return _rounded_off(way, _ROUNDING * steps / max(1, len(corners) - 1))


def _rounded_off(way: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Smooth what departs from the straight line; its odd continuation keeps both ends in place."""
    line = way[0] + np.linspace(0, 1, len(way))[:, None] * (way[-1] - way[0])
    aside = way - line
    odd = np.concatenate([-aside[:0:-1], aside, -aside[-2::-1]])
    smooth = gaussian_filter1d(odd, sigma, axis=0, mode="nearest")[len(way) - 1 : 2 * len(way) - 1]
    rounded: NDArray[np.float64] = line + smooth
    rounded[[0, -1]] = way[[0, -1]]
    return rounded
