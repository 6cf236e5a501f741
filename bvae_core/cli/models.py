"""`bvae models`, `show`, `rename` and `remove`: the cache, looked at and kept in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bvae_core.cli.output import (
    Json,
    console,
    counted,
    number,
    print_json,
    print_pairs,
    table,
)
from bvae_core.cli.sources import Model
from bvae_core.files import size_words

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle
    from bvae_core.store import BrokenEntry, StoredModel


def models(json_output: Json = False) -> None:
    """List the models in the cache, newest first."""
    from bvae_core.store import Store

    store = Store()
    stored, broken = store.models(), store.broken()
    if json_output:
        print_json(
            {
                "models": [_summary(model) | {"size": model.size} for model in stored],
                "broken": [{"path": str(entry.path), "reason": entry.reason} for entry in broken],
            }
        )
        return
    if stored:
        _print_models(stored)
    else:
        typer.echo(f"No models yet in {store.root}. Train one (bvae train strokes), or look at")
        typer.echo("the one that comes along: bvae show demo")
    _print_broken(broken)


def show(model: Model, json_output: Json = False) -> None:
    """Show what a model is, what it was trained on, and how good it is."""
    from bvae_core.store import load_bundle

    bundle = load_bundle(model)
    if json_output:
        print_json(
            _summary(bundle)
            | {
                "versions": dict(bundle.versions),
                "size": bundle.size,
                "originals": _originals(bundle),
            }
        )
    else:
        _print_bundle(bundle)


def rename(
    model: Model,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its new name.", show_default=False)],
) -> None:
    """Give a model another name."""
    from bvae_core.store import Store

    Store().rename(model, name)
    typer.echo(f"{model} is now {name}.")


def remove(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help="A model by its name, or the start of its fingerprint; a broken entry by its "
            "folder's name.",
            show_default=False,
        ),
    ],
) -> None:
    """Remove a model from the cache, for good and without asking."""
    from bvae_core.store import Store

    Store().remove(model)
    typer.echo(f"{model} is removed.")


def _summary(model: StoredModel | Bundle) -> dict[str, Any]:
    return {
        "name": model.name,
        "fingerprint": model.fingerprint,
        "created": model.created,
        "path": str(model.path),
        "config": model.config.to_json(),
        "data": asdict(model.data),
        "metrics": dict(model.metrics),
    }


def _print_models(stored: list[StoredModel]) -> None:
    listing = table(
        {
            "name": "left",
            "data": "left",
            "β": "right",
            "dims": "right",
            "held-out objective": "right",
            "15-NN": "right",
            "trained": "left",
            "size": "right",
        }
    )
    for model in stored:
        held_out = model.metrics.get("held_out") is True
        listing.add_row(
            model.name,
            model.data.name,
            f"{model.config.beta:g}",
            str(model.config.latent_dim),
            number(model.metrics.get("objective") if held_out else None),
            number(model.metrics.get("neighbour_accuracy") if held_out else None, 3),
            _when(model.created),
            size_words(model.size),
        )
    console().print(listing)


def _print_broken(broken: list[BrokenEntry]) -> None:
    if not broken:
        return
    typer.echo("Broken, and left out above (bvae remove FOLDER takes one out of the list):")
    for entry in broken:
        typer.echo(f"  {entry.path.name}: {entry.reason}")


def _print_bundle(bundle: Bundle) -> None:
    config, data = bundle.config, bundle.data
    classes = ", ".join(f"{i} {name}" for i, name in enumerate(bundle.class_names))
    print_pairs(
        [
            ("name", bundle.name),
            ("folder", str(bundle.path)),
            ("fingerprint", bundle.fingerprint),
            ("trained", f"{_when(bundle.created)}, {counted(len(bundle.history), 'epoch')}"),
            ("data", _data(bundle)),
            ("originals", _originals(bundle) or "not at hand (see bvae locate --help)"),
            ("classes", classes),
            ("licence", data.licence),
            ("attribution", data.attribution),
            ("β", f"{config.beta:g}, {config.schedule}"),
            ("dimensions", str(config.latent_dim)),
            ("networks", f"{config.family}, {config.width} wide, {config.depth} deep"),
            ("seed", str(config.seed)),
            *_metric_pairs(bundle.metrics),
            ("made with", ", ".join(f"{key} {value}" for key, value in bundle.versions.items())),
            ("size", size_words(bundle.size)),
        ]
    )


def _data(bundle: Bundle) -> str:
    height, width, channels = bundle.image_shape
    data = bundle.data
    return (
        f"{data.name}, {height}×{width} {'grey' if channels == 1 else 'colour'}, "
        f"{data.train_count:,} images to train on and {data.test_count:,} to test"
        + (", all of them trained on" if bundle.config.train_split == "all" else "")
    )


def _originals(bundle: Bundle) -> str | None:
    """Say where the images are that it was trained on, if they seem to be there."""
    from bvae_core.originals import is_at_hand, recall_origin

    origin = recall_origin(bundle)
    return str(origin) if origin is not None and is_at_hand(origin) else None


def _metric_pairs(metrics: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the figures that `evaluate` gives, as far as the bundle has them."""
    found = [
        (title, number(metrics[key], digits))
        for key, title, digits in (
            ("objective", "objective", 1),
            ("objective_beta_1", "objective at β = 1", 1),
            ("reconstruction", "reconstruction", 1),
            ("kl", "KL", 2),
            ("active_units", "active units", 0),
            ("neighbour_accuracy", "15-NN accuracy", 3),
            ("linear_probe_accuracy", "linear-probe accuracy", 3),
        )
        if metrics.get(key) is not None
    ]
    note, count = metrics.get("note"), metrics.get("count")
    return [*found, ("measured on", f"{number(count, 0)} images: {note}")] if note else found


def _when(created: str) -> str:
    from bvae_core.manifest import local_time

    return f"{local_time(created):%Y-%m-%d %H:%M}"
