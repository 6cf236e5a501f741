"""From pressing Train to the first map that has moved, in fresh processes."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.tables import print_machine, print_table
from bvae_core.cli.standby import Order

RUNS = 5
#: Seconds that somebody was at the form before pressing Train.
AT_THE_FORM = 15

#: What a training can't do without, timed beside it.
_BASELINE = "import tensorflow, keras"
_ENDS = {"started": "networks are built", "epoch 0": "first map", "epoch 1": "first moved map"}


def main(source: str) -> None:
    """Time all in turn, and print medians of seconds and of processor seconds."""
    trainings, warm_trainings, baselines = [], [], []
    for _ in range(RUNS + 1):
        trainings.append(_train(source))
        warm_trainings.append(_train(source, stands_by=True))
        baselines.append(_baseline())
    del trainings[0], warm_trainings[0], baselines[0]  # they bring the files into memory
    print_machine()
    print_table(
        f"From pressing Train, median of {RUNS} fresh processes, seconds",
        ["", "wall", "processor"],
        [
            [f"`{_BASELINE}` and nothing else", *_medians(baselines)],
            *_rows("", trainings),
            *_rows(f", after {AT_THE_FORM} s at the form", warm_trainings),
        ],
    )


def _rows(how: str, runs: list[dict[str, tuple[float, float]]]) -> list[list[str]]:
    return [[what + how, *_medians([run[end] for run in runs])] for end, what in _ENDS.items()]


def _train(source: str, *, stands_by: bool = False) -> dict[str, tuple[float, float]]:
    """Train until the map has moved; return wall and processor seconds at each event till then."""
    seen: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        previews = str(Path(folder) / "previews")
        arguments = ["train", source, "--previews", previews, "--json-events"]
        command = ["bvae_core.cli.standby", "0"] if stands_by else ["bvae_core.cli", *arguments]
        started, used = time.perf_counter(), 0.0
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"BVAE_CACHE_DIR": str(Path(folder) / "cache")},
        )
        if stands_by and process.stdin is not None:
            time.sleep(AT_THE_FORM)
            started, used = time.perf_counter(), _processor_seconds(process.pid)
            process.stdin.write(Order(arguments, str(Path.cwd()), os.devnull).to_line())
            process.stdin.flush()
        for line in process.stdout or ():
            event = json.loads(line)
            name = f"epoch {event['epoch']}" if event["event"] == "previewed" else event["event"]
            seen[name] = time.perf_counter() - started, _processor_seconds(process.pid) - used
            if name == "epoch 1":
                break
        process.kill()
        process.communicate()
    return seen


def _baseline() -> tuple[float, float]:
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", _BASELINE], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("TensorFlow can't be imported.")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime


def _processor_seconds(pid: int) -> float:
    """Return what a process that still runs has used, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _medians(runs: list[tuple[float, float]]) -> list[str]:
    return [f"{statistics.median(column):.1f}" for column in zip(*runs, strict=True)]
