"""The film strip: the frames of a morph, side by side or as a grid."""

from bvae_gui.widgets.film_strip.scrolled import ScrolledStrip
from bvae_gui.widgets.film_strip.strip import HELP, FilmStrip

__all__ = ["HELP", "FilmStrip", "ScrolledStrip"]
