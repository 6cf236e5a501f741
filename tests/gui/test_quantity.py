"""Dots in the colours of a quantity instead of those of their classes."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bvae_core.bundle import Bundle
from bvae_core.errors import BvaeError
from bvae_core.figures.theme import DARK, LIGHT, get_theme
from bvae_gui.panels.latent_map import LatentMapPanel
from bvae_gui.plots.ramp import STEPS, ramp
from bvae_gui.state import ExplorerState, Quantity


@pytest.fixture
def panel(qtbot: QtBot, demo: Bundle) -> LatentMapPanel:
    state = ExplorerState()
    state.open(demo.with_codes(demo.latents[:300], demo.log_var[:300], of="cells"))
    panel = LatentMapPanel(state)
    qtbot.addWidget(panel)
    panel.resize(700, 500)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def test_a_quantity_colours_the_dots_and_says_which_colour_is_how_much(
    qtbot: QtBot, panel: LatentMapPanel
):
    state = panel._state
    plain = panel.chart.grab().toImage()
    assert not panel.colour_bar.isVisible()
    state.map.colour_by(Quantity("area", np.linspace(10, 250, 300)))
    assert panel.colour_bar.isVisible()
    assert "area" in panel.colour_bar.toolTip()
    assert "10 to 250" in panel.colour_bar.toolTip()
    assert panel.chart.grab().toImage() != plain
    state.map.colour_by(None)
    assert not panel.colour_bar.isVisible()
    qtbot.waitUntil(lambda: panel.chart.grab().toImage() == plain)


def test_another_model_forgets_it(panel: LatentMapPanel, demo: Bundle):
    panel._state.map.colour_by(Quantity("area", np.ones(300)))
    panel._state.open(demo)
    assert panel._state.map.quantity is None
    assert not panel.colour_bar.isVisible()
    assert panel.legend.isVisible()


def test_it_needs_a_number_for_each_image(panel: LatentMapPanel):
    with pytest.raises(BvaeError, match=r"area: Expected 300 numbers.*Received: \(3,\)"):
        panel._state.map.colour_by(Quantity("area", np.ones(3)))


def test_what_is_not_known_and_what_is_all_the_same_can_be_drawn(panel: LatentMapPanel):
    values = np.full(300, 7.0)
    values[:10] = np.nan
    quantity = Quantity("depth", values)
    assert quantity.bounds == (7, 7)
    assert np.isnan(quantity.shares[:10]).all()
    assert (quantity.shares[10:] == 0).all()
    panel._state.map.colour_by(quantity)
    panel.chart.grab()
    assert Quantity("nothing", np.full(300, np.nan)).bounds == (0, 0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_seen_on_their_ground(theme: str):
    colours = ramp(get_theme(theme))
    assert len(set(colours)) == STEPS
    ground = get_theme(theme).ground
    assert min(_contrast(colour, ground) for colour in colours) >= 1.7
    assert LIGHT != DARK


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    low, high = sorted(_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
