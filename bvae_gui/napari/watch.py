"""`LayerWatch`: whether layers still have what was read of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from napari.layers import Labels
from qtpy.QtCore import QObject, Signal

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Layer


class LayerWatch(QObject):
    """Notes when a layer is gone or has other data, so that nobody knows what belongs together.

    Parameters
    ----------
    viewer
        That the layers are in.
    layers
        Whose data are watched, from now on.
    parent
        Whose end is also this one's.

    Attributes
    ----------
    has_changed
        Whether it ever happened.

    Signals
    -------
    changed()
        It has just happened for the first time.
    """

    changed = Signal()

    def __init__(self, viewer: ViewerModel, layers: list[Layer], parent: QObject) -> None:
        super().__init__(parent)
        self._viewer, self._layers = viewer, layers
        self.has_changed = False
        for event, slot in self._listened_to():
            event.connect(slot)

    def end(self) -> None:
        """Watch no longer."""
        for event, slot in self._listened_to():
            event.disconnect(slot)
        self.deleteLater()

    def _listened_to(self) -> Iterator[tuple[Any, Any]]:
        yield self._viewer.layers.events.removed, self._note_removal
        for layer in self._layers:
            yield layer.events.data, self._note_change
            if isinstance(layer, Labels):  # a brush changes them in place
                yield layer.events.paint, self._note_change

    def _note_removal(self, _event: Any = None) -> None:
        if any(layer not in self._viewer.layers for layer in self._layers):
            self._note_change()

    def _note_change(self, _event: Any = None) -> None:
        if not self.has_changed:
            self.has_changed = True
            self.changed.emit()
