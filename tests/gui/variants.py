"""Models of the demo's images that cost no training: its networks, its codes turned about."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np

from bvae_core import load_bundle
from bvae_core.bundle import Bundle, BundleContents
from bvae_core.store import Store

FIGURES = {
    "held_out": True,
    "objective": 290.0,
    "objective_beta_1": 280.0,
    "reconstruction": 270.0,
    "kl": 5.0,
    "active_units": 2,
    "neighbour_accuracy": 0.5,
    "linear_probe_accuracy": 0.4,
}


def keep_variant(
    store: Store,
    name: str,
    *,
    turn: float = 0.0,
    beta: float = 4.0,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> Bundle:
    """Keep a model whose codes are the demo's, turned by so many radians, in the store."""
    demo = load_bundle("demo")
    cos, sin = np.cos(turn), np.sin(turn)
    turned = demo.latents @ np.array([[cos, -sin], [sin, cos]], np.float32)
    return store.add(
        BundleContents(
            name=name,
            fingerprint=hashlib.sha256(f"{name} {turn} {beta} {data}".encode()).hexdigest(),
            config=replace(demo.config, beta=beta, train_split="train", epochs=10),
            data=replace(demo.data, **(data or {})),
            metrics=changes.pop("metrics", FIGURES),
            versions=demo.versions,
            encoder=(demo.path / "encoder.tflite").read_bytes(),
            decoder=(demo.path / "decoder.tflite").read_bytes(),
            mean=turned,
            log_var=demo.log_var,
            labels=changes.pop("labels", demo.labels),
            is_test=demo.is_test,
            history=[{"epoch": 1, "objective": 300.0}],
            preview=demo.preview,
            **changes,
        )
    )
