"""The demo's networks with the codes of other images: a model that costs no training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from bvae_core import load_bundle
from bvae_core.bundle import Bundle, BundleContents, DataCard, write_bundle
from bvae_core.datasets import ImageSet
from bvae_core.resources import resource


def demo_of(images: ImageSet, folder: Path, name: str = "of these") -> Bundle:
    """Write a model as a training on these images of 28 × 28 would leave it."""
    demo = load_bundle("demo")
    mean, log_var = demo.encode(images.images)
    config = replace(demo.config, train_split="train")
    return write_bundle(
        folder,
        BundleContents(
            name=name,
            fingerprint=config.fingerprint(images.fingerprint),
            config=config,
            data=DataCard(
                name=images.name,
                fingerprint=images.fingerprint,
                image_shape=images.image_shape,
                class_names=images.class_names,
                train_count=len(images.train_indices),
                test_count=len(images.test_indices),
                only="" if images.origin is None else images.origin.only,
            ),
            metrics={},
            versions={},
            encoder=(resource("demo") / "encoder.tflite").read_bytes(),
            decoder=(resource("demo") / "decoder.tflite").read_bytes(),
            mean=np.asarray(mean, np.float32),
            log_var=np.asarray(log_var, np.float32),
            labels=images.labels,
            is_test=images.is_test,
            history=[],
            preview=demo.preview,
        ),
    )
