"""Folders of ordinary image files: classes, splits, sizes, depths, and broken files."""

from __future__ import annotations

import io
import os
import struct
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bvae_core import datasets, kana
from bvae_core.datasets.image_folder import read_image
from bvae_core.errors import DataError

RNG = np.random.default_rng(4)


def noise(height: int = 12, width: int = 10, *, colour: bool = False) -> Image.Image:
    return Image.fromarray(RNG.integers(0, 256, (height, width, 3)[: 2 + colour], np.uint8))


def save(image: Image.Image, path: Path, **options: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def load(folder: Path, **options: object) -> datasets.ImageSet:
    return datasets.load(str(folder), **options)


def test_sub_folders_are_classes(tmp_path: Path) -> None:
    for name in ("き", "れ", "つ"):
        for number in range(20):
            save(noise(), tmp_path / name / f"{number:02}.png")
    loaded = load(tmp_path)
    assert loaded.images.shape == (60, 12, 10, 1)
    assert loaded.class_names == ("き", "つ", "れ")
    assert loaded.labels is not None
    assert np.bincount(loaded.labels).tolist() == [20, 20, 20]
    assert np.bincount(loaded.labels[loaded.is_test]).tolist() == [2, 2, 2]
    with Image.open(tmp_path / "れ" / "07.png") as image:
        assert np.array_equal(loaded.images[47, ..., 0], image)


def test_classes_named_by_numbers_are_in_the_order_of_their_values(tmp_path: Path) -> None:
    for name in range(12):
        save(noise(), tmp_path / str(name) / "x.png")
    assert load(tmp_path).class_names == tuple(map(str, range(12)))


def test_train_and_test_folders_are_the_splits(tmp_path: Path) -> None:
    for split, count in (("train", 5), ("test", 3)):
        for name in ("a", "b"):
            for number in range(count):
                save(noise(), tmp_path / split / name / f"{number}.png")
    loaded = load(tmp_path)
    assert loaded.class_names == ("a", "b")
    assert loaded.is_test.tolist() == [False] * 10 + [True] * 6


def test_a_flat_folder_has_no_labels(tmp_path: Path) -> None:
    for number in range(30):
        save(noise(), tmp_path / f"{number}.png")
    loaded = load(tmp_path)
    assert loaded.labels is None
    assert loaded.is_test.sum() == 3


@pytest.mark.parametrize("suffix", ["png", "jpg", "JPEG", "tif", "TIFF", "webp", "bmp", "gif"])
def test_every_format_is_decoded(tmp_path: Path, suffix: str) -> None:
    bow = Image.linear_gradient("L").resize((16, 16))
    save(bow, tmp_path / f"x.{suffix}")
    loaded = load(tmp_path)
    assert loaded.image_shape == (16, 16, 1)
    assert np.abs(loaded.images[0, ..., 0].astype(int) - np.asarray(bow)).max() <= 8


def test_files_of_other_kinds_and_hidden_ones_are_passed_over(tmp_path: Path) -> None:
    save(noise(), tmp_path / "a" / "x.png")
    for other in (".DS_Store", "a/notes.txt", "a/._x.png", "__MACOSX/a/x.png", ".git/x.png"):
        (tmp_path / other).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / other).write_text("something else")
    assert len(load(tmp_path)) == 1


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names there are Unicode")
def test_names_that_are_no_unicode_are_written_so_that_they_can_be_kept(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode("仮名".encode("shift-jis"))
    for name in (b"caf\xe9", b"caf\xe8"):
        save(noise(), folder / os.fsdecode(name) / "x.png")
    loaded = load(folder)
    assert loaded.name == r"\x89\xbc\x96\xbc"
    assert loaded.class_names == (r"caf\xe8", r"caf\xe9")


@pytest.mark.skipif(os.name == "nt", reason="needs pipes with names")
def test_pipes_are_passed_over_and_as_an_image_refused(tmp_path: Path) -> None:
    save(noise(), tmp_path / "x.png")
    os.mkfifo(tmp_path / "endless.png")
    assert len(load(tmp_path)) == 1
    with pytest.raises(DataError, match=r"endless\.png: Expected an image.*a pipe"):
        read_image(tmp_path / "endless.png")


def test_links_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    save(noise(), tmp_path / "elsewhere" / "x.png")
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "again").symlink_to(tmp_path / "set")
    loaded = load(tmp_path / "set")
    assert (len(loaded), loaded.class_names) == (1, ("a",))


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "lost.png").symlink_to(tmp_path / "gone.png")
    with pytest.raises(DataError, match=r"lost\.png can't be read: No such file"):
        load(tmp_path)


