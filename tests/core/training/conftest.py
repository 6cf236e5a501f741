"""All tests of training are slow: they need TensorFlow, which takes seconds to load."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Don't load it to find tests that are left out then."""
    return True if config.getoption("markexpr") == "not slow" else None


def pytest_collect_file() -> None:
    """Load it before these tests' own imports, which would load more of it."""
    from bvae_core._tensorflow import load_quietly

    load_quietly()


@pytest.hookimpl(tryfirst=True)  # before pytest takes its choice
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("slow")
