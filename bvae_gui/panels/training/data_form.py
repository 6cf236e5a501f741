"""`DataForm`: which images to train on, and a look at them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from qtpy.QtCore import Qt, QTimer, Signal
from qtpy.QtGui import QHideEvent, QShowEvent
from qtpy.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_core.datasets import strokes
from bvae_core.figures.ink import mosaic, to_rgb8
from bvae_core.selections import is_name, split_reference
from bvae_gui.jobs import Source, Survey, Surveyor
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.field import Field
from bvae_gui.widgets.image_view import ImageView
from bvae_gui.widgets.naming import named

Kind = Literal["kmnist", "strokes", "tfds", "path"]

_KINDS: dict[Kind, tuple[str, str]] = {
    "kmnist": (
        "Kuzushiji-MNIST",
        "70,000 characters of old Japanese books, ten classes. Downloaded the first time (20 MB).",
    ),
    "strokes": (
        "Generated strokes",
        "Ten invented glyphs, drawn here from known factors. Needs no network.",
    ),
    "tfds": (
        "TensorFlow Datasets",
        "Any set of images by its name, such as mnist or emnist/letters.",
    ),
    "path": (
        "Folder or file",
        "Images with a sub-folder for each class, IDX files, or arrays in .npz or .npy.",
    ),
}
#: So long after the last change a look begins.
_LOOK_MS = 400
_COLUMNS = 10
_SIZE = re.compile(r"\d{1,6}(x\d{1,6})?")


class DataForm(QWidget):
    """Chooses a source of images, looks at it in a child process, and shows what is there.

    Attributes
    ----------
    survey
        What was found at the present source, or None.

    Signals
    -------
    changed()
        Another source, or more is known of it.
    """

    changed = Signal()

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.survey: Survey | None = None
        self._looked_at: Source | None = None
        self._part: dict[str, str | None] = {}
        self._refused = False
        self._surveyor = Surveyor(self)
        self._surveyor.found.connect(self._take)
        self._surveyor.failed.connect(self._refuse)
        self._due = QTimer(self, singleShot=True, interval=_LOOK_MS)
        self._due.timeout.connect(self.look)
        self._lay_out()
        state.look_changed.connect(self._show_samples)
        self._change()

    # -- the fields ----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.kind = QComboBox()
        for kind, (words, _) in _KINDS.items():
            self.kind.addItem(words, kind)
        self.kind.setCurrentIndex(get_args(Kind).index("strokes"))
        self._kind_field = Field("Images", self.kind, " ", tip="Where the images come from")
        self.count = QSpinBox(minimum=20, maximum=strokes.MAX_COUNT, singleStep=1000)
        self.count.setValue(strokes.DEFAULT_COUNT)
        self.count.setGroupSeparatorShown(True)
        self.dataset = QLineEdit(placeholderText="mnist")
        self.path = QLineEdit(placeholderText="Path of a folder or file")
        self.data_dir = QLineEdit(placeholderText="~/tensorflow_datasets")
        self.image_size = QLineEdit(placeholderText="As they are")
        self.colour = QComboBox()
        for words, value in (("As they are", None), ("Grey", True), ("Colour", False)):
            self.colour.addItem(words, value)
        self._fields = {
            "count": Field("Count", self.count, tip="How many to draw"),
            "dataset": Field("Name", self.dataset, tip="The set's name in TensorFlow Datasets"),
            "path": Field("Path", self._with_button(self.path), tip="The folder or file"),
            "data_dir": Field(
                "Prepared in",
                self.data_dir,
                tip="Folder in which TensorFlow Datasets keeps prepared sets",
            ),
            "size": Field("Size", self.image_size, tip="Resize to pixels, such as 32 or 32x48"),
            "colour": Field("Colour", self.colour, tip="Read the images as grey or as colour"),
        }
        self.whole_button = named(
            QPushButton("Take all"), "Take all", "Train on all of the images again"
        )
        self.whole_button.clicked.connect(lambda: self._take_part(None, None))
        narrow = QWidget()
        row = QHBoxLayout(narrow)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.whole_button)
        row.addStretch()
        narrow.setFocusProxy(self.whole_button)
        self._part_field = Field("Part", narrow, " ", tip="Which of the images are trained on")
        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._samples = named(
            ImageView(self, side=10 * GRID), "Some of the images", "Some of the images"
        )
        self._samples.setFixedHeight(12 * GRID)
        self.look_button = named(
            QPushButton("Look at the images"),
            "Look at the images",
            "Load them and show some. What is not on this machine is downloaded.",
        )
        self.look_button.clicked.connect(self.look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self._kind_field)
        for name in ("count", "dataset", "path", "data_dir"):
            column.addWidget(self._fields[name])
        column.addWidget(self._part_field)
        column.addWidget(self.look_button, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self._summary)
        column.addWidget(self._samples)
        for name in ("size", "colour"):
            column.addWidget(self._fields[name])
        self.kind.currentIndexChanged.connect(self._change)
        self.colour.currentIndexChanged.connect(self._change)
        self.count.valueChanged.connect(self._change)
        for edit in (self.dataset, self.path, self.data_dir, self.image_size):
            edit.textChanged.connect(self._change)

    def _with_button(self, edit: QLineEdit) -> QWidget:
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(edit, 1)
        button = named(QToolButton(), "Browse", "Choose a folder or a file")
        button.setIcon(icon("folder-open"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.addAction("Folder…", self._choose_folder)
        menu.addAction("File…", self._choose_file)
        button.setMenu(menu)
        row.addWidget(button)
        both.setFocusProxy(edit)
        return both

    def _choose_folder(self) -> None:
        self._chosen(QFileDialog.getExistingDirectory(self, "Folder with images"))

    def _choose_file(self) -> None:
        kinds = "Arrays and IDX files (*.npz *.npy *ubyte *ubyte.gz);;All files (*)"
        self._chosen(QFileDialog.getOpenFileName(self, "File with images", filter=kinds)[0])

    def _chosen(self, path: str) -> None:
        if path:
            self.path.setText(path)

    # -- the source ----------------------------------------------------------------------------

    @property
    def source(self) -> Source | None:
        """What is chosen; None where something is missing or wrong, which the fields say."""
        if self._missing():
            return None
        kind, size = self._kind, self._typed_size
        name, path = self.dataset.text().strip(), self.path.text().strip()
        text = {
            "kmnist": "kmnist",
            "strokes": f"strokes:{self.count.value()}",
            "tfds": f"tfds:{name.removeprefix('tfds:')}",
            "path": str(Path(path).expanduser().absolute()),
        }[kind]
        folder = self.data_dir.text().strip() if self._is_in_tfds else ""
        return Source(
            text,
            data_dir=str(Path(folder).expanduser().absolute()) if folder else None,
            image_size=size or None,
            grey=self.colour.currentData(),
            **self._part,
        )

    def _take_part(self, only: str | None, selection: str | None) -> None:
        """Take some of the images, or all."""
        self._part = {"only": only, "selection": selection}
        self._change()

    def choose(self, source: Source) -> None:
        """Fill in a source."""
        kind, _, rest = source.text.partition(":")
        if kind not in ("kmnist", "strokes", "tfds"):
            kind = "path"
            self.path.setText(source.text)
        elif kind == "tfds":
            self.dataset.setText(rest)
        elif kind == "strokes":
            self.count.setValue(int(rest or strokes.DEFAULT_COUNT))
        self.data_dir.setText(source.data_dir or "")
        self.image_size.setText(source.image_size or "")
        self.colour.setCurrentIndex((None, True, False).index(source.grey))
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self._take_part(source.only, source.selection)

    @property
    def is_ready(self) -> bool:
        """Whether there is a source that nothing is known to be wrong with."""
        return self.source is not None and not self._refused

    def _missing(self) -> dict[str, str]:
        """Return what is missing or wrong, by the names of the fields."""
        problems = {}
        if self._typed_size and not _SIZE.fullmatch(self._typed_size):
            problems["size"] = "Expected pixels, such as 32 or 32x48."
        if self._kind == "tfds" and not self.dataset.text().strip():
            problems["dataset"] = "Which set? Type its name."
        if self._kind == "path" and not self.path.text().strip():
            problems["path"] = "Which images? Choose a folder or a file."
        return problems

    @property
    def _typed_size(self) -> str:
        return self.image_size.text().strip().lower().replace("×", "x")

    @property
    def _kind(self) -> Kind:
        kind: Kind = self.kind.currentData()
        return kind

    @property
    def _is_in_tfds(self) -> bool:
        return self._kind in ("kmnist", "tfds")

    def _change(self) -> None:
        kind = self._kind
        self._kind_field.set_problem("")
        self._kind_field.set_hint(_KINDS[kind][1])
        self._fields["count"].setVisible(kind == "strokes")
        self._fields["dataset"].setVisible(kind == "tfds")
        self._fields["path"].setVisible(kind == "path")
        self._fields["data_dir"].setVisible(self._is_in_tfds)
        part = _part_in_words(**self._part)
        self._part_field.set_hint(part)
        self._part_field.setVisible(bool(part))
        source = self.source
        if source is None or source != self._looked_at:
            self._forget()
            # What might be a long download is left to the user.
            self.look_button.setVisible(self._is_in_tfds)
            if source is not None and not self._is_in_tfds:
                self._due.start()
        missing = self._missing()
        for name in ("dataset", "path", "size"):
            if name in missing or not self._refused:
                self._fields[name].set_problem(missing.get(name, ""))
        self.changed.emit()

    @property
    def _field_of_source(self) -> Field:
        """The field beside which is said what is wrong with the images."""
        of_kind = {"tfds": "dataset", "path": "path"}
        name = of_kind.get(self._kind)
        return self._kind_field if name is None else self._fields[name]

    # -- the look ------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at the images; while this is hidden, later."""
        source = self.source
        if source is None or source == self._looked_at or not self.isVisible():
            return
        self._looked_at = source
        self.look_button.hide()
        self._summary.setText("Looking at the images…")
        self._summary.show()
        self._surveyor.look(source)

    def _forget(self) -> None:
        self._due.stop()
        self._surveyor.cancel()
        self.survey, self._looked_at, self._refused = None, None, False
        self._field_of_source.set_problem("")
        self._summary.hide()
        self._samples.hide()

    def _take(self, survey: Survey) -> None:
        self.survey = survey
        self._summary.setText(describe(survey))
        self._show_samples()
        self._samples.show()
        self.changed.emit()

    def _refuse(self, _source: Source, sentence: str) -> None:
        self._summary.hide()
        self._field_of_source.set_problem(sentence)
        self._looked_at, self._refused = None, True
        self.look_button.setVisible(True)
        self.changed.emit()

    def _show_samples(self) -> None:
        if self.survey is None:
            return
        samples = self.survey.samples
        missing = -len(samples) % _COLUMNS if len(samples) > _COLUMNS else 0
        theme = self._state.theme
        tiles = to_rgb8(samples, theme, self._state.ink)
        picture = mosaic(tiles, min(_COLUMNS, len(samples) + missing), (2, 2), theme.ground)
        self._samples.set_image(np.ascontiguousarray(picture))

    def showEvent(self, event: QShowEvent) -> None:
        """Look, if that is still to be done."""
        super().showEvent(event)
        if not self._is_in_tfds:
            self._due.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Begin no look that nobody sees."""
        super().hideEvent(event)
        self._due.stop()


def _part_in_words(only: str | None = None, selection: str | None = None) -> str:
    """Say which of the images are meant; nothing where all are."""
    if selection is None:
        return "Only some of them, chosen by number" if only else ""
    model, text = split_reference(selection)
    if is_name(text):
        return f"Only the selection {text} of the model {model}"
    return f"Only what was selected in the model {model}"


def describe(survey: Survey) -> str:
    """Say in two lines what was found."""
    height, width, channels = survey.image_shape
    colour = "grey" if channels == 1 else "colour"
    line = (
        f"{survey.count:,} images of {height} × {width}, {colour}; "
        f"{survey.test_count:,} kept for testing"
    )
    if not survey.classes:
        return f"{line}\nNo classes known"
    counts = [count for _, count in survey.classes]
    names = " ".join(name for name, _ in survey.classes[:20])
    more = " …" if len(survey.classes) > 20 else ""
    low, high = min(counts), max(counts)
    spread = f"{low:,}" if low == high else f"{low:,}–{high:,}"
    return f"{line}\n{len(survey.classes)} classes of {spread}: {names}{more}"
