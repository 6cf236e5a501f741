"""That nothing is left when the explorer goes."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from children import running
from qtpy.QtWidgets import QApplication

from bvae_gui.napari.host import docked
from bvae_gui.napari.widgets import LatentExplorer

if TYPE_CHECKING:
    from napari import Viewer
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.timeout(900)

CYCLES = 20


def test_twenty_times_open_and_closed_leaves_nothing(qtbot: QtBot, viewer: Viewer):
    stack = np.random.default_rng(0).random((8, 28, 28))
    layer = viewer.add_image(stack, name="noise")

    def once() -> None:
        dock, widget = viewer.window.add_plugin_dock_widget("bvae-explorer", "Latent explorer")
        widget.take(layer)
        _await_map(qtbot, widget)
        dock.destroyOnClose()
        del dock, widget
        qtbot.waitUntil(lambda: docked(viewer, LatentExplorer) is None)
        qtbot.wait(10)  # what is to be deleted later is, now
        gc.collect()

    once()  # what is made once for the process
    gc.freeze()  # and is no garbage, which is looked for twenty times below
    widgets, threads, processes = len(QApplication.allWidgets()), _threads(), running()
    callbacks = _callbacks(viewer)
    for _ in range(CYCLES):
        once()
    assert len(QApplication.allWidgets()) <= widgets

    def threads_are_gone() -> bool:
        gc.collect()  # one that was still at work then
        return _threads() <= threads

    qtbot.waitUntil(threads_are_gone)
    assert running() <= processes
    assert _callbacks(viewer) == callbacks


def _await_map(qtbot: QtBot, widget: LatentExplorer) -> None:
    state = widget.view.state
    qtbot.waitUntil(lambda: state.bundle is not None and state.model.codes_of is not None)


def _threads() -> int:
    return sum(not thread.name.startswith("pydevd") for thread in threading.enumerate())


def _callbacks(viewer: Viewer) -> list[int]:
    events = viewer.layers.events
    emitters = (events.inserted, events.removed, viewer.dims.events.current_step)
    return [len(emitter.callbacks) for emitter in (*emitters, viewer.events.theme)]
