"""Hiragana class names read in Latin letters."""

import pytest

from bvae_core import kana


@pytest.mark.parametrize(
    ("letter", "sound"),
    [("き", "ki"), ("れ", "re"), ("つ", "tsu"), ("し", "shi"), ("ち", "chi"), ("ふ", "fu"),
     ("を", "wo"), ("ん", "n"), ("ゐ", "wi"), ("が", "ga"), ("ぱ", "pa"), ("じ", "ji"),
     ("っ", "tsu"), ("ゝ", "iteration"), ("か\u3099", "ga")],
)  # fmt: skip
def test_a_hiragana_is_read_in_hepburn(letter: str, sound: str) -> None:
    assert kana.romaji(letter) == sound


@pytest.mark.parametrize("name", ["", "7", "ki", "きれ", "キ", "T-shirt/top", "漢"])
def test_anything_else_has_no_reading(name: str) -> None:
    assert kana.romaji(name) is None


@pytest.mark.parametrize("names", [kana.KMNIST, kana.KUZUSHIJI_49])
def test_the_classes_of_the_kuzushiji_sets_have_readings_of_their_own(names: tuple) -> None:
    readings = [kana.romaji(name) for name in names]
    assert None not in readings
    assert len(set(readings)) == len(names) in (10, 49)
