"""`MorphView`: the frames of the scene's morph, found and decoded, and which of them is shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from bvae_core.latent import traversal_bounds
from bvae_gui.state.opened import Opened, needed
from bvae_gui.state.settling import Settled, Settling


class MorphView:
    """What the scene's settings and anchors make; undo takes it back only with them.

    Everything but `unsettled` needs an open model, and raises a BvaeError before.

    Signals
    -------
    changed()
        `places`, and so `images`, are others, whatever the reason.
    settled_changed()
        What takes longer was found, see `unsettled`; `settled` has it.
    frame_changed()
        Another frame is shown.
    """

    changed = Signal()
    settled_changed = Signal()
    frame_changed = Signal()

    def __init__(self) -> None:
        self._opened: Opened | None = None
        self._frame = 0

    def show(self, opened: Opened) -> None:
        """Show another model's, from its first frame; no signal says so but `bundle_changed`."""
        self._opened = opened
        self._frame = 0

    def forget(self) -> None:
        """Find everything anew, since it is made of something else; `changed` is the caller's."""
        self._now.forget_morph()
        self._frame = min(self._frame, len(self.places) - 1)

    @property
    def _now(self) -> Opened:
        return needed(self._opened)

    # -- frames ------------------------------------------------------------------------------

    @property
    def places(self) -> NDArray[np.float32]:
        """Where the frames are, (n, d) float32; a grid's row by row."""
        return self._now.places

    @property
    def has_its_way(self) -> bool:
        """Whether the frames lie on a way of the kind that was chosen.

        Until such a way is found for the first time, and in many dimensions while an anchor moves,
        another one stands for it.
        """
        return self._now.has_its_way

    @property
    def images(self) -> NDArray[np.float32]:
        """The frames, (n, H, W[, 3]) float32 in [0, 1]; see `decoded` for a quick look."""
        images, index = self.decoded
        return images if index is None else self._now.bundle.decode(self.places)

    @property
    def decoded(self) -> tuple[NDArray[np.float32], NDArray[np.int64] | None]:
        """The images that are shown, (m, H, W[, 3]), and for each frame which of them, (n,).

        The latter is None where each frame has its own. Of very many frames some stand for others
        until the morph is settled.
        """
        return self._now.decoded

    @property
    def frame(self) -> int:
        """Which frame is shown, counted from 0."""
        return self._frame

    def show_frame(self, index: int) -> None:
        """Show another frame."""
        index = min(max(index, 0), len(self.places) - 1)
        if index != self._frame:
            self._frame = index
            self.frame_changed.emit()

    # -- what takes longer -------------------------------------------------------------------

    @property
    def settled(self) -> Settled | None:
        """The morph as a file has it, and measured; None while that isn't found yet."""
        settled = self._now.settled
        return settled if settled is not None and settled.is_final else None

    def unsettled(self) -> Settling | None:
        """Return what is left to be found, in any thread; None if nothing is."""
        return None if self._opened is None else self._opened.unsettled()

    def settle(self, settling: Settling, settled: Settled) -> None:
        """Take what was found, unless the morph or the model is another one by now."""
        places, stands = self._now.places, self._now.stands
        if not self._now.settle(settling, settled):
            return
        if self._now.places is not places or stands is not None:
            self.changed.emit()
        self.settled_changed.emit()

    # -- traversals --------------------------------------------------------------------------

    @property
    def bounds(self) -> NDArray[np.float32]:
        """The range of each dimension that traversals go through, (d, 2) float32."""
        scene = self._now.scene
        return traversal_bounds(self._now.bundle.latents, scene.over, scene.extent)

    @property
    def row_dimensions(self) -> NDArray[np.int64] | None:
        """The dimension of each row, (d,) int64, where every one is traversed; otherwise None."""
        scene = self._now.scene
        is_every = scene.mode == "traversal" and scene.dimension is None
        return self._now.order if is_every else None
