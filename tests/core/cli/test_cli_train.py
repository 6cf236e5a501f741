from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from typing import Any

import pytest
from children import run_python, start_python

from bvae_core import TrainConfig
from bvae_core.cli.training_report import reporting
from bvae_core.errors import BvaeError
from bvae_core.training.events import (
    EpochEnd,
    Failed,
    Finished,
    Started,
    TrainingStopped,
    Waiting,
)

BVAE = "from bvae_core.cli import main; main()"
SMALL = ("strokes:60", "--width", "8", "--depth", "1")
ENDLESS = (*SMALL, "--epochs", "100000")
EPOCH = EpochEnd(
    epoch=2,
    epochs=3,
    beta=4.0,
    objective=300.2,
    reconstruction=280.2,
    kl=5.0,
    kl_per_dim=(2.0, 3.0),
    held_out_objective=310.5,
    held_out_reconstruction=290.5,
    held_out_kl=5.0,
    images_per_second=20_000.0,
    seconds=130.0,
    seconds_left=65.0,
)


def events_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def read_until(child: subprocess.Popen[str], kind: str, count: int) -> list[dict[str, Any]]:
    """Read a training's events up to so many of a kind."""
    seen: list[dict[str, Any]] = []
    for line in child.stdout:
        seen.append(json.loads(line))
        if [event["event"] for event in seen].count(kind) == count:
            return seen
    pytest.fail(f"The training ended early: {child.stderr.read()}")


def stop(child: subprocess.Popen[str], how: signal.Signals) -> str:
    """Stop a training and return what it said on the error stream."""
    child.send_signal(how)
    _, said = child.communicate(timeout=300)
    assert child.returncode == 1
    return said


@pytest.mark.slow
def test_trains_tells_and_keeps_what_it_trained(bvae):
    command = ("train", *SMALL, "--epochs", "2", "--name", "mine")
    said = bvae(*command, "--json-events")
    events = events_of(said.out)
    assert (said.status, said.err) == (0, "")
    assert [event["event"] for event in events] == ["started", "epoch_end", "epoch_end", "finished"]
    assert events[0]["config"]["width"] == 8
    assert events[1]["epoch"] == 1
    assert bvae("show", "mine").status == 0

    again = bvae(*command)
    assert again.status == 0
    assert again.out.startswith("This was trained before: mine, in ")


@pytest.mark.slow
def test_a_stopped_training_says_how_to_go_on_and_does(cache_folder):
    child = start_python(BVAE, "train", *ENDLESS, "--json-events")
    read_until(child, "epoch_end", 2)
    said = stop(child, signal.SIGINT)

    _, _, command = said.strip().partition("To go on: bvae ")
    assert "--resume" in command
    child = start_python(BVAE, *shlex.split(command))
    (started,) = read_until(child, "started", 1)
    assert started["resumed_from_epoch"] >= 2
    assert "--resume" in stop(child, signal.SIGTERM)


def test_says_in_plain_lines_what_goes_on_where_there_is_no_terminal(capsys):
    with reporting(json_events=False) as on_event:
        on_event(Waiting("Another process is training this."))
        on_event(
            Started(
                config=TrainConfig(epochs=3, family="dense"),
                data_name="strokes",
                train_count=1000,
                held_out_count=100,
                device="CPU, 2 cores",
                parameters=12_345,
                resumed_from_epoch=1,
                fingerprint="f" * 64,
            )
        )
        on_event(EPOCH)
        on_event(Finished("two words", "f" * 64, "/models/ffff", {}))
    assert capsys.readouterr().out.splitlines() == [
        "Another process is training this.",
        (
            "Training on 1,000 images of strokes, 100 watched that are not trained on, "
            "on CPU, 2 cores."
        ),
        "Dense networks with 12,345 weights, β = 4, 2 dimensions, 3 epochs.",
        "Going on after epoch 1.",
        (
            "epoch 2/3  objective 300.2  reconstruction 280.2  KL 5.00  held out 310.5  "
            "20,000 images/s  1:05 min left"
        ),
        "Trained: two words, in /models/ffff.",
        "Look at it: bvae show 'two words'",
    ]


