"""One window on one model: what a moved mouse costs, from the event to the painted frame.

Run in a process of its own by `benchmarks.window`; prints JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import psutil
from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QMouseEvent, QWheelEvent
from qtpy.QtWidgets import QApplication

from bvae_core import load_bundle
from bvae_core.figures.theme import LIGHT
from bvae_core.latent import PathKind
from bvae_gui.explorer import ExplorerWidget
from bvae_gui.panels.latent_map.chart import MapChart
from bvae_gui.state import ExplorerState
from bvae_gui.style import apply_style

MOVES = 400
_NOTCHES = 100
_WARM_UP = 20
_PATIENCE = 60  # seconds until a way that follows the data is found


def main(model: str) -> None:
    """Hover, drag the pinned point and an anchor, zoom, draw; print milliseconds of each move."""
    app = QApplication(sys.argv[:1])
    apply_style(app, LIGHT)
    state = ExplorerState()
    window = ExplorerWidget(state)
    window.resize(1280, 800)
    window.show()
    state.open(load_bundle(model))
    settle(app)
    chart = window.map.chart
    state.pin(state.map.from_plane(*state.anchors[:, :2].mean(axis=0)))  # apart from the anchors
    settle(app)
    point, anchor = chart.position_of(state.point), chart.position_of(state.anchors[1])
    scene = state.scene
    ways = {
        "hover": measure(app, chart, None, Qt.MouseButton.NoButton),
        "drag the point": measure(app, chart, point, _LEFT),
        "drag an anchor, 12 frames": measure(app, chart, anchor, _LEFT),
        "drag an anchor, 30 frames": drag_anchor(app, state, chart, "straight"),
        "drag an anchor, 30 frames of a geodesic": drag_anchor(app, state, chart, "geodesic"),
        "drag an anchor, 30 frames of a dense way": drag_anchor(app, state, chart, "dense"),
        "zoom with the wheel": zoom(app, chart),
        "full redraw": [redraw(app, chart.redraw) for _ in range(20)],
    }
    state.restore(scene)  # nothing is to be looked for beside the window meanwhile
    ways["draw a stroke"] = stroke(app, window)
    memory = psutil.Process().memory_info().rss / 2**20
    loaded = sorted({"tensorflow", "keras"} & set(sys.modules))
    print(json.dumps({"ways": ways, "memory": memory, "loaded": loaded}))


_LEFT = Qt.MouseButton.LeftButton


def measure(
    app: QApplication, chart: MapChart, start: QPointF | None, button: Qt.MouseButton
) -> list[float]:
    """Move the mouse over the map in a Lissajous figure; return the milliseconds of each move."""
    turns = np.linspace(0, 2 * np.pi, MOVES + _WARM_UP)
    room = chart.room
    way = [
        QPointF(
            room.center().x() + 0.4 * room.width() * np.sin(3 * turn),
            room.center().y() + 0.4 * room.height() * np.sin(2 * turn + 1),
        )
        for turn in turns
    ]
    if start is not None:
        send(chart, QEvent.Type.MouseButtonPress, start, button, button)
    times = []
    for position in way:
        began = time.perf_counter()
        send(chart, QEvent.Type.MouseMove, position, Qt.MouseButton.NoButton, button)
        app.processEvents()  # paints what asked for it, and hands it to the screen
        times.append(1e3 * (time.perf_counter() - began))
    if start is not None:
        send(chart, QEvent.Type.MouseButtonRelease, way[-1], button, Qt.MouseButton.NoButton)
    settle(app)
    return times[_WARM_UP:]


def zoom(app: QApplication, chart: MapChart) -> list[float]:
    """Turn the wheel to and fro over the middle; return the milliseconds of each notch."""
    middle, none = chart.room.center(), Qt.MouseButton.NoButton
    times = []
    for step in range(_NOTCHES):
        turn = QPoint(0, 120 if step % 8 < 4 else -120)
        event = QWheelEvent(
            middle, chart.mapToGlobal(middle), QPoint(), turn, none,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        times.append(redraw(app, partial(QApplication.sendEvent, chart, event)))
    settle(app)
    return times[_WARM_UP:]


def drag_anchor(
    app: QApplication, state: ExplorerState, chart: MapChart, kind: PathKind
) -> list[float]:
    """Drag an anchor with 30 frames of a kind of way, once it is there."""
    state.set_frames(30)
    state.set_interpolation(kind)
    state.set_anchor(1, state.map.from_plane(*_middle(chart)))
    end = time.monotonic() + _PATIENCE
    while state.morph.settled is None and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.005)
    if state.morph.settled is None:
        raise SystemExit(f"The {kind} way was not found within {_PATIENCE} s.")
    return measure(app, chart, chart.position_of(state.anchors[1]), _LEFT)


def _middle(chart: MapChart) -> tuple[float, float]:
    """Return the point of the plane in the middle of the map."""
    x, y = chart.plane_at(chart.room.center())
    return float(x), float(y)


def stroke(app: QApplication, window: ExplorerWidget) -> list[float]:
    """Draw on the pad; return the milliseconds until all of the window shows each move."""
    panel = window.show_own_image()
    settle(app)
    pad = panel.source.pad
    turns = np.linspace(0, 2 * np.pi, MOVES + _WARM_UP)
    way = [pad.on_widget(0.5 + 0.4 * np.sin(3 * t), 0.5 + 0.4 * np.sin(2 * t + 1)) for t in turns]
    send(pad, QEvent.Type.MouseButtonPress, way[0], _LEFT, _LEFT)
    settle(app)
    times = []
    for position in way:
        began = time.perf_counter()
        send(pad, QEvent.Type.MouseMove, position, Qt.MouseButton.NoButton, _LEFT)
        app.processEvents()
        while panel.is_behind:
            app.processEvents()
        app.processEvents()  # paints what was read
        times.append(1e3 * (time.perf_counter() - began))
    send(pad, QEvent.Type.MouseButtonRelease, way[-1], _LEFT, Qt.MouseButton.NoButton)
    settle(app)
    return times[_WARM_UP:]


def redraw(app: QApplication, ask: Callable[[], object]) -> float:
    """Ask for the whole map to be drawn anew; return the milliseconds until it is."""
    began = time.perf_counter()
    ask()
    app.processEvents()
    return 1e3 * (time.perf_counter() - began)


def send(
    chart: object,
    kind: QEvent.Type,
    position: QPointF,
    button: Qt.MouseButton,
    buttons: Qt.MouseButton,
) -> None:
    """Send a mouse event as Qt would."""
    where = chart.mapToGlobal(position)
    modifiers = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(chart, QMouseEvent(kind, position, where, button, buttons, modifiers))


def settle(app: QApplication) -> None:
    """Let everything that was asked for happen."""
    end = time.perf_counter() + 0.5
    while time.perf_counter() < end:
        app.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    main(sys.argv[1])
