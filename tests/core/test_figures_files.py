import os
import resource
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from bvae_core.errors import BvaeError, DataError
from bvae_core.figures import (
    DARK,
    LIGHT,
    image_grid,
    ink_ramp,
    latent_map,
    morph_strip,
    read_metadata,
    save_animation,
    save_figure,
    to_rgb8,
)
from bvae_core.figures.metadata import has_metadata

FRAMES = np.random.default_rng(0).integers(0, 256, (5, 12, 10), dtype=np.uint8)
COLOUR = np.random.default_rng(1).integers(0, 256, (2, 3, 9, 8, 3), dtype=np.uint8)
METADATA = {"figure": "morph", "anchors": ["き", "#7"], "z": [0.5, -1.25]}


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def tiles_of(picture, size, scale, count):
    """Cut the tiles out of a strip, whose ground is everything that is not a tile."""
    height, width = size[0] * scale, size[1] * scale
    gap = max(2, round(max(size) * scale / 16))
    left = [32 + i * (width + gap) for i in range(count)]
    return np.stack([picture[32 : 32 + height, x : x + width] for x in left])


@pytest.mark.parametrize("scale", [1, 3, 8])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_strip_shows_exactly_the_pixels_of_its_frames(tmp_path, scale, theme):
    save_figure(morph_strip(FRAMES, theme=theme, scale=scale), tmp_path / "strip.png")
    picture = pixels(tmp_path / "strip.png")
    expected = to_rgb8(FRAMES, theme, "paper").repeat(scale, axis=1).repeat(scale, axis=2)
    np.testing.assert_array_equal(tiles_of(picture, (12, 10), scale, 5), expected)
    assert picture.shape[0] == 12 * scale + 64
    np.testing.assert_allclose(picture[0, 0] / 255, to_rgb(theme.ground), atol=0.002)


def test_words_around_it_leave_the_pixels_of_a_strip_alone(tmp_path):
    plain, worded = tmp_path / "plain.png", tmp_path / "worded.png"
    save_figure(morph_strip(FRAMES, ["き ki", "#7"], labels=False, scale=8), plain)
    save_figure(morph_strip(FRAMES, ["き ki", "#7"], scale=8), worded)
    assert pixels(worded).shape[0] > pixels(plain).shape[0]
    np.testing.assert_array_equal(
        tiles_of(pixels(worded), (12, 10), 8, 5), tiles_of(pixels(plain), (12, 10), 8, 5)
    )


def test_a_grid_of_colour_images_keeps_their_colours(tmp_path):
    save_figure(image_grid(COLOUR, labels=False, scale=4), tmp_path / "grid.png")
    picture = pixels(tmp_path / "grid.png")
    for row in range(2):
        for column in range(3):
            top, left = 32 + row * (36 + 2), 32 + column * (32 + 2)
            np.testing.assert_array_equal(
                picture[top : top + 36, left : left + 32],
                COLOUR[row, column].repeat(4, axis=0).repeat(4, axis=1),
            )


def test_a_long_strip_goes_on_in_further_rows(tmp_path):
    save_figure(morph_strip(np.zeros((50, 28, 28)), ["a", "b"]), tmp_path / "strip.png")
    height, width, _ = pixels(tmp_path / "strip.png").shape
    assert 1200 < width < 2000
    assert height > 4 * 84


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("map", ".png"), ("map", ".svg"), ("map", ".pdf"), ("strip", ".PNG"), ("strip", ".svg")],
)
def test_the_same_figure_gives_the_same_bytes(tmp_path, kind, suffix):
    def figure():
        if kind == "strip":
            return morph_strip(FRAMES, ["き ki", "れ re"], title="$5")
        codes = np.random.default_rng(2).normal(size=(300, 2))
        names = ("き", "a name with $dollars$")
        return latent_map(codes, np.arange(300) % 2, names, path=codes[:4], anchors=codes[:2])

    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    save_figure(figure(), first, METADATA)
    save_figure(figure(), second, METADATA)
    assert first.read_bytes() == second.read_bytes()
    magic = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[suffix.lower()]
    assert first.read_bytes().startswith(magic)


def test_an_svg_draws_its_words_and_a_pdf_brings_its_font(tmp_path):
    figure = morph_strip(FRAMES, ["き ki", "れ re"])
    save_figure(figure, tmp_path / "strip.svg", METADATA)
    save_figure(figure, tmp_path / "strip.pdf", METADATA)
    drawing = (tmp_path / "strip.svg").read_text(encoding="utf-8")
    assert "<text" not in drawing
    assert "image-rendering:pixelated" in drawing
    assert "&quot;anchors&quot;" in drawing or '"anchors"' in drawing
    assert b"FontFile2" in (tmp_path / "strip.pdf").read_bytes()


