"""Settings as arguments of `bvae`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bvae_core.config import TrainConfig
from bvae_core.shell_words import command, option

if TYPE_CHECKING:
    from bvae_core.datasets import Origin

#: How far children stand back behind the window.
NICE = 10


@dataclass(frozen=True)
class Source:
    """Where images come from, as `bvae` takes it.

    Parameters
    ----------
    text
        ``kmnist``, ``tfds:NAME``, ``strokes:COUNT`` or a path; see `bvae_core.datasets.load`.
    data_dir
        Folder of data sets prepared by TensorFlow Datasets.
    image_size
        ``32`` or ``32x48``; None leaves sizes as they are.
    grey
        True for greys, False for colours, None as they are.
    only
        Which of the images, as `bvae_core.indices` writes them; None for all.
    selection
        Which of these, ``MODEL:NAME`` or ``MODEL:1,5,9-20``; None for all.
    """

    text: str
    data_dir: str | None = None
    image_size: str | None = None
    grey: bool | None = None
    only: str | None = None
    selection: str | None = None

    @classmethod
    def of(cls, origin: Origin, selection: str | None = None) -> Source:
        """Return where the images of a model came from, or which of them are selected."""
        size = origin.image_size
        return cls(
            origin.source,
            None if origin.data_dir is None else str(origin.data_dir),
            None if size is None else f"{size[0]}x{size[1]}",
            origin.grey,
            origin.only or None,
            selection,
        )

    def arguments(self) -> list[str]:
        """Return this as arguments of `bvae train` and `bvae data`."""
        return [*self.options(), "--", self.text]

    def options(self) -> list[str]:
        """Return what of this isn't the text, as options of `bvae train` and `bvae data`."""
        chosen = [] if self.data_dir is None else ["--data-dir", self.data_dir]
        if self.image_size is not None:
            chosen += ["--image-size", self.image_size]
        if self.grey is not None:
            chosen += ["--grey" if self.grey else "--colour"]
        if self.only is not None:
            chosen += ["--only", self.only]
        if self.selection is not None:
            chosen += ["--selection", self.selection]
        return chosen


def train_command(source: Source, config: TrainConfig, name: str | None) -> list[str]:
    """Return the words of the command that trains this, with the settings that are not usual."""
    usual = TrainConfig().to_json()
    chosen = {k: value for k, value in config.to_json().items() if value != usual[k]}
    options = [*source.options(), *_as_options(chosen)]
    if name is not None:
        options += option("--name", name)
    return command("train", [source.text], options)


def settings_arguments(config: TrainConfig) -> list[str]:
    """Return all settings as options of `bvae train`, so that later defaults change nothing."""
    return _as_options(config.to_json())


def _as_options(settings: Mapping[str, Any]) -> list[str]:
    options: list[str] = []
    for name, value in settings.items():
        long_name = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            options += [long_name] * value
        elif value is not None:
            options += [long_name, str(value)]
    return options
