"""UMAP of a model's codes: computed once, kept in the cache, found again.

UMAP (McInnes, Healy & Melville 2018, "UMAP: uniform manifold approximation and projection for
dimension reduction") comes with the optional package `umap-learn`. It takes seconds to import and
more to compute, so that the window has `bvae project` do it in a process of its own. There most of
the wait would be for its approximate search of neighbours, which is compiled anew in every process:
exact neighbours are found in a fraction of that time, as long as there aren't too many codes.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import io
import json
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import BvaeError
from bvae_core.files import replacing_file
from bvae_core.latent import NeighbourProjection
from bvae_core.latent.neighbours import nearest_codes
from bvae_core.resources import cache_folder

#: What people type to have UMAP.
INSTALL = "pip install umap-learn"
NAMES = ("UMAP 1, approximate", "UMAP 2, approximate")
#: Fewer codes make no map; of two dimensions or fewer the map is the space itself.
FEWEST_CODES, FEWEST_DIMENSIONS = 10, 3

_FOLDER = "projections"
# Of more codes UMAP finds the neighbours its own way, of whose minute most goes to compiling.
_MOST_EXACT = 150_000
_SPARE_BYTES = 16_384  # what a file has besides the points themselves, at most

#: Called with how many of how many steps are done.
Progress = Callable[[int, int], None]


class _Embeddable(Protocol):
    """What is needed of a model; a bundle has it."""

    @property
    def fingerprint(self) -> str: ...
    @property
    def latents(self) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class UmapSettings:
    """How UMAP is computed.

    Parameters
    ----------
    neighbours
        Of each code; few show details, many the whole. From 2 to 200.
    min_dist
        How near to each other dots may come, 0 to 0.99.
    seed
        The same one gives the same map on the same machine.

    Raises
    ------
    BvaeError
        If one is out of its range.
    """

    neighbours: int = 15
    min_dist: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        for name, value, low, high in (
            ("neighbours", self.neighbours, 2, 200),
            ("min_dist", self.min_dist, 0, 0.99),
            ("seed", self.seed, 0, 2**32 - 1),
        ):
            if not low <= value <= high:
                raise BvaeError(f"{name}: Expected {low} to {high}. Received: {value}.")


def umap_is_installed() -> bool:
    """Return whether `umap-learn` is there, without importing it."""
    try:
        importlib.metadata.distribution("umap-learn")
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def umap_projection(
    model: _Embeddable,
    settings: UmapSettings = UmapSettings(),
    *,
    compute: bool = True,
    progress: Progress | None = None,
    cache: Path | None = None,
) -> NeighbourProjection:
    """Return the UMAP of a model's codes, from the cache if it is there.

    Parameters
    ----------
    model
        A bundle.
    settings
        How it is computed.
    compute
        Whether to compute what is not there, and keep it.
    progress
        Told how far it is.
    cache
        The cache's folder; by default the user's.

    Raises
    ------
    BvaeError
        If there are too few codes or dimensions, if it is not there and not to be computed, if
        `umap-learn` is not installed, or the cache can't be written.
    """
    check_embeddable(model)
    points = find_embedding(model, settings, cache=cache)
    if points is None:
        if not compute:
            raise BvaeError(
                "projection: Expected a UMAP that is computed already. Received: a model that has "
                "none yet; choose UMAP for the map's axes, or run bvae project."
            )
        points = _computed(model.latents, settings, progress or (lambda _done, _total: None))
        keep_embedding(model, points, settings, cache=cache)
    return NeighbourProjection(model.latents, points, NAMES)


def check_embeddable(model: _Embeddable) -> None:
    """Raise a BvaeError if the model has too few codes or dimensions for a UMAP."""
    count, latent_dim = model.latents.shape
    if latent_dim < FEWEST_DIMENSIONS or count < FEWEST_CODES:
        raise BvaeError(
            f"projection: Expected {FEWEST_CODES} images or more, in {FEWEST_DIMENSIONS} "
            f"dimensions or more, for a UMAP. Received: {count} in {latent_dim}."
        )


def find_embedding(
    model: _Embeddable,
    settings: UmapSettings = UmapSettings(),
    *,
    cache: Path | None = None,
) -> NDArray[np.float32] | None:
    """Return where UMAP puts the codes, (N, 2) float32, or None if it isn't in the cache.

    What is damaged, or was computed from other codes, isn't there either; it is replaced when it
    is computed anew.
    """
    path, count = _path(model, settings, cache), len(model.latents)
    try:
        if path.stat().st_size > 8 * count + _SPARE_BYTES:
            return None
        with np.load(path, allow_pickle=False) as file:
            points, codes = file["points"], str(file["codes"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    fits = points.shape == (count, 2) and points.dtype == np.float32
    if not fits or not np.isfinite(points).all() or codes != _digest(model.latents):
        return None
    found: NDArray[np.float32] = points
    return found


def _path(model: _Embeddable, settings: UmapSettings, cache: Path | None) -> Path:
    """Return a file's path: one for each model and settings."""
    made_from = json.dumps({"umap": asdict(settings)}, sort_keys=True)
    name = hashlib.sha256(f"{model.fingerprint} {made_from}".encode()).hexdigest()[:16]
    return (cache or cache_folder()) / _FOLDER / f"{model.fingerprint[:16]}-{name}.npz"