@pytest.mark.parametrize("name", ["morph.jpg", "morph", "morph.gif"])
def test_another_suffix_is_answered_with_those_there_are(tmp_path, name):
    with pytest.raises(BvaeError, match=r"\.png or \.svg or \.pdf"):
        save_figure(morph_strip(FRAMES), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_metadata_come_back_from_a_png(tmp_path):
    save_figure(morph_strip(FRAMES), tmp_path / "strip.png", METADATA)
    assert read_metadata(tmp_path / "strip.png") == METADATA
    with Image.open(tmp_path / "strip.png") as picture:
        assert '"き"' in picture.info["bvae"]  # others can read them, too


def test_metadata_that_are_too_large_are_not_written(tmp_path):
    with pytest.raises(BvaeError, match="1048576"):
        save_figure(morph_strip(FRAMES), tmp_path / "strip.png", {"z": "0" * (1 << 20)})
    assert list(tmp_path.iterdir()) == []


def chunk(kind, body, *, length=None, checksum=None):
    size = len(body) if length is None else length
    code = zlib.crc32(kind + body) if checksum is None else checksum
    return struct.pack(">I", size) + kind + body + struct.pack(">I", code)


def text_chunk(text, head=b"bvae\0\0\0\0\0", **options):
    return chunk(b"iTXt", head + text, **options)


@pytest.mark.parametrize(
    ("chunks", "says"),
    [
        (b"", "Received: none"),
        (chunk(b"IDAT", b"") + text_chunk(b"{}"), "Received: none"),
        (text_chunk(b"{}", head=b"other\0\0\0\0\0"), "Received: none"),
        (text_chunk(b"[1]"), "a list"),
        (text_chunk(b"not json"), "something else"),
        (text_chunk(b'{"z": NaN}'), "something else"),
        (text_chunk(b'{"z": ' + b"9" * 10_000 + b"}"), "something else"),
        (text_chunk(b"\xff\xfe"), "something else"),
        (text_chunk(b"[" * 900_000), "something else"),
        (text_chunk(zlib.compress(b"{}"), head=b"bvae\0\1\0\0\0"), "compressed"),
        (text_chunk(b"{}", checksum=0), "checksum"),
        (text_chunk(b"{}", length=900), "checksum"),
        (text_chunk(b"{}", length=0xFFFFFFFF), "4294967295 bytes"),
        (text_chunk(b" " * (1 << 20) + b"{}"), "more than 1048576"),
        (chunk(b"gAMA", b"") * 5000 + text_chunk(b"{}"), "Received: none"),
        (chunk(b"gAMA", b"", length=0xFFFFFFFF), "Received: none"),
    ],
)
def test_metadata_from_a_stranger_are_refused_in_one_sentence(tmp_path, chunks, says):
    path = tmp_path / "stranger.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    with pytest.raises(DataError, match=says):
        read_metadata(path)


def test_whether_a_png_has_metadata_is_told_of_damaged_ones_too(tmp_path):
    Image.new("L", (3, 3)).save(tmp_path / "plain.png")
    save_figure(morph_strip(FRAMES), tmp_path / "ours.png", METADATA)
    (tmp_path / "damaged.png").write_bytes(b"\x89PNG\r\n\x1a\n" + text_chunk(b"{}", checksum=0))
    Image.new("L", (3, 3)).save(tmp_path / "photo.jpg")
    said = {
        name: has_metadata(tmp_path / f"{name}")
        for name in ("plain.png", "ours.png", "damaged.png", "photo.jpg", "missing.png")
    }
    assert [name for name, has in said.items() if has] == ["ours.png", "damaged.png"]


def test_only_a_png_that_is_there_has_metadata(tmp_path):
    (tmp_path / "text.png").write_text("hello")
    with pytest.raises(DataError, match="another kind of file"):
        read_metadata(tmp_path / "text.png")
    with pytest.raises(DataError, match="No such file"):
        read_metadata(tmp_path / "missing.png")
    with pytest.raises(DataError, match="could not be read"):
        read_metadata(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(BvaeError, match="nowhere"):
        save_figure(morph_strip(FRAMES), tmp_path / "nowhere" / "strip.png")
    with pytest.raises(BvaeError, match="nowhere"):
        save_animation(FRAMES, tmp_path / "nowhere" / "morph.gif")


FULL_DISK = """
import resource, signal, sys
import numpy as np
from bvae_core.errors import BvaeError
from bvae_core.figures import morph_strip, save_animation, save_figure
frames = np.random.default_rng(0).random((8, 32, 32))
figure = morph_strip(frames)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
for path in sys.argv[1:]:
    try:
        if path.endswith(("gif", "webp")):
            save_animation(frames, path)
        else:
            save_figure(figure, path)
    except BvaeError as error:
        print(error)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs a limit on files' sizes")
def test_where_the_disk_is_full_the_old_file_stays_and_nothing_else(tmp_path):
    paths = [tmp_path / f"figure.{suffix}" for suffix in ("gif", "pdf", "png", "svg", "webp")]
    for path in paths:
        path.write_text("old")
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.split(" could not be written")[0] for line in child.stdout.splitlines()] == [
        str(path) for path in paths
    ]
    assert {path.read_text() for path in paths} == {"old"}
    assert sorted(tmp_path.iterdir()) == paths


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
@pytest.mark.parametrize("ink", ["paper", "screen"])
def test_an_animation_keeps_every_grey(tmp_path, suffix, ink):
    save_animation(FRAMES, tmp_path / f"morph{suffix}", scale=2, ink=ink)
    with Image.open(tmp_path / f"morph{suffix}") as movie:
        assert movie.n_frames == 5
        assert movie.info["loop"] == 0
        for index, frame in enumerate(FRAMES):
            movie.seek(index)
            expected = ink_ramp(LIGHT, ink)[frame].repeat(2, axis=0).repeat(2, axis=1)
            np.testing.assert_array_equal(np.asarray(movie.convert("RGB")), expected)


def test_an_animation_in_colour(tmp_path):
    save_animation(COLOUR[0], tmp_path / "morph.webp", scale=1)
    save_animation(COLOUR[0], tmp_path / "morph.gif", scale=1)
    with Image.open(tmp_path / "morph.webp") as movie:
        np.testing.assert_array_equal(np.asarray(movie.convert("RGB")), COLOUR[0, 0])
    with Image.open(tmp_path / "morph.gif") as movie:
        difference = np.asarray(movie.convert("RGB")).astype(int) - COLOUR[0, 0]
        assert np.abs(difference).mean() < 8


def played(path):
    with Image.open(path) as movie:
        frames, times = [], []
        for index in range(movie.n_frames):
            movie.seek(index)
            movie.load()
            frames.append(np.asarray(movie.convert("RGB"))[0, 0, 0])
            times.append(movie.info["duration"])
        return frames, times, movie.info.get("loop")


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_bounce_speed_and_a_single_run(tmp_path, suffix):
    path = tmp_path / f"morph{suffix}"
    save_animation(FRAMES, path, fps=12, bounce=True, loop=False, ink="screen", scale=1)
    frames, times, loop = played(path)
    there = FRAMES[:, 0, 0].tolist()
    assert frames == there + there[-2:0:-1]
    assert sum(times) == pytest.approx(1000 * 8 / 12, abs=5)
    assert loop in (None, 1)


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_the_same_animation_gives_the_same_bytes(tmp_path, suffix):
    for name in ("first", "second"):
        save_animation(COLOUR[0], tmp_path / f"{name}{suffix}")
    first, second = (tmp_path / f"{name}{suffix}" for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"fps": 0}, "fps"),
        ({"fps": 51}, "fps"),
        ({"fps": float("nan")}, "fps"),
        ({"scale": 0}, "scale"),
        ({"scale": 2.5}, "scale"),
        ({"ink": "blood"}, "paper or screen"),
    ],
)
def test_animations_refuse_settings_out_of_range(tmp_path, options, says):
    with pytest.raises(BvaeError, match=says):
        save_animation(FRAMES, tmp_path / "morph.gif", **options)
    with pytest.raises(BvaeError, match=r"\.gif or \.webp"):
        save_animation(FRAMES, tmp_path / "morph.mp4")
    with pytest.raises(BvaeError, match="4096"):
        save_animation(np.zeros((2, 256, 256)), tmp_path / "morph.gif", scale=32)
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_sheets_refuse_what_does_not_fit():
    with pytest.raises(BvaeError, match="30000 pixels"):
        image_grid(np.zeros((600, 2, 28, 28)))
    with pytest.raises(BvaeError, match="row labels: Expected 2"):
        image_grid(COLOUR, ["a"])
    with pytest.raises(BvaeError, match="at most one a frame"):
        morph_strip(FRAMES, list("abcdef"))
    with pytest.raises(BvaeError, match="scale"):
        morph_strip(FRAMES, scale=65)
    with pytest.raises(DataError, match="shape"):
        image_grid(FRAMES)
