"""The factors that images were made from, as columns of numbers beside them in an ``.npz``."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bvae_core.datasets import _labels
from bvae_core.datasets._image_set import ImageSet
from bvae_core.datasets._stack import Part, Stack
from bvae_core.errors import DataError

_MOST_FACTORS = 1000
_FACTORS, _NAMES = "factors", "factor_names"
#: Arrays of dSprites (Matthey et al. 2017, github.com/google-deepmind/dsprites-dataset): the values
#: that the images were made from, and their numbers, counted from 0 for each factor.
DSPRITES = ("latents_values", "latents_classes")
#: Its factors, in the order of the columns.
DSPRITES_NAMES = ("color", "shape", "scale", "orientation", "posX", "posY")


@dataclass(frozen=True)
class Factors:
    """Columns of numbers in a file, not read yet.

    Parameters
    ----------
    stack
        (N, F) numbers.
    names
        F of them, none twice.
    """

    stack: Stack
    names: tuple[str, ...]

    def check(self, parts: Mapping[str, Part]) -> None:
        """Compare the header with the images'.

        Parameters
        ----------
        parts
            The images, by split.

        Raises
        ------
        DataError
            If there isn't one row for each image, or it can't be known which is whose.
        """
        if set(parts) != {"all"}:
            raise DataError(
                f"{self.stack.name}: Expected beside images called images. "
                f"Received: beside those of {' and '.join(parts)}, which is not clear."
            )
        count = len(parts["all"].images)
        if len(self.stack) != count:
            raise DataError(
                f"{self.stack.name}: Expected {count} rows, one for each image in "
                f"{parts['all'].images.name}. Received: {len(self.stack)}."
            )

    def beside(self, images: ImageSet) -> ImageSet:
        """Read the columns, and return the images with them.

        Raises
        ------
        DataError
            If a number is not finite, or as float32 is not.
        """
        return replace(images, factors=self._read(), factor_names=self.names)

    def _read(self) -> NDArray[np.float32]:
        with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
            values = self.stack.read().astype(np.float32)
        finite = np.isfinite(values)
        if not finite.all():
            row, column = np.argwhere(~finite)[0]
            raise DataError(
                f"{self.stack.name}: Expected finite factors. "
                f"Received: {values[row, column]} as {self.names[column]} of image {row}."
            )
        return values


def find(arrays: MutableMapping[str, Stack]) -> Factors | None:
    """Take the factors out of a file's arrays.

    Parameters
    ----------
    arrays
        By their names; what belongs to the factors is taken out.

    Returns
    -------
    Factors or None
        None where there are none.

    Raises
    ------
    DataError
        If they are no columns of numbers, or their names don't fit.
    """
    names = arrays.pop(_NAMES, None)
    found = [arrays.pop(key) for key in (_FACTORS, *DSPRITES) if key in arrays]
    if not found:
        if names is not None:
            raise DataError(
                f"{names.name}: Expected an array called {_FACTORS} that they name. Received: none."
            )
        return None
    stack = found[0]
    if (
        len(stack.shape) != 2
        or not 0 < stack.shape[1] <= _MOST_FACTORS
        or stack.dtype.kind not in "biuf"
    ):
        raise DataError(
            f"{stack.name}: Expected factors, numbers of shape (N, F), F at most {_MOST_FACTORS}. "
            f"Received: shape {stack.shape}, {stack.dtype}."
        )
    return Factors(stack, _names(stack, names))


def _names(stack: Stack, given: Stack | None) -> tuple[str, ...]:
    count = stack.shape[1]
    if given is not None:
        names = _labels.read_names(given, "factor names", "F")
        if len(set(names)) != count or len(names) != count or not all(names):
            raise DataError(
                f"{given.name}: Expected {count} different names, one for each column of "
                f"{stack.name}. Received: {', '.join(names)}."
            )
        return names
    if count == len(DSPRITES_NAMES) and stack.name.endswith(tuple(f"({n}.npy)" for n in DSPRITES)):
        return DSPRITES_NAMES
    return tuple(f"factor {index + 1}" for index in range(count))
