"""`python -m bvae_core.cli.standby`: a `bvae` that loads TensorFlow before it knows what to do.

Then it waits for one line of JSON on standard input, an `Order`, and from there on is the `bvae` of
these arguments. It ends when standard input does.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

from bvae_core import _tensorflow
from bvae_core.cli.main import main
from bvae_core.cli.priority import lower_priority


@dataclass(frozen=True)
class Order:
    """What to do.

    Parameters
    ----------
    arguments
        What would be typed after ``bvae``.
    folder
        Where to do it.
    errors
        The file that standard error is appended to.
    """

    arguments: list[str]
    folder: str
    errors: str

    def to_line(self) -> bytes:
        """Return this as a line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"


def stand_by(nice: int) -> NoReturn:
    """Load what trainings need, wait for an order, and carry it out."""
    lower_priority(nice)
    _tensorflow.claim_process()
    # What is wrong with it is said by the training, to which somebody listens.
    with contextlib.suppress(Exception):
        _tensorflow.load_quietly()
        import bvae_core.training.trainer  # noqa: F401
    line = _read_line()
    if not line:
        sys.exit(0)
    order = Order(**json.loads(line))
    os.chdir(order.folder)
    with Path(order.errors).open("ab") as errors:
        os.dup2(errors.fileno(), sys.stderr.fileno())
    main(order.arguments)


def _read_line() -> bytes:
    """Read a line of standard input, and not a byte of what comes after it."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            return b""
        line += byte
    return line


if __name__ == "__main__":
    stand_by(int(sys.argv[1]))
