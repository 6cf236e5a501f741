import json
from types import SimpleNamespace

import numpy as np
import pytest

from bvae_core import TrainConfig
from bvae_core.datasets import ImageSet, load
from bvae_core.diagnostics import Sizes, evaluate, evaluation, neighbours
from bvae_core.errors import DataError


def two_tones(train: int, test: int, *, seed: int = 0, labelled: bool = True) -> ImageSet:
    """Draw dark and light 8×8 images: class 1 is the light one."""
    rng = np.random.default_rng(seed)
    labels = np.arange(train + test, dtype=np.int64) % 2
    base = np.where(labels, 170, 40)[:, None, None, None]
    pixels = base + rng.integers(0, 40, (len(labels), 8, 8, 1))
    return ImageSet(
        name="tones",
        images=pixels.astype(np.uint8),
        labels=labels if labelled else None,
        class_names=("dark", "light") if labelled else (),
        is_test=np.arange(len(labels)) >= train,
    )


class Halves:
    """A model with known answers: z = the mean ink of the upper and the lower half."""

    def encode(self, images):
        halves = np.asarray(images).reshape(len(images), 2, -1) / 255.0
        mean = (4 * halves.mean(axis=2) - 2).astype(np.float32)
        return mean, np.full_like(mean, -20.0)

    def decode(self, z):
        ink = np.repeat((z + 2) / 4, 32, axis=1)
        return ink.reshape(len(z), 8, 8).clip(0, 1).astype(np.float32)


def trained_on(images: ImageSet, **settings) -> SimpleNamespace:
    """What a bundle of `Halves` trained on `images` would be."""
    model = Halves()
    mean, log_var = model.encode(images.images)
    return SimpleNamespace(
        config=TrainConfig(**settings),
        data=SimpleNamespace(
            fingerprint=images.fingerprint,
            class_names=images.class_names,
            image_shape=images.image_shape,
        ),
        latents=mean,
        log_var=log_var,
        labels=images.labels,
        is_test=images.is_test,
        encode=model.encode,
        decode=model.decode,
    )


def test_held_out_figures_are_of_the_test_split():
    images = two_tones(train=60, test=20)
    found = evaluate(trained_on(images), images)
    assert (found.split, found.held_out, found.count, found.left_out) == ("test", True, 20, 0)
    assert found.reference_count == 60
    assert found.neighbour_accuracy == 1.0
    assert found.linear_probe_accuracy == 1.0
    assert found.active_units == 2


def test_objective_beta_and_elbo_fit_together():
    images = two_tones(train=60, test=20)
    found = evaluate(trained_on(images, beta=4.0), images)
    assert found.objective == pytest.approx(found.reconstruction + 4 * found.kl)
    assert found.objective_beta_1 == pytest.approx(found.reconstruction + found.kl)
    assert found.kl == pytest.approx(sum(found.kl_per_dim))
    x = images.images[60:].reshape(20, 2, 32) / 255  # σ is e^-10: z is the mean, p the half's ink
    p = x.mean(axis=2, keepdims=True)
    expected = -(x * np.log(p) + (1 - x) * np.log1p(-p)).sum(axis=(1, 2)).mean()
    assert found.reconstruction == pytest.approx(expected, rel=1e-4)


def test_a_model_trained_on_everything_has_no_held_out_figures_and_says_so():
    images = two_tones(train=60, test=20)
    found = evaluate(trained_on(images, train_split="all"), images)
    assert (found.split, found.held_out, found.count) == ("test", False, 20)
    assert "no held-out figures" in found.note
    assert found.reference_count == 60  # the test split's images are not their own neighbours


def test_without_a_test_split_every_image_would_be_its_own_neighbour():
    images = two_tones(train=60, test=0)
    found = evaluate(trained_on(images), images)
    assert (found.split, found.held_out, found.count) == ("all", False, 60)
    assert found.neighbour_accuracy is None
    assert "own neighbour" in found.no_accuracy_because


