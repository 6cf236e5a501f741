"""`SettingsForm`: how to train, every setting of `TrainConfig`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_core.config import MAX_LATENT_DIM, TrainConfig
from bvae_core.errors import ConfigError
from bvae_gui.style import GRID
from bvae_gui.widgets.field import Field
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.number_box import NumberBox

DEFAULTS = TrainConfig()
_MANY_EPOCHS = 500
_PATIENCE = 20


class SettingsForm(QWidget):
    """A field for each setting; what can't be is said beside its field.

    Signals
    -------
    changed()
        The user changed something.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: dict[str, Field] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self._add_model()
        self._add_length()
        self._add_details()
        self._arrange()

    # -- the fields ----------------------------------------------------------------------------

    def _add_model(self) -> None:
        self.beta = self._number("beta", "β", 1e6, 3, hint=(
            "Low: sharper images. High: a smoother, more orderly space."
        ))  # fmt: skip
        self.latent_dim = self._whole(
            "latent_dim", "Dimensions", 1, MAX_LATENT_DIM, hint="2 can be drawn as a map as it is."
        )
        self.schedule = self._choice(
            "schedule",
            "β over time",
            (
                ("Constant", "constant"),
                ("Rises once", "linear"),
                ("Rises again and again", "cyclical"),
                ("Capacity", "capacity"),
            ),
            "How β gets to its value. Capacity holds the KL at a value that rises; β is then γ.",
        )
        self._number("warmup", "Rise", 1, 2, hint="Share of the training that the rise takes.")
        self._whole("cycles", "Rises", 1, 10_000, hint="How many times β rises.")
        self._number("capacity", "Capacity", 1000, 1, hint="Where the KL ends, in nats an image.")

    def _add_length(self) -> None:
        self.length = self._choice(
            "length",
            "Length",
            (
                ("As long as the images need", "auto"),
                ("A number of epochs", "epochs"),
                ("Until it stops improving", "patience"),
            ),
            "",
        )
        self.epochs = self._whole("epochs", "Epochs", 1, 100_000, value=100)
        self._whole(
            "patience", "Patience", 1, 100_000, value=_PATIENCE,
            hint="Stop after so many epochs without a better held-out objective.",
        )  # fmt: skip

    def _add_details(self) -> None:
        self.more = QToolButton()
        named(self.more, "More settings", "Show the networks, the optimisation and the seed")
        self.more.setText("More settings")
        self.more.setCheckable(True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAutoRaise(True)
        self.more.toggled.connect(self._arrange)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._choice(
            "family",
            "Networks",
            (("By the images' size", "auto"), ("Dense", "dense"), ("Convolutional", "conv")),
            "Dense for small images, convolutional for larger.",
        )
        self._whole(
            "width", "Width", 8, 4096, step=8,
            hint="Units of a hidden layer, or channels of the deepest; a multiple of 8.",
        )  # fmt: skip
        self._whole("depth", "Depth", 1, 16, hint="Residual blocks on each side.")
        self._whole("batch_size", "Batch", 1, 65_536, hint="Images a step. Fewer need less memory.")
        learning_rate = self._number(
            "learning_rate", "Learning rate", 1, 6, hint="The highest on the way."
        )
        learning_rate.setSpecialValueText("By the training's length")
        self._number("weight_decay", "Weight decay", 1, 6, hint="Pull of the weights towards zero.")
        self._number(
            "augmentation", "Augmentation", 3, 2,
            hint="Strength of small random rotations, scalings, shears and shifts.",
        )  # fmt: skip
        self._choice(
            "train_split",
            "Train on",
            (("The training split", "train"), ("All images", "all")),
            "All images leave none to measure the model on.",
        )
        self._whole("seed", "Seed", 0, 2**31 - 1, hint="The same seed ends in the same model.")
        self.mixed_precision = QCheckBox("16 bits")
        self.mixed_precision.toggled.connect(self.changed)
        self._add(
            "mixed_precision", "Precision", self.mixed_precision, "Needs a GPU that gains by it."
        )

    def _add(self, name: str, label: str, editor: QWidget, hint: str) -> None:
        self._fields[name] = Field(label, editor, hint)
        self._column.addWidget(self._fields[name])

    def _whole(
        self,
        name: str,
        label: str,
        low: int,
        high: int,
        *,
        hint: str = "",
        value: int | None = None,
        step: int = 1,
    ) -> QSpinBox:
        editor = QSpinBox(minimum=low, maximum=high, singleStep=step)
        editor.setValue(getattr(DEFAULTS, name) if value is None else value)
        editor.valueChanged.connect(self._change)
        self._add(name, label, editor, hint)
        return editor

    def _number(self, name: str, label: str, high: float, decimals: int, *, hint: str) -> NumberBox:
        editor = NumberBox(maximum=high, decimals=decimals)
        editor.setValue(getattr(DEFAULTS, name) or 0)
        editor.valueChanged.connect(self._change)
        self._add(name, label, editor, hint)
        return editor

    def _choice(
        self, name: str, label: str, options: Sequence[tuple[str, str]], hint: str
    ) -> QComboBox:
        editor = QComboBox()
        for words, value in options:
            editor.addItem(words, value)
        if hasattr(DEFAULTS, name):
            editor.setCurrentIndex(editor.findData(getattr(DEFAULTS, name)))
        editor.currentIndexChanged.connect(self._change)
        self._add(name, label, editor, hint)
        return editor

    def field(self, name: str) -> Field:
        """Return the field of a setting, called as in `TrainConfig`, or ``length``."""
        return self._fields[name]

    # -- the settings --------------------------------------------------------------------------

    @property
    def config(self) -> TrainConfig | None:
        """The settings; None where they can't be, which the field says."""
        for field in self._fields.values():
            field.set_problem("")
        try:
            return TrainConfig(**self._values())
        except ConfigError as error:
            self.show_problem(str(error))
            return None

    def show_problem(self, sentence: str) -> bool:
        """Say beside its field what is wrong with a setting; False if no field is meant."""
        name, _, what = sentence.partition(": ")
        if name not in self._fields:
            return False
        self._fields[name].set_problem(what)
        if self._fields[name].isHidden():
            self.more.setChecked(True)
        return True

    def choose(self, config: TrainConfig) -> None:
        """Fill in settings."""
        length = "patience" if config.patience else "epochs" if config.epochs else "auto"
        self.length.setCurrentIndex(self.length.findData(length))
        for name, value in config.to_json().items():
            editor = self._fields[name].editor
            match editor:
                case QComboBox():
                    editor.setCurrentIndex(editor.findData(value))
                case QCheckBox():
                    editor.setChecked(value)
                case QSpinBox() | QDoubleSpinBox() if value is not None:
                    editor.setValue(value)
                case QDoubleSpinBox():
                    editor.setValue(0)

    def set_epochs_hint(self, epochs: int | None) -> None:
        """Say how many epochs the images need, if that is known."""
        is_auto = self.length.currentData() == "auto"
        self._fields["length"].set_hint(
            f"{epochs:,} epochs for these images." if epochs and is_auto else ""
        )

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, field in self._fields.items():
            match field.editor:
                case QComboBox() as editor:
                    values[name] = editor.currentData()
                case QCheckBox() as editor:
                    values[name] = editor.isChecked()
                case QSpinBox() | QDoubleSpinBox() as editor:
                    values[name] = editor.value()
        length = values.pop("length")
        if length == "auto":
            values["epochs"] = None
        if length != "patience":
            values["patience"] = None
        values["learning_rate"] = values["learning_rate"] or None
        return values

    def _change(self) -> None:
        if self.sender() is self.length and self.length.currentData() == "patience":
            self.epochs.setValue(max(self.epochs.value(), _MANY_EPOCHS))
        self._arrange()
        self.changed.emit()

    def _arrange(self) -> None:
        """Show the fields that matter."""
        if not hasattr(self, "mixed_precision"):
            return  # still being built
        schedule, length = self.schedule.currentData(), self.length.currentData()
        details = self.more.isChecked()
        self.more.setArrowType(Qt.ArrowType.DownArrow if details else Qt.ArrowType.RightArrow)
        always = {"beta", "latent_dim", "schedule", "length"}
        wanted = {
            "warmup": schedule in ("linear", "capacity"),
            "cycles": schedule == "cyclical",
            "capacity": schedule == "capacity",
            "epochs": length != "auto",
            "patience": length == "patience",
        }
        for name, field in self._fields.items():
            field.setVisible(name in always or wanted.get(name, details))
        self._fields["epochs"].set_hint("At most." if length == "patience" else "")
