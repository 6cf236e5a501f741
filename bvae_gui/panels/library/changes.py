"""`Changes`: what the library does to the store, and says of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from qtpy.QtCore import QObject, QUrl, Signal
from qtpy.QtGui import QDesktopServices

from bvae_core.bundle import Bundle, open_bundle
from bvae_core.errors import BvaeError
from bvae_core.store import Discarded
from bvae_gui.panels.library.cards import Card
from bvae_gui.panels.library.worker import StoreWorker
from bvae_gui.widgets.notice import Notice

A = TypeVar("A")
B = TypeVar("B")


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str: ...  # noqa: D102


class Changes(QObject):
    """Renames, exports, imports, deletes and brings back, all of it beside the window.

    Parameters
    ----------
    worker
        What does it.
    notice
        Where it is said what was done, or why not.
    parent
        Owns it.

    Signals
    -------
    renamed(key, name)
        A model has another name.
    imported(key)
        A model came; of several, the first.
    open_requested(key)
        The user wants to see the model that came.
    undo_changed()
        Whether something can be undone is different.
    """

    renamed = Signal(str, str)
    imported = Signal(str)
    open_requested = Signal(str)
    undo_changed = Signal()

    def __init__(self, worker: StoreWorker, notice: Notice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker, self._notice = worker, notice
        self._discarded: list[list[Discarded]] = []

    def rename(self, card: Card, name: str) -> None:
        """Give a model another name."""

        def tell(new: str) -> None:
            self.renamed.emit(card.key, new)
            self._worker.scan()

        self._worker.do(partial(self._worker.store.rename, card.key, name), tell)

    def export(self, card: Card, target: Path) -> None:
        """Write a model as one ``.zip``."""

        def say(_: object) -> None:
            show = partial(show_folder, target.parent)
            words = f"Exported {in_words([card])} as {target.name}."
            self._notice.say(words, "Show", show, tip="Open its folder")

        self._notice.say(f"Exporting {in_words([card])}…")
        self._worker.do(partial(_pack, card.path, target), say)

    def import_files(self, archives: Sequence[Path]) -> None:
        """Add the models in ``.zip`` files, each checked like any other."""

        def say(outcome: tuple[list[Bundle], list[str]]) -> None:
            bundles, problems = outcome
            if bundles:
                key = bundles[0].fingerprint
                self.imported.emit(key)
                offer = partial(self.open_requested.emit, key)
                self._notice.say(
                    _lines(f"Imported {in_words(bundles)}.", *problems),
                    "Open",
                    offer,
                    tip="Explore it",
                )
            else:
                self._notice.say(_lines(*problems))
            self._worker.scan()

        if archives:
            self._notice.say(f"Importing {', '.join(path.name for path in archives)}…")
            self._worker.do(partial(_each, self._worker.store.unpack, archives), say)

    def delete(self, cards: Sequence[Card]) -> None:
        """Take models or broken entries out of the store, until the window closes."""

        def say(outcome: tuple[list[Discarded], list[str]]) -> None:
            discarded, problems = outcome
            if discarded:
                self._discarded.append(discarded)
                words = f"Deleted {in_words(discarded)}."
                tip = "Bring back what was deleted last (Ctrl+Z)"
                self._notice.say(_lines(words, *problems), "Undo", self.undo, tip=tip)
                self.undo_changed.emit()
            else:
                self._notice.say(_lines(*problems))
            self._worker.scan()

        keys = [card.key for card in cards]
        self._worker.do(partial(_each, self._worker.store.discard, keys), say)

    @property
    def can_undo(self) -> bool:
        """Whether something deleted can be brought back."""
        return bool(self._discarded)

    def undo(self) -> None:
        """Bring back what was deleted last."""

        def say(outcome: tuple[list[str], list[str]]) -> None:
            names, problems = outcome
            self._notice.say(_lines(*(f"“{name}” is back." for name in names), *problems))
            self._worker.scan()

        discarded = self._discarded.pop()
        self.undo_changed.emit()
        self._worker.do(partial(_each, self._worker.store.restore, discarded), say)


def in_words(models: Sequence[Named]) -> str:
    """Return a model's name, or how many models these are."""
    return f"“{models[0].name}”" if len(models) == 1 else f"{len(models)} models"


def show_folder(folder: Path) -> None:
    """Open a folder in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _pack(folder: Path, target: Path) -> None:
    from bvae_core.transfer import pack_bundle  # seldom needed

    pack_bundle(open_bundle(folder), target)


def _each(do: Callable[[A], B], what: Sequence[A]) -> tuple[list[B], list[str]]:
    """Do something with each, and return what came of it and what went wrong, in sentences."""
    done: list[B] = []
    problems: list[str] = []
    for each in what:
        try:
            done.append(do(each))
        except BvaeError as error:
            problems.append(str(error))
    return done, problems


def _lines(*sentences: str) -> str:
    return "\n".join(sentences)
