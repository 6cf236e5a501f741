"""The file of a font with kana, for matplotlib and others; loads none of them."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bvae_core.errors import BvaeError


@cache
def kana_font_path() -> Path:
    """Return the file of a font with kana, for matplotlib and others.

    Raises
    ------
    BvaeError
        If the package that brings it is not installed as it should be.
    """
    # The package changes matplotlib's settings when imported; its font file is all that is wanted.
    spec = find_spec("matplotlib_fontja")
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).with_name("fonts") / "ipaexg.ttf"
        if path.is_file():
            return path
    raise BvaeError(
        "matplotlib-fontja: Expected its font file fonts/ipaexg.ttf. Received: none; "
        "pip install matplotlib-fontja brings it."
    )
