"""Files to write: their names are checked before any work is done for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import typer


def ending_in(*suffixes: str) -> Callable[[Path | None], Path | None]:
    """Return a check of an output file's name, for an option's callback."""
    *others, last = suffixes
    expected = f"{', '.join(others)} or {last}" if others else last

    def check(path: Path | None) -> Path | None:
        if path is None:
            return None
        if path.suffix.lower() not in suffixes:
            raise typer.BadParameter(f"Expected a name that ends in {expected}. Received: {path}.")
        if not path.resolve().parent.is_dir():
            raise typer.BadParameter(f"There is no folder {path.parent} to write {path.name} in.")
        return path

    return check
