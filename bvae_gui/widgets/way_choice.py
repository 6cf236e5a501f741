"""`WayChoice`: which kind of way is gone from place to place."""

from __future__ import annotations

from qtpy.QtWidgets import QWidget

from bvae_core.latent import PathKind
from bvae_gui.widgets.segmented import Segmented


class WayChoice(Segmented[PathKind]):
    """All kinds of way, side by side.

    Parameters
    ----------
    name
        What is chosen, for those who can't see it.
    parent
        The widget that it lies on.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(
            (
                ("straight", "Straight", "", "In straight lines"),
                ("spherical", "Spherical", "", "Along great circles around the origin"),
                (
                    "geodesic", "Geodesic", "",
                    "So that the image changes as little and as evenly as it can",
                ),
                ("dense", "Dense", "", "Through places that have many images near them"),
            ),
            name,
            parent,
        )  # fmt: skip