def _digest(latents: NDArray[np.float32]) -> str:
    return hashlib.sha256(np.ascontiguousarray(latents).tobytes()).hexdigest()


def keep_embedding(
    model: _Embeddable,
    points: NDArray[np.float32],
    settings: UmapSettings = UmapSettings(),
    *,
    cache: Path | None = None,
) -> None:
    """Keep where UMAP puts the codes, (N, 2) float32; a BvaeError if the cache can't be written."""
    path = _path(model, settings, cache)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BvaeError(f"{path.parent} could not be made: {error.strerror}.") from error
    with replacing_file(path) as temporary:
        np.savez(
            temporary, allow_pickle=False, points=points, codes=np.array(_digest(model.latents))
        )


def _computed(
    latents: NDArray[np.float32], settings: UmapSettings, progress: Progress
) -> NDArray[np.float32]:
    if not umap_is_installed():
        raise BvaeError(f"UMAP needs a package that is not installed: {INSTALL}")
    with warnings.catch_warnings(), _without_tensorflow():
        warnings.simplefilter("ignore")
        import umap

    codes, count = np.asarray(latents, np.float32), min(settings.neighbours, len(latents) - 1)
    found: dict[str, Any] = {}
    if len(codes) <= _MOST_EXACT:
        distances, indices = nearest_codes(codes, codes, count)
        # It takes what was found only where it wouldn't compare all codes by itself.
        found = {
            "precomputed_knn": (indices, distances.astype(np.float32)),
            "force_approximation_algorithm": True,
        }
    reducer = umap.UMAP(
        n_neighbors=count,
        min_dist=settings.min_dist,
        random_state=settings.seed,
        n_jobs=1,  # more than one can't be repeated
        tqdm_kwds={"disable": False, "file": _Counter(progress), "bar_format": _COUNTS},
        **found,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about codes that coincide, and the like
        points = reducer.fit_transform(codes)
    # A code that is connected to no other gets no point: it goes to the middle of all.
    points = np.where(np.isfinite(points), points, np.nanmean(points, axis=0))
    centred: NDArray[np.float32] = (points - points.mean(axis=0)).astype(np.float32)
    return centred


@contextlib.contextmanager
def _without_tensorflow() -> Iterator[None]:
    """Have whoever imports TensorFlow find none, unless it is there already.

    `umap` imports it, which takes seconds, for a kind of UMAP that isn't used here.
    """
    name = "tensorflow"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


_COUNTS = "{n_fmt}/{total_fmt}"


class _Counter(io.StringIO):
    """A file for `tqdm` to write its bar to, which is told as numbers."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress

    def write(self, text: str) -> int:
        done, _, total = text.strip().partition("/")
        if done.isdecimal() and total.isdecimal():
            self._progress(int(done), int(total))
        return len(text)
