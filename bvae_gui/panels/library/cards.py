"""`Card`: what the library says of one model, or of a folder that is none; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from bvae_core.files import size_words
from bvae_core.manifest import local_time, read_manifest
from bvae_core.resources import DEMO, resource
from bvae_core.store import BrokenEntry, Store, StoredModel
from bvae_gui.widgets.numbers import number

_LEAST_DIGITS = 4  # of a fingerprint, to find it


@dataclass(frozen=True, eq=False)
class Card:
    """A model of the library.

    Parameters
    ----------
    entry
        The model, or the broken entry.
    is_demo
        Whether it is the one that comes with the program, which can't be renamed or deleted.
    """

    entry: StoredModel | BrokenEntry
    is_demo: bool = False

    @property
    def model(self) -> StoredModel | None:
        """The model; None if the entry is broken."""
        return self.entry if isinstance(self.entry, StoredModel) else None

    @property
    def is_own(self) -> bool:
        """Whether it is a model that can be renamed."""
        return self.model is not None and not self.is_demo

    @property
    def key(self) -> str:
        """What `load_bundle` finds the model by, or the folder's name of a broken entry."""
        if isinstance(self.entry, BrokenEntry):
            return self.entry.path.name
        return DEMO if self.is_demo else self.entry.fingerprint

    @property
    def path(self) -> Path:
        """The folder."""
        return self.entry.path

    @property
    def name(self) -> str:
        """What people call it."""
        return self.entry.path.name if isinstance(self.entry, BrokenEntry) else self.entry.name

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """What stands below the name, from the most to the least important."""
        if isinstance(self.entry, BrokenEntry):
            return (self.entry.reason.removeprefix(f"{self.path}/").removeprefix(f"{self.path}: "),)
        model = self.entry
        data = f"{model.data.name} · {_settings(model)}"
        kept = f"{day(model.created)} · {size_words(model.size)}"
        return (data, *_figures(model.metrics), kept)

    @cached_property
    def details(self) -> str:
        """All that is worth knowing, in lines."""
        if isinstance(self.entry, BrokenEntry):
            return f"Broken: {self.entry.reason}"
        model = self.entry
        config, data = model.config, model.data
        height, width, channels = data.image_shape
        count = data.train_count + data.test_count
        kind = "grey" if channels == 1 else "colour"
        origin = "Comes with the program" if self.is_demo else f"Trained {day(model.created)}"
        return "\n".join((
            model.name,
            f"{data.name}, {count:,} images of {height}×{width}, {kind}",
            f"β = {config.beta:g}, {config.latent_dim} dimension{'s' * (config.latent_dim != 1)}",
            f"{config.family}, {config.width} wide, {config.depth} deep, seed {config.seed}",
            *_figures(model.metrics),
            f"{origin}, {size_words(model.size)}",
            f"Fingerprint {model.fingerprint[:16]}",
        ))  # fmt: skip

    @cached_property
    def words(self) -> str:
        """What a search looks in, in small letters: no figures, in which any number is found."""
        if self.model is None:
            return f"{self.name} broken".casefold()
        config = self.model.config
        settings = f"{_settings(self.model)} beta {config.beta:g} {config.family}"
        return f"{self.name} {self.model.data.name} {settings}".casefold()


def read_cards(store: Store) -> list[Card]:
    """Return the demo, the store's models and its broken entries.

    Raises
    ------
    StoreError
        If the store can't be read.
    """
    models, broken = store.scan()
    return [demo_card(), *map(Card, models), *map(Card, broken)]


def found(cards: Iterable[Card], search: str) -> list[Card]:
    """Return the cards that have all words of `search`, or begin a fingerprint with it."""
    words = search.casefold().split()
    return [card for card in cards if all(_has(card, word) for word in words)]


SortKey: TypeAlias = Callable[[StoredModel], Any]


def _figure(key: str, times: int = 1) -> SortKey:
    def held_out(model: StoredModel) -> float:
        value = _number(model.metrics, key) if is_held_out(model.metrics) else None
        return float("inf") if value is None else times * value

    return held_out


#: How cards can be sorted, by what is shown to choose from.
SORTS: Mapping[str, SortKey] = {
    "Newest": lambda model: -datetime.fromisoformat(model.created).timestamp(),
    "Name": lambda model: model.name.casefold(),
    "Data": lambda model: model.data.name.casefold(),
    "β": lambda model: model.config.beta,
    "Dimensions": lambda model: model.config.latent_dim,
    "Objective at β = 1": _figure("objective_beta_1"),
    "15-NN accuracy": _figure("neighbour_accuracy", -1),
    "Largest": lambda model: -model.size,
}


def in_order(cards: Iterable[Card], sort: str) -> list[Card]:
    """Return the cards as one of `SORTS` has them; equal ones by name, broken ones at the end."""

    def place(card: Card) -> tuple[bool, Any, str]:
        value = 0 if card.model is None else SORTS[sort](card.model)
        return card.model is None, value, card.name.casefold()

    return sorted(cards, key=place)


def is_held_out(metrics: Mapping[str, Any]) -> bool:
    """Return whether figures are of images that the model was not trained on."""
    return metrics.get("held_out") is True


def day(created: str) -> str:
    """Return the day of an ISO 8601 time, as it was here: ``2026-11-23``."""
    return local_time(created).date().isoformat()


def _has(card: Card, word: str) -> bool:
    return word in card.words or (len(word) >= _LEAST_DIGITS and card.key.startswith(word))


def _settings(model: StoredModel) -> str:
    return f"β = {model.config.beta:g} · {model.config.latent_dim}-d"


def _figures(metrics: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the figures in lines, with what they were measured on."""
    objective = _number(metrics, "objective")
    if objective is None:
        return ("no figures",)
    split = "held out" if is_held_out(metrics) else "not held out"
    others = []
    if (at_one := _number(metrics, "objective_beta_1")) is not None:
        others.append(f"{number(at_one, 1)} at β = 1")
    if (accuracy := _number(metrics, "neighbour_accuracy")) is not None:
        others.append(f"15-NN {number(accuracy, 3)}")
    first = f"objective {number(objective, 1)}, {split}"
    return (first, " · ".join(others)) if others else (first,)


def _number(metrics: Mapping[str, Any], key: str) -> float | None:
    value = metrics.get(key)  # a model may come from anywhere, and its figures be any JSON values
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return None


def demo_card() -> Card:
    """Return the card of the model that comes along."""
    path = resource(DEMO)
    return Card(StoredModel.of(path, read_manifest(path)), is_demo=True)
