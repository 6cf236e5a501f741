"""Which files are pictures, told by their names and their beginnings."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtCore import QMimeData

#: Endings of the files that are read as pictures.
SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif")
#: The same, as file dialogs have it.
FILTER = f"Images ({' '.join(f'*{suffix}' for suffix in SUFFIXES)})"


def is_picture(path: Path) -> bool:
    """Return whether a file is there that by its name is an image, and is no figure of ours."""
    from bvae_core.figures.metadata import has_metadata

    return path.suffix.lower() in SUFFIXES and path.is_file() and not has_metadata(path)


def local_file(data: QMimeData) -> Path | None:
    """Return the one file or folder of this machine that is dropped or pasted, or None."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())