def test_other_data_is_unseen_and_judged_by_the_training_images():
    found = evaluate(trained_on(two_tones(train=60, test=20)), two_tones(30, 10, seed=1))
    assert (found.split, found.held_out, found.count, found.left_out) == ("all", True, 40, 0)
    assert found.reference_count == 60
    assert found.neighbour_accuracy == 1.0


def test_training_images_that_hide_in_other_data_are_left_out():
    training, fresh = two_tones(train=60, test=20), two_tones(train=30, test=0, seed=1)
    mixed = ImageSet(
        name="mixed",
        images=np.concatenate([training.images, fresh.images]),
        labels=np.concatenate([training.labels, fresh.labels]),
        class_names=training.class_names,
        is_test=np.zeros(110, dtype=bool),
    )
    found = evaluate(trained_on(training), mixed)
    assert (found.count, found.left_out, found.held_out) == (50, 60, True)  # its test split counts
    found = evaluate(trained_on(training, train_split="all"), mixed)
    assert (found.count, found.left_out, found.held_out) == (30, 80, True)


def test_a_part_of_the_training_images_alone_is_not_held_out():
    training = two_tones(train=60, test=20)
    found = evaluate(trained_on(training), training.select(np.arange(40)))
    assert (found.count, found.held_out) == (40, False)
    assert "every image was trained on" in found.note


def test_a_collapsed_model_cant_tell_which_images_it_knows():
    training = two_tones(train=60, test=20)
    model = trained_on(training)
    model.latents = np.zeros_like(model.latents)
    found = evaluate(model, two_tones(30, 10, seed=1))
    assert found.held_out
    assert "can't be told" in found.note


@pytest.mark.parametrize(
    ("training", "judged", "reason"),
    [
        (two_tones(60, 20, labelled=False), two_tones(30, 0, seed=1), "trained on images without"),
        (two_tones(60, 20), two_tones(30, 0, seed=1, labelled=False), "the images have no labels"),
        (two_tones(10, 20), two_tones(30, 0, seed=1), "fewer than 15 training images"),
    ],
)
def test_accuracies_that_cant_be_measured_say_why(training, judged, reason):
    found = evaluate(trained_on(training), judged)
    assert (found.neighbour_accuracy, found.linear_probe_accuracy) == (None, None)
    assert reason in found.no_accuracy_because
    assert found.reference_count == 0


def test_other_classes_are_not_compared():
    judged = two_tones(30, 0, seed=1)
    renamed = ImageSet(judged.name, judged.images, judged.labels, ("a", "b"), judged.is_test)
    found = evaluate(trained_on(two_tones(60, 20)), renamed)
    assert "classes are others" in found.no_accuracy_because


def test_of_many_classes_fewer_images_judge_and_that_is_said(monkeypatch):
    images = two_tones(300, 60)
    monkeypatch.setattr(evaluation, "MOST_ODDS", 100)
    monkeypatch.setattr(neighbours, "MOST_ODDS", 100)
    found = evaluate(trained_on(images), images)
    assert found.reference_count == 50
    assert found.neighbour_accuracy == found.linear_probe_accuracy == 1


def test_images_of_another_size_are_refused_by_name():
    wide = ImageSet("wide", np.zeros((4, 8, 16, 1), np.uint8), None, (), np.zeros(4, bool))
    with pytest.raises(DataError, match=r"wide: Expected images of 8×8×1.*Received: 8×16×1"):
        evaluate(trained_on(two_tones(60, 20)), wide)


@pytest.mark.parametrize("wrong", [{"samples": 0}, {"seed": -1}])
def test_numbers_that_are_too_small_are_refused_by_name(wrong):
    images = two_tones(60, 20)
    (name,) = wrong
    with pytest.raises(DataError, match=f"{name}: Expected at least"):
        evaluate(trained_on(images), images, **wrong)


