import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bvae_core.diagnostics import LabelledCodes, linear_probe_accuracy, neighbour_accuracy
from bvae_core.diagnostics.probe import LinearProbe


def blobs(count: int, seed: int) -> LabelledCodes:
    """Three classes around three places far apart."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, count)
    places = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    codes = places[labels] + 0.1 * rng.standard_normal((count, 2))
    return LabelledCodes(codes.astype(np.float32), labels.astype(np.int64))


def test_classes_far_apart_are_told_apart_by_both():
    assert neighbour_accuracy(blobs(200, 0), blobs(50, 1)) == 1.0
    assert linear_probe_accuracy(blobs(200, 0), blobs(50, 1)) == 1.0


def test_labels_that_have_nothing_to_do_with_the_codes_are_guessed():
    rng = np.random.default_rng(0)
    reference = LabelledCodes(
        rng.standard_normal((2000, 2)).astype(np.float32), rng.integers(0, 4, 2000)
    )
    judged = LabelledCodes(
        rng.standard_normal((2000, 2)).astype(np.float32), rng.integers(0, 4, 2000)
    )
    assert neighbour_accuracy(reference, judged) == pytest.approx(0.25, abs=0.05)
    assert linear_probe_accuracy(reference, judged) == pytest.approx(0.25, abs=0.05)


def test_rings_are_seen_by_neighbours_and_missed_by_a_linear_probe():
    def rings(seed: int) -> LabelledCodes:
        rng = np.random.default_rng(seed)
        labels = np.arange(600) % 2
        angle = rng.uniform(0, 2 * np.pi, 600)
        radius = 1.0 + 2.0 * labels
        codes = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return LabelledCodes(codes.astype(np.float32), labels)

    assert neighbour_accuracy(rings(0), rings(1)) == 1.0
    assert linear_probe_accuracy(rings(0), rings(1)) < 0.7


def test_the_majority_of_fifteen_decides():
    labels = np.array([0] * 7 + [1] * 8)
    reference = LabelledCodes(np.linspace(-1, 1, 15, dtype=np.float32)[:, None], labels)
    judged = LabelledCodes(np.array([[-5.0], [0.0], [5.0]], np.float32), np.array([1, 1, 0]))
    assert neighbour_accuracy(reference, judged) == pytest.approx(2 / 3)


def test_the_probe_does_not_mind_the_scale_of_a_dimension():
    def scaled(codes: LabelledCodes) -> LabelledCodes:
        return LabelledCodes(codes.codes * np.array([1e-4, 1e4], np.float32), codes.labels)

    assert linear_probe_accuracy(scaled(blobs(200, 0)), scaled(blobs(50, 1))) == 1.0


@given(
    seed=st.integers(0, 1000),
    classes=st.integers(2, 12),
    latent_dim=st.sampled_from([1, 2, 10, 20]),
    apart=st.floats(0, 3),
)
def test_they_judge_as_scikit_learn_does(seed, classes, latent_dim, apart):
    # Here, since it takes as long to import as all tests of the file to run.
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(seed)
    places = apart * rng.standard_normal((classes, latent_dim))

    def codes(count: int) -> LabelledCodes:
        labels = np.append(np.arange(classes), rng.integers(0, classes, count - classes))
        around = rng.standard_normal((count, latent_dim))
        return LabelledCodes((places[labels] + around).astype(np.float32), 3 * labels)

    reference, judged = codes(200), codes(50)
    fitted_to = reference.codes.astype(np.float64), reference.labels
    asked = judged.codes.astype(np.float64)

    theirs = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(*fitted_to)
    ours = LinearProbe(reference.codes, reference.labels)
    # Of two classes theirs has one row of weights, so that codes on the border may differ.
    alike = ours.predict(judged.codes) == theirs.predict(asked)
    assert alike.all() if classes > 2 else alike.mean() >= 0.98

    nearest = KNeighborsClassifier(n_neighbors=15).fit(*fitted_to)
    assert neighbour_accuracy(reference, judged) == nearest.score(asked, judged.labels)


def test_the_probe_takes_dimensions_that_say_nothing():
    def with_a_constant(codes: LabelledCodes) -> LabelledCodes:
        return LabelledCodes(np.c_[codes.codes, np.full(len(codes), np.float32(0.1))], codes.labels)

    judged = with_a_constant(blobs(50, 1))
    assert linear_probe_accuracy(with_a_constant(blobs(200, 0)), judged) == 1.0


def test_too_small_a_reference_is_refused():
    with pytest.raises(ValueError, match=r"at least 15 codes\. Received: 14"):
        neighbour_accuracy(blobs(14, 0), blobs(5, 1))
    one_class = LabelledCodes(np.zeros((20, 2), np.float32), np.zeros(20, np.int64))
    with pytest.raises(ValueError, match="at least two classes"):
        linear_probe_accuracy(one_class, blobs(5, 1))
