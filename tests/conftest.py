"""What every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

# As the window has it. Tests run side by side, where more threads get in each other's way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import hypothesis
import pytest

from bvae_core import _tensorflow

# How long an example takes says more of the machine than of the program.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

_tensorflow.claim_process()

# napari's fixtures take seconds to load. pyproject.toml leaves them out but where there is a
# viewer: see tests/napari/conftest.py. It then keeps its settings in no file, least of all in that
# of whoever runs the tests.
pytest_plugins = []
if os.environ.get("BVAE_TESTS_DISPLAY"):
    os.environ["NAPARI_CONFIG"] = ""
    pytest_plugins.append("napari.utils._testsupport")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where slow tests alone are asked for, load no file that has none."""
    if config.getoption("markexpr") != "slow" or collection_path.suffix != ".py":
        return None
    sources = (collection_path, collection_path.with_name("conftest.py"))
    has_some = any("slow" in path.read_text("utf-8") for path in sources if path.is_file())
    return None if has_some else True


@pytest.fixture(scope="session")
def kmnist_folder() -> Path:
    """The folder with the real Kuzushiji characters as official IDX files, where it is at hand."""
    folder = SHARED_DATA / "kmnist"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"The shared characters are missing: expected them in {folder}.")
        pytest.skip("the shared Kuzushiji characters are not on this machine")
    return folder


@pytest.fixture
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty model cache of the test's own, for this process and its children."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("BVAE_CACHE_DIR", str(folder))
    return folder
