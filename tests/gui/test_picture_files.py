from __future__ import annotations

from pathlib import Path

from PIL import Image
from qtpy.QtCore import QMimeData, QUrl

from bvae_core.bundle import Bundle
from bvae_core.datasets import image_folder
from bvae_core.figures import ImageRecipe
from bvae_gui.picture_files import SUFFIXES, is_picture, local_file


def test_what_is_opened_as_a_picture_is_what_is_read_as_one() -> None:
    assert set(SUFFIXES) == image_folder.SUFFIXES


def test_figures_of_this_program_and_other_files_are_no_pictures(tmp_path: Path, demo: Bundle):
    Image.new("L", (3, 3)).save(tmp_path / "photo.JPG")
    Image.new("L", (3, 3)).save(tmp_path / "other.png")
    ImageRecipe(at="き").export(demo, tmp_path / "ours.png")
    (tmp_path / "text.txt").write_text("words")
    (tmp_path / "folder.png").mkdir()
    names = ("photo.JPG", "other.png", "ours.png", "text.txt", "folder.png", "missing.png")
    assert [name for name in names if is_picture(tmp_path / name)] == ["photo.JPG", "other.png"]


def test_one_local_file_is_taken() -> None:
    data = QMimeData()
    assert local_file(data) is None
    data.setUrls([QUrl("https://example.org/a.png")])
    assert local_file(data) is None
    data.setUrls([QUrl.fromLocalFile("/a.png")])
    assert local_file(data) == Path("/a.png")
    data.setUrls([QUrl.fromLocalFile("/a.png"), QUrl.fromLocalFile("/b.png")])
    assert local_file(data) is None
