"""Arguments that several commands share: which model, and where images come from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bvae_core.datasets import ImageSet

Model = Annotated[
    str,
    typer.Argument(
        metavar="MODEL",
        help="A model by its name (see bvae models), the start of its fingerprint, its folder, "
        "or demo for the one that comes along.",
        show_default=False,
    ),
]
Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="Where the images come from: kmnist, tfds:NAME, strokes (drawn here, needs no "
        "network; strokes:300 for so many), a folder with the official IDX or .npz files, a .npz "
        "or .npy file, or a folder of image files with a sub-folder for each class.",
        show_default=False,
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Folder that TensorFlow Datasets prepared earlier, for kmnist and tfds:NAME.",
        show_default=False,
    ),
]
ImageSize = Annotated[
    str | None,
    typer.Option(
        "--image-size",
        metavar="N|HxW",
        help="Resize the images to this many pixels, such as 32 or 32x48.",
        show_default=False,
    ),
]
Grey = Annotated[
    bool | None,
    typer.Option(
        "--grey/--colour",
        help="Read the images as grey or as colour, whatever they are.",
        show_default=False,
    ),
]
_SIZE = re.compile(r"(\d{1,6})(?:[x×](\d{1,6}))?")


def parse_size(text: str | None) -> tuple[int, int] | None:
    """Read ``32`` or ``32x48`` as (height, width)."""
    if text is None:
        return None
    found = _SIZE.fullmatch(text.strip().lower())
    if found is None:
        raise typer.BadParameter(
            f"Expected a number of pixels such as 32, or a height and width such as 32x48. "
            f"Received: {text}.",
            param_hint="--image-size",
        )
    height = int(found[1])
    return height, int(found[2] or height)


def load_images(
    source: str, data_dir: Path | None, image_size: str | None, grey: bool | None
) -> ImageSet:
    """Load what the options above describe."""
    from bvae_core.datasets import load

    return load(source, data_dir=data_dir, image_size=parse_size(image_size), grey=grey)
