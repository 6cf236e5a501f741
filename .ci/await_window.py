"""Wait until a window whose title ends as given is on the X display: `await_window.py TITLE`."""

from __future__ import annotations

import sys
import time

from Xlib.display import Display
from Xlib.error import XError
from Xlib.X import IsViewable

PATIENCE = 300  # seconds; the program is still being installed when this begins


def main(title: str) -> None:
    """Return when the window is there; exit with a sentence when it doesn't come."""
    end = time.monotonic() + PATIENCE
    root = Display().screen().root
    while time.monotonic() < end:
        for window in root.query_tree().children:
            try:
                visible = window.get_attributes().map_state == IsViewable
                if visible and (window.get_full_text_property(NET_NAME) or "").endswith(title):
                    return
            except XError:  # it went away
                continue
        time.sleep(0.5)
    sys.exit(f"Expected a window called {title!r} within {PATIENCE} s. Received: none.")


NET_NAME = Display().intern_atom("_NET_WM_NAME")

if __name__ == "__main__":
    main(sys.argv[1])
