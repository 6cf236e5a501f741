"""Classes as recipes have them: by texts that people type."""

from __future__ import annotations

from bvae_core.errors import AnchorError, BvaeError
from bvae_core.latent import ClassAnchor, find_class, parse_anchor


def class_text(names: tuple[str, ...], label: int) -> str:
    """Return the shortest text that means this class and nothing else."""
    for text in (names[label], str(label), f"class:{names[label]}"):
        try:
            if labelled(names, text) == label:
                return text
        except AnchorError:
            continue
    raise BvaeError(f"map: Expected a name for each class. Received: {names[label]!r} for several.")


def labelled(names: tuple[str, ...], text: str) -> int:
    """Return which class a text means; an AnchorError if it means none."""
    anchor = parse_anchor(text)
    if not isinstance(anchor, ClassAnchor) or anchor.mean:
        raise AnchorError(f"{text!r}: Expected a class. Received: another place.")
    return find_class(anchor.name, names)