def test_seed_and_samples_are_stated_and_the_whole_is_json():
    images = two_tones(train=60, test=20)
    steps = []
    found = evaluate(
        trained_on(images), images, samples=3, seed=5, on_progress=lambda *step: steps.append(step)
    )
    read = json.loads(json.dumps(found.to_json()))
    assert (read["samples"], read["seed"], read["neighbours"]) == (3, 5, 15)
    assert read["kl_per_dim"] == list(found.kl_per_dim)
    assert steps[-1] == (20, 20)


def test_the_full_figures_are_measured_only_when_asked_for():
    images = two_tones(train=60, test=20)
    assert evaluate(trained_on(images), images).full is None
    assert "full" not in evaluate(trained_on(images), images).to_json()

    found = evaluate(trained_on(images), images, full=True)
    parts = found.full.decomposition
    assert parts.image_count == 20
    assert parts.mutual_information + parts.total_correlation + parts.dimension_wise_kl == (
        pytest.approx(found.kl, rel=0.05)
    )
    assert np.shape(found.full.correlations) == (2, 2)
    assert found.full.correlations[0][1] > 0.9  # both halves are dark or light together
    assert found.full.mutual_information[0][1] > 0.3
    assert np.shape(found.full.attribute_correlations) == (2, 5)
    assert found.full.attribute_correlations[0][0] > 0.8  # the ink
    assert found.full.attribute_count == 20


def test_pixels_are_judged_by_the_training_images_as_the_codes_are():
    images = two_tones(train=60, test=20)
    found = evaluate(trained_on(images), images, full=True).full.pixel_neighbours
    assert (found.pixel_accuracy, found.code_accuracy) == (1.0, 1.0)
    assert (found.reference_count, found.count, found.neighbours) == (60, 20, 4)


@pytest.mark.parametrize(
    ("training", "judged", "reason"),
    [
        (two_tones(60, 20), two_tones(30, 0, seed=1), "training images are not among"),
        (two_tones(60, 0), two_tones(60, 0), "own neighbour"),
        (two_tones(60, 20, labelled=False), two_tones(60, 20, labelled=False), "no labels"),
        (two_tones(3, 20), two_tones(3, 20), "fewer than 4"),
    ],
)
def test_without_pixels_to_compare_it_says_why(training, judged, reason):
    found = evaluate(trained_on(training), judged, full=True).full
    assert found.pixel_neighbours is None
    assert reason in found.no_pixels_because


@pytest.mark.slow
def test_disentanglement_is_measured_only_where_the_factors_are_known():
    images = two_tones(train=60, test=20)
    found = evaluate(trained_on(images), images, full=True).full
    assert found.factors is None
    assert "without known factors" in found.no_factors_because

    drawn = load("strokes:40", image_size=(8, 8))
    steps = []
    tiny = Sizes(
        train=100, test=50, tree_train=6, tree_test=6, train_votes=30, test_votes=30, batch=4
    )
    found = evaluate(
        trained_on(drawn),
        drawn,
        full=True,
        factor_sizes=tiny,
        on_step=lambda *step: steps.append(step),
    )
    assert found.full.factors.factor_names == drawn.factor_names
    assert 0 <= found.full.factors.mig <= 1
    assert found.full.no_factors_because == ""
    assert steps == [(done, len(steps)) for done in range(1, len(steps) + 1)]
    read = json.loads(json.dumps(found.to_json()))
    assert read == found.to_json()
    assert read["full"]["factors"]["sizes"]["train"] == 100
    assert read["full"]["factors"]["dci"]["completeness"] >= 0


def test_of_very_many_images_a_sample_is_measured(monkeypatch):
    monkeypatch.setattr(evaluation, "MOST_BYTES", 20 * 64)
    monkeypatch.setattr(evaluation, "MOST_REFERENCES", 25)
    images = two_tones(train=60, test=40)
    found = evaluate(trained_on(images), images)
    assert (found.count, found.reference_count) == (20, 25)
