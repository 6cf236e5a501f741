"""Tests in a real viewer run in a process of their own, on a virtual display of their own.

The viewer needs OpenGL, and so an X server; all other tests of the window run without a screen, and
a process has one or the other. So the folder ``viewer/`` is one test here: that pytest, in a child
process under Xvfb, passes all that is in it. To see its tests one by one, or to run one of them:

    BVAE_TESTS_DISPLAY=own pytest -n0 tests/napari/viewer -k lasso
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from displays import OWN, missing

VIEWER = Path(__file__).parent / "viewer"


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Directory | None:
    """Collect the viewer's folder as a single test, unless this is the child."""
    if path != VIEWER or OWN:
        return None
    return ViewerFolder.from_parent(parent, path=path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with it: it is the longest, and what is long should not be what all wait for."""
    items.sort(key=lambda item: not isinstance(item, ViewerTests))


class ViewerFolder(pytest.Directory):
    """A folder whose tests are run in a child process."""

    def collect(self) -> Iterator[pytest.Item]:
        item = ViewerTests.from_parent(self, name="in_a_viewer")
        item.add_marker("slow")
        item.add_marker(pytest.mark.timeout(1800))
        yield item


class ViewerTests(pytest.Item):
    """All tests of the folder, in a child process under Xvfb."""

    def runtest(self) -> None:
        reason = missing()
        if reason is not None:
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        command = [
            sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", str(self.path),
        ]  # fmt: skip
        child = subprocess.run(
            command,
            env=os.environ | {"BVAE_TESTS_DISPLAY": "own"},
            cwd=self.config.rootpath,
            capture_output=True,
            text=True,
            check=False,
        )
        if child.returncode:
            raise ChildError(child.stdout + child.stderr)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
        if isinstance(excinfo.value, ChildError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, "tests in a viewer"


class ChildError(Exception):
    """What the child's pytest said."""