def test_images_of_one_size_keep_it(tmp_path: Path) -> None:
    save(noise(200, 130), tmp_path / "x.png")
    assert load(tmp_path).image_shape == (200, 130, 1)


@pytest.mark.parametrize(
    ("sizes", "chosen"),
    [
        ([(20, 30), (20, 30), (40, 40)], (20, 30)),
        ([(20, 20), (30, 30)], (30, 30)),
        ([(480, 640), (480, 640), (100, 100)], (48, 64)),
        ([(300, 300)], (64, 64)),
        ([(4, 30)], (8, 30)),
        ([(2000, 1), (9, 9), (2000, 1)], (64, 8)),
    ],
)
def test_mixed_sizes_are_brought_to_the_most_common(
    tmp_path: Path, sizes: list[tuple[int, int]], chosen: tuple[int, int]
) -> None:
    for number, size in enumerate(sizes):
        save(noise(*size), tmp_path / f"{number}.png")
    assert load(tmp_path).image_shape == (*chosen, 1)
    assert load(tmp_path, image_size=(32, 24)).image_shape == (32, 24, 1)


def test_proportions_are_kept_and_sides_filled_with_the_border_colour(tmp_path: Path) -> None:
    page = np.full((40, 20), 200, np.uint8)
    page[12:28, 6:14] = 0
    save(Image.fromarray(page), tmp_path / "x.png")
    image = load(tmp_path, image_size=(20, 20)).images[0, ..., 0]
    assert (image[:, :5] == 200).all()
    assert (image[:, 15:] == 200).all()
    assert (image[7:13, 9:11] < 10).all()
    dark = (image < 100).sum(axis=0), (image < 100).sum(axis=1)
    assert (dark[0].max(), dark[1].max()) == (8, 4)


def test_one_coloured_image_makes_a_coloured_set(tmp_path: Path) -> None:
    save(noise(), tmp_path / "a.png")
    save(noise().convert("RGB"), tmp_path / "b.png")
    assert load(tmp_path).image_shape == (12, 10, 1)
    save(noise(colour=True), tmp_path / "c.png")
    assert load(tmp_path).image_shape == (12, 10, 3)
    assert load(tmp_path, grey=True).image_shape == (12, 10, 1)


@pytest.mark.parametrize(
    ("suffix", "options"),
    [("png", {}), ("tif", {"compression": "tiff_lzw"})],
)
def test_photographs_are_turned_upright(tmp_path: Path, suffix: str, options: dict) -> None:
    upright = noise(12, 10)
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    on_its_side = upright.transpose(Image.Transpose.ROTATE_90)
    save(on_its_side, tmp_path / f"x.{suffix}", exif=exif, **options)
    assert np.array_equal(load(tmp_path).images[0, ..., 0], upright)


