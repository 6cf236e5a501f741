"""`StripWords`: what is written around the frames of a strip or a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qtpy.QtCore import QRect, Qt
from qtpy.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette

from bvae_gui.widgets.film_strip.layout import StripLayout

#: Logical pixels: the line under an anchor's frame, and around the current one.
LINE = 2
_SIZE = 12
_NAME_GAP = 12


@dataclass(frozen=True)
class StripWords:
    """Letters of anchors, captions, and names of rows.

    Parameters
    ----------
    anchors, captions
        By the frames that they stand under, or beside in a grid, which has no captions.
    rows, faint_rows
        Names of a grid's rows, and which of them are written faintly.
    in_grid
        Whether the frames are a grid.
    """

    anchors: Mapping[int, str] = field(default_factory=dict)
    captions: Mapping[int, str] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    faint_rows: frozenset[int] = frozenset()
    in_grid: bool = False

    @property
    def are_at_frames(self) -> bool:
        """Whether frames have words of their own, which need room."""
        return bool(self.anchors or self.captions)

    def width_of_names(self, font: QFont) -> int:
        """Return the room that the rows' names take, in logical pixels."""
        if not self.rows:
            return 0
        measure = QFontMetrics(_sized(font, 1)).horizontalAdvance
        return int(max(map(measure, self.rows))) + _NAME_GAP

    def paint(
        self,
        painter: QPainter,
        layout: StripLayout,
        ratio: float,
        colours: QPalette,
        font: QFont,
    ) -> None:
        """Write them, with a painter that counts pixels of the screen, `ratio` a logical one."""
        accent = colours.color(QPalette.ColorRole.Highlight)
        muted = colours.color(QPalette.ColorRole.PlaceholderText)
        sized = _sized(font, ratio)
        painter.setFont(sized)
        for index, words in self.captions.items():
            self._paint_below(painter, layout, index, words, muted, ratio)
        strong = colours.color(QPalette.ColorRole.WindowText)
        for row, name in enumerate(self.rows):
            painter.setPen(muted if row in self.faint_rows else strong)
            self._paint_name(painter, layout, row, name, ratio)
        sized.setBold(True)
        painter.setFont(sized)
        for index, letters in self.anchors.items():
            if self.in_grid:
                self._paint_beside(painter, layout, index, letters, accent)
            else:
                left, top = layout.corner(index)
                y = top + layout.tile[1] + round(ratio)
                painter.fillRect(left, y, layout.tile[0], round(LINE * ratio), accent)
                self._paint_below(painter, layout, index, letters, accent, ratio)

    @staticmethod
    def _paint_name(
        painter: QPainter, layout: StripLayout, row: int, name: str, ratio: float
    ) -> None:
        _, top = layout.corner(row * layout.columns)
        width = layout.edge[0] - round(_NAME_GAP * ratio)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        room = QRect(0, top, width, layout.tile[1])
        painter.drawText(room, flags | Qt.TextFlag.TextDontClip, name)

    @staticmethod
    def _paint_below(
        painter: QPainter,
        layout: StripLayout,
        index: int,
        words: str,
        colour: QColor,
        ratio: float,
    ) -> None:
        left, top = layout.corner(index)
        width, height = layout.tile
        room = QRect(left, top + height, width, layout.band).adjusted(0, round(4 * ratio), 0, 0)
        painter.setPen(colour)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, words)

    @staticmethod
    def _paint_beside(
        painter: QPainter, layout: StripLayout, index: int, letters: str, colour: QColor
    ) -> None:
        left, top = layout.corner(index)
        is_first = index % layout.columns == 0
        x = left - layout.edge[0] if is_first else left + layout.tile[0]
        room = QRect(x, top, layout.edge[0], layout.tile[1])
        painter.setPen(colour)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, letters)


def _sized(font: QFont, ratio: float) -> QFont:
    sized = QFont(font)
    sized.setPixelSize(round(_SIZE * ratio))
    return sized
