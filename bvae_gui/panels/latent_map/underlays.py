"""`Underlays`: manifold and magnification of what is seen of a map, made beside the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QObject, Signal

from bvae_core.figures.underlays import Picture, Plane, Range, Relief
from bvae_core.latent import Tiling
from bvae_gui.latest import Latest
from bvae_gui.plots.pictures import PlacedPicture
from bvae_gui.plots.viewport import Viewport
from bvae_gui.state import ExplorerState

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle

TILE_EDGE = 28.0  # pixels, see `bvae_core.latent.tiling`
# While something is dragged, the map isn't drawn anew more often than this.
_PAUSE_MS = 80
_STEPS = 8  # of the magnification's rectangle across what is seen: moving by less changes nothing


class Underlays(QObject):
    """Follows what is seen and pinned, and has pictures of it.

    Parameters
    ----------
    state
        What is open, and which layers are shown.
    parent
        Whose end is also this one's.

    Attributes
    ----------
    relief
        The magnification that is shown.
    tiles
        Those of the manifold that is shown.

    Signals
    -------
    changed()
        `pictures` are others.
    """

    changed = Signal()

    def __init__(self, state: ExplorerState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._model: Bundle | None = None
        self._seen: tuple[Viewport, float] | None = None
        self._turn = 0  # what was asked for in an earlier one is stale
        self._makers = {name: Latest(_PAUSE_MS, self) for name in ("magnification", "manifold")}
        self._shown: dict[str, PlacedPicture] = {}
        self.relief: Relief | None = None
        self.tiles: Tiling | None = None
        for name, maker in self._makers.items():
            maker.done.connect(lambda key, picture, name=name: self._take(name, key, picture))

    @property
    def pictures(self) -> list[PlacedPicture]:
        """What there is to draw, from the lowest on."""
        return [self._shown[name] for name in self._makers if name in self._shown]

    @property
    def is_busy(self) -> bool:
        """Whether something is being made."""
        return any(maker.is_busy for maker in self._makers.values())

    @property
    def can_magnify(self) -> bool:
        """Whether what the map shows has a magnification."""
        state = self._state
        if state.bundle is None or not state.map.projection.is_exact:
            return False
        return len(state.map.projection.names) == 2

    def begin(self) -> None:
        """Have nothing yet: the model, the view or the look is another."""
        state = self._state
        if state.bundle is not None and self._model is not state.model:
            self._model = state.model
            self._decode = state.model.another_decoder()
        self._turn += 1
        self._seen = None
        self._drop(*self._makers)

    def look(self, viewport: Viewport, ratio: float) -> None:
        """Make what is seen now, at so many pixels of the screen for a logical one."""
        self._seen = viewport, ratio
        self.update()

    def update(self) -> None:
        """Make what is missing for the layers that are shown, and the place that is pinned."""
        layers = self._state.map.layers
        for name, is_shown in (
            ("magnification", layers.magnification and self.can_magnify),
            ("manifold", layers.manifold),
        ):
            if not is_shown:
                self._drop(name)
            elif self._seen is not None:
                self._ask(name, *self._seen)

    def _drop(self, *names: str) -> None:
        for name in names:
            self._makers[name].forget()
            if self._shown.pop(name, None) is not None:
                if name == "magnification":
                    self.relief = None
                else:
                    self.tiles = None
                self.changed.emit()

    def _ask(self, name: str, viewport: Viewport, ratio: float) -> None:
        state, model = self._state, self._state.model
        at = state.point if state.map.projection.is_exact else None
        plane = Plane(model, state.map.projection, at, decode=self._decode)
        place = self._hidden_part(at)
        theme, ink = state.theme, state.ink
        if name == "manifold":
            scale: Range = (viewport.scale[0] / ratio, viewport.scale[1] / ratio)
            tiles = plane.tiling(
                viewport.limits, scale, edge=TILE_EDGE * ratio, spacing=state.map.layers.spacing
            )
            self._makers[name].ask(
                (self._turn, tiles, scale, place), lambda: plane.manifold(tiles, scale, theme, ink)
            )
        else:
            bounds = _rounded_out(viewport)
            self._makers[name].ask((self._turn, bounds, place), lambda: plane.relief(bounds, theme))

    def _hidden_part(self, at: NDArray[np.float32] | None) -> bytes:
        """Return what of a place the map doesn't show: the plane through it depends on it only."""
        projection = self._state.map.projection
        if at is None or self._state.latent_dim <= 2:
            return b""
        hidden = projection.inverse(np.zeros((1, 2)), at=at)
        return np.round(hidden, 4).tobytes()

    def _take(self, name: str, key: tuple[Any, ...], picture: Picture) -> None:
        if key[0] != self._turn:
            return
        self._shown[name] = PlacedPicture(picture)
        if isinstance(picture, Relief):
            self.relief = picture
        else:
            self.tiles = key[1]
        self.changed.emit()


def _rounded_out(viewport: Viewport) -> tuple[Range, Range]:
    """Return a rectangle around what is seen that is the same when that moves a little."""
    ends: list[Range] = []
    for (low, high), scale, size in zip(
        viewport.limits, viewport.scale, viewport.size, strict=True
    ):
        step = scale * size / _STEPS
        ends.append((float(np.floor(low / step) * step), float(np.ceil(high / step) * step)))
    return ends[0], ends[1]
