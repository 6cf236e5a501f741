"""`ValueSlider`: a row with a name, a note, a slider with 0 in its middle, and its number."""

from __future__ import annotations

import math

from qtpy.QtCore import QEvent, QPointF, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal
from qtpy.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QWheelEvent
from qtpy.QtWidgets import QSizePolicy, QSlider, QWidget

from bvae_gui.widgets.numbers import number

_STEPS = 100  # in a unit
_RADIUS = 6.0
_GAP = 8
_HEIGHT = 24
# How wide the columns are, as texts.
_NAME, _NOTE, _NUMBER = "z₀₀₀", "0.00 nats", "−00.000"
#: What single keys do, for people to read.
HELP = (
    ("Arrow keys", "Change the number a little"),
    ("0", "Set the number to 0"),
)

_Role = QPalette.ColorRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ValueSlider(QSlider):
    """Chooses a number from −`reach` to `reach`.

    A press jumps to where the mouse is. A double click, or the key 0, goes to 0. The wheel is only
    for a slider that has the focus, so that a list of them scrolls. One widget paints the whole
    row: a hundred rows are made, and follow a drag, in a few milliseconds.

    Parameters
    ----------
    name, note
        What stands before the slider.
    reach
        The largest number, over 0.
    usual
        From where to where the number usually is, painted as a band.
    is_faint
        Whether it is painted as one that matters little.
    parent
        The widget that it lies on.

    Signals
    -------
    chosen(float)
        The user moved it.
    picked()
        The user clicked the name, or pressed Enter.
    """

    chosen = Signal(float)
    picked = Signal()

    def __init__(
        self,
        name: str,
        note: str,
        reach: float,
        usual: tuple[float, float],
        *,
        is_faint: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._name, self._note = name, note
        self._number = 0.0
        self._usual = usual
        self._is_faint = is_faint
        self._is_marked = False
        self._widths: tuple[int, int, int] | None = None
        self.setRange(-math.ceil(reach * _STEPS), math.ceil(reach * _STEPS))
        self.setSingleStep(_STEPS // 10)
        self.setPageStep(_STEPS // 2)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.valueChanged.connect(self._choose)

    @property
    def number(self) -> float:
        """What is shown, also if it is beyond the ends."""
        return self._number

    def show_number(self, number: float) -> None:
        """Show a number, without saying that it was chosen."""
        if number == self._number:
            return
        self._number = number
        steps = round(min(max(number * _STEPS, self.minimum()), self.maximum()))
        with QSignalBlocker(self):
            self.setValue(steps)
        self.update()

    @property
    def is_marked(self) -> bool:
        """Whether the name stands out."""
        return self._is_marked

    def mark(self, is_marked: bool) -> None:
        """Let the name stand out, or not."""
        if is_marked != self._is_marked:
            self._is_marked = is_marked
            self.update()

    def end_drag(self) -> None:
        """Follow the mouse no longer, until it is pressed again."""
        self.setSliderDown(False)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size with room for all columns."""
        return QSize(sum(self._columns()) + 120, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the least size that is of use."""
        return QSize(sum(self._columns()) + 48, _HEIGHT)

    def _choose(self, steps: int) -> None:
        self._number = steps / _STEPS
        self.chosen.emit(self._number)

    # -- what the user does -------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the mouse."""
        x = event.position().x()
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif self._is_name(x):
            self.picked.emit()
        elif self._is_track(x):
            self.setSliderDown(True)
            self.setSliderPosition(self._steps_at(x))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        x = event.position().x()
        if self.isSliderDown():
            self.setSliderPosition(self._steps_at(x))
        else:
            is_link = self._is_name(x)
            shape = Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor
            if self.cursor().shape() != shape:
                self.setCursor(shape)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Stay here."""
        self.end_drag()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go to 0."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_track(event.position().x()):
            self.setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to 0 at 0, pick at Enter, and move at the arrow keys."""
        match event.key():
            case Qt.Key.Key_0:
                self.setValue(0)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.picked.emit()
            case _:
                super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls, unless this has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    # -- geometry -----------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Measure the texts anew in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._widths = None
            self.updateGeometry()

    def _columns(self) -> tuple[int, int, int]:
        """Return how wide the name, the note and the number are."""
        if self._widths is None:
            advance = self.fontMetrics().horizontalAdvance
            self._widths = advance(_NAME) + _GAP, advance(_NOTE) + _GAP, advance(_NUMBER) + _GAP
        return self._widths

    def _is_name(self, x: float) -> bool:
        return x < self._columns()[0]

    def _is_track(self, x: float) -> bool:
        left, right = self._ends()
        return left - _RADIUS <= x <= right + _RADIUS

    def _ends(self) -> tuple[float, float]:
        """Return where the handle's middle is at the lowest and at the highest number."""
        name, note, behind = self._columns()
        return name + note + _RADIUS, self.width() - behind - _RADIUS

    def _x_of(self, number: float) -> float:
        left, right = self._ends()
        share = (number * _STEPS - self.minimum()) / (self.maximum() - self.minimum())
        return left + min(max(share, 0), 1) * (right - left)

    def _steps_at(self, x: float) -> int:
        left, right = self._ends()
        share = min(max((x - left) / max(1.0, right - left), 0), 1)
        return round(self.minimum() + share * (self.maximum() - self.minimum()))

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_words(painter)
        self._paint_track(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        text = _Role.PlaceholderText if self._is_faint else _Role.WindowText
        name_width, note_width, _ = self._columns()
        note = QRect(name_width, 0, note_width - _GAP, self.height())
        for words, room, alignment, role in (
            (self._name, self.rect(), _LEFT, _Role.Highlight if self._is_marked else text),
            (self._note, note, _RIGHT, _Role.PlaceholderText),
            (number(self._number), self.rect(), _RIGHT, text),
        ):
            painter.setPen(self.palette().color(role))
            painter.drawText(room, alignment, words)

    def _paint_track(self, painter: QPainter) -> None:
        colours = self.palette()
        middle = self.height() / 2
        left, right = self._ends()
        low, high = (self._x_of(end) for end in self._usual)
        line = colours.color(_Role.Mid)
        painter.fillRect(QRectF(left, middle - 0.5, right - left, 1), line)
        painter.fillRect(QRectF(low, middle - 2, high - low, 4), line)
        painter.fillRect(QRectF(self._x_of(0) - 0.5, middle - 5, 1, 10), colours.color(_Role.Dark))
        is_lit = self.hasFocus() or self.isSliderDown() or self.underMouse()
        text = _Role.PlaceholderText if self._is_faint else _Role.WindowText
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.color(_Role.Highlight if is_lit else text))
        painter.drawEllipse(QPointF(self._x_of(self._number), middle), _RADIUS, _RADIUS)
