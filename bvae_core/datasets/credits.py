"""Whose work the images are, where their source asks for it to be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bvae_core import kana


@dataclass(frozen=True)
class Credits:
    """Licence and attribution of a data set, to be passed on with what is made of it."""

    licence: str = ""
    attribution: str = ""


UNKNOWN = Credits()
KUZUSHIJI = Credits(
    licence="CC BY-SA 4.0",
    attribution='"KMNIST Dataset" (created by CODH), adapted from "Kuzushiji Dataset" '
    "(created by NIJL and others), doi:10.20676/00000341",
)


def credits_of(class_names: Sequence[str]) -> Credits:
    """Return the credits of the data set, in official files, with these classes.

    The Kuzushiji sets are told by their kana; of other sets nothing is known. Folders of images
    may have such classes, too, and be anybody's.
    """
    known = (kana.KMNIST, kana.KUZUSHIJI_49)
    return KUZUSHIJI if tuple(class_names) in known else UNKNOWN
