"""`SaveMenu`: what is known of a model as files and commands."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QAction
from qtpy.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from bvae_core.bundle import Bundle
from bvae_core.diagnostics import Evaluation, Findings, Measurement, findings_csv
from bvae_core.diagnostics.objective import DEFAULT_SAMPLES
from bvae_core.figures.theme import ThemeName
from bvae_core.files import replacing_file
from bvae_core.shell_words import command
from bvae_gui.background import Background
from bvae_gui.clipboard import copy_command
from bvae_gui.jobs.command import Source
from bvae_gui.jobs.measuring import measuring_options
from bvae_gui.opening import called_in_shell
from bvae_gui.state import ExplorerState
from bvae_gui.style import icon
from bvae_gui.widgets.naming import named

_UNSAFE = re.compile(r"[^\w.+-]+")


class SaveMenu(QToolButton):
    """Writes the page, the figures as JSON or CSV, or a command to the clipboard.

    Parameters
    ----------
    state
        Whose model it is; told of what was saved.
    parent
        The widget that it lies in.

    Attributes
    ----------
    page, as_json, table, measure_command, page_command
        The actions.

    Signals
    -------
    saved(path)
        A file has been written.
    """

    saved = Signal(object)

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._findings: Findings | None = None
        self._measured: Measurement | None = None
        self._source: Source | None = None
        self._background = Background(self)
        named(self, "Save", "Save the figures, or copy a command that makes them")
        self.setIcon(icon("export"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.setMenu(menu)

        def add(text: str, tip: str, act: Callable[[], None]) -> QAction:
            action = menu.addAction(text, act)
            action.setToolTip(tip)
            return action

        self.page = add(
            "Page…", "Figures and charts on one page, as PNG, SVG or PDF",
            lambda: self._ask("Save the page", ".png", "Pictures (*.png *.svg *.pdf)"),
        )  # fmt: skip
        self.as_json = add(
            "Figures as JSON…", "All that was measured, as bvae evaluate --full --json says it",
            lambda: self._ask("Save all figures", ".json", "JSON (*.json)"),
        )  # fmt: skip
        self.table = add(
            "Figures as a table…", "The figures as CSV, for spreadsheets",
            lambda: self._ask("Save the table", ".csv", "CSV (*.csv)"),
        )  # fmt: skip
        menu.addSeparator()
        self.measure_command = add(
            "Copy as command",
            "Copy the command that measures what is shown in a shell, or, where nothing has been "
            "measured yet, what would be",
            lambda: self._copy(self._measuring()),
        )  # fmt: skip
        self.page_command = add(
            "Copy the page's command", "Copy the command that draws the page in a shell",
            lambda: self._copy(self._drawing()),
        )  # fmt: skip
        self.show_findings(None, None, None)

    def show_findings(
        self, findings: Findings | None, measured: Measurement | None, source: Source | None
    ) -> None:
        """Offer these; `source` is where the images are that would be measured next."""
        self._findings, self._measured, self._source = findings, measured, source
        self.setEnabled(findings is not None)
        self.as_json.setEnabled(measured is not None)
        self.measure_command.setEnabled(self._measured_source() is not None)

    def save(self, path: Path) -> None:
        """Write what the name ends in: ``.json``, ``.csv``, or else the page.

        Raises
        ------
        BvaeError
            If it can't be written. Of the page, it is raised when it is drawn.
        """
        if self._findings is None:
            return
        match path.suffix.lower():
            case ".json" if self._measured is not None:
                _write(path, json.dumps(self._measured.to_json(), indent=2, allow_nan=False) + "\n")
            case ".csv":
                _write(path, findings_csv(self._findings))
            case _:
                draw = _page(path, self._state.model, self._measured, self._state.theme.name)
                self._background.run(draw, lambda _: self._say_saved(path))
                return
        self._say_saved(path)

    def stop(self) -> None:
        """Wait for what is being drawn."""
        self._background.stop()

    def _say_saved(self, path: Path) -> None:
        self._state.say(f"Saved {path}")
        self.saved.emit(path)

    def _ask(self, title: str, suffix: str, kinds: str) -> None:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(kinds)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(self._file_name(suffix))
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        dialog.open()

    def _file_name(self, suffix: str) -> str:
        name = _UNSAFE.sub("-", self._state.model.name).strip("-.") or "model"
        return f"{name}-diagnostics{suffix}"

    def _measured_source(self) -> Source | None:
        """Return where the images are that were measured, or else those that would be."""
        measured = self._measured
        if measured is None:
            return self._source
        if not measured.source:  # made otherwise than from files
            return None
        return Source(measured.source, measured.data_dir, only=measured.only or None)

    def _measuring(self) -> list[str]:
        source = self._measured_source()
        if source is None:
            return []
        draws = [] if self._measured is None else _draws(self._measured.evaluation)
        words = [called_in_shell(self._state.model), source.text]
        return command("evaluate", words, [*measuring_options(source), *draws])

    def _drawing(self) -> list[str]:
        theme = self._state.theme.name
        look = [] if theme == "light" else ["--theme", theme]
        name = self._file_name(".png")
        return command(
            "export diagnostics", [called_in_shell(self._state.model)], [*look, "-o", name]
        )

    def _copy(self, words: list[str]) -> None:
        copy_command(words)
        self._state.say(f"Copied: {shlex.join(words[:3])} …")


def _draws(found: Evaluation) -> list[str]:
    """Return the options of a measurement's draws of z, where they are not as usual."""
    samples = [] if found.samples == DEFAULT_SAMPLES else ["--samples", str(found.samples)]
    seed = [] if found.seed == 0 else ["--seed", str(found.seed)]
    return samples + seed


def _page(
    path: Path, model: Bundle, measured: Measurement | None, theme: ThemeName
) -> Callable[[], None]:
    def draw() -> None:
        from bvae_core.figures.diagnostics import export_diagnostics

        export_diagnostics(model, path, measured=measured, theme=theme)

    return draw


def _write(path: Path, text: str) -> None:
    with replacing_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
