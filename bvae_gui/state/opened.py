"""`Opened`: an open model, its scene, and what is computed from them when it is first asked for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bvae_core.annotations import Annotations, load_annotations
from bvae_core.bundle import Bundle
from bvae_core.codec import MAX_COORDINATE
from bvae_core.directions import settled_text
from bvae_core.embeddings import umap_projection
from bvae_core.errors import AnchorError, BvaeError
from bvae_core.latent import (
    Neighbours,
    PathKind,
    Projection,
    Typicality,
    Ways,
    by_information,
    centroid,
    default_projection,
    exemplar,
    find_class,
    kl_per_dimension,
    parse_anchor,
    principal_axes,
    resolve,
    spread_out,
    two_axes,
)
from bvae_gui.state.equation import Equation
from bvae_gui.state.morph import (
    anchor_places,
    find_places,
    follows_data,
    made_of,
    row_length,
    some_of,
    traversal_places,
)
from bvae_gui.state.quantity import Quantity
from bvae_gui.state.scene import Place, Scene
from bvae_gui.state.settling import Settled, Settling

if TYPE_CHECKING:
    from bvae_core.fitting import ImageFormat
    from bvae_core.originals import Originals

#: What the map shows: two dimensions, the plane of the largest variance, or the codes' UMAP.
View: TypeAlias = tuple[int, int] | Literal["principal", "umap"]


def first_view(latent_dim: int) -> View:
    """Return how a map is seen where nobody says: the same in the window and in figures."""
    return "principal" if latent_dim > 2 else (0, 1)


class Opened:
    """An open model; `ExplorerState` alone changes it.

    Parameters
    ----------
    bundle
        The model.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.view: View = first_view(bundle.latents.shape[1])
        self.projection: Projection = default_projection(bundle.latents)
        self.originals: Originals | None = None
        self.settled: Settled | None = None
        # Of what is found beside the window's thread, which must not wait for it.
        self._decode_beside = bundle.another_decoder()
        self.ways = Ways(self._decode_beside, bundle.latents)
        self._bend: tuple[object, NDArray[np.float32]] | None = None
        self.quantity: Quantity | None = None
        self.class_place = cache(self._class_place)  # exemplars take a while to find
        ends = tuple(itertools.islice(self._notable_places(), 2))
        self.scene = Scene(point=ends[0], anchors=ends)

    def look_along(self, view: View) -> None:
        """Show two dimensions, the plane of the largest variance, or the UMAP in the cache."""
        codes = self.bundle.latents
        if view == "umap":
            self.projection = umap_projection(self.bundle, compute=False)
        elif view == "principal":
            self.projection = principal_axes(codes)
        else:
            self.projection = two_axes(codes.shape[1], view)
        self.view = view
        self.__dict__.pop("shown", None)

    @cached_property
    def shown(self) -> NDArray[np.float32]:
        """Where all codes are on the map, (N, 2); a single dimension is spread out upwards."""
        shown = self.projection.dots(self.bundle.latents)
        return shown if shown.shape[1] == 2 else spread_out(shown)

    @cached_property
    def neighbours(self) -> Neighbours:
        """The index over all codes."""
        return Neighbours(self.bundle.latents)

    @property
    def typicality(self) -> Typicality:
        """What ranks places by how likely they are under all codes."""
        return self.ways.typicality

    @cached_property
    def image_format(self) -> ImageFormat:
        """The form that pictures of the user's are brought into."""
        from bvae_core.fitting import image_format

        bundle = self.bundle
        return image_format(bundle.decode, bundle.latents, bundle.image_shape)

    @cached_property
    def kl_per_dim(self) -> NDArray[np.float64]:
        """The mean KL of each dimension, (d,) nats."""
        each = kl_per_dimension(self.bundle.latents, self.bundle.log_var)
        kl: NDArray[np.float64] = each.mean(axis=0)
        return kl

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The dimensions, the most informative first, (d,)."""
        return by_information(self.kl_per_dim)

    # -- the morph ---------------------------------------------------------------------------

    @property
    def places(self) -> NDArray[np.float32]:
        """Where the morph's frames are, (n, d); a grid's row by row."""
        return self._sketch[0]

    @property
    def has_its_way(self) -> bool:
        """Whether the frames lie on a way of the kind that was chosen, however exactly."""
        return self._sketch[1]

    @cached_property
    def _sketch(self) -> tuple[NDArray[np.float32], bool]:
        """Return places that can be found at once, and whether they are on such a way."""
        scene = self.scene
        if scene.mode == "traversal":
            return traversal_places(scene, self.bundle.latents, self.order), True
        if not follows_data(scene):
            return find_places(scene, self.ways, scene.interpolation), True
        if scene.mode == "path":
            anchors = anchor_places(scene)
            sketch = self.ways.sketch(anchors, scene.frames, scene.interpolation)
            if sketch is not None:
                return sketch, True
        line = find_places(scene, self.ways, "straight")
        if self._bend is None or self._bend[0] != _bent_alike(scene):
            return line, False
        # The way as it was last, its ends drawn to where the anchors are now.
        return np.clip(line + self._bend[1], -MAX_COORDINATE, MAX_COORDINATE), False

    @cached_property
    def stands(self) -> NDArray[np.int64] | None:
        """For each frame the one whose image is shown for it, (n,); None if that is itself."""
        if self.settled is not None:
            return None
        rows, columns = row_length(self.scene, self.bundle.latents.shape[1])
        return some_of(rows, columns, share_rows=self.scene.mode == "grid")

    @cached_property
    def decoded(self) -> tuple[NDArray[np.float32], NDArray[np.int64] | None]:
        """The images that are shown, and for each frame which of them; None if they are its own."""
        if self.settled is not None:
            return self.settled.images, None
        if self.stands is None:
            return self.bundle.decode(self.places), None
        chosen, index = np.unique(self.stands, return_inverse=True)
        return self.bundle.decode(self.places[chosen]), index

    def forget_morph(self) -> None:
        """Compute places and images anew when they are asked for next."""
        self.settled = None
        for name in ("_sketch", "stands", "decoded"):
            self.__dict__.pop(name, None)

    def unsettled(self) -> Settling | None:
        """Return what is left to be found of the morph; None if nothing is."""
        scene, settled = self.scene, self.settled
        if settled is not None and settled.is_final:
            return None
        is_exact = not follows_data(scene)
        # Where a sketch has to wait for a decoder, a first look comes before the whole.
        is_slow = scene.mode == "path" and scene.interpolation == "geodesic"
        first_look = is_slow and settled is None and self.bundle.latents.shape[1] != 2
        return Settling(
            scene,
            self.ways,
            self._decode_beside,
            places=self.places if is_exact else None,
            images=self.decoded[0] if is_exact and self._is_decoded_whole else None,
            refined=not first_look,
            fits=(self, made_of(scene), first_look),
        )

    @property
    def _is_decoded_whole(self) -> bool:
        return "decoded" in self.__dict__ and self.decoded[1] is None

    def settle(self, settling: Settling, settled: Settled) -> bool:
        """Take what was found, if it is of the morph that there is now; return whether."""
        scene = self.scene
        now = self.unsettled()
        if now is None or settling.fits != now.fits:
            return False
        if follows_data(scene):
            line = find_places(scene, self.ways, "straight")
            self._bend = _bent_alike(scene), settled.places - line
        self.forget_morph()
        self.settled = settled
        self._sketch = settled.places, True
        return True

    def place(self, text: str) -> Place:
        """Find the place that people call so; an AnchorError if there is none.

        What it is called then lasts: directions are in it by their coordinates.
        """
        bundle = self.bundle
        settled = settled_text(bundle, text)
        z = resolve(parse_anchor(settled), bundle.latents, bundle.labels, bundle.class_names)
        return Place(settled, tuple(z.tolist()))

    def _class_place(self, label: int, *, mean: bool) -> Place:
        names = self.bundle.class_names
        prefix = "centroid" if mean else "class"
        for text in (names[label], str(label)):
            try:
                if find_class(text, names) == label:
                    return self.place(f"{prefix}:{text}")
            except AnchorError:  # several are called so
                continue
        latents, labels = self.bundle.latents, self.bundle.labels
        if labels is None:
            raise AnchorError(f"class {label}: Expected images with classes. Received: none.")
        if mean:
            return Place.at(centroid(latents, labels, label))
        return self.place(f"#{exemplar(latents, labels, label)}")

    @cached_property
    def usual_equation(self) -> Equation:
        """What to reckon with before anybody says."""
        places = list(itertools.islice(self._notable_places(), 3))
        a, b, c = itertools.islice(itertools.cycle(places), 3)
        return Equation(a, b, c)

    @cached_property
    def annotations(self) -> Annotations:
        """What is saved with the model, as it was when it was read or written last."""
        return load_annotations(self.bundle)

    def spare_places(self, taken: tuple[Place, ...]) -> Iterator[Place]:
        """Give places for further anchors: notable ones first, then those that are taken."""
        for place in self._notable_places():
            if place not in taken:
                yield place
        yield from itertools.cycle(taken)

    def _notable_places(self) -> Iterator[Place]:
        """Give a typical image of each class, or else images far apart."""
        codes, labels = self.bundle.latents, self.bundle.labels
        if labels is not None and len(present := np.unique(labels)) > 1:
            for label in present:
                yield self.class_place(int(label), mean=False)
        else:
            widest = int(codes.var(axis=0).argmax())
            order = codes[:, widest].argsort(kind="stable")
            for share in (0.1, 0.9, 0.3, 0.7):
                yield self.place(f"#{order[int(share * (len(order) - 1))]}")


def needed(opened: Opened | None) -> Opened:
    """Return the open model; a BvaeError if there is none."""
    if opened is None:
        raise BvaeError("model: Expected an open model. Received: none; open one first.")
    return opened


def _bent_alike(scene: Scene) -> tuple[object, ...]:
    """Return what two scenes share if the way of one can be bent into that of the other."""
    kind: PathKind = scene.interpolation
    if scene.mode == "grid":
        return "grid", kind, scene.rows, scene.columns
    return "path", kind, scene.frames, len(scene.anchors)
