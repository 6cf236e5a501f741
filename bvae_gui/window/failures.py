"""What went wrong, said in a dialog and kept in the log; the window lives on."""

from __future__ import annotations

import sys
import threading
import traceback
from collections import deque
from types import TracebackType

from qtpy.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler
from qtpy.QtGui import QFontDatabase, QGuiApplication
from qtpy.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bvae_core.errors import BvaeError
from bvae_core.log import write_log
from bvae_gui.returning import returning
from bvae_gui.style import GRID

_MAX_WAITING = 4


class Failures(QObject):
    """Shows one failure at a time, whatever thread it happened in.

    A `BvaeError` is shown as its sentence. Anything else is logged, and shown with its details
    once: where the same thing goes wrong at the same place again, that is only `repeated`.

    Parameters
    ----------
    command
        The program and its arguments, for the log.
    parent
        Whose end is also this one's.

    Signals
    -------
    repeated(sentence)
        Something for the status bar.
    """

    repeated = Signal(str)

    def __init__(self, command: list[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._seen: set[tuple[str, ...]] = set()
        self._waiting: deque[FailureDialog] = deque()
        self._shown: FailureDialog | None = None
        self._heard = returning(self.report)

    @property
    def shown(self) -> FailureDialog | None:
        """The dialog that is open."""
        return self._shown

    def report(self, error: Exception) -> None:
        """Show and log an error."""
        from psygnal import EmitLoopError  # the window is shown before it is imported

        while isinstance(error, EmitLoopError) and isinstance(error.__cause__, Exception):
            error = error.__cause__  # a signal's handler failed, and this is why
        if isinstance(error, BvaeError):
            self._enqueue(FailureDialog(str(error)))
        elif self._is_new(_signature(error)):
            kept = write_log(error, self._command)
            sentence = (
                f"Something unexpected went wrong ({_name(error)}). The window goes on. {kept}"
            )
            details = "".join(traceback.format_exception(error))
            self._enqueue(FailureDialog(sentence, details))
        else:
            self.repeated.emit(f"The same went wrong again ({_name(error)}).")

    def install(self) -> None:
        """Report what nobody catches, in any thread, and log what Qt warns of."""
        sys.excepthook = self._except
        threading.excepthook = self._except_in_thread
        qInstallMessageHandler(self._hear_qt)

    def _except(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            self.report(error.with_traceback(trace))
        else:
            sys.__excepthook__(kind, error, trace)

    def _except_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if isinstance(args.exc_value, Exception):
            self._heard(args.exc_value)

    def _hear_qt(self, kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
        serious = kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
        if serious and self._is_new(("Qt", text or "")):
            write_log(RuntimeWarning(f"Qt: {text}"), self._command)

    def _is_new(self, signature: tuple[str, ...]) -> bool:
        if signature in self._seen:
            return False
        self._seen.add(signature)
        return True

    def _enqueue(self, dialog: FailureDialog) -> None:
        pending = [*self._waiting, *([self._shown] if self._shown else [])]
        if dialog.sentence in (other.sentence for other in pending):
            return
        if len(self._waiting) < _MAX_WAITING:
            self._waiting.append(dialog)
        self._show_next()

    def _show_next(self) -> None:
        if self._shown is not None or not self._waiting:
            return
        self._shown = self._waiting.popleft()
        over = QApplication.activeModalWidget() or QApplication.activeWindow()
        self._shown.setParent(over, self._shown.windowFlags())
        self._shown.finished.connect(self._forget)
        self._shown.open()

    def _forget(self) -> None:
        if self._shown is not None:
            self._shown.deleteLater()
            self._shown = None
        self._show_next()


class FailureDialog(QDialog):
    """One failure in a sentence, and details to copy if there are any.

    Parameters
    ----------
    sentence
        What went wrong.
    details
        For whoever mends it; empty leaves them out.
    parent
        The window that it is about.
    """

    def __init__(self, sentence: str, details: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = sentence
        self.details = details
        self.setWindowTitle("Something went wrong" if details else "That didn't work")
        text = QLabel(sentence)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setWordWrap(True)
        text.setMinimumWidth(48 * GRID)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(text)
        if details:
            layout.addWidget(_details_view(details))
            copy = QPushButton("Copy details")
            copy.setToolTip("Copy the sentence and the details to the clipboard")
            copy.clicked.connect(self.copy)
            buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        layout.addWidget(buttons)

    def copy(self) -> None:
        """Put everything onto the clipboard."""
        QGuiApplication.clipboard().setText(f"{self.sentence}\n\n{self.details}")


def _details_view(details: str) -> QPlainTextEdit:
    view = QPlainTextEdit(details)
    view.setReadOnly(True)
    view.setAccessibleName("Details")
    view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    view.setMinimumSize(72 * GRID, 24 * GRID)
    return view


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _signature(error: Exception) -> tuple[str, ...]:
    """Say what went wrong and where, without what differs from time to time."""
    frames = traceback.extract_tb(error.__traceback__)
    return (type(error).__name__, *(f"{frame.filename}:{frame.lineno}" for frame in frames[-1:]))
