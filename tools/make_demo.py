"""Make the demo bundle: `python tools/make_demo.py FOLDER_WITH_KUZUSHIJI_MNIST`.

Trains the default recipe, longer than by default, twice: once without 2,000 images, which
give the held-out figures of the model card, and once on all images, which makes the demo. Both
trainings are kept in the cache: run it again to go on where it stopped.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.training import JUDGED_SEED, with_judged
from bvae_core import Bundle, ImageSet, TrainConfig, load_images, train
from bvae_core.bundle import BundleContents, write_bundle
from bvae_core.training.events import EpochEnd, Event

DEMO = Path(__file__).resolve().parents[1] / "resources" / "demo"
RECIPE = TrainConfig(epochs=400)


def main() -> None:
    """Train both models and write the demo."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", help="what `bvae train` takes: the official files' folder")
    images = load_images(parser.parse_args().source)
    twin = train(RECIPE, with_judged(images), name="demo-twin", on_event=report, resume=True)
    demo = train(
        replace(RECIPE, train_split="all"),
        images,
        name="demo-original",
        on_event=report,
        resume=True,
    )
    shutil.rmtree(DEMO, ignore_errors=True)
    write_bundle(DEMO, contents(demo, images, twin))


def report(event: Event) -> None:
    """Print a line an epoch."""
    if isinstance(event, EpochEnd):
        held_out = event.held_out_objective
        print(
            f"epoch {event.epoch}/{event.epochs}: objective {event.objective:.1f}"
            + (f", held out {held_out:.1f}" if held_out is not None else "")
            + f", {event.seconds_left:.0f} s left",
            flush=True,
        )


def contents(demo: Bundle, images: ImageSet, twin: Bundle) -> BundleContents:
    """Take over the trained bundle, without what only training needs, and with a model card."""
    return BundleContents(
        name="demo",
        fingerprint=demo.fingerprint,
        config=demo.config,
        data=demo.data,
        metrics=demo.metrics,
        versions=demo.versions,
        encoder=(demo.path / "encoder.tflite").read_bytes(),
        decoder=(demo.path / "decoder.tflite").read_bytes(),
        mean=demo.latents,
        log_var=demo.log_var,
        labels=demo.labels,
        is_test=demo.is_test,
        history=demo.history,
        preview=demo.preview,
        model_card=model_card(demo, images, twin.metrics),
    )


def model_card(demo: Bundle, images: ImageSet, held_out: Mapping[str, Any]) -> str:
    """Say what the demo is, whose images it saw, and what it can."""
    config, data = demo.config, demo.data
    return f"""# The demo: a β-VAE of Kuzushiji-MNIST

A β-variational autoencoder of ancient cursive Japanese characters (ten hiragana:
{"".join(data.class_names)}), with {config.latent_dim} latent dimensions and β = {config.beta:g}.
It comes with the program so that there is something to explore without a network or a training. It
shows what such a model does; it is no character recogniser.

## Data

Trained on all {len(images):,} images that were at hand: the first {data.train_count:,} of the
official training set and the first {data.test_count:,} of the official test set. Of these images
only their latent codes and labels are in this folder.

- Data set: {data.attribution}
- Licence of the data: {data.licence}. What was made of it here, weights and codes, is under the
  same licence.

## Figures

The demo itself has seen every image, so its own figures would flatter it. These are of a twin: the
same settings and seed, trained without {held_out["count"]:,} images (drawn with seed {JUDGED_SEED})
and judged on them.

| figure | on {held_out["count"]:,} held-out images |
| --- | --- |
| objective at β = {held_out["beta"]:g} (nats an image) | {held_out["objective"]:.1f} |
| objective at β = 1 (nats an image) | {held_out["objective_beta_1"]:.1f} |
| reconstruction (nats an image) | {held_out["reconstruction"]:.1f} |
| KL (nats an image) | {held_out["kl"]:.2f} |
| accuracy of 15 nearest neighbours in the plane | {held_out["neighbour_accuracy"]:.3f} |
| accuracy of a linear probe | {held_out["linear_probe_accuracy"]:.3f} |

## Training

The default recipe for {config.epochs} epochs, seed {config.seed}; all settings and library
versions are in `bundle.json`, every epoch in `history.csv`. The official test
set's images were trained on too: do not compare with published test accuracies.
"""


if __name__ == "__main__":
    main()
