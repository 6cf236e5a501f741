"""Trainings of the window, in real child processes on small data."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from children import is_gone, running, start_python, trainings
from PIL import Image
from pytestqt.qtbot import QtBot

from bvae_core import TrainConfig
from bvae_core.store import Store
from bvae_core.training.events import EpochEnd, Event
from bvae_core.training.previews import read_preview, read_sample
from bvae_gui.jobs import Job, JobManager, Source, Survey, Surveyor

STROKES = Source("strokes:60")
QUICK = TrainConfig(width=8, depth=1, epochs=2)
ENDLESS = TrainConfig(width=8, depth=1, epochs=100_000)
#: A child starts TensorFlow, on a machine that may have other things to do.
PATIENCE = 300_000


@pytest.fixture
def make_manager(cache_folder: Path, qapp: object) -> Iterator[Callable[[], JobManager]]:
    """Open windows' managers on one cache; they are closed in the end."""
    made: list[JobManager] = []

    def make() -> JobManager:
        made.append(JobManager())
        return made[-1]

    yield make
    for manager in made:
        manager.close()


@pytest.fixture
def jobs(make_manager: Callable[[], JobManager]) -> JobManager:
    return make_manager()


def wait_for(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=PATIENCE)


def wait_for_epochs(qtbot: QtBot, job: Job, count: int) -> None:
    wait_for(qtbot, lambda: job.epoch >= count or job.is_over)
    assert job.epoch >= count, job.reason


def events_in(path: Path) -> list[str]:
    return [json.loads(line)["event"] for line in path.read_text().splitlines()]


@pytest.mark.slow
def test_a_child_that_stood_by_trains_reports_in_order_and_leaves_a_model(qtbot, jobs) -> None:
    before = running()
    jobs.stand_by()
    jobs.stand_by()
    (child,) = running() - before
    assert trainings() == []

    seen: list[Event] = []
    previews: list[Path] = []
    jobs.epoch.connect(lambda _job, event: seen.append(event))
    jobs.preview.connect(lambda _job, path: previews.append(path))
    with qtbot.waitSignal(jobs.finished, timeout=PATIENCE) as ended:
        job = jobs.add(STROKES, QUICK, name="mine")
        assert (job.state, job.pid) == ("running", child)
        wait_for(qtbot, lambda: job.started is not None)
        assert psutil.Process(child).nice() == 10
        assert psutil.Process(child).cwd() == str(job.folder)

    assert ended.args == [job, Path(job.model)]
    assert (job.state, job.name, job.reason) == ("done", "mine", "")
    assert [event.epoch for event in seen] == [1, 2]
    assert seen == job.epochs
    assert isinstance(seen[0], EpochEnd)
    assert [path.name for path in previews] == [
        "epoch-000000.000.npz", "epoch-000001.000.npz", "epoch-000002.000.npz",
    ]  # fmt: skip
    first = ["started", "previewed", "previewed", "epoch_end"]
    last = [["epoch_end", "previewed"], ["previewed", "epoch_end"]]  # that if it took a second
    assert events_in(job.event_log) in [[*first, *two, "finished"] for two in last]
    assert Store().open("mine").path == Path(job.model)
    assert trainings() == []

    sample = read_sample(job.previews)
    first, last = read_preview(previews[0]), read_preview(previews[-1])
    assert sample.labels.shape == (60,)
    assert sample.characters.shape == last.reconstructions.shape == (6, 28, 28, 1)
    assert last.codes.shape == (60, 2)
    assert not np.array_equal(first.codes, last.codes)


def test_a_child_that_stood_by_and_was_killed_is_not_missed(qtbot, jobs) -> None:
    before = running()
    jobs.stand_by()
    (child,) = running() - before
    os.kill(child, signal.SIGKILL)
    wait_for(qtbot, lambda: not running() - before)
    job = jobs.add(STROKES, ENDLESS)
    assert job.state == "running"
    assert [each.pid for each in trainings()] == [job.pid]
    assert job.pid != child


def test_a_child_that_nobody_needs_stands_down(qtbot, jobs, monkeypatch) -> None:
    before = running()
    jobs._unneeded.setInterval(1)
    jobs.stand_by()
    assert running() - before
    wait_for(qtbot, lambda: not running() - before)