def test_draws_a_bar_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    with reporting(json_events=False) as on_event:
        on_event(EPOCH)
        on_event(Finished("mine", "f" * 64, "/models/ffff", {}))
    out = capsys.readouterr().out
    assert "2/3" in out
    assert "━" in out
    assert "objective 300.2  held out 310.5  1:05 min left" in out
    assert "Trained: mine, in /models/ffff." in out


def test_json_events_stand_alone_on_the_output(capsys):
    with reporting(json_events=True) as on_event:
        sys.stdout.write("what some library has to say\n")
        on_event(EPOCH)
    out, err = capsys.readouterr()
    assert events_of(out) == [json.loads(json.dumps(EPOCH.to_json()))]
    assert err == "what some library has to say\n"


def test_a_source_that_is_none_fails_before_tensorflow_is_loaded(tmp_path, cache_folder):
    child = run_python(
        "import atexit, sys\n"
        "from bvae_core.cli import main\n"
        "atexit.register(lambda: print({'tensorflow', 'keras'} & sys.modules.keys()))\n"
        "main()",
        *("train", tmp_path / "nowhere"),
    )
    assert child.returncode == 1
    assert "nowhere" in child.stderr
    assert child.stdout == "set()\n"


def test_a_name_that_is_taken_is_refused_before_training(bvae, model):
    said = bvae("train", "strokes:60", "--name", "small")
    assert said.status == 1
    assert "'small'" in said.err


def test_an_event_log_has_the_same_lines_after_those_of_before(tmp_path, capsys):
    log = tmp_path / "events.jsonl"
    log.write_text('{"event": "waiting", "message": "cut o')  # as a full disk leaves it
    with reporting(json_events=True, event_log=log) as on_event:
        on_event(EPOCH)
        on_event(Failed("x"))
    lines = log.read_text().splitlines()
    assert len(lines) == 3
    assert lines[1:] == capsys.readouterr().out.splitlines()


def test_an_event_log_belongs_to_one_training(tmp_path):
    log = tmp_path / "events.jsonl"
    with (
        reporting(json_events=True, event_log=log),
        pytest.raises(BvaeError, match="Another training"),
        reporting(json_events=True, event_log=log),
    ):
        pass
    with reporting(json_events=True, event_log=log) as on_event:
        on_event(EPOCH)
    assert len(events_of(log.read_text())) == 1


def test_a_failure_is_the_last_event(tmp_path, capsys):
    log = tmp_path / "events.jsonl"
    with (
        pytest.raises(BvaeError, match="no such data"),
        reporting(json_events=True, event_log=log),
    ):
        raise BvaeError("There is no such data.")
    assert events_of(log.read_text()) == [{"event": "failed", "message": "There is no such data."}]


def test_a_stop_is_no_failure(tmp_path):
    log = tmp_path / "events.jsonl"
    with (
        pytest.raises(TrainingStopped),
        reporting(json_events=True, event_log=log),
    ):
        raise TrainingStopped(1, 3, "f" * 64)
    assert log.read_text() == ""


def test_an_event_log_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(BvaeError, match=r"events\.jsonl could not be written"),
        reporting(json_events=True, event_log=tmp_path / "file" / "events.jsonl"),
    ):
        pass


@pytest.mark.slow
def test_a_training_stops_when_its_parent_is_gone(cache_folder):
    child = start_python(
        BVAE, "train", *ENDLESS, "--json-events", "--stop-with-parent", stdin=subprocess.PIPE
    )
    read_until(child, "epoch_end", 2)
    child.stdin.close()
    out, said = child.stdout.read(), child.stderr.read()
    assert child.wait(timeout=300) == 1
    assert "To go on: bvae train" in said
    assert events_of(out)[-1]["event"] == "stopped"


@pytest.mark.slow
def test_a_training_that_is_to_be_kept_outlives_its_parent_and_its_reader(cache_folder, tmp_path):
    log = tmp_path / "events.jsonl"
    options = ("--json-events", "--stop-with-parent", "--event-log", log, "--nice", "3")
    child = start_python(BVAE, "train", *SMALL, "--epochs", "20", *options, stdin=subprocess.PIPE)
    read_until(child, "epoch_end", 1)
    child.stdin.write("keep\n")
    child.stdin.close()
    child.stdout.close()
    assert child.wait(timeout=300) == 0
    assert events_of(log.read_text())[-1]["event"] == "finished"
