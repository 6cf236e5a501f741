"""`bvae data`: what a source of images holds, before anything is trained on it."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bvae_core.cli.output import Json, counted, print_json, print_pairs
from bvae_core.cli.sources import (
    DataDir,
    Grey,
    ImageSize,
    Only,
    Selection,
    Source,
    load_images,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bvae_core.datasets import ImageSet

_SAMPLES = 30
_COLUMNS = 10


def data(
    source: Source,
    data_dir: DataDir = None,
    image_size: ImageSize = None,
    grey: Grey = None,
    only: Only = None,
    selection: Selection = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.png",
            help="Write some of the images, of all classes, pixel by pixel into this file.",
            show_default=False,
        ),
    ] = None,
    json_output: Json = False,
) -> None:
    """Show what images a source has: how many, of which size, of which classes.

    For example: bvae data strokes -o look.png
    """
    from bvae_core.datasets.sampling import of_all_classes

    with redirect_stdout(sys.stderr):  # where libraries may tell of their downloads
        images = load_images(source, data_dir, image_size, grey, only, selection)
    chosen = of_all_classes(images, _SAMPLES)
    if output is not None:
        _write_sheet(images, chosen, output)
    classes = _classes(images)
    if json_output:
        print_json(
            {
                "name": images.name,
                "image_shape": images.image_shape,
                "train_count": len(images.train_indices),
                "test_count": len(images.test_indices),
                "classes": [{"name": name, "count": count} for name, count in classes],
                "sheet": {"columns": _COLUMNS, "images": len(chosen)},
            }
        )
        return
    height, width, channels = images.image_shape
    print_pairs(
        [
            ("name", images.name),
            ("images", f"{len(images):,}"),
            ("to train on", f"{len(images.train_indices):,}"),
            ("for testing", f"{len(images.test_indices):,}"),
            ("size", f"{height}×{width} pixels, {'grey' if channels == 1 else 'colour'}"),
            ("classes", ", ".join(f"{name} ({count:,})" for name, count in classes) or "unknown"),
        ]
    )
    if output is not None:
        typer.echo(f"{counted(len(chosen), 'image')} in {output}")


def _classes(images: ImageSet) -> list[tuple[str, int]]:
    import numpy as np

    if images.labels is None:
        return []
    counts = np.bincount(images.labels, minlength=len(images.class_names))
    return list(zip(images.class_names, counts.tolist(), strict=True))


def _write_sheet(images: ImageSet, chosen: NDArray[np.int64], path: Path) -> None:
    import numpy as np
    from PIL import Image

    from bvae_core.files import replacing_file

    height, width, channels = images.image_shape
    rows = -(-len(chosen) // _COLUMNS)
    tiles = np.zeros((rows * _COLUMNS, height, width, channels), np.uint8)
    tiles[: len(chosen)] = images.images[chosen]
    sheet = tiles.reshape(rows, _COLUMNS, height, width, channels).swapaxes(1, 2)
    pixels = sheet.reshape(rows * height, _COLUMNS * width, channels)
    picture = Image.fromarray(pixels[..., 0] if channels == 1 else pixels)
    with replacing_file(path) as temporary:
        picture.save(temporary, format="PNG")
