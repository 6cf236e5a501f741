"""`Brush`: lines and stamps in a plane, without an artist of matplotlib's for each of them.

An artist costs a tenth of a millisecond whenever it is drawn, however little it draws: too much
for marks that follow the pointer, and for dots that are drawn in hundreds of turns.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, IdentityTransform
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from bvae_core.figures.ink import rgb8

_AS_IS = IdentityTransform()


class Brush:
    """Draws within axes; sizes are in logical pixels. A context manager.

    Parameters
    ----------
    renderer
        What it draws with.
    artist
        What is drawn, on axes with linear scales: they are where, and in their units points are.

    Attributes
    ----------
    axes
        Those of the artist.
    ratio : float
        Pixels of the screen in a logical one.
    """

    def __init__(self, renderer: RendererBase, artist: Artist) -> None:
        if artist.axes is None:
            raise ValueError("An artist must be on axes to be drawn.")
        self._renderer = renderer
        self.axes = artist.axes
        # Once for all that is drawn: asked of matplotlib, it takes longer than what it is for.
        matrix = np.asarray(self.axes.transData.get_affine().get_matrix())
        self._unit, self._origin = matrix[[0, 1], [0, 1]], matrix[:2, 2]
        self.ratio = float(np.asarray(renderer.points_to_pixels(1.0)))
        self._shapes = Affine2D().scale(self.ratio)
        self._context: Any = renderer.new_gc()

    def __enter__(self) -> Brush:
        self._context.set_clip_rectangle(self.axes.bbox)
        self._context.set_capstyle("round")
        self._context.set_joinstyle("round")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._context.restore()

    def line(
        self,
        points: ArrayLike,
        colour: str,
        width: float,
        *,
        opacity: float = 1.0,
        dash: float | None = None,
    ) -> None:
        """Draw a line through points (n, 2), broken where a row is NaN, and dashed if it says."""
        if not np.size(points):
            return  # as there mostly is nothing, which would take as long as a little
        self._set_pen(colour, width, opacity)
        if dash is not None:
            self._context.set_dashes(0, [dash * self.ratio] * 2)
        path = Path(self.pixels(points))
        self._renderer.draw_path(self._context, path, _AS_IS)
        self._context.set_dashes(0, None)

    def stamp(
        self,
        shape: Path,
        points: ArrayLike,
        *,
        fill: str | None = None,
        opacity: float = 1.0,
        edge: str | None = None,
        width: float = 0.0,
    ) -> None:
        """Draw a shape, in logical pixels around (0, 0), at points (n, 2)."""
        if not np.size(points):
            return
        self._set_pen(edge or "none", width if edge else 0.0)
        face = None if fill is None else to_rgba(fill, opacity)
        places = Path(self.pixels(points))
        self._renderer.draw_markers(self._context, shape, self._shapes, places, _AS_IS, face)

    def wash(
        self,
        strength: Image.Image,
        low: NDArray[np.float64],
        high: NDArray[np.float64],
        colour: str,
    ) -> None:
        """Lay a colour over a rectangle, as strongly as an image of mode L says.

        Parameters
        ----------
        strength
            Its first row is the lowest.
        low, high
            (2,), the rectangle's corners.
        colour
            ``#rrggbb``.
        """
        if (placed := self._placed(strength, low, high)) is None:
            return
        (left, bottom), scaled = placed
        pixels = np.empty((scaled.height, scaled.width, 4), np.uint8)
        pixels[..., :3] = rgb8(colour)
        pixels[..., 3] = np.asarray(scaled)
        self._renderer.draw_image(self._context, left, bottom, pixels)

    def picture(
        self, picture: Image.Image, low: NDArray[np.float64], high: NDArray[np.float64]
    ) -> None:
        """Lay a picture of mode RGBA, its first row the lowest, over a rectangle, as `wash`."""
        if (placed := self._placed(picture, low, high)) is not None:
            (left, bottom), scaled = placed
            self._renderer.draw_image(self._context, left, bottom, np.array(scaled))

    def _placed(
        self, image: Image.Image, low: NDArray[np.float64], high: NDArray[np.float64]
    ) -> tuple[tuple[int, int], Image.Image] | None:
        """Return the lower left pixel of what is seen of an image, and that in pixels, or None."""
        (left, right), (bottom, top) = self.axes.get_xlim(), self.axes.get_ylim()
        seen = np.stack([np.maximum((left, bottom), low), np.minimum((right, top), high)])
        corners = np.rint(self.pixels(seen)).astype(int)
        size = corners[1] - corners[0]
        if (size <= 0).any():
            return None
        box = (seen - low) / (high - low) * image.size
        where: tuple[int, int] = tuple(corners[0].tolist())
        if (np.abs(box[1] - box[0] - size) < 1).all():  # as large as it is: no need to blur it
            x, y = np.rint(box[0]).astype(int).tolist()
            return where, image.crop((x, y, x + int(size[0]), y + int(size[1])))
        x0, y0, x1, y1 = box.ravel().tolist()
        scaled = image.resize(tuple(size.tolist()), Image.Resampling.BICUBIC, (x0, y0, x1, y1))
        return where, scaled

    def _set_pen(self, colour: str, width: float, opacity: float | None = None) -> None:
        self._context.set_foreground(to_rgba(colour, opacity), isRGBA=True)
        self._context.set_linewidth(width * self.ratio)

    def pixels(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return where points (n, 2) are, (n, 2), in the screen's pixels from the lower left."""
        places = np.asarray(points, np.float64).reshape(-1, 2)
        pixels: NDArray[np.float64] = places * self._unit + self._origin
        return pixels