def test_a_child_that_stands_by_ends_with_its_window(qtbot, jobs) -> None:
    before = running()
    jobs.stand_by()
    assert running() - before
    jobs.close()
    assert running() == before
    jobs.stand_by()
    assert running() == before


@pytest.mark.slow
def test_jobs_wait_for_their_turn(qtbot, jobs) -> None:
    first = jobs.add(STROKES, ENDLESS)
    second = jobs.add(STROKES, QUICK, name="second")
    third = jobs.add(STROKES, QUICK)
    assert [job.state for job in jobs.jobs] == ["running", "queued", "queued"]
    jobs.stop(third)
    jobs.pause(first)
    wait_for(qtbot, lambda: first.state == "paused")
    assert second.state == "queued", "a paused training keeps its turn"
    jobs.stop(first)
    assert second.state == "running"
    assert [child.pid for child in trainings()] == [second.pid]
    jobs.stop(second)
    wait_for(qtbot, lambda: second.is_over)
    assert third.state == "stopped"

    jobs.remove(third)
    assert jobs.jobs == (first, second)
    assert not third.folder.exists()


@pytest.mark.slow
def test_windows_share_a_store_and_find_what_was_finished_while_none_was_open(
    qtbot, make_manager
) -> None:
    one, other = make_manager(), make_manager()
    mine = one.add(STROKES, ENDLESS)
    wait_for_epochs(qtbot, mine, 1)
    late = make_manager()
    assert (other.jobs, late.jobs) == ((), ())
    theirs = other.add(STROKES, QUICK, name="theirs")
    assert (mine.state, theirs.state) == ("running", "running")
    one.close()
    other.close(keep_training=True)
    (child,) = trainings()
    assert child.pid == theirs.pid
    wait_for(qtbot, lambda: is_gone(child))

    found = {job.id: job for job in make_manager().jobs}
    assert {id_: job.state for id_, job in found.items()} == {mine.id: "stopped", theirs.id: "done"}
    assert Store().open("theirs").path == Path(found[theirs.id].model)


WINDOW = """
import sys
from qtpy.QtCore import QCoreApplication, QTimer
from bvae_core import TrainConfig
from bvae_gui.jobs import JobManager, Source

app = QCoreApplication([])
jobs = JobManager()
jobs.epoch.connect(lambda job, event: print(event.epoch, flush=True))
jobs.add(Source(sys.argv[1]), TrainConfig(width=8, depth=1, epochs=100_000))
app.exec()
"""
STANDING_BY = """
from qtpy.QtCore import QCoreApplication
from bvae_gui.jobs import JobManager

app = QCoreApplication([])
jobs = JobManager()
jobs.stand_by()
print(jobs._standby.processId(), flush=True)
app.exec()
"""


