"""`bvae encode`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bvae_core.cli.output import Json, number, print_json, print_pairs
from bvae_core.cli.sources import Model
from bvae_core.cli.targets import ending_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bvae_core.bundle import Bundle
    from bvae_core.encoding import Encoded
    from bvae_core.fitting import Fitted, Step

_NEAREST = 5
# Of more dimensions a line is too long to read; ``--json`` and ``-o`` have them all.
_SHOWN = 8


def encode(
    model: Model,
    images: Annotated[
        list[Path],
        typer.Argument(
            metavar="IMAGE", help="PNG, JPEG, TIFF, WebP, BMP or GIF files.", show_default=False
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Write the codes to a .csv or .npz file, too; .npz has the fitted images.",
            callback=ending_in(".csv", ".npz"),
        ),
    ] = None,
    invert: Annotated[
        bool | None,
        typer.Option(help="Make bright dark and dark bright, or don't.", show_default="if needed"),
    ] = None,
    contrast: Annotated[
        bool | None,
        typer.Option(
            help="Stretch the greys from background to ink, or don't.", show_default="if needed"
        ),
    ] = None,
    crop: Annotated[
        bool | None,
        typer.Option(
            help="Cut off what is around the ink, or don't.",
            show_default="if the size is not the model's",
        ),
    ] = None,
    centre: Annotated[
        bool | None,
        typer.Option(
            help="Move the ink to the middle, or don't.",
            show_default="if the size is not the model's",
        ),
    ] = None,
    json_output: Json = False,
) -> None:
    """Read images of your own with a model: where they lie, and what it makes of them.

    They are brought into the form of the model's images first, and what was done is said. The error
    is that of the image decoded at the posterior's mean, in nats, as in the objective.

    For example: bvae encode demo my-own.png
    """
    from bvae_core.store import load_bundle

    bundle = load_bundle(model)
    steps: dict[Step, bool | None] = {
        "invert": invert, "contrast": contrast, "crop": crop, "centre": centre,
    }  # fmt: skip
    read = _read(bundle, images, {step: on for step, on in steps.items() if on is not None})
    if output is not None:
        (_write_csv if output.suffix.lower() == ".csv" else _write_npz)(bundle, read, output)
    if json_output:
        print_json(
            {
                "model": bundle.name,
                "fingerprint": bundle.fingerprint,
                "images": [_to_json(bundle, read, i) for i in range(len(images))],
            }
        )
    else:
        for i in range(len(images)):
            if i:
                typer.echo()
            _print(bundle, read, i)
        if output is not None:
            typer.echo(f"\nWrote {output}")


@dataclass(frozen=True, eq=False)
class _Read:
    """What was read: file by file, and all codes together."""

    files: Sequence[Path]
    fitted: Sequence[Fitted]
    codes: Encoded
    ranks: Sequence[float]
    nearest: Sequence[Sequence[tuple[int, float]]]


def _read(bundle: Bundle, files: Sequence[Path], choices: dict[Step, bool]) -> _Read:
    import numpy as np

    from bvae_core.encoding import encode_images
    from bvae_core.errors import DataError
    from bvae_core.fitting import fit, image_format, read_picture
    from bvae_core.latent import Neighbours, Typicality

    form = image_format(bundle.decode, bundle.latents, bundle.image_shape)
    fitted = []
    for path in files:
        picture = read_picture(path)
        try:
            fitted.append(fit(picture, form, choices))
        except DataError as error:
            raise DataError(f"{path}: {error}") from error
    codes = encode_images(bundle, np.stack([each.image for each in fitted]))
    typicality, neighbours = Typicality(bundle.latents), Neighbours(bundle.latents)
    count = min(_NEAREST, len(bundle.latents))
    nearest = []
    for mean in codes.mean:
        indices, distances = neighbours.nearest(mean, count)
        nearest.append(list(zip(indices.tolist(), distances.tolist(), strict=True)))
    return _Read(files, fitted, codes, [typicality.rank(z) for z in codes.mean], nearest)


def _class_of(bundle: Bundle, index: int) -> str | None:
    return None if bundle.labels is None else bundle.class_names[bundle.labels[index]]


def _print(bundle: Bundle, read: _Read, i: int) -> None:
    from bvae_core.kana import with_reading
    from bvae_core.latent import typicality_words

    codes = read.codes
    more = " …" if codes.mean.shape[1] > _SHOWN else ""
    own = bundle.metrics.get("reconstruction")
    beside = (
        f", {number(own)} on average for its own images" if isinstance(own, int | float) else ""
    )

    def known(index: int, distance: float) -> str:
        name = _class_of(bundle, index)
        said = f"#{index}" if name is None else f"{with_reading(name)} #{index}"
        return f"{said} ({number(distance, 2)})"

    typer.echo(str(read.files[i]))
    print_pairs(
        [
            ("fitted", read.fitted[i].words),
            ("mean", "  ".join(number(float(v), 3) for v in codes.mean[i][:_SHOWN]) + more),
            (
                "standard deviation",
                "  ".join(number(float(v), 3) for v in codes.deviation[i][:_SHOWN]) + more,
            ),
            ("where", f"{typicality_words(read.ranks[i])} (rank {number(read.ranks[i], 2)})"),
            ("reconstruction error", f"{number(float(codes.error[i]))} nats{beside}"),
            ("nearest", ", ".join(known(*each) for each in read.nearest[i])),
        ]
    )


def _to_json(bundle: Bundle, read: _Read, i: int) -> dict[str, Any]:
    codes = read.codes
    return {
        "file": str(read.files[i]),
        "done": [each.words for each in read.fitted[i].done if each.is_on],
        "steps": sorted(read.fitted[i].steps),
        "mean": codes.mean[i].tolist(),
        "log_var": codes.log_var[i].tolist(),
        "deviation": codes.deviation[i].tolist(),
        "error": float(codes.error[i]),
        "rank": read.ranks[i],
        "nearest": [
            {"index": index, "class": _class_of(bundle, index), "distance": distance}
            for index, distance in read.nearest[i]
        ],
    }


def _write_csv(bundle: Bundle, read: _Read, path: Path) -> None:
    """Write a row an image: what `--json` says, with the nearest image alone."""
    from bvae_core.files import replacing_file

    dimensions = range(1, read.codes.mean.shape[1] + 1)
    heading = ["file", "error", "rank", "nearest", "nearest_class", "nearest_distance"]
    heading += [f"mean_{j}" for j in dimensions] + [f"log_var_{j}" for j in dimensions]
    with (
        replacing_file(path) as temporary,
        temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(heading)
        for i, name in enumerate(read.files):
            index, distance = read.nearest[i][0]
            writer.writerow(
                [
                    name, read.codes.error[i], read.ranks[i],
                    index, _class_of(bundle, index) or "", distance,
                    *read.codes.mean[i], *read.codes.log_var[i],
                ]
            )  # fmt: skip


def _write_npz(bundle: Bundle, read: _Read, path: Path) -> None:
    """Write ``files``, ``image``, ``mean``, ``log_var``, ``error``, ``rank`` and ``nearest``."""
    import numpy as np

    from bvae_core.files import replacing_file

    del bundle
    with replacing_file(path) as temporary:
        np.savez_compressed(
            temporary,
            allow_pickle=False,
            files=np.array([str(name) for name in read.files]),
            image=np.stack([each.image for each in read.fitted]),
            mean=read.codes.mean,
            log_var=read.codes.log_var,
            error=read.codes.error,
            rank=np.array(read.ranks),
            nearest=np.array([[index for index, _ in near] for near in read.nearest]),
        )
