"""How much of a thing a figure may have, and what its file may be called.

Shared by the shell, the window and the figures themselves; loads nothing. Ranges include both ends.
"""

from __future__ import annotations

from typing import Final

#: Anchors of a morph.
ANCHORS: Final = (2, 8)
#: Anchors of a grid: top left, top right, bottom left and bottom right.
CORNERS: Final = 4
#: Images of a morph.
FRAMES: Final = (2, 50)
#: Rows of a grid, and columns.
SIDE: Final = (2, 100)
#: Images of a traversal, a dimension.
STEPS: Final = (2, 50)
#: Images of a contact sheet.
SHOWN: Final = (1, 2000)
#: How strong an equation can be, either way.
STRENGTH: Final = (-3.0, 3.0)
#: Pixels of a figure for a pixel of an image, down and across.
SCALE: Final = (1, 64)
#: Frames a second of an animation.
FPS: Final = (0.1, 50.0)

FIGURE_SUFFIXES: Final = (".png", ".svg", ".pdf")
ANIMATION_SUFFIXES: Final = (".gif", ".webp")
