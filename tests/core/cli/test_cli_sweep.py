from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from children import ROOT

from bvae_core import TrainConfig
from bvae_core.datasets import load
from bvae_core.store import Store
from bvae_core.training import train
from bvae_core.training.events import Event, Started, TrainingStopped

SMALL = ("--width", "16", "--depth", "1", "--augmentation", "0")
TINY = ("--epochs", "1", *SMALL)


@pytest.mark.slow
def test_a_family_is_trained_and_not_trained_again(bvae):
    said = bvae("sweep", "strokes:200", "--betas", "4", "--seeds", "2", *TINY)
    assert said.status == 0, said.err
    lines = said.out.splitlines()
    assert [line for line in lines if line.startswith("[")] == [
        "[1/2] strokes-b4-d2 trained",
        "[2/2] strokes-b4-d2-s1 trained",
    ]
    assert ["4", "2"] in [line.split()[:2] for line in lines]
    assert lines[-1] == "Medians of figures of held-out images."

    again = bvae("sweep", "strokes:200", "--betas", "4", "--seeds", "2", *TINY)
    assert [line for line in again.out.splitlines() if line.startswith("[")] == [
        "[1/2] strokes-b4-d2 was trained before",
        "[2/2] strokes-b4-d2-s1 was trained before",
    ]
    found = json.loads(bvae("sweep", "strokes:200", "--betas", "4", *TINY, "--json").out)
    assert [model["name"] for model in found["models"]] == ["strokes-b4-d2"]
    assert [(row["beta"], row["count"]) for row in found["rows"]] == [(4, 1)]
    assert len(Store().models()) == 2


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "bvae_core.cli", "sweep", "strokes:200", "--betas", "1,4", *SMALL,
            *options]  # fmt: skip


def interrupt(cache_folder: Path, words: list[str], *, trainings: int = 1) -> None:
    """Press Ctrl-C in a terminal as soon as so many trainings have an epoch behind them."""
    child = subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while len(checkpoints(cache_folder)) < trainings and child.poll() is None:
        time.sleep(0.1)
    os.killpg(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=120)
    assert child.returncode == 1, err
    assert "Traceback" not in err
    assert "with 0 of 2 models trained. The same command goes on with it." in err


def checkpoints(cache_folder: Path) -> list[Path]:
    return list((cache_folder / "checkpoints").glob("*/*.npz"))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGINT")
def test_ctrl_c_stops_in_order_and_says_how_to_go_on(cache_folder):
    interrupt(cache_folder, command("--epochs", "5000"))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGINT")
def test_several_processes_stop_in_order_and_leave_what_to_go_on_with(cache_folder):
    interrupt(cache_folder, command("--epochs", "1000", "--workers", "2"), trainings=2)
    config = TrainConfig(beta=4.0, epochs=1000, width=16, depth=1, augmentation=0.0)
    told: list[Event] = []
    with pytest.raises(TrainingStopped):
        train(
            config,
            load("strokes:200"),
            resume=True,
            on_event=told.append,
            should_stop=lambda: True,
        )
    (started,) = [event for event in told if isinstance(event, Started)]
    assert started.resumed_from_epoch >= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--betas", "1,x"), "Expected numbers with commas"),
        (("--betas", "1,1"), "each once"),
        (("--betas", "-1"), "Expected a number from 0"),
        (("--betas", "1", "--width", "9"), "Expected a multiple of 8"),
        (("--betas", "1", "--workers", "2", "--scheduler", "tcp://a:1"), "Received: both"),
    ],
)
def test_what_can_not_be_swept_is_refused_before_the_start(bvae, arguments, message):
    said = bvae("sweep", "strokes:200", *arguments)
    assert said.status == 2
    assert message in " ".join(said.err.split())
