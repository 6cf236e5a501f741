"""Sets too large for memory: decoded once to a mapped file, found again, evicted for others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bvae_core import datasets
from bvae_core.datasets import _scratch, image_folder
from bvae_core.datasets.idx import write_idx
from bvae_core.errors import DataError


@pytest.fixture
def all_is_large(cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep nothing in memory, read in chunks of a few images; gives the folder of mapped files."""
    monkeypatch.setattr(_scratch, "IN_MEMORY_BYTES", 0)
    monkeypatch.setattr(_scratch, "CHUNK_BYTES", 1000)
    return cache_folder / "data"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    rng = np.random.default_rng(0)
    for number in range(40):
        path = folder / str(number % 4) / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (12, 12, 3), np.uint8)).save(path)
    return folder


def test_a_large_folder_is_mapped_from_disk_and_is_the_same(
    pictures: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory = datasets.load(str(pictures))
    monkeypatch.setattr(_scratch, "IN_MEMORY_BYTES", 0)
    mapped = datasets.load(str(pictures))
    assert isinstance(mapped.images, np.memmap)
    assert not isinstance(in_memory.images, np.memmap)
    assert mapped.fingerprint == in_memory.fingerprint
    with pytest.raises(ValueError, match="read-only"):
        mapped.images[0] = 0


def test_the_second_time_nothing_is_decoded(
    pictures: Path, all_is_large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = datasets.load(str(pictures))

    def decode(*args: object) -> None:
        raise AssertionError("decoded again")

    monkeypatch.setattr(image_folder, "_decode", decode)
    monkeypatch.setattr(image_folder, "_survey", decode)
    assert datasets.load(str(pictures)).fingerprint == first.fingerprint


@pytest.mark.parametrize("size", [0, 100, 2000])
def test_a_mapped_file_that_has_lost_something_is_made_anew(
    pictures: Path, all_is_large: Path, size: int
) -> None:
    fingerprint = datasets.load(str(pictures)).fingerprint
    (mapped,) = all_is_large.glob("*.npy")
    os.truncate(mapped, size)
    assert datasets.load(str(pictures)).fingerprint == fingerprint


def test_a_changed_file_or_another_policy_is_decoded_anew(
    pictures: Path, all_is_large: Path
) -> None:
    first = datasets.load(str(pictures))
    Image.new("RGB", (12, 12), "red").save(pictures / "0" / "0.png")
    second = datasets.load(str(pictures))
    assert second.fingerprint != first.fingerprint
    assert datasets.load(str(pictures), grey=True).image_shape == (12, 12, 1)
    assert datasets.load(str(pictures), image_size=(8, 8)).image_shape == (8, 8, 3)
    assert len([*all_is_large.glob("*.npy")]) == 4


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_large_idx_files_and_generated_sets_are_mapped_too(
    tmp_path: Path, all_is_large: Path, suffix: str
) -> None:
    images = np.random.default_rng(0).integers(0, 256, (50, 16, 16), np.uint8)
    write_idx(tmp_path / f"train-images-idx3-ubyte{suffix}", images)
    for loaded in (datasets.load(str(tmp_path)), datasets.load(str(tmp_path))):
        assert isinstance(loaded.images, np.memmap)
        assert np.array_equal(loaded.images[..., 0], images)
    generated = datasets.load("strokes:30")
    assert isinstance(generated.images, np.memmap)
    assert np.array_equal(generated.images, datasets.strokes.draw(generated.factors))


def test_a_file_that_breaks_half_way_leaves_nothing_behind(
    pictures: Path, all_is_large: Path
) -> None:
    (pictures / "3" / "39.png").write_bytes((pictures / "3" / "39.png").read_bytes()[:200])
    with pytest.raises(DataError, match=r"39\.png"):
        datasets.load(str(pictures))
    assert not [path for path in all_is_large.iterdir() if path.suffix != ".lock"]


def three(value: int) -> Iterator[np.ndarray]:
    yield np.full((3, 8, 8, 1), value, np.uint8)


def test_the_files_used_longest_ago_make_room(
    all_is_large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_scratch, "MAX_KEPT_BYTES", 700)
    for age, key in ((300, "a"), (200, "b"), (100, "c")):
        _scratch.gather(key, (3, 8, 8, 1), lambda: three(1), source="x")
        past = (all_is_large / f"{key}.npy").stat().st_mtime - age
        os.utime(all_is_large / f"{key}.npy", (past, past))
    assert sorted(path.stem for path in all_is_large.glob("*.npy")) == ["b", "c"]
    assert _scratch.find("b") is not None  # used now
    _scratch.gather("d", (3, 8, 8, 1), lambda: three(1), source="x")
    assert sorted(path.stem for path in all_is_large.glob("*.npy")) == ["b", "d"]


def test_a_disk_without_room_is_found_out_before_anything_is_decoded(all_is_large: Path) -> None:
    def chunks() -> Iterator[np.ndarray]:
        raise AssertionError("decoded")
        yield

    with pytest.raises(DataError, match=r"huge: its decoded images take .* GB.* BVAE_CACHE_DIR"):
        _scratch.gather("k", (2**40, 64, 64, 3), chunks, source="huge")


def test_a_cache_folder_that_cannot_be_made_is_named(
    all_is_large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("BVAE_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"strokes: .*file/data.* can't be made.* BVAE_CACHE_DIR"):
        datasets.load("strokes:20")


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize("limit", [0, 1 << 20])
def test_another_number_of_images_than_announced_is_an_error(
    all_is_large: Path, monkeypatch: pytest.MonkeyPatch, count: int, limit: int
) -> None:
    monkeypatch.setattr(_scratch, "IN_MEMORY_BYTES", limit)
    with pytest.raises(DataError, match=rf"x: Expected {count} images\. Received: (3|more)"):
        _scratch.gather("k", (count, 8, 8, 1), lambda: three(0), source="x")


def test_two_processes_decode_once(pictures: Path, all_is_large: Path) -> None:
    program = (
        "import sys; from bvae_core import datasets; from bvae_core.datasets import _scratch;"
        "_scratch.IN_MEMORY_BYTES = 0; print(datasets.load(sys.argv[1]).fingerprint)"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", program, str(pictures)], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    answers = {process.communicate()[0] for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert len(answers) == 1
    assert len([*all_is_large.glob("*.npy")]) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from Linux' /proc")
def test_a_set_larger_than_memory_streams(tmp_path: Path, cache_folder: Path) -> None:
    """Two hundred thousand images, 157 MB, in steps that add under 100 MB to a process."""
    program = (
        "import psutil; from bvae_core import datasets; from bvae_core.datasets import _scratch\n"
        "_scratch.IN_MEMORY_BYTES = 0\n"
        "from bvae_core.datasets.idx import load_file; from pathlib import Path; import sys\n"
        "before = psutil.Process().memory_info().rss >> 10\n"
        "images = load_file(Path(sys.argv[1]))\n"
        "assert len(images) == 200_000\n"
        "status = Path('/proc/self/status').read_text().split()\n"
        "peak = int(status[status.index('VmHWM:') + 1])\n"
        "print((peak - before) >> 10)"
    )
    path = tmp_path / "many-images-idx3-ubyte.gz"
    write_idx(path, np.resize(np.arange(256, dtype=np.uint8), (200_000, 28, 28)))
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 100
