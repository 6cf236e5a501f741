"""Where the files are that come with the program: the demo, icons, style sheets."""

from __future__ import annotations

from pathlib import Path

from bvae_core.errors import BvaeError

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
