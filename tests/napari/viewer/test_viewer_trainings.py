"""Trainings beside a viewer, on what it shows, that end with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from children import running

from bvae_core import TrainConfig
from bvae_core.datasets import load
from bvae_gui.napari.commands import train_on_layer
from bvae_gui.napari.host import docked
from bvae_gui.napari.widgets import LatentExplorer, TrainingWidget

if TYPE_CHECKING:
    from napari import Viewer
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.timeout(900)

_TRAINING_MS = 480_000


def strokes_layer(viewer: Viewer, count: int) -> Any:
    images = load(f"strokes:{count}")
    metadata = {"labels": images.labels, "class_names": images.class_names}
    return viewer.add_image(images.images[..., 0], name="strokes", metadata=metadata)


def wait_for_training(qtbot: QtBot, is_so: Callable[[], bool]) -> None:
    """Wait with few looks, between which nothing is animated at the training's expense."""

    def look() -> bool:
        time.sleep(0.2)
        return is_so()

    qtbot.waitUntil(look, timeout=_TRAINING_MS)


def start_training(qtbot: QtBot, viewer: Viewer, epochs: int) -> TrainingWidget:
    """Take the active layer as what to train on, and press Train."""
    train_on_layer(viewer)
    widget = docked(viewer, TrainingWidget)
    assert widget is not None
    form = widget.view.panel.form
    qtbot.waitUntil(lambda: form.data.survey is not None)
    form.settings.choose(TrainConfig(width=8, depth=1, epochs=epochs))
    qtbot.waitUntil(form.train_button.isEnabled)
    form.train_button.click()
    return widget


def test_a_layer_is_trained_on_and_its_map_opens(qtbot: QtBot, viewer: Viewer):
    layer = strokes_layer(viewer, 60)
    widget = start_training(qtbot, viewer, epochs=2)
    assert widget.view.panel.form.data.survey.count == 60
    assert len(widget.view.panel.form.data.survey.classes) == 10
    wait_for_training(qtbot, lambda: docked(viewer, LatentExplorer) is not None)
    explorer = docked(viewer, LatentExplorer)
    qtbot.waitUntil(
        lambda: (
            explorer.view.state.bundle is not None
            and explorer.view.state.model.codes_of == layer.name
        )
    )
    model = explorer.view.state.model
    assert model.data.name == "strokes"
    assert len(model.latents) == 60
    assert explorer.view.link is not None


def test_a_training_ends_with_the_viewer(qtbot: QtBot, viewer: Viewer):
    before = running()
    strokes_layer(viewer, 60)
    start_training(qtbot, viewer, epochs=100_000)
    qtbot.waitUntil(lambda: bool(running() - before))
    viewer.close()
    qtbot.waitUntil(lambda: not running() - before)


def test_a_training_ends_with_its_dock(qtbot: QtBot, viewer: Viewer):
    before = running()
    strokes_layer(viewer, 60)
    widget = start_training(qtbot, viewer, epochs=100_000)
    qtbot.waitUntil(lambda: bool(running() - before))
    widget.parentWidget().destroyOnClose()
    qtbot.waitUntil(lambda: not running() - before)
