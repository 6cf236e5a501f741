"""Geometry of a latent space: places, ways between them, and what is near.

Takes and gives NumPy arrays; knows no model. Points are float32, as a decoder takes them.
"""

from bvae_core.latent.anchors import (
    Anchor,
    ClassAnchor,
    ImageAnchor,
    PointAnchor,
    anchor_label,
    find_class,
    parse_anchor,
    resolve,
)
from bvae_core.latent.density import density_image, log_density, scott_bandwidth
from bvae_core.latent.exemplars import centroid, exemplar
from bvae_core.latent.grids import bounds_grid, corner_grid, prior_grid
from bvae_core.latent.neighbours import Neighbours
from bvae_core.latent.paths import PathKind, path, spherical, straight
from bvae_core.latent.projection import (
    Projection,
    axis_name,
    default_projection,
    principal_axes,
    spread_out,
    two_axes,
)
from bvae_core.latent.traversals import (
    RangeKind,
    data_quantile_range,
    data_range,
    prior_quantile_range,
    sigma_range,
    traversal,
    traversal_bounds,
    traversals,
)
from bvae_core.latent.typicality import Typicality, typicality_words

__all__ = [
    "Anchor",
    "ClassAnchor",
    "ImageAnchor",
    "Neighbours",
    "PathKind",
    "PointAnchor",
    "Projection",
    "RangeKind",
    "Typicality",
    "anchor_label",
    "axis_name",
    "bounds_grid",
    "centroid",
    "corner_grid",
    "data_quantile_range",
    "data_range",
    "default_projection",
    "density_image",
    "exemplar",
    "find_class",
    "log_density",
    "parse_anchor",
    "path",
    "principal_axes",
    "prior_grid",
    "prior_quantile_range",
    "resolve",
    "scott_bandwidth",
    "sigma_range",
    "spherical",
    "spread_out",
    "straight",
    "traversal",
    "traversal_bounds",
    "traversals",
    "two_axes",
    "typicality_words",
]
