"""`LayerChoice`: which layer's images, and of these which part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from napari.layers import Image, Layer
from qtpy.QtCore import Signal
from qtpy.QtWidgets import QGridLayout, QLabel, QSpinBox, QWidget

from bvae_core.errors import DataError
from bvae_gui.napari.combo import Combo
from bvae_gui.napari.items import SIDES
from bvae_gui.napari.layers import (
    MARKING,
    Channels,
    Find,
    Marking,
    channel_choices,
    find_items,
)
from bvae_gui.napari.marks import is_marks
from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named

if TYPE_CHECKING:
    from napari.components import ViewerModel

_WHOLE = "Each plane of the stack"
_CHANGES = ("inserted", "removed", "reordered", "name")
_PLANE = 2  # dimensions of an image that is no stack


@dataclass(frozen=True)
class Chosen:
    """What is looked at.

    Parameters
    ----------
    image
        The layer that has the images.
    objects
        The layer that marks what to cut out of it; None takes whole planes.
    channels
        Of the image; None is the likeliest choice.
    side
        Of crops, in pixels of the image; None is as large as the objects need.
    """

    image: Image
    objects: Marking | None
    channels: Channels | None
    side: int | None

    @property
    def layers(self) -> list[Layer]:
        """The image's, and the objects'."""
        return [self.image] if self.objects is None else [self.image, self.objects]

    def finder(self, viewer: ViewerModel) -> Find:
        """Return what finds it, see `find_items`.

        Raises
        ------
        DataError
            If nothing is there to look at.
        """
        return find_items(viewer, self.image, self.objects, side=self.side, channels=self.channels)


class LayerChoice(QWidget):
    """An image layer, what is looked at in it, and how it is cut and read.

    Parameters
    ----------
    viewer
        Whose layers are offered.
    side
        Of crops, in pixels; 0 is as large as the objects need.
    parent
        The widget that it lies in.

    Attributes
    ----------
    image, objects, side, channels
        Its controls.

    Signals
    -------
    changed()
        Something else is chosen.
    """

    changed = Signal()

    def __init__(
        self, viewer: ViewerModel, *, side: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self.image = Combo("Image layer", "The layer whose images are looked at")
        self.objects = Combo(
            "Objects", "Look at each plane of a stack, or cut out what another layer marks"
        )
        self.channels = Combo("Channels", "Which channels of the image are looked at")
        self.side = named(
            QSpinBox(minimum=SIDES[0] - 1, maximum=SIDES[1], suffix=" px"),
            "Crop size",
            "Side of the square that is cut out around each object, in pixels of the image",
        )
        self.side.setSpecialValueText("As needed")
        self.side.setValue(max(side, self.side.minimum()))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self.place("Images", self.image, 0, 0)
        self.place("Objects", self.objects, 0, 1)
        self.place("Channels", self.channels, 1, 0)
        self.place("Crop size", self.side, 1, 1)
        self.image.activated.connect(lambda _: self._choose_image())
        self.objects.activated.connect(lambda _: self._change())
        self.channels.activated.connect(lambda _: self._change())
        self.side.valueChanged.connect(lambda _: self._change())
        viewer.layers.events.connect(self._note)
        self.refresh()

    def place(self, words: str, widget: QWidget, row: int, column: int) -> None:
        """Put a control with its name into the grid, two of them in a row."""
        label = QLabel(words)
        label.setProperty("role", "quiet")
        label.setBuddy(widget)
        self._grid.addWidget(label, row, 2 * column)
        self._grid.addWidget(widget, row, 2 * column + 1)

    def forget(self) -> None:
        """Follow the viewer no longer."""
        self._viewer.layers.events.disconnect(self._note)

    # -- what is chosen ------------------------------------------------------------------------

    @property
    def chosen(self) -> Chosen | None:
        """What is chosen; None without an image layer."""
        image: Image | None = self.image.value
        if image is None:
            return None
        side = self.side.value()
        return Chosen(
            image,
            self.objects.value,
            self.channels.value,
            side if side > self.side.minimum() else None,
        )

    def choose(self, layer: Layer) -> None:
        """Choose a layer: an image, or objects on the image below them.

        Raises
        ------
        DataError
            If it is neither, or there is no image.
        """
        image, objects = self._pair(layer)
        self.refresh()
        self.image.choose(image)
        self._offer(objects)
        self._change()

    def choose_again(self, chosen: Chosen) -> None:
        """Choose what was chosen once; its layers must be there."""
        self.refresh()
        self.image.choose(chosen.image)
        self._offer(chosen.objects, chosen.channels)
        self.side.setValue(chosen.side or self.side.minimum())
        self._change()

    def _pair(self, layer: Layer) -> tuple[Image, Marking | None]:
        if isinstance(layer, Image):
            return layer, None
        if not isinstance(layer, MARKING):
            kind = type(layer).__name__.lower()
            raise DataError(
                f"{layer.name}: Expected an image, labels, points or shapes. Received: {kind}."
            )
        layers = list(self._viewer.layers)
        nearest = [*reversed(layers[: layers.index(layer)]), *layers]
        image = next((each for each in nearest if isinstance(each, Image)), None)
        if image is None:
            raise DataError(f"{layer.name}: Expected an image to cut these out of. Received: none.")
        return image, layer

    # -- what is offered -----------------------------------------------------------------------

    def _note(self, event: Any) -> None:
        # The list passes on what its layers say, too: their names.
        if event.type in _CHANGES:
            self.refresh()

    def refresh(self) -> None:
        """Offer the layers that there are, and keep what is chosen of them."""
        before = self.image.value, self.objects.value
        images = [each for each in reversed(self._viewer.layers) if isinstance(each, Image)]
        self.image.offer([(layer.name, layer) for layer in images], before[0])
        self._offer(before[1])
        if before != (self.image.value, self.objects.value):
            self._change()

    def _offer(self, objects: Marking | None, channels: Channels | None = None) -> None:
        """Offer what there is to look at in the chosen image, with these chosen if they are there.

        Channels stay those that were chosen before, unless others are wanted.
        """
        image: Image | None = self.image.value
        layers = [each for each in reversed(self._viewer.layers) if not is_marks(each)]
        marking = [each for each in layers if isinstance(each, MARKING)]
        choices: list[tuple[str, Any]] = [(layer.name, layer) for layer in marking]
        if image is not None and (image.ndim > _PLANE or not choices):
            choices.insert(0, (_WHOLE, None))
        self.objects.offer(choices, objects)
        offered = [] if image is None else channel_choices(image)
        wanted = channels or self.channels.value
        kept = next((each for each in offered if each == wanted), None)
        self.channels.offer([(each.words, each) for each in offered], kept)

    def _choose_image(self) -> None:
        self._offer(self.objects.value)
        self._change()

    def _change(self) -> None:
        self.side.setEnabled(self.objects.value is not None)
        self.changed.emit()
