"""`MainWindow`: the frame around the explorer: menus, status, drops, and what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QSize, Qt, QUrl, Signal
from qtpy.QtGui import (
    QAction,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
)
from qtpy.QtWidgets import QApplication, QMainWindow, QWidget

from bvae_core.errors import BvaeError
from bvae_core.figures.theme import Theme, get_theme
from bvae_core.resources import DEMO, resource
from bvae_gui.background import Background
from bvae_gui.picture_files import is_picture, local_file
from bvae_gui.settings import Settings, ThemeChoice
from bvae_gui.style import apply_style, system_theme
from bvae_gui.window.docks import Docks
from bvae_gui.window.first_paint import when_painted
from bvae_gui.window.library import Library
from bvae_gui.window.menus import TITLE, Menus
from bvae_gui.window.sessions import Sessions
from bvae_gui.window.status import StatusBar
from bvae_gui.window.trainings import Trainings

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle
    from bvae_gui.arrangement import Arrangement
    from bvae_gui.explorer import ExplorerWidget
    from bvae_gui.jobs.command import Source
    from bvae_gui.state import ExplorerState
    from bvae_gui.window.exporting import Exporter
    from bvae_gui.window.failures import Failures
    from bvae_gui.window.reopening import Reopener

LIBRARY, TRAINING, DIAGNOSTICS = "Library", "Training", "Diagnostics"
_LAYERS = "map layers"
_SIZE = QSize(1280, 800)
_LARGEST_SHARE = 0.9  # of the screen, at the first start
_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}


class MainWindow(QMainWindow):
    """The window. It can be shown before anything slow is imported, and filled afterwards.

    Parameters
    ----------
    settings
        What is remembered.
    failures
        What is told of failures.

    Attributes
    ----------
    explorer, state, exporter
        The panels, what they show, and what saves it; None until the first model is open.
    ground
        What lies there until then.
    settings
        What is remembered.
    menus, docks, library, trainings, sessions
        Its parts.

    Signals
    -------
    begun(decoded)
        The decoded image of the first model is there; the other panels follow.
    filled()
        All panels are there.
    """

    begun = Signal(QWidget)
    filled = Signal()

    def __init__(self, settings: Settings, failures: Failures) -> None:
        super().__init__()
        self.explorer: ExplorerWidget | None = None
        self.state: ExplorerState | None = None
        self.exporter: Exporter | None = None
        self._reopener: Reopener | None = None
        self._arrangement: Arrangement | None = None  # that waits for the panels
        self.settings = settings
        self._failures = failures
        self._background = Background(self)
        self._background.busy_changed.connect(self._show_busy)
        self._status = StatusBar(self)
        self.setStatusBar(self._status)
        failures.repeated.connect(self._status.say)
        self.setWindowTitle(TITLE)
        self.setWindowIcon(QIcon(str(resource("icons", "bvae-gui.svg"))))
        self.setAcceptDrops(True)
        self.ground = QWidget()
        self.setCentralWidget(self.ground)
        self.docks = Docks(self)
        self.library, self.trainings = Library(self), Trainings(self)
        self.sessions = Sessions(self)
        self.menus = Menus(self)
        self.choose_theme(settings.theme)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)
        self._restore_place()

    # -- opening -----------------------------------------------------------------------------

    def open(
        self,
        name_or_path: str | Path,
        otherwise: str | None = None,
        then: Callable[[], None] | None = None,
        check: Callable[[Bundle], object] | None = None,
    ) -> None:
        """Open a model beside the window; the one that is open stays so until then.

        Parameters
        ----------
        name_or_path
            See `bvae_core.store.load_bundle`.
        otherwise
            What to open if that fails.
        then
            Called when the model is open.
        check
            Called with the model before it is opened, beside the window; if that raises a
            BvaeError, it isn't opened.
        """

        def load() -> tuple[Bundle, BvaeError | None]:
            import bvae_gui.arrangement  # noqa: F401  slow the first time: here it is beside the window
            from bvae_gui.opening import load

            return load(name_or_path, otherwise, check)

        self._arrangement = None
        self._background.run(load, partial(self._take, then))

    def open_path(self, path: Path) -> None:
        """Open what was dropped or chosen: a model's folder, an exported PNG, a session, a picture.

        A model's ``.zip`` is imported into the library, and pictures of other programs are read by
        the open model; if none is open yet, the one that was open last is opened first.

        Raises
        ------
        BvaeError
            If it is none of these, or see `bvae_gui.window.reopening.Reopener`.
        """
        if path.is_dir():
            self.open(path)
        elif is_picture(path):
            self._open_picture(path)
        elif path.suffix.lower() == ".zip":
            self._import(path)
        elif path.suffix.lower() == ".json":
            self.sessions.open(path)
        elif path.suffix.lower() == ".png":
            from bvae_gui.window.reopening import Reopener

            self._reopener = self._reopener or Reopener(self)
            self._reopener.open(path)
        else:
            raise BvaeError(
                f"{path.name}: Expected the folder or the .zip of a model, a PNG that this program "
                "exported, a session, or an image. Received: something else."
            )

    def _open_picture(self, path: Path) -> None:
        if self.explorer is not None:
            self.explorer.show_own_image().open(path)
        else:
            self._open_last(then=partial(self._open_picture, path))

    def _import(self, path: Path) -> None:
        """Add the model in a ``.zip`` to the library, which offers to open it."""
        if self.explorer is not None:
            panel: Any = self.docks.show(LIBRARY)
            panel.changes.import_files([path])
        else:
            self._open_last(then=partial(self._import, path))

    def _open_last(self, then: Callable[[], None]) -> None:
        last = self.settings.last_model or DEMO
        self.open(last, otherwise=DEMO, then=then)

    def _take(
        self, then: Callable[[], None] | None, loaded: tuple[Bundle, BvaeError | None]
    ) -> None:
        bundle, problem = loaded

        def end() -> None:
            if problem is not None:
                self._failures.report(problem)
            elif then is not None:
                then()

        if self.state is None:
            self._begin(bundle, end)
        else:
            self.state.open(bundle)
            end()

    def _begin(self, bundle: Bundle, then: Callable[[], None]) -> None:
        """Show the decoded image of the first model, and meanwhile import the other panels."""
        from bvae_core.figures.layers import Layers
        from bvae_gui.arrangement import Arrangement
        from bvae_gui.state import ExplorerState

        state = ExplorerState()
        state.open(bundle)
        state.set_look(theme=self._theme(), ink=self.settings.ink)
        state.map.show_layers(Layers.of(self.settings.choices(_LAYERS)))
        arrangement = self._arrangement = Arrangement(state)
        self.setCentralWidget(arrangement)
        for name, splitter in arrangement.splitters.items():
            if (layout := self.settings.layout(name)) is not None:
                splitter.restoreState(layout)
        self.begun.emit(arrangement.decoded)

        def go_on() -> None:
            if arrangement is self._arrangement:  # nothing else was opened since
                self._background.run(
                    _import_explorer, lambda _: self._fill(state, arrangement, then)
                )

        if self.isVisible() and not self.isMinimized():
            when_painted(arrangement.decoded, go_on)
        else:
            go_on()

    def _fill(
        self, state: ExplorerState, arrangement: Arrangement, then: Callable[[], None]
    ) -> None:
        """Put all panels into the window."""
        from bvae_gui.explorer import ExplorerWidget
        from bvae_gui.window.exporting import Exporter

        state.set_look(theme=self._theme())  # which may have changed meanwhile
        self.takeCentralWidget()
        self.state, self.explorer = state, ExplorerWidget(state, arrangement=arrangement)
        self.exporter = Exporter(state, self.explorer, self.settings)
        self.exporter.saved.connect(self._say_saved)
        self.explorer.train_requested.connect(self._train_on)
        state.look_changed.connect(self._remember_ink)
        state.map.layers_changed.connect(self._remember_layers)
        state.bundle_changed.connect(self._name_model)
        state.renamed.connect(self._name_model)
        self._status.follow(state)
        self.menus.fill(self.explorer, self._add_docks(state))
        self.setCentralWidget(self.explorer)
        if (docked := self.settings.layout("docks")) is not None:
            self.restoreState(docked)
        self.explorer.map.chart.setFocus()
        self._name_model()
        self.filled.emit()
        when_painted(self.explorer, self._take_up_trainings)
        then()

    def _add_docks(self, state: ExplorerState) -> list[QAction]:
        library = self.docks.add(
            LIBRARY,
            "All models, to open, compare and keep in order",
            "Ctrl+L",
            lambda: self.library.make_panel(state),
        )
        training = self.docks.add(
            TRAINING,
            "Train models, and watch how their maps form",
            "Ctrl+T",
            lambda: self.trainings.make_panel(state),
        )
        diagnostics = self.docks.add(
            DIAGNOSTICS,
            "What can be measured of the model: objective, codes, classes, dimensions",
            "Ctrl+D",
            lambda: _make_diagnostics(state),
        )
        # Only where it was asked for: a layout that is restored has nobody wait for a training.
        training.triggered.connect(
            lambda shown: self.trainings.jobs().stand_by() if shown else None
        )
        return [library, training, diagnostics]

    def _train_on(self, source: Source) -> None:
        """Open the form for a training on some images."""
        panel: Any = self.docks.show(TRAINING)
        panel.begin(source)

    def _take_up_trainings(self) -> None:
        if self.trainings.are_unfinished():
            self.docks.show(TRAINING)

    def _name_model(self) -> None:
        from bvae_gui.opening import remembered_as

        if self.state is not None:
            self.setWindowTitle(f"{self.state.model.name} – {TITLE}")
            self.settings.last_model = remembered_as(self.state.model)

    def _say_saved(self, path: Path) -> None:
        folder = QUrl.fromLocalFile(str(path.parent))
        self._status.offer(
            f"Saved {path}", "Show in folder", "Open the folder that the file is in",
            lambda: QDesktopServices.openUrl(folder),
        )  # fmt: skip

    def _show_busy(self, is_busy: bool) -> None:
        if is_busy:
            self._status.showMessage("Opening…")
            self.setCursor(Qt.CursorShape.BusyCursor)
        else:
            self._status.clearMessage()
            self.unsetCursor()

    # -- dropping ----------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let a single file or folder in, or a picture from another program."""
        data = event.mimeData()
        if local_file(data) is not None or (data.hasImage() and self.explorer is not None):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open it."""
        event.acceptProposedAction()
        data = event.mimeData()
        if (path := local_file(data)) is not None:
            self.open_path(path)
        elif self.explorer is not None:
            self.explorer.show_own_image().take(data)

    # -- how it looks ------------------------------------------------------------------------

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Take light or dark colours, or the system's, and remember it."""
        self.settings.theme = choice
        hints = QGuiApplication.styleHints()
        if choice == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(_SCHEMES[choice])  # so that the window's frame follows
        self._dress()

    def _theme(self) -> Theme:
        choice = self.settings.theme
        return system_theme() if choice == "system" else get_theme(choice)

    def _dress(self) -> None:
        theme, application = self._theme(), QApplication.instance()
        if isinstance(application, QApplication):
            apply_style(application, theme)
        if self.state is not None:
            self.state.set_look(theme=theme)

    def _remember_ink(self) -> None:
        if self.state is not None:
            self.settings.ink = self.state.ink

    def _remember_layers(self) -> None:
        if self.state is not None:
            self.settings.remember_choices(_LAYERS, asdict(self.state.map.layers))

    # -- where it is -------------------------------------------------------------------------

    def _restore_place(self) -> None:
        place = self.settings.layout("window")
        if place is None or not self.restoreGeometry(place):
            room = self.screen().availableGeometry()
            self.resize(_SIZE.boundedTo(room.size() * _LARGEST_SHARE))
            self.move(room.center() - self.rect().center())

    def end(self) -> None:
        """Close without asking: what is being trained is stopped and keeps what it has learnt."""
        self.trainings.stop()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout, and see to what goes on beside the window."""
        if not self.trainings.may_close():
            event.ignore()
            return
        self.settings.remember_layout("window", self.saveGeometry())
        if self.explorer is not None:
            for name, splitter in self.explorer.splitters.items():
                self.settings.remember_layout(name, splitter.saveState())
            self.settings.remember_layout("docks", self.saveState())
        self._arrangement = None  # nothing is to fill it any more
        self._background.stop()
        if self.exporter is not None:
            self.exporter.stop()
        super().closeEvent(event)


def _make_diagnostics(state: ExplorerState) -> QWidget:
    from bvae_gui.panels.diagnostics import DiagnosticsPanel

    return DiagnosticsPanel(state)


def _import_explorer() -> None:
    import bvae_gui.explorer  # noqa: F401
