"""What is remembered from one start to the next."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtCore import QByteArray

from bvae_gui.settings import Settings


def test_choices_are_found_again(tmp_path: Path):
    before = Settings(tmp_path / "settings.ini")
    before.theme, before.ink, before.last_model = "dark", "screen", "きれい"
    before.remember_layout("window", QByteArray(b"\x00\xff"))
    before.remember_folder("models", tmp_path)
    before.remember_choices("export/map", {"scale": None, "theme": "dark", "word": "き, れ"})
    after = Settings(tmp_path / "settings.ini")
    assert (after.theme, after.ink, after.last_model) == ("dark", "screen", "きれい")
    assert after.layout("window") == QByteArray(b"\x00\xff")
    assert after.folder("models") == str(tmp_path)
    assert after.choices("export/map") == {"scale": None, "theme": "dark", "word": "き, れ"}


def test_the_first_time_there_is_nothing_to_remember(tmp_path: Path):
    settings = Settings(tmp_path / "settings.ini")
    assert (settings.theme, settings.ink, settings.last_model) == ("system", "paper", None)
    assert settings.layout("window") is None
    assert settings.choices("export/map") == {}


def test_a_file_full_of_nonsense_is_passed_over(tmp_path: Path):
    path = tmp_path / "settings.ini"
    path.write_text(
        "[look]\ntheme=plaid\nink=1, 2\n[layout]\nwindow=7\n[folder]\nmodels=/nowhere\n"
        "[choices]\nmap={\ngrid=[1]\n"
    )
    settings = Settings(path)
    assert (settings.theme, settings.ink) == ("system", "paper")
    assert settings.layout("window") is None
    assert settings.folder("models") == str(Path.home())
    assert settings.choices("map") == settings.choices("grid") == {}
