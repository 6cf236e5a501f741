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
        "network; strokes:300 for so many), a folder with the official IDX or .npz files, a .npz, "
        ".npy or IDX file, or a folder of image files with a sub-folder for each class.",
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
Only = Annotated[
    str | None,
    typer.Option(
        "--only",
        metavar="FILE|1,5,9-20",
        help="Take only these of the images, counted from 0: indices and ranges, or a .csv or .npz "
        "file with numbers called index.",
        show_default=False,
    ),
]
Selection = Annotated[
    str | None,
    typer.Option(
        "--selection",
        metavar="MODEL:NAME",
        help="Take only the images that are selected in a model of the same images, see bvae "
        "selections. MODEL:1,5,9-20 does without a name.",
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
    source: str,
    data_dir: Path | None,
    image_size: str | None,
    grey: bool | None,
    only: str | None = None,
    selection: str | None = None,
) -> ImageSet:
    """Load what the options above describe; of what is left of `only`, what is in `selection`."""
    from bvae_core.datasets import load

    size, kept = parse_size(image_size), _read_only(only)
    if selection is None:
        return load(source, data_dir=data_dir, image_size=size, grey=grey, only=kept)
    from bvae_core.selections import selected_part, split_reference
    from bvae_core.store import load_bundle

    model, text = split_reference(selection)
    bundle = load_bundle(model)
    height, width, channels = bundle.image_shape
    images = load(
        source,
        data_dir=data_dir,
        image_size=size or (height, width),
        grey=channels == 1 if grey is None else grey,
        only=kept,
    )
    return selected_part(images, bundle, text)


def _read_only(only: str | None) -> str:
    """Return the indices in a file, or those that were typed, as one text."""
    if only is None:
        return ""
    from bvae_core.indices import format_indices
    from bvae_core.latent_files import TABLES, read_indices

    if not only.strip():
        raise typer.BadParameter(
            "Expected indices such as 1,5,9-20, or a file. Received: nothing.",
            param_hint="--only",
        )
    path = Path(only)
    return format_indices(read_indices(path)) if path.suffix.lower() in TABLES else only
