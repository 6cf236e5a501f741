"""Events as JSON, and back."""

from __future__ import annotations

import json

import pytest

from bvae_core import TrainConfig
from bvae_core.training.events import (
    EpochEnd,
    Event,
    Failed,
    Finished,
    Previewed,
    Started,
    Waiting,
    read_event,
)

EVENTS = [
    Waiting("Another process trains this."),
    Started(TrainConfig(epochs=3, beta=0.5), "strokes", 90, 10, "CPU, 2 cores", 1234, 2, "f" * 64),
    EpochEnd(
        epoch=2, epochs=3, beta=0.5, objective=300.5, reconstruction=280.0, kl=5.0,
        kl_per_dim=(2.0, 3.0), held_out_objective=None, held_out_reconstruction=None,
        held_out_kl=None, images_per_second=1e4, seconds=2.0, seconds_left=1.0,
    ),
    Previewed(2, "/previews/epoch-000002.000.npz"),
    Finished("mine", "f" * 64, "/models/ffff", {"objective": 280.0}),
    Failed("The disk is full."),
]  # fmt: skip


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_read_back_from_its_line(event: Event) -> None:
    assert read_event(json.loads(json.dumps(event.to_json()))) == event


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {},
        {"event": "unheard_of"},
        {"event": "failed"},
        {"event": "epoch_end", "epoch": 1},
        {**EVENTS[1].to_json(), "config": {"beta": -1}},
        {**EVENTS[1].to_json(), "config": {"newer": 1}},
        {**EVENTS[2].to_json(), "kl_per_dim": None},
    ],
)
def test_anything_else_is_refused(values: object) -> None:
    with pytest.raises(ValueError, match="Expected"):
        read_event(values)


def test_what_a_newer_version_adds_to_an_event_is_passed_over() -> None:
    assert read_event({"event": "failed", "message": "No.", "since": 3}) == Failed("No.")
