"""Any picture in the form of a model's own images, in steps that are said and can be left out.

MNIST's digits were scaled into a box of 20 pixels and centred by their mass in 28×28 (LeCun et al.
1998, "Gradient-based learning applied to document recognition"); Kuzushiji-MNIST's characters fill
their frame and are centred by their outline. What a model was trained on is not at hand, but its
decoder is: `image_format` measures the ground, the margin and the centring of what it decodes.
"""

from __future__ import annotations

from bvae_core.fitting.form import ImageFormat, image_format
from bvae_core.fitting.pictures import MAX_SIDE, plain_picture, read_picture
from bvae_core.fitting.steps import STEPS, Done, Fitted, Step, fit

__all__ = [
    "MAX_SIDE",
    "STEPS",
    "Done",
    "Fitted",
    "ImageFormat",
    "Step",
    "fit",
    "image_format",
    "plain_picture",
    "read_picture",
]
