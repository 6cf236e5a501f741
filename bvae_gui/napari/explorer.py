"""`ExplorerView`: the explorer beside a viewer, and what of the viewer is on its map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_core.bundle import Bundle
from bvae_core.errors import BvaeError
from bvae_core.latent import ImageAnchor, parse_anchor
from bvae_core.originals import Originals
from bvae_gui.explorer import ExplorerWidget
from bvae_gui.napari.choice import Chosen, LayerChoice
from bvae_gui.napari.colouring import Classes, Colouring, colouring
from bvae_gui.napari.combo import Combo
from bvae_gui.napari.encoding import Encoded, encode
from bvae_gui.napari.link import Link
from bvae_gui.napari.notifications import report, show_info
from bvae_gui.napari.progress import IsStopped, Task, Tell
from bvae_gui.napari.send_menu import SendMenu
from bvae_gui.napari.sending import Sending
from bvae_gui.napari.settings import preferences
from bvae_gui.napari.watch import LayerWatch
from bvae_gui.opening import known_models
from bvae_gui.settings import Settings
from bvae_gui.state import ExplorerState, Quantity
from bvae_gui.state.scene import Place
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.naming import named
from bvae_gui.window.exporting import Exporter

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Layer

    from bvae_core.figures.theme import Theme
    from bvae_gui.napari.layers import Find

# What to do without an image layer, and with one.
_FIRST_STEPS = (
    "Open an image layer, or a sample from the File menu, to see it on the map.",
    "The dots are the model's own images. Show on the map brings the layer's.",
)


@dataclass(frozen=True, eq=False)
class _Looked:
    """What of the viewer is on the map, or about to be, and how it is found."""

    chosen: Chosen
    find: Find
    watch: LayerWatch


class ExplorerView(QWidget):
    """A model, the viewer's items on its map, and the way back into the viewer.

    Parameters
    ----------
    viewer
        That it is docked in.
    parent
        The widget that it lies in.

    Attributes
    ----------
    state, explorer
        What is explored, and the panels.
    models, choice, colour, show_button, send_button, previous_button, next_button
        Its controls.
    task
        What is being done beside the viewer.
    link
        What holds the map and the viewer together, or None.
    """

    def __init__(self, viewer: ViewerModel, parent: QWidget) -> None:
        super().__init__(parent)
        chosen = preferences()
        self._viewer = viewer
        self.state = ExplorerState()
        self.state.set_look(ink=chosen.ink)
        self.explorer = ExplorerWidget(self.state)
        self.exporter = Exporter(self.state, self.explorer, Settings())
        self.task = Task(self)
        self.link: Link | None = None
        self._encoded: Encoded | None = None
        self._shown: _Looked | None = None
        self._wanted: _Looked | None = None
        self.choice = LayerChoice(viewer, side=chosen.crop_size)
        self._make_controls()
        self._lay_out()
        self.task.busy_changed.connect(self._show_busy)
        self.state.said.connect(self._say)
        self.state.selection_changed.connect(self._show_selection)
        self.state.bundle_changed.connect(self._show_selection)
        self.choice.changed.connect(self._offer)
        self._offer()
        self._show_selection()
        self._opened = chosen.model
        self.offer_models(chosen.model)
        self.open(chosen.model)

    # -- what it is made of --------------------------------------------------------------------

    def _make_controls(self) -> None:
        self.models = Combo("Model", "The model whose latent space is explored")
        self.models.activated.connect(lambda _: self.open(self.models.value))
        self.colour = Combo("Colour", "What the colours of the dots say of the viewer's items")
        self.colour.activated.connect(lambda _: self._recolour())
        self.show_button = named(
            QPushButton("Show on the map"),
            "Show on the map",
            "Encode the chosen images of the viewer, and show where they are in latent space",
        )
        self.show_button.setProperty("primary", True)
        self.show_button.clicked.connect(lambda: self.show_chosen())
        self.send_button = named(
            QToolButton(), "Add to the viewer", "Add what is explored to the viewer, as a layer"
        )
        self.send_button.setText("Add to the viewer")
        self.send_button.setIcon(icon("stack-simple"))
        self.send_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.send_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = SendMenu(self.state, self.send_button)
        menu.chosen.connect(self._send)
        self.send_button.setMenu(menu)
        self.previous_button = self._step_button("caret-left", "Previous selected", -1)
        self.next_button = self._step_button("caret-right", "Next selected", 1)
        self._count = QLabel()
        self._count.setProperty("role", "quiet")
        self._words = QLabel()
        self._words.setProperty("role", "quiet")
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)

    def _step_button(self, glyph: str, name: str, step: int) -> QToolButton:
        button = named(QToolButton(), name, f"Show the {name.lower()} item in the viewer")
        button.setIcon(icon(glyph))
        button.setAutoRaise(True)
        button.clicked.connect(lambda: self._go_through_selection(step))
        return button

    def _lay_out(self) -> None:
        self.choice.place("Model", self.models, 2, 0)
        self.choice.place("Colour", self.colour, 2, 1)
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        row.addWidget(self.show_button)
        row.addWidget(self.send_button)
        row.addStretch()
        row.addWidget(self._count)
        row.addWidget(self.previous_button)
        row.addWidget(self.next_button)
        top = QVBoxLayout()
        top.setContentsMargins(GRID, GRID, GRID, 0)
        top.setSpacing(GRID)
        top.addWidget(self.choice)
        top.addLayout(row)
        top.addWidget(self._words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(top)
        column.addWidget(self.explorer, 1)

    # -- models --------------------------------------------------------------------------------

    def offer_models(self, wanted: str) -> None:
        """Offer the models that there are now, with one of them chosen."""
        choices = [
            (f"{known.name} · {known.summary}", known.remembered_as) for known in known_models()
        ]
        if all(value != wanted for _, value in choices):
            choices.append((wanted, wanted))
        self.models.offer(choices, wanted)

    def open(self, model: str) -> None:
        """Open a model; what of the viewer is on the map, or about to be, is encoded with it."""
        self._begin(f"Opening {model}", model, self._wanted or self._shown)

    def show_model(self, fingerprint: str, chosen: Chosen | None) -> None:
        """Open a model of the store, and show what it was trained on if that is still there."""
        self.offer_models(fingerprint)
        if chosen is not None and all(each in self._viewer.layers for each in chosen.layers):
            self.choice.choose_again(chosen)
            self.show_chosen(fingerprint)
        else:
            self.open(fingerprint)

    # -- the viewer's items --------------------------------------------------------------------

    def explore(self, layer: Layer) -> None:
        """Choose a layer and show it on the map."""
        self.choice.choose(layer)
        self.show_chosen()

    def show_chosen(self, model: str | None = None) -> None:
        """Encode what is chosen, with the model that is open or another, and show it on the map."""
        chosen = self.choice.chosen
        if chosen is None:
            return
        try:
            find = chosen.finder(self._viewer)
        except BvaeError as error:
            report(error)
            return
        watch = LayerWatch(self._viewer, chosen.layers, self)
        watch.changed.connect(self._lose_layer, Qt.ConnectionType.QueuedConnection)
        self._begin("Encoding", model or self.models.value, _Looked(chosen, find, watch))

    def _begin(self, title: str, model: str, wanted: _Looked | None) -> None:
        """Open a model and encode with it what is wanted of the viewer."""
        self._want(wanted)
        opened = self.state.bundle if model == self._opened else None

        def work(is_stopped: IsStopped, tell: Tell) -> tuple[Bundle, Encoded | None]:
            from bvae_core.store import load_bundle

            bundle = load_bundle(model) if opened is None else opened
            if wanted is None:
                return bundle, None
            items = wanted.find(is_stopped)
            return bundle, encode(items, bundle, lambda n: tell(n, len(items)), is_stopped)

        self.task.run(title, work, lambda made: self._take(model, *made), self._give_up)

    def _take(self, model: str, bundle: Bundle, encoded: Encoded | None) -> None:
        wanted, self._wanted = self._wanted, None
        self._opened = model
        if wanted is None or encoded is None:
            self.state.open(bundle)
            self._offer()
            return
        self._offer_columns(encoded)
        self._cut()
        if self._shown is not None and self._shown.watch is not wanted.watch:
            self._shown.watch.end()
        items = encoded.items
        self._encoded, self._shown = encoded, replace(wanted, find=lambda _is_stopped: items)
        self._open_coloured(bundle, encoded)
        self._say(f"{len(items):,} of {items.name} are on the map.")
        if wanted.watch.has_changed:
            self._say("The layer has changed meanwhile: show it anew.")
        else:
            chosen = wanted.chosen
            self.link = Link(self._viewer, chosen.image, chosen.objects, items, self.state, self)
        self._offer()

    def _give_up(self) -> None:
        """Leave everything as it was before something was wanted."""
        self._want(None)
        self.models.choose(self._opened)

    def _want(self, wanted: _Looked | None) -> None:
        before, self._wanted = self._wanted, wanted
        if before not in (None, wanted, self._shown):
            before.watch.end()

    def _lose_layer(self) -> None:
        if self.link is not None and self._shown is not None and self._shown.watch.has_changed:
            self._cut()
            show_info("The layer has changed, so the map no longer follows it: show it anew.")

    def _cut(self) -> None:
        link, self.link = self.link, None
        if link is not None:
            link.cut()
            link.deleteLater()

    # -- colours -------------------------------------------------------------------------------

    def _offer_columns(self, encoded: Encoded) -> None:
        """Offer what is known of the items, the first that tells kinds apart chosen."""
        known = {
            name: made
            for name, column in encoded.items.features.items()
            if (made := colouring(name, column)) is not None
        }
        before = self.colour.currentText()
        choices: list[tuple[str, Any]] = [("Nothing", None), *known.items()]
        kinds = [made for made in known.values() if isinstance(made, Classes)]
        wanted = known.get(before, kinds[0] if kinds else next(iter(known.values()), None))
        self.colour.offer(choices, wanted)

    def _open_coloured(self, bundle: Bundle, encoded: Encoded) -> None:
        chosen: Colouring | None = self.colour.value
        classes = chosen if isinstance(chosen, Classes) else None
        self.state.open(
            bundle.with_codes(
                encoded.mean,
                encoded.log_var,
                of=encoded.items.name,
                labels=None if classes is None else classes.labels,
                class_names=() if classes is None else classes.names,
            )
        )
        self.state.set_originals(Originals(encoded.images))
        if isinstance(chosen, Quantity):
            self.state.map.colour_by(chosen)

    def _recolour(self) -> None:
        """Colour the dots otherwise; what is explored stays as it is."""
        encoded = self._encoded
        if encoded is None or self.state.bundle is None:
            return
        scene, view = self.state.scene, self.state.map.view
        self._open_coloured(self.state.model, encoded)
        self.state.map.look_along(view)
        self.state.restore(
            replace(
                scene,
                point=_unnamed(scene.point),
                anchors=tuple(map(_unnamed, scene.anchors)),
                kept=tuple(map(_unnamed, scene.kept)),
            )
        )

    # -- back into the viewer ------------------------------------------------------------------

    def _send(self, sending: Sending) -> None:
        try:
            layer = sending.send(self._viewer, self.state)
        except BvaeError as error:
            report(error)
            return
        self._say(f"Added the layer {layer.name}.")

    def _go_through_selection(self, step: int) -> None:
        if self.link is not None:
            self.link.go_through_selection(step)

    # -- what is shown -------------------------------------------------------------------------

    def wear(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.state.set_look(theme=theme)

    def _say(self, text: str) -> None:
        self._words.setText(text)

    def _show_busy(self, is_busy: bool) -> None:
        self.show_button.setText(
            "Encoding…" if is_busy and self.choice.chosen else "Show on the map"
        )
        self._offer()

    def _offer(self) -> None:
        self.show_button.setEnabled(self.choice.chosen is not None and not self.task.is_busy)
        self.colour.setEnabled(self._encoded is not None and self.colour.count() > 1)
        is_open = self.state.bundle is not None
        self.send_button.setEnabled(is_open)
        if self._words.text() in ("", *_FIRST_STEPS):
            self._say(_FIRST_STEPS[self.choice.chosen is not None])

    def _show_selection(self) -> None:
        count = len(self.state.selection) if self.state.bundle is not None else 0
        self._count.setText(f"{count:,} selected" if count else "")
        for button in (self.previous_button, self.next_button):
            button.setEnabled(count > 0 and self.link is not None)

    # -- the end -------------------------------------------------------------------------------

    def end(self) -> None:
        """Stop what goes on, and follow the viewer no longer."""
        self.task.stop()
        self._cut()
        self._want(None)
        if self._shown is not None:
            self._shown.watch.end()
        self.choice.forget()
        self.exporter.stop()


def _unnamed(place: Place) -> Place:
    """Call a place by its coordinates, unless it is an image: classes have other names now."""
    return place if isinstance(parse_anchor(place.text), ImageAnchor) else Place.at(place.point)
