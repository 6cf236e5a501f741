"""`OwnImage`: a picture of the user's, as the open model reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bvae_core import shell_words
from bvae_core.errors import DataError
from bvae_gui.state.place import Place

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle
    from bvae_core.encoding import Encoded
    from bvae_core.fitting import Fitted, ImageFormat, Step

#: The grey of the canvas that one draws on; ink is 255.
CANVAS = 0


@dataclass(frozen=True, eq=False)
class Picture:
    """What the user brought: pixels, what they are called, and what is to be done with them.

    Parameters
    ----------
    pixels
        (h, w) or (h, w, 3) uint8.
    name
        Of the file, for one.
    is_drawing
        Whether it was drawn here: bright ink, 255, on a ground of 0.
    choices
        Steps that the user forces or leaves out, see `bvae_core.fitting.fit`.
    path
        Where the file is, if it is one.

    Raises
    ------
    DataError
        If a drawing has colours.
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    name: str
    is_drawing: bool = False
    choices: Mapping[Step, bool] = field(default_factory=dict)
    path: str | None = None

    def __post_init__(self) -> None:
        if self.is_drawing and self.pixels.ndim != 2:
            raise DataError(
                f"picture: Expected a drawing of greys. Received: shape {self.pixels.shape}."
            )


@dataclass(frozen=True, eq=False)
class OwnImage:
    """A picture, fitted, encoded and decoded. Each is a thing of its own: none equals another.

    Parameters
    ----------
    picture
        What it was made of.
    fitted
        The picture in the model's form.
    codes
        Its posterior, and what is decoded at the mean.
    """

    picture: Picture
    fitted: Fitted
    codes: Encoded

    @classmethod
    def read(cls, picture: Picture, bundle: Bundle, form: ImageFormat) -> OwnImage:
        """Fit a picture to a model's form and encode it.

        Raises
        ------
        DataError
            If there is nothing on it.
        """
        from bvae_core.encoding import encode_images
        from bvae_core.fitting import fit

        ground = CANVAS if picture.is_drawing else None
        fitted = fit(picture.pixels, form, picture.choices, ground=ground)
        return cls(picture, fitted, encode_images(bundle, fitted.image[None]))

    def save_seen(self, target: Path) -> None:
        """Write the picture as the model sees it, as a PNG.

        Raises
        ------
        DataError
            If the file's name ends otherwise: what is lossy would be read as something else.
        BvaeError
            If it can't be written.
        """
        from PIL import Image

        from bvae_core.files import replacing_file

        if target.suffix.lower() != ".png":
            raise DataError(
                f"{target}: Expected a name that ends in .png. Received: {target.suffix!r}."
            )
        with replacing_file(target) as temporary:
            Image.fromarray(self.fitted.image).save(temporary, "PNG")

    def command(self, model: str, seen: str | None = None) -> list[str]:
        """Return the words of the command that reads the same picture.

        Parameters
        ----------
        model
            What `bvae` finds the model by.
        seen
            Where `save_seen` wrote it; None is the picture's own file.

        Raises
        ------
        DataError
            If it was no file, and hasn't been saved as one.
        """
        from bvae_core.fitting import STEPS

        choices = self.picture.choices
        if seen is not None:  # it is in the model's form already
            choices = dict.fromkeys(STEPS, False)
        file = seen or self.picture.path
        if file is None:
            raise DataError("picture: Expected one from a file. Received: one that is in none.")
        steps = [f"--{'' if on else 'no-'}{step}" for step, on in choices.items()]
        return shell_words.command("encode", [model, file], steps)

    @property
    def place(self) -> Place:
        """The posterior's mean."""
        return Place.at(self.codes.mean[0])

    @property
    def decoded(self) -> NDArray[np.float32]:
        """What the model makes of it, (H, W[, 3]) float32 in [0, 1]."""
        image: NDArray[np.float32] = self.codes.decoded[0]
        return image

    @property
    def error(self) -> float:
        """How far that is from the fitted picture, in nats: see `bvae_core.encoding.Encoded`."""
        return float(self.codes.error[0])
