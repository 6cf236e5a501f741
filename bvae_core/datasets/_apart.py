"""Pixels that TensorFlow has to read, for a process that is to stay without it.

A child process reads them into a file in the cache folder, which the caller maps. `main` is what
runs in the child.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.datasets import _scratch
from bvae_core.datasets._origin import Origin
from bvae_core.errors import BvaeError, DataError

# How often the caller is asked whether to go on.
_SECONDS_BETWEEN_QUESTIONS = 0.1


def find(origin: Origin) -> NDArray[np.uint8] | None:
    """Return the (N, H, W, C) pixels that an earlier `read` left, mapped, or None."""
    try:
        return _scratch.find(_key(origin))
    except (OSError, ValueError, EOFError):  # damaged, or just making room for another
        return None


def read(origin: Origin, *, download: bool, should_stop: Callable[[], bool]) -> NDArray[np.uint8]:
    """Let a child process read the images, and map what it has written.

    Parameters
    ----------
    origin
        In TensorFlow Datasets.
    download
        Whether they may be downloaded.
    should_stop
        Asked several times a second; True ends the child.

    Returns
    -------
    memmap
        (N, H, W, C) uint8, read-only.

    Raises
    ------
    DataError
        If the images can't be read, or `should_stop` said so.
    """
    command = [sys.executable, "-m", __name__, origin.to_text(), *(["download"] * download)]
    with subprocess.Popen(  # noqa: S603 - this program itself
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    ) as child:
        try:
            while True:
                try:
                    said, complaint = child.communicate(timeout=_SECONDS_BETWEEN_QUESTIONS)
                    break
                except subprocess.TimeoutExpired:
                    if should_stop():
                        raise DataError(f"{origin}: the reading was stopped.") from None
        except BaseException:
            child.kill()
            raise
    answer = _answer(said)
    if "error" in answer:
        raise DataError(str(answer["error"]))
    pixels = find(origin) if child.returncode == 0 else None
    if pixels is None:
        last = (complaint.strip().splitlines() or ["no reason was given"])[-1]
        raise DataError(f"{origin} could not be read: {last}")
    return pixels


def main(arguments: list[str]) -> int:
    """Read the origin named by the first argument, and say on the last line what went wrong."""
    from bvae_core import _tensorflow
    from bvae_core.datasets import tfds

    _tensorflow.claim_process()
    origin = Origin.from_text(arguments[0])
    try:
        images = tfds.load(
            origin.source.removeprefix("tfds:"),
            data_dir=origin.data_dir,
            image_size=origin.image_size,
            grey=origin.grey,
            seed=origin.seed,
            download="download" in arguments[1:],
        )
        _scratch.keep(_key(origin), images.images, source=str(origin))
    except BvaeError as error:
        sys.stdout.write("\n" + json.dumps({"error": str(error)}) + "\n")
        return 1
    return 0


def _key(origin: Origin) -> str:
    return _scratch.key_of("apart", origin.whole.to_text())


def _answer(said: str) -> dict[str, Any]:
    """Return the last line's object; libraries may have printed other things before it."""
    lines = said.splitlines()
    try:
        answer = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
