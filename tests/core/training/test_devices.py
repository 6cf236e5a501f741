"""Devices, as far as a machine without a GPU can tell."""

from __future__ import annotations

import json
import textwrap

import keras
import numpy as np
import pytest
import tensorflow as tf
from children import AS_OURS, run_python

from bvae_core.config import TrainConfig
from bvae_core.datasets import load
from bvae_core.errors import DeviceError
from bvae_core.store import Store
from bvae_core.training import train, trainer
from bvae_core.training.devices import Devices


def test_several_devices_train_one_model_together(cache_folder) -> None:
    """Two logical CPU devices stand in for two GPUs: the same strategy, the same code."""
    done = run_python(
        AS_OURS
        + textwrap.dedent("""
            import json, sys
            _tensorflow.load_quietly()
            import tensorflow as tf

            cpu, = tf.config.list_physical_devices("CPU")
            two = [tf.config.LogicalDeviceConfiguration()] * 2
            tf.config.set_logical_device_configuration(cpu, two)

            from bvae_core.config import TrainConfig
            from bvae_core.datasets import load
            from bvae_core.store import Store
            from bvae_core.training import train
            from bvae_core.training.devices import prepare_devices

            config = TrainConfig(epochs=4, width=32, depth=1, batch_size=32)
            bundle = train(config, load("strokes:400"), store=Store())
            print(json.dumps({
                "replicas": prepare_devices().strategy.num_replicas_in_sync,
                "objectives": [row["held_out_objective"] for row in bundle.history],
            }))
            """)
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["replicas"] == 2
    assert told["objectives"][-1] < told["objectives"][0] - 20


def test_mixed_precision_is_refused_where_it_gains_nothing(tmp_path) -> None:
    config = TrainConfig(epochs=1, mixed_precision=True)
    with pytest.raises(DeviceError, match="Expected a GPU"):
        train(config, load("strokes:40"), store=Store(tmp_path))


def test_a_gpu_s_settings_train_and_export_too(tmp_path, monkeypatch) -> None:
    """XLA and mixed precision, which a GPU gets, run on the CPU as well, only slower."""
    pretended = Devices(("pretended GPU",), tf.distribute.get_strategy(), jit_compile=True)
    monkeypatch.setattr(trainer, "prepare_devices", lambda: pretended)
    config = TrainConfig(epochs=3, width=32, depth=1, batch_size=64, mixed_precision=True)

    bundle = train(config, load("strokes:200"), store=Store(tmp_path))

    objectives = [row["held_out_objective"] for row in bundle.history]
    assert objectives[-1] < objectives[0]
    assert bundle.decode(bundle.latents[:2]).dtype == np.float32
    assert bundle.metrics["objective"] == pytest.approx(objectives[-1], rel=0.03)
    assert keras.config.dtype_policy().name == "float32"
