from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from bundles import contents

from bvae_core.bundle import Bundle
from bvae_core.cli import main
from bvae_core.store import Store

#: Figures as `Evaluation.to_json` gives them.
METRICS = {
    "held_out": True,
    "note": "the test split, which was kept out of training",
    "count": 15,
    "objective": 279.25,
    "objective_beta_1": 268.5,
    "neighbour_accuracy": 0.7,
}


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


@pytest.fixture
def bvae(
    cache_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Said]:
    """Run a command in this process, with an empty cache of the test's own."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Said(int(ending.value.code or 0), out, err)

    return run


@pytest.fixture
def model(cache_folder: Path) -> Bundle:
    """A model named "small" in the cache: 60 images of お, き and れ, two dimensions."""
    return Store().add(contents("small", metrics=METRICS))
