"""Figures as files: whole, and the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from PIL.PngImagePlugin import PngInfo

from bvae_core.errors import BvaeError
from bvae_core.figures.limits import FIGURE_SUFFIXES
from bvae_core.figures.metadata import PNG_KEYWORD, to_text
from bvae_core.files import replacing_file

# In force while a file is written, whatever else the program has set.
_SETTINGS: dict[Any, Any] = {
    "pdf.fonttype": 42,  # whole outlines, so that text stays text
    "savefig.bbox": None,
    "svg.fonttype": "path",  # kana show where no font has them
    "svg.hashsalt": "bvae",
    "svg.image_inline": True,
}


def save_figure(
    figure: Figure, path: str | Path, metadata: Mapping[str, Any] | None = None
) -> None:
    """Write a figure as PNG, SVG or PDF, whichever the name ends in.

    The file is replaced as a whole or not at all, and the same figure gives the same bytes.

    Parameters
    ----------
    figure
        Of this package.
    path
        Ends in ``.png``, ``.svg`` or ``.pdf``.
    metadata
        JSON values that say where the figure comes from. A PNG carries them in an iTXt chunk
        named ``bvae``, see `read_metadata`; an SVG as its description, a PDF as its subject.

    Raises
    ------
    BvaeError
        If the name ends otherwise, the metadata are larger than 1 MiB, or the file can't be
        written.
    """
    target = Path(path)
    text = to_text(metadata or {})
    suffix = target.suffix.lower()
    options: dict[str, Any]
    match suffix:
        case ".png":
            chunks = PngInfo()
            chunks.add_itxt(PNG_KEYWORD, text)
            options = {"pil_kwargs": {"pnginfo": chunks}}
        case ".svg":
            options = {"metadata": {"Date": None, "Description": text}}
        case ".pdf":
            options = {"metadata": {"CreationDate": None, "Subject": text}}
        case _:
            raise BvaeError(
                f"{target}: Expected a name that ends in {' or '.join(FIGURE_SUFFIXES)}. "
                f"Received: {json.dumps(target.suffix)}."
            )
    with replacing_file(target) as temporary, mpl.rc_context(_SETTINGS):
        figure.savefig(
            temporary,
            format=suffix[1:],
            dpi=figure.dpi,
            facecolor=figure.get_facecolor(),
            edgecolor="none",
            transparent=False,
            **options,
        )
