"""`Origin`: where images came from, kept so that they can be found again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bvae_core.errors import DataError


@dataclass(frozen=True)
class Origin:
    """What `bvae_core.datasets.load` has to be called with to load the same images again.

    Parameters
    ----------
    source
        As `load` takes it, but the same wherever the program is started: paths are absolute, and
        ``strokes`` has its count.
    data_dir
        Absolute; None for all but TensorFlow Datasets.
    image_size, grey, seed
        As `load` takes them.
    only
        As `load` takes it, in `bvae_core.indices.format_indices`' form.
    """

    source: str
    data_dir: Path | None = None
    image_size: tuple[int, int] | None = None
    grey: bool | None = None
    seed: int = 0
    only: str = ""

    @property
    def whole(self) -> Origin:
        """Where all the images are that these are some of."""
        return replace(self, only="")

    @property
    def in_tfds(self) -> bool:
        """Whether TensorFlow Datasets, and with it TensorFlow, is needed to read them."""
        return self.source == "kmnist" or self.source.startswith("tfds:")

    @property
    def is_generated(self) -> bool:
        """Whether they are drawn by the program."""
        return self.source.startswith("strokes:")

    def __str__(self) -> str:
        place = self.source if self.data_dir is None else f"{self.source} in {self.data_dir}"
        return f"a part of {place}" if self.only else place

    def to_text(self) -> str:
        """Return all of it as JSON."""
        values = asdict(self) | {"data_dir": None if self.data_dir is None else str(self.data_dir)}
        return json.dumps(values)

    @classmethod
    def from_text(cls, text: str) -> Origin:
        """Read what `to_text` returned.

        Raises
        ------
        DataError
            If the text is anything else.
        """
        try:
            return cls._from_values(json.loads(text))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise DataError(
                f"Expected where images are, as this program writes it. "
                f"Received: {type(error).__name__}: {error}."
            ) from error

    @classmethod
    def _from_values(cls, values: dict[str, Any]) -> Origin:
        size, folder = values["image_size"], values["data_dir"]
        origin = cls(
            source=values["source"],
            data_dir=None if folder is None else Path(folder),
            image_size=None if size is None else (size[0], size[1]),
            grey=values["grey"],
            seed=values["seed"],
            only=values.get("only", ""),
        )
        # `bool` is an `int` to isinstance, and a NUL in a path is a ValueError to whoever opens it.
        numbers = (*(origin.image_size or ()), origin.seed)
        if (
            not isinstance(origin.source, str)
            or not isinstance(origin.only, str)
            or "\0" in f"{origin.source}{folder}"
            or any(type(number) is not int or number < 0 for number in numbers)
            or origin.grey not in (None, True, False)
        ):
            raise ValueError("a value of another type")
        return origin