def wait_for_line(window: subprocess.Popen[str]) -> None:
    assert window.stdout.readline(), window.stderr.read()


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder of image files."""
    folder = tmp_path / "letters"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        for i in range(12):
            pixels = np.random.default_rng(i).integers(0, 255, (12, 12), np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{i}.png")
    return folder


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="only there are processes killed by a signal")
def test_what_was_killed_says_so_and_goes_on_while_its_data_are_there(
    qtbot, make_manager, letters
) -> None:
    window = start_python(WINDOW, letters)
    wait_for_line(window)
    assert len(trainings()) == 1
    window.kill()
    window.communicate()
    # Whoever adopts an orphan may take its time to bury it.
    qtbot.waitUntil(lambda: trainings() == [])

    jobs = make_manager()
    (job,) = jobs.jobs
    assert job.state == "stopped"
    assert "broken off with the window" in job.reason
    kept = job.epoch
    assert kept >= 1
    jobs.resume(job)
    wait_for_epochs(qtbot, job, kept + 1)
    assert job.started.resumed_from_epoch >= kept

    os.kill(job.pid, signal.SIGKILL)
    wait_for(qtbot, lambda: job.state == "failed")
    assert "killed from outside" in job.reason
    assert f"up to epoch {job.epoch} is kept" in job.reason

    kept = job.epoch
    jobs.resume(job)
    wait_for(qtbot, lambda: job.started is not None and job.started.resumed_from_epoch >= kept)
    assert (job.state, job.reason) == ("running", "")

    shutil.rmtree(letters)
    jobs.pause(job)
    wait_for(qtbot, lambda: job.state == "paused")
    jobs.resume(job)
    wait_for(qtbot, lambda: job.state == "failed")
    assert str(letters) in job.reason
    assert "is kept" in job.reason


@pytest.mark.slow
def test_a_killed_window_leaves_no_child_that_stands_by(qtbot, cache_folder) -> None:
    window = start_python(STANDING_BY)
    child = psutil.Process(int(window.stdout.readline()))
    window.kill()
    window.communicate()
    qtbot.waitUntil(lambda: is_gone(child))


@pytest.mark.slow
def test_a_training_ends_with_an_application_that_quits(qtbot, cache_folder) -> None:
    quitting = WINDOW.replace("app.exec()", "QTimer.singleShot(0, app.quit); app.exec()")
    window = start_python(quitting, "strokes:60")
    _, err = window.communicate(timeout=60)
    assert (window.returncode, err) == (0, "")
    assert trainings() == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only the superuser mounts a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk_is_named_and_what_was_learned_is_kept(qtbot, small_disk, monkeypatch) -> None:
    monkeypatch.setenv("BVAE_CACHE_DIR", str(small_disk))
    manager = JobManager()
    job = manager.add(STROKES, ENDLESS)
    wait_for_epochs(qtbot, job, 1)
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    wait_for(qtbot, lambda: job.state == "failed")
    assert "No space left" in job.reason
    assert "is kept" in job.reason
    ballast.unlink()
    (checkpoint,) = small_disk.glob("checkpoints/*/*.npz")
    with np.load(checkpoint) as stored:
        kept = json.loads(stored["progress"].tobytes())["history"]
    assert job.epoch - 1 <= len(kept) <= job.epoch
    manager.close()
    assert trainings() == []


def test_settings_become_arguments_that_bvae_reads_back(tmp_path, qapp) -> None:
    from bvae_core.cli.main import bvae

    config = TrainConfig(latent_dim=3, beta=0.5, patience=7, seed=9, mixed_precision=True)
    source = Source("--odd folder", image_size="32x48", grey=True)
    job = Job.new(tmp_path, source, config, name="two words", open_when_done=False)
    _, *arguments = job.arguments()
    train: Any = bvae().commands["train"]
    values = train.make_context("train", arguments).params
    assert {key: values[key] for key in config.to_json()} == config.to_json()
    assert (values["source"], values["image_size"], values["grey"]) == (
        "--odd folder", "32x48", True,
    )  # fmt: skip
    assert values["name"] == "two words"

    again = Job.load(job.folder)
    assert (again.config, again.source, again.name) == (config, source, "two words")


def test_a_look_at_data_tells_what_they_are(qtbot, cache_folder) -> None:
    surveyor = Surveyor()
    with qtbot.waitSignal(surveyor.found, timeout=PATIENCE) as found:
        surveyor.look(Source("strokes:40"))
    (survey,) = found.args
    assert isinstance(survey, Survey)
    assert (survey.name, survey.image_shape) == ("strokes", (28, 28, 1))
    assert (survey.train_count, survey.test_count, survey.count) == (36, 4, 40)
    assert len(survey.classes) == 10
    assert sum(count for _, count in survey.classes) == 40
    assert survey.samples.shape == (30, 28, 28, 1)
    assert survey.samples.any(axis=(1, 2, 3)).all()


def test_a_look_at_nothing_says_why(qtbot, cache_folder, tmp_path) -> None:
    surveyor = Surveyor()
    with qtbot.waitSignal(surveyor.failed, timeout=PATIENCE) as failed:
        surveyor.look(Source(str(tmp_path / "nowhere")))
    assert "nowhere" in failed.args[1]
    assert not surveyor.is_looking


def test_the_latest_look_is_the_one_that_answers(qtbot, cache_folder) -> None:
    surveyor = Surveyor()
    surveyor.look(Source("strokes:50"))
    with qtbot.waitSignal(surveyor.found, timeout=PATIENCE) as found:
        surveyor.look(Source("strokes:20"))
    assert found.args[0].count == 20
