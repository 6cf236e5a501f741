from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from children import ROOT

from bvae_core.cli.sweep import _print
from bvae_core.store import Store
from bvae_core.sweep import FIGURES, SweepRow

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


def test_of_models_of_all_images_it_is_said_that_nothing_is_held_out(capsys):
    _print([SweepRow(4.0, 2, dict.fromkeys(FIGURES))])
    out = capsys.readouterr().out
    assert out.splitlines()[-1].startswith("No figures: all images were trained on")
    _print([SweepRow(4.0, 2, dict.fromkeys(FIGURES, 1.0))])
    assert capsys.readouterr().out.splitlines()[-1] == "Medians of figures of held-out images."


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "bvae_core.cli", "sweep", "strokes:200", "--betas", "1,4", *SMALL,
            *options]  # fmt: skip


def interrupt(cache_folder: Path, words: list[str]) -> None:
    """Press Ctrl-C in a terminal as soon as the first epoch is over."""
    child = subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not checkpoints(cache_folder) and child.poll() is None:
        time.sleep(0.1)
    os.killpg(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=120)
    assert child.returncode == 1, err
    assert "Traceback" not in err
    assert "with 0 of 2 models trained. The same command goes on with it." in err


def checkpoints(cache_folder: Path) -> list[Path]:
    return list((cache_folder / "checkpoints").glob("*/*.npz"))


def seconds_until(checkpoint: Path) -> float:
    with np.load(checkpoint) as stored:
        return json.loads(stored["progress"].tobytes())["history"][-1]["seconds"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGINT")
def test_ctrl_c_stops_in_order_and_says_how_to_go_on(cache_folder):
    interrupt(cache_folder, command("--epochs", "5000"))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGINT")
def test_what_several_processes_began_one_ends(cache_folder):
    words = command("--epochs", "40")
    interrupt(cache_folder, [*words, "--workers", "2"])
    learned = [seconds_until(path) for path in checkpoints(cache_folder)]

    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert "[2/2]" in done.stdout
    models = [Store().open(name) for name in ("strokes-b1-d2", "strokes-b4-d2")]
    seconds = [row["seconds"] for model in models for row in model.history]
    assert set(learned) <= set(seconds), "as these epochs were timed before the stop"


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
