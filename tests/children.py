"""Python programs in processes of their own, with the project importable in them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
#: Begins a program that trains, so that Keras loads as in ours, in two thirds of the time.
AS_OURS = "from bvae_core import _tensorflow; _tensorflow.claim_process()\n"


def start_python(
    program: str, *arguments: object, stdin: int | None = None
) -> subprocess.Popen[str]:
    """Start a program that finds `arguments` in ``sys.argv[1:]`` and `tests/` on its path."""
    paths = [str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_python(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run such a program to its end, at most five minutes."""
    child = start_python(program, *arguments)
    stdout, stderr = child.communicate(timeout=300)
    return subprocess.CompletedProcess(child.args, child.returncode, stdout, stderr)


def running() -> set[int]:
    """Return the numbers of this process's children, and theirs."""
    return {child.pid for child in psutil.Process().children(recursive=True)}


def is_gone(process: psutil.Process) -> bool:
    """Return whether a process has ended, be it that its parent hasn't asked how."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def trainings() -> list[psutil.Process]:
    """Return the processes on this machine that train below this test's cache folder."""
    cache = os.environ["BVAE_CACHE_DIR"]
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if any(cache in word for word in process.info["cmdline"] or ())
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def standing_by() -> list[psutil.Process]:
    """Return this process's children that load TensorFlow for a training that may be wanted."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "ppid"])
        if process.info["ppid"] == os.getpid()
        and "bvae_core.cli.standby" in (process.info["cmdline"] or ())
    ]
