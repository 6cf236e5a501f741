"""Settings as arguments of `bvae`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bvae_core.config import TrainConfig

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
        chosen = [] if self.data_dir is None else ["--data-dir", self.data_dir]
        if self.image_size is not None:
            chosen += ["--image-size", self.image_size]
        if self.grey is not None:
            chosen += ["--grey" if self.grey else "--colour"]
        if self.only is not None:
            chosen += ["--only", self.only]
        if self.selection is not None:
            chosen += ["--selection", self.selection]
        return [*chosen, "--", self.text]


def settings_arguments(config: TrainConfig) -> list[str]:
    """Return all settings as options of `bvae train`, so that later defaults change nothing."""
    options: list[str] = []
    for name, value in config.to_json().items():
        option = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            options += [option] * value
        elif value is not None:
            options += [option, str(value)]
    return options
