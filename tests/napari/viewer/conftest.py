"""In the child: a display, a cache and settings of the tests' own, and the plugin in a viewer."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from displays import OWN, begin_display

_server = begin_display() if OWN else None


def pytest_sessionfinish() -> None:
    """Stop the X server when all tests are over."""
    if _server is not None:
        _server.terminate()


if TYPE_CHECKING:
    from napari import Viewer

    from bvae_gui.napari.explorer import ExplorerView
    from bvae_gui.napari.widgets import LatentExplorer


@pytest.fixture(scope="session", autouse=True)
def _what_is_loaded_is_no_garbage() -> None:
    """Load what all tests need, and let nobody look for garbage in it.

    napari does so, with all that is loaded, whenever a layer goes.
    """
    import napari._qt.qt_main_window  # noqa: F401
    import pandas as pd  # noqa: F401

    import bvae_gui.napari.widgets  # noqa: F401

    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _of_our_own(tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def qtbot(qapp: Any, request: pytest.FixtureRequest) -> Any:
    """What acts in Qt's name, patiently."""
    from patience import PatientQtBot

    return PatientQtBot(request)


@pytest.fixture(scope="session", autouse=True)
def _plugin() -> Iterator[None]:
    """Know the plugin, whether this checkout is installed or not."""
    from npe2 import PluginManager, PluginManifest

    import bvae_gui

    manager = PluginManager.instance()
    manager.discover()
    if "bvae-explorer" not in manager:
        path = Path(bvae_gui.__file__).parent / "napari.yaml"
        manager.register(PluginManifest.from_file(path))
    with pytest.MonkeyPatch.context() as patch:
        # Each viewer of a test would look anew, through all packages there are.
        patch.setattr(PluginManager, "discover", lambda *_args, **_options: 0)
        yield


@pytest.fixture
def viewer(make_napari_viewer_proxy: Callable[..., Any]) -> Viewer:
    """A viewer on the screen as plugins get it, with nothing in it.

    It is small: whatever changes in it, all of it is drawn again, and without a graphics card.
    """
    made: Viewer = make_napari_viewer_proxy(show=True)
    made.window.resize(800, 600)
    return made


@pytest.fixture
def explore(qtbot: Any, viewer: Viewer) -> Callable[..., ExplorerView]:
    """Open the explorer, and show a layer on its map."""

    def open_it(layer: Any = None) -> ExplorerView:
        widget: LatentExplorer
        _, widget = viewer.window.add_plugin_dock_widget("bvae-explorer", "Latent explorer")
        view = widget.view
        qtbot.waitUntil(lambda: view.state.bundle is not None)
        if layer is not None:
            widget.take(layer)
            qtbot.waitUntil(lambda: view.state.model.codes_of is not None and not view.task.is_busy)
        return view

    return open_it


@pytest.fixture
def cells() -> tuple[np.ndarray, np.ndarray]:
    """An image of discs of growing size, and their labels, 1 to 12."""
    image, labels = np.zeros((160, 200), np.float32), np.zeros((160, 200), np.int32)
    rows, columns = np.mgrid[:160, :200]
    for index in range(12):
        y, x = 25 + 52 * (index // 4), 28 + 48 * (index % 4)
        disc = (rows - y) ** 2 + (columns - x) ** 2 <= (5 + index) ** 2
        image[disc], labels[disc] = 0.5 + index / 24, index + 1
    return image, labels
