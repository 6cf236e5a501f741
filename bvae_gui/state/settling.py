"""What of a morph takes longer than a frame of a drag, to be found once the mouse rests.

While something moves, the state shows what can be had at once: a sketch of a way that follows the
data, or the last one bent along, and of large grids some images that stand for others. A `Settling`
finds the rest in any thread, and the state takes it if it still fits. Knows no Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.latent import WayMeasures, empty_frames, empty_share, empty_stretches, measure_way
from bvae_gui.state.morph import anchor_places, find_places, follows_data

if TYPE_CHECKING:
    from bvae_core.latent import Ways
    from bvae_gui.state.scene import Scene


@dataclass(frozen=True, eq=False)
class Settled:
    """A morph as a file has it, and what is measured of it.

    Parameters
    ----------
    places, images
        Where the frames are, (n, d) float32, and what they show, (n, H, W[, 3]) float32.
    is_final
        False where the way will be refined further.
    measures
        Of a path.
    empty
        What of a path leads through empty space, see `empty_stretches`.
    is_empty
        (n,), which frames lie there; None where none does.
    dense_is_better
        Whether less of the dense way does.
    """

    places: NDArray[np.float32]
    images: NDArray[np.float32]
    is_final: bool = True
    measures: WayMeasures | None = None
    empty: Sequence[NDArray[np.float32]] = ()
    is_empty: NDArray[np.bool_] | None = None
    dense_is_better: bool = False


class Settling:
    """Work to be done for one morph; `find` may be called from any thread.

    Parameters
    ----------
    scene
        Whose morph it is.
    ways, decode
        Of the model. They don't make the window's thread wait.
    places, images
        What is known already, as a file has it; None must be found.
    refined
        Whether to find the way as a file has it, or one for a first look.
    fits
        What the state knows by whether the result still fits.
    """

    def __init__(
        self,
        scene: Scene,
        ways: Ways,
        decode: Callable[[NDArray[np.float32]], NDArray[np.float32]],
        *,
        places: NDArray[np.float32] | None,
        images: NDArray[np.float32] | None,
        refined: bool,
        fits: Any,
    ) -> None:
        self._scene, self._ways, self._decode = scene, ways, decode
        self._places, self._images, self._refined = places, images, refined
        self.fits = fits

    def find(self, is_wanted: Callable[[], bool] = lambda: True) -> Settled:
        """Find it all.

        Parameters
        ----------
        is_wanted
            Asked now and then; once it says False, the result is good for nothing but ends soon.
        """
        scene, ways = self._scene, self._ways
        if follows_data(scene):
            ways.prepare(scene.interpolation)
        places = self._places
        if places is None:
            places = find_places(
                scene, ways, scene.interpolation, refined=self._refined, is_wanted=is_wanted
            )
        images = self._decode(places) if self._images is None else self._images
        if scene.mode != "path" or not self._refined:
            return Settled(places, images, is_final=self._refined)
        measures = measure_way(places, images, ways.typicality)
        if not measures.crosses_empty:
            return Settled(places, images, measures=measures)
        return Settled(
            places,
            images,
            measures=measures,
            empty=empty_stretches(places, ways.typicality),
            is_empty=empty_frames(places, ways.typicality),
            dense_is_better=self._dense_share() < measures.empty,
        )

    def _dense_share(self) -> float:
        if self._scene.interpolation == "dense":
            return 1.0
        way = self._ways.path(anchor_places(self._scene), self._scene.frames, "dense")
        return empty_share(way, self._ways.typicality)
