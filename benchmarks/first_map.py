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
#: How a training begins. The window's form has a child load TensorFlow while somebody looks at it,
#: and lets nobody press Train before the images were looked through, which `AT_ONCE` waits for.
AT_ONCE, SHELL = "window, as soon as Train can be pressed", "shell"
LATER = f"window, after {AT_THE_FORM} s"

#: What a training can't do without, timed beside it.
_BASELINE = "import tensorflow, keras"
_ENDS = {"started": "networks are built", "first map": "first map", "moved": "first moved map"}

#: Wall and processor seconds at each event.
_Times = dict[str, tuple[float, float]]


def main(source: str) -> None:
    """Time all in turn, and print medians of seconds and of processor seconds."""
    trainings: dict[str, list[_Times]] = {way: [] for way in (AT_ONCE, LATER, SHELL)}
    baselines = []
    for _ in range(RUNS + 1):
        for way in (AT_ONCE, LATER, SHELL):
            trainings[way].append(_train(source, way))
        baselines.append(_baseline())
    for runs in (*trainings.values(), baselines):
        del runs[0]  # they bring the files into memory
    print_machine()
    print_table(
        f"From pressing Train, median of {RUNS} fresh processes, seconds",
        ["", "wall", "processor"],
        [
            [f"`{_BASELINE}` and nothing else", *_medians(baselines)],
            *[
                [f"{way}: {what}", *_medians([run[end] for run in runs])]
                for way, runs in trainings.items()
                for end, what in _ENDS.items()
            ],
        ],
    )


def _train(source: str, way: str) -> _Times:
    """Train until the map has moved; return the seconds from pressing Train to each event."""
    seen: _Times = {}
    stands_by = way != SHELL
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
            if way == LATER:
                time.sleep(AT_THE_FORM)
            else:
                _look_through(source, Path(folder))
            started, used = time.perf_counter(), _processor_seconds(process.pid)
            process.stdin.write(Order(arguments, str(Path.cwd()), os.devnull).to_line())
            process.stdin.flush()
        for line in process.stdout or ():
            event = json.loads(line)
            name = event["event"]
            if name == "previewed":
                name = "moved" if event["epoch"] else "first map"
            seen[name] = time.perf_counter() - started, _processor_seconds(process.pid) - used
            if name == "moved":
                break
        process.kill()
        process.communicate()
    return seen


def _look_through(source: str, folder: Path) -> None:
    """Do what the form does once a source is chosen, in a process as it does."""
    command = ["bvae_core.cli", "data", "--json", "--output", str(folder / "sheet.png"), source]
    subprocess.run([sys.executable, "-m", *command], stdout=subprocess.DEVNULL, check=True)


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
