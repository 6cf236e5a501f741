"""Pixels of an image in napari, of whatever type and size, as small images for a model.

Knows neither napari nor Qt. What is lazy stays so: only what is asked for is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.datasets._image_set import MAX_SIDE, MIN_SIDE
from bvae_core.datasets._pixels import refit
from bvae_core.errors import DataError

# Read at a time, in bytes as stored; a lazy array is read by its own chunks up to the second.
_READ_BYTES, _MOST_READ_BYTES = 16 << 20, 128 << 20
# So that progress is seen, and a stop obeyed, of small images, too.
_MOST_PLANES = 1024


@dataclass(frozen=True, eq=False)
class Picture:
    """An image of any number of dimensions, of which the last two are a plane.

    Parameters
    ----------
    name
        What to call it.
    data
        An array of numbers, or what is indexed like one: NumPy's, dask's, zarr's.
    channel_axis
        Which axis of `data` counts channels; None where there is none.
    channels
        Of these; several are averaged, unless they are those of a picture in colour.
    is_rgb
        Whether the channels are red, green and blue, and perhaps transparency.
    limits
        What is shown black and white.
    """

    name: str
    data: Any
    channel_axis: int | None
    channels: tuple[int, ...]
    is_rgb: bool
    limits: tuple[float, float]

    @property
    def axes(self) -> tuple[int, ...]:
        """The axes of `data` without that of the channels; the last two are a plane's."""
        return tuple(axis for axis in range(self.data.ndim) if axis != self.channel_axis)

    @property
    def lead_shape(self) -> tuple[int, ...]:
        """How many planes there are along each axis before the last two."""
        return tuple(int(self.data.shape[axis]) for axis in self.axes[:-2])

    @property
    def plane_shape(self) -> tuple[int, int]:
        """(H, W) of a plane."""
        height, width = (int(self.data.shape[axis]) for axis in self.axes[-2:])
        return height, width

    @property
    def pixel_bytes(self) -> int:
        """Bytes of a pixel with all its channels."""
        count = 1 if self.channel_axis is None else self.data.shape[self.channel_axis]
        return int(count * np.dtype(self.data.dtype).itemsize)

    def planes_at_a_time(self) -> int:
        """How many planes to read at once."""
        height, width = self.plane_shape
        plane = max(1, height * width * self.pixel_bytes)
        chunks = getattr(self.data, "chunks", None)
        wanted = min(_READ_BYTES // plane, _MOST_PLANES)
        if chunks is not None and self.lead_shape:
            first = chunks[self.axes[0]]
            chunk = int(first[0] if isinstance(first, Sequence) else first)  # dask's, or zarr's
            rest = int(np.prod(self.lead_shape[1:]))
            wanted = max(wanted, min(chunk * rest, _MOST_READ_BYTES // plane))
        return max(1, wanted)

    def windows(
        self, planes: NDArray[np.int64], corners: NDArray[np.int64], shape: tuple[int, int]
    ) -> NDArray[np.uint8]:
        """Read a window of each of some planes.

        What lies outside the image continues its edge.

        Parameters
        ----------
        planes
            (n, k) int, which plane, along the k axes before the last two.
        corners
            (n, 2) int, row and column of each window's first pixel.
        shape
            (H, W) of the windows.

        Returns
        -------
        ndarray
            (n, H, W, C) uint8, C = 1, or 3 in colour: what `limits` show black is 0.
        """
        boxes = [self._box(corner, shape) for corner in corners]
        lazy = [
            self.data[self._index(plane, inner)]
            for plane, (inner, _) in zip(planes, boxes, strict=True)
        ]
        windows = []
        for pixels, (_, edges) in zip(map(self._last, _read(lazy)), boxes, strict=True):
            is_whole = edges == [(0, 0), (0, 0)]
            windows.append(pixels if is_whole else np.pad(pixels, (*edges, (0, 0)), mode="edge"))
        return self._to_bytes(np.stack(windows))

    def _box(
        self, corner: NDArray[np.int64], shape: tuple[int, int]
    ) -> tuple[tuple[slice, slice], list[tuple[int, int]]]:
        """Return what of a window is inside, one pixel at least, and how much to continue it."""
        inner, edges = [], []
        for start, length, size in zip(corner.tolist(), shape, self.plane_shape, strict=True):
            first = min(max(start, 0), size - 1)
            stop = max(min(start + length, size), first + 1)
            before = min(max(0, first - start), length - (stop - first))
            inner.append(slice(first, stop))
            edges.append((before, length - (stop - first) - before))
        return (inner[0], inner[1]), edges

    def _index(
        self, plane: NDArray[np.int64], inner: tuple[slice, slice]
    ) -> tuple[int | slice, ...]:
        index: list[int | slice] = [slice(None)] * self.data.ndim
        for axis, where in zip(self.axes, (*plane.tolist(), *inner), strict=True):
            index[axis] = where
        return tuple(index)

    def _last(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """Bring the chosen channels of (H, W), or of that with channels anywhere, to the end."""
        if self.channel_axis is None:
            return pixels[..., None]
        after = [axis for axis in self.axes[-2:] if axis > self.channel_axis]
        return np.moveaxis(pixels, 2 - len(after), -1)[..., list(self.channels)]

    def _to_bytes(self, pixels: NDArray[Any]) -> NDArray[np.uint8]:
        if self.is_rgb and pixels.dtype == np.uint8:
            return _opaque(pixels)
        low, high = self.limits
        values = np.nan_to_num(pixels.astype(np.float32), nan=low, posinf=high, neginf=low)
        if not self.is_rgb:
            values = values.mean(axis=-1, keepdims=True)
        shares = np.clip((values - low) / max(high - low, 1e-12), 0, 1)
        grey = np.rint(shares * 255).astype(np.uint8)
        return _opaque(grey) if self.is_rgb else grey


def to_model(images: NDArray[np.uint8], shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Bring (n, H, W, C) images to a model's (H, W, C), as data sets are: see `refit`."""
    return refit(images, shape[:2], shape[2])


def fitting_size(shape: tuple[int, int], longest: int) -> tuple[int, int]:
    """Return the (H, W) to train on: as it is, or scaled to where models can be trained."""
    scale = min(1.0, longest / max(shape))
    height, width = (min(max(MIN_SIDE, round(side * scale)), MAX_SIDE) for side in shape)
    return height, width


def _opaque(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay what is transparent on white paper."""
    if pixels.shape[-1] != 4:
        return pixels
    opacity = pixels[..., 3:].astype(np.float32) / 255
    laid = pixels[..., :3] * opacity + 255 * (1 - opacity)
    return np.rint(laid).astype(np.uint8)


def _read(lazy: list[Any]) -> list[NDArray[Any]]:
    """Compute what is lazy, all at once: then each chunk behind it is read once."""
    try:
        if any(hasattr(each, "dask") for each in lazy):
            import dask

            # One after the other: this is beside the window already, and others need the cores.
            lazy = dask.compute(*lazy, scheduler="synchronous")
        return [np.asarray(each) for each in lazy]
    except (OSError, ValueError, RuntimeError) as error:
        raise DataError(f"The layer's pixels can't be read: {error}") from error
