"""What a training shows of itself on the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bvae_core.datasets import ImageSet, load
from bvae_core.datasets.sampling import of_all_classes
from bvae_core.errors import DataError
from bvae_core.training.events import Event, Previewed
from bvae_core.training.previews import (
    PreviewWriter,
    choose_sample,
    preview_files,
    read_preview,
    read_sample,
)


@pytest.fixture(scope="module")
def images() -> ImageSet:
    return load("strokes:1500")


def brightness(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Encode images as how bright they are, and twice that."""
    bright = pixels.reshape(len(pixels), -1).mean(axis=1, dtype=np.float32) / 255
    return np.stack([bright, 2 * bright], axis=1)


def negative(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return 1 - pixels.astype(np.float32) / 255


def writer(folder: Path, images: ImageSet, told: list[Event]) -> PreviewWriter:
    return PreviewWriter(folder, images, brightness, negative, told.append)


def test_a_preview_is_read_as_it_was_written(images, tmp_path) -> None:
    told: list[Event] = []
    previews = writer(tmp_path / "new", images, told)
    previews.begin(0)
    previews.offer(1)
    files = preview_files(tmp_path / "new")
    assert [path.name for path in files] == ["epoch-000000.000.npz", "epoch-000001.000.npz"]
    assert told == [Previewed(0, str(files[0])), Previewed(1, str(files[1]))]

    sample, preview = read_sample(tmp_path / "new"), read_preview(files[1])
    watched, characters = choose_sample(images)
    assert sample.class_names == images.class_names
    assert np.array_equal(sample.labels, images.labels[watched])
    assert np.array_equal(sample.characters, images.images[characters])
    assert preview.epoch == 1
    assert preview.codes == pytest.approx(brightness(images.images[watched]), rel=1e-3)
    assert np.array_equal(preview.reconstructions, 255 - sample.characters)


def test_previews_come_now_and_then_and_at_the_end(images, tmp_path) -> None:
    told: list[Event] = []
    previews = writer(tmp_path, images, told)
    previews.begin(0)
    for epoch in range(1, 50):
        previews.offer(epoch)
    previews.end(50)
    epochs = [event.epoch for event in told]
    assert epochs[:2] == [0, 1], "the first one does not wait"
    assert epochs[-1] == 50
    assert len(epochs) < 25
    previews.end(50)
    assert [event.epoch for event in told] == epochs


def test_within_an_epoch_only_the_first_change_is_shown_at_once(images, tmp_path) -> None:
    told: list[Event] = []
    previews = writer(tmp_path, images, told)
    previews.begin(0)
    for part in np.arange(0.125, 1, 0.125):
        previews.offer(float(part))
    previews.end(1)
    assert [event.epoch for event in told] == [0, 0.125, 1]
    files = preview_files(tmp_path)
    assert [read_preview(path).epoch for path in files] == [0, 0.125, 1]
    writer(tmp_path, images, told).begin(0)
    assert [read_preview(path).epoch for path in preview_files(tmp_path)] == [0]


def test_a_resumed_training_takes_away_what_it_had_lost(images, tmp_path) -> None:
    told: list[Event] = []
    first = writer(tmp_path, images, told)
    first.begin(0)
    for epoch in (1, 2, 3):
        first.end(epoch)
    writer(tmp_path, images, told).begin(2)
    assert [path.name for path in preview_files(tmp_path)] == [
        f"epoch-00000{epoch}.000.npz" for epoch in (0, 1, 2)
    ]


def test_characters_are_of_all_classes_and_not_trained_on(images) -> None:
    watched, characters = choose_sample(images)
    assert len(watched) == len(set(watched)) == 1000
    assert images.labels[characters].tolist() == list(range(10))
    assert images.is_test[characters].all()
    assert np.array_equal(choose_sample(images)[1], characters)


def test_a_few_images_without_classes_are_watched_all(images) -> None:
    few = ImageSet("few", images.images[:6], None, (), np.zeros(6, bool))
    watched, characters = choose_sample(few)
    assert watched.tolist() == characters.tolist() == list(range(6))


@pytest.mark.parametrize("count", [1, 3, 10, 25, 2000])
def test_a_choice_is_as_even_as_can_be(images, count) -> None:
    chosen = of_all_classes(images, count)
    assert len(chosen) == len(set(chosen)) == min(count, 1500)
    if count <= 25:
        members = np.bincount(images.labels[chosen], minlength=10)
        assert members.max() - members.min() <= 1
    assert (np.diff(images.labels[chosen]) >= 0).all()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and nothing more", b"something else"])
def test_a_damaged_preview_is_named(tmp_path, content) -> None:
    path = tmp_path / "epoch-000001.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"epoch-000001\.npz: Expected a training's preview"):
        read_preview(path)
    with pytest.raises(DataError, match=r"sample\.npz"):
        read_sample(tmp_path)
