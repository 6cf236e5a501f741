"""What TensorFlow computes on, and how it is set up for it."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import keras
import tensorflow as tf

from bvae_core.errors import DeviceError


@dataclass(frozen=True)
class Devices:
    """Where a training runs.

    Attributes
    ----------
    names
        As people call them: ``("CPU, 2 cores",)`` or each GPU's name.
    strategy
        The default strategy for one device, `MirroredStrategy` for several.
    jit_compile
        Whether steps go through XLA: on a GPU, where it pays. On a CPU it was no faster.
    """

    names: tuple[str, ...]
    strategy: tf.distribute.Strategy
    jit_compile: bool

    @property
    def has_gpu(self) -> bool:
        """Whether the devices are GPUs."""
        return self.jit_compile


@cache
def prepare_devices() -> Devices:
    """Find the devices and set them up: all GPUs where there are any, else the CPU.

    GPU memory grows with need, so that other programs keep theirs.

    Raises
    ------
    DeviceError
        If TensorFlow was started on the GPUs before with other settings.
    """
    gpus = tf.config.list_physical_devices("GPU")
    try:
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
    except RuntimeError as error:
        raise DeviceError(
            "The GPUs can't be set up: Expected to be the first in this process to use "
            f"TensorFlow. Received: {error}."
        ) from error
    logical = tf.config.list_logical_devices("GPU" if gpus else "CPU")
    several = len(logical) > 1
    strategy = (
        tf.distribute.MirroredStrategy([device.name for device in logical])
        if several
        else tf.distribute.get_strategy()
    )
    names = [_gpu_name(gpu) for gpu in gpus] or [f"CPU, {os.cpu_count()} cores"]
    return Devices(tuple(names), strategy, jit_compile=bool(gpus))


@contextmanager
def precision(devices: Devices, *, mixed: bool) -> Iterator[None]:
    """Build layers in 16-bit arithmetic inside this context, where asked for and of use.

    Raises
    ------
    DeviceError
        If mixed precision is asked for without a GPU.
    """
    if mixed and not devices.has_gpu:
        raise DeviceError(
            "mixed_precision: Expected a GPU, since it gains nothing elsewhere. "
            f"Received: {', '.join(devices.names)}."
        )
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16" if mixed else "float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@dataclass(frozen=True)
class DeviceReport:
    """What `bvae doctor` tells of the computing side."""

    devices: tuple[str, ...]
    tensorflow: str
    keras: str
    advice: tuple[str, ...]


def report() -> DeviceReport:
    """Look for devices; what is missing comes with what to do about it."""
    devices = prepare_devices()
    advice = []
    if not devices.has_gpu:
        if not tf.test.is_built_with_cuda() or platform.system() != "Linux":
            advice.append(
                "Training runs on the CPU: this system's TensorFlow has no GPU support. "
                "On Windows, WSL 2 has it."
            )
        else:
            advice.append(
                "Training runs on the CPU. With an NVIDIA GPU, its driver and "
                "`pip install '.[cuda]'` in the project's folder it runs on that."
            )
    return DeviceReport(devices.names, tf.__version__, keras.__version__, tuple(advice))


def _gpu_name(gpu: tf.config.PhysicalDevice) -> str:
    details = tf.config.experimental.get_device_details(gpu)
    return str(details.get("device_name", gpu.name))