def test_one_that_pillow_would_tear_apart_is_refused(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    save(noise(12, 10), tmp_path / "x.tif", exif=exif, compression="raw")
    with pytest.raises(DataError, match=r"x\.tif: Expected a TIFF that is compressed or upright"):
        load(tmp_path)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_sixteen_bit_greys_are_scaled(tmp_path: Path, suffix: str) -> None:
    greys = (np.arange(256).reshape(16, 16) * 257).astype(np.uint16)
    save(Image.fromarray(greys), tmp_path / f"x.{suffix}")
    assert np.array_equal(load(tmp_path).images[0, ..., 0].ravel(), np.arange(256))


def test_floats_from_0_to_1_are_scaled_and_others_refused(tmp_path: Path) -> None:
    greys = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)
    path = save(Image.fromarray(greys), tmp_path / "x.tif")
    assert np.array_equal(load(tmp_path).images[0, ..., 0].ravel(), np.arange(256))
    save(Image.fromarray(greys * 3000), path)
    with pytest.raises(
        DataError, match=r"x\.tif: Expected greys from 0 to 1\. Received: 0 to 3000"
    ):
        load(tmp_path)


@pytest.mark.parametrize("mode", ["LA", "RGBA", "P"])
def test_transparency_shows_white_paper(tmp_path: Path, mode: str) -> None:
    ink = Image.new("RGBA", (16, 16), (0, 0, 0, 0))
    ink.paste((0, 0, 0, 255), (4, 4, 12, 12))
    if mode == "P":
        save(ink.convert("P"), tmp_path / "x.gif", transparency=ink.convert("P").getpixel((0, 0)))
        expected_centre = None
    else:
        save(ink.convert(mode), tmp_path / "x.png")
        expected_centre = 0
    image = load(tmp_path).images[0, ..., 0]
    assert image[0, 0] == 255
    assert expected_centre is None or image[8, 8] == expected_centre


def test_one_s_own_characters_are_nobody_else_s_work(tmp_path: Path) -> None:
    for name in kana.KMNIST:
        save(noise(), tmp_path / name / "x.png")
    loaded = load(tmp_path)
    assert loaded.class_names == kana.KMNIST
    assert loaded.credits.attribution == ""


def test_of_an_animation_the_first_frame_is_taken(tmp_path: Path) -> None:
    frames = [Image.new("L", (10, 10), value) for value in (10, 200)]
    save(frames[0], tmp_path / "x.gif", save_all=True, append_images=frames[1:])
    assert np.unique(load(tmp_path).images).tolist() == [10]


def test_an_empty_folder_says_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")
    with pytest.raises(
        DataError, match=r"IDX files .* \.npz files .* images .* Received: a folder"
    ):
        load(tmp_path)


def test_images_beside_class_folders_are_named(tmp_path: Path) -> None:
    save(noise(), tmp_path / "a" / "x.png")
    save(noise(), tmp_path / "stray.png")
    with pytest.raises(DataError, match=r"class folders or none\. Received: stray\.png"):
        load(tmp_path)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "webp", "bmp", "gif"])
def test_a_broken_file_is_named_whatever_is_wrong(tmp_path: Path, suffix: str) -> None:
    for number in range(3):
        save(noise(colour=True), tmp_path / f"good{number}.png")
    stream = io.BytesIO()
    Image.effect_noise((40, 40), 90).convert("RGB").save(
        stream, {"jpg": "jpeg", "tif": "tiff"}.get(suffix, suffix)
    )
    whole = stream.getvalue()
    broken = tmp_path / f"broken.{suffix}"
    for length in [0, 1, 4, 9, 25, *range(40, len(whole) // 2, max(1, len(whole) // 40))]:
        broken.write_bytes(whole[:length])
        with pytest.raises(DataError, match=rf"broken\.{suffix}: Expected an image"):
            load(tmp_path)
    broken.write_text("<html>404</html>")
    with pytest.raises(DataError, match=rf"broken\.{suffix}: Expected an image"):
        load(tmp_path)


def test_a_file_that_would_unpack_to_gigapixels_is_refused_undecoded(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    for side in (8_000, 12_000, 60_000):
        head = struct.pack(">2I5B", side, side, 8, 0, 0, 0, 0)
        bomb = (
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
        )
        (tmp_path / "bomb.png").write_bytes(bomb)
        start = time.perf_counter()
        with pytest.raises(DataError, match=r"bomb\.png: Expected an image.* pixels"):
            load(tmp_path)
        assert time.perf_counter() - start < 1
