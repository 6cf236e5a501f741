"""Geometry of a latent space: places, ways between them, and what is near.

Takes and gives NumPy arrays; knows no model: where images matter, it is handed a function that
decodes. Points are float32, as a decoder takes them.
"""

from bvae_core.latent.anchors import (
    Anchor,
    ClassAnchor,
    DirectionTerm,
    ImageAnchor,
    PointAnchor,
    SimpleAnchor,
    SumAnchor,
    Term,
    anchor_label,
    anchor_text,
    check_direction_name,
    find_class,
    parse_anchor,
    resolve,
    with_directions,
)
from bvae_core.latent.arithmetic import analogy, attribute_direction, combine
from bvae_core.latent.density import blurred, density_image, log_density, scott_bandwidth
from bvae_core.latent.embedded import NeighbourProjection
from bvae_core.latent.exemplars import centroid, exemplar
from bvae_core.latent.grids import bounds_grid, corner_grid, prior_grid
from bvae_core.latent.measures import (
    WayMeasures,
    crossing_words,
    empty_frames,
    empty_share,
    empty_stretches,
    measure_way,
)
from bvae_core.latent.metric import magnification, metric_grid
from bvae_core.latent.neighbours import Neighbours
from bvae_core.latent.paths import LineKind, PathKind, path, spherical, straight
from bvae_core.latent.posteriors import posterior_ellipse
from bvae_core.latent.projection import (
    LinearProjection,
    Projection,
    axis_name,
    default_projection,
    in_plane,
    principal_axes,
    spread_out,
    two_axes,
)
from bvae_core.latent.regions import within_box, within_outline
from bvae_core.latent.tilings import Spacing, Tiling, tiling
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
from bvae_core.latent.units import active_units, by_information, kl_per_dimension
from bvae_core.latent.ways import Ways

__all__ = [
    "Anchor",
    "ClassAnchor",
    "DirectionTerm",
    "ImageAnchor",
    "LineKind",
    "LinearProjection",
    "NeighbourProjection",
    "Neighbours",
    "PathKind",
    "PointAnchor",
    "Projection",
    "RangeKind",
    "SimpleAnchor",
    "Spacing",
    "SumAnchor",
    "Term",
    "Tiling",
    "Typicality",
    "WayMeasures",
    "Ways",
    "active_units",
    "analogy",
    "anchor_label",
    "anchor_text",
    "attribute_direction",
    "axis_name",
    "blurred",
    "bounds_grid",
    "by_information",
    "centroid",
    "check_direction_name",
    "combine",
    "corner_grid",
    "crossing_words",
    "data_quantile_range",
    "data_range",
    "default_projection",
    "density_image",
    "empty_frames",
    "empty_share",
    "empty_stretches",
    "exemplar",
    "find_class",
    "in_plane",
    "kl_per_dimension",
    "log_density",
    "magnification",
    "measure_way",
    "metric_grid",
    "parse_anchor",
    "path",
    "posterior_ellipse",
    "principal_axes",
    "prior_grid",
    "prior_quantile_range",
    "resolve",
    "scott_bandwidth",
    "sigma_range",
    "spherical",
    "spread_out",
    "straight",
    "tiling",
    "traversal",
    "traversal_bounds",
    "traversals",
    "two_axes",
    "typicality_words",
    "with_directions",
    "within_box",
    "within_outline",
]
