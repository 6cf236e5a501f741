from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from children import ROOT

from bvae_core.store import Store

TINY = ("--epochs", "1", "--width", "16", "--depth", "1", "--augmentation", "0")


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


@pytest.mark.slow
def test_a_family_is_trained_by_several_processes(cache_folder):
    command = [sys.executable, "-m", "bvae_core.cli", "sweep", "strokes:200", "--workers", "2"]
    done = subprocess.run(
        [*command, "--betas", "1,4", *TINY],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(model.name for model in Store().models()) == ["strokes-b1-d2", "strokes-b4-d2"]
    assert "[2/2]" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGINT")
@pytest.mark.parametrize("ways", [(), ("--workers", "2")], ids=["one by one", "two by two"])
def test_ctrl_c_stops_in_order_and_says_how_to_go_on(cache_folder, ways):
    command = [sys.executable, "-m", "bvae_core.cli", "sweep", "strokes:200", "--betas", "1,4"]
    child = subprocess.Popen(
        [*command, *ways, "--epochs", "5000", "--width", "16", "--depth", "1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not list((cache_folder / "checkpoints").glob("*/*.npz")) and child.poll() is None:
        try:
            child.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does
    _, err = child.communicate(timeout=120)
    assert child.returncode == 1, err
    assert "Traceback" not in err
    assert "with 0 of 2 models trained. The same command goes on with it." in err


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
