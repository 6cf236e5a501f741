"""Where the program's files are: those that come with it, and those that it keeps in its cache."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from bvae_core.errors import BvaeError

#: The folder of the bundle that comes with the program, and what `load_bundle` calls it.
DEMO = "demo"
#: The environment variable that names another folder for the cache.
CACHE_VARIABLE = "BVAE_CACHE_DIR"

_BESIDE = Path(__file__).resolve().parents[1]


def resource(*parts: str, beside: Path = _BESIDE) -> Path:
    """Return the path of a file or folder of the program's own, ``resource("demo")``.

    Parameters
    ----------
    parts
        The path below ``resources/``.
    beside
        Folder that the packages are in: site-packages for an installed program, the checkout
        for an editable one or none at all.

    Raises
    ------
    BvaeError
        If the installation lacks it.
    """
    for folder in (beside / "bvae_gui" / "resources", beside / "resources"):
        path = folder.joinpath(*parts)
        if path.exists():
            return path
    raise BvaeError(
        f"{'/'.join(parts) or 'resources'} is missing from the installation in {beside}. "
        "Reinstall bvae-explorer."
    )


def cache_folder() -> Path:
    """Return the folder that ``BVAE_CACHE_DIR`` names, or else the user's cache folder.

    Models, checkpoints, decoded images and the log are kept below it.
    """
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    return platformdirs.user_cache_path("bvae", appauthor=False)
