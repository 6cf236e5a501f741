"""Models to open that cost no training: the demo under other names, whole and damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from bvae_core.resources import resource


def copy_of_demo(folder: Path, **changes: Any) -> Path:
    """Copy the demo to a folder and change values of its manifest."""
    shutil.copytree(resource("demo"), folder)
    path = folder / "bundle.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(values | changes), encoding="utf-8")
    return folder


def stored_copy(cache: Path, name: str) -> Path:
    """Put the demo into a model cache, under another name."""
    values = json.loads((resource("demo") / "bundle.json").read_text(encoding="utf-8"))
    return copy_of_demo(cache / "models" / values["fingerprint"][:16], name=name)
