"""Fresh processes of Python, and what they print."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping


def printed(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run Python to its end and return what it prints; leave in one sentence if it fails."""
    done = subprocess.run(
        [sys.executable, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | dict(environment or {}),
    )
    if done.returncode:
        raise SystemExit((done.stderr.strip() or "The process was killed.").splitlines()[-1])
    return done.stdout


def numbers(code: str) -> tuple[float, ...]:
    """Run a program that prints numbers, and return them."""
    return tuple(map(float, printed("-c", code).split()))
