"""Hiragana as class names: those of the Kuzushiji sets, and how each is read in Latin letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

#: Classes of Kuzushiji-MNIST in the order of its labels (Clanuwat et al. 2018).
KMNIST = tuple("おきすつなはまやれを")
#: Classes of Kuzushiji-49 in the order of its labels.
KUZUSHIJI_49 = tuple(
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをんゝ"
)

# Unicode names the letters in Nihon-shiki; readers know Hepburn.
_HEPBURN = {
    "si": "shi",
    "ti": "chi",
    "tu": "tsu",
    "hu": "fu",
    "zi": "ji",
    "di": "ji",
    "du": "zu",
}


def romaji(name: str) -> str | None:
    """Read one hiragana in Hepburn romanization.

    Parameters
    ----------
    name
        A class name. Small letters read as their large ones; ゝ and ゞ, which repeat what stands
        before them and have no sound of their own, read ``"iteration"`` and ``"voiced iteration"``.

    Returns
    -------
    str or None
        Lower-case Latin letters, such as ``"ki"`` for き; None for anything but one hiragana.

    Examples
    --------
    >>> romaji("つ")
    'tsu'
    >>> romaji("7") is None
    True
    """
    letter = unicodedata.normalize("NFC", name)
    if len(letter) != 1:
        return None
    full_name = unicodedata.name(letter, "")
    if full_name.endswith("ITERATION MARK") and full_name.startswith("HIRAGANA"):
        return full_name.removeprefix("HIRAGANA ").removesuffix(" MARK").lower()
    if not full_name.startswith("HIRAGANA LETTER "):
        return None
    sound = full_name.removeprefix("HIRAGANA LETTER ").removeprefix("SMALL ").lower()
    return _HEPBURN.get(sound, sound)


def with_reading(name: str) -> str:
    """Return a class name with its reading where it has one: ``き ki``."""
    return " ".join(filter(None, (name, romaji(name))))


def thing_shown(class_names: Iterable[str]) -> str:
    """Return what to call an image of such classes: a ``character`` if some of them are kana."""
    return "character" if any(map(romaji, class_names)) else "image"
