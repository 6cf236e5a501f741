"""The tables in a bundle: ``latents.npz``, a row an image, and ``history.csv``, a row an epoch."""

from __future__ import annotations

import csv
import io
import math
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import BundleError


@dataclass(frozen=True, eq=False)
class Latents:
    """What the encoder made of each image.

    Parameters
    ----------
    mean, log_var
        (N, d) float32: q(z|x) of each image.
    labels
        (N,) int64, or None.
    is_test
        (N,) bool, True for the images of the test split.
    """

    mean: NDArray[np.float32]
    log_var: NDArray[np.float32]
    labels: NDArray[np.int64] | None
    is_test: NDArray[np.bool_]

    def to_npz(self) -> bytes:
        """Return an uncompressed NPZ file of the arrays."""
        columns = {"mean": self.mean, "log_var": self.log_var, "is_test": self.is_test}
        if self.labels is not None:
            columns["labels"] = self.labels
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, **columns)
        return file.getvalue()

    @classmethod
    def from_npz(cls, content: bytes) -> Latents:
        """Read what `to_npz` made; the arrays can't be written to, since everyone shares them.

        Raises
        ------
        BundleError
            If `content` is no such file.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                # Larger inside than outside is compressed: none of ours, and possibly a bomb.
                if sum(member.file_size for member in archive.infolist()) > len(content):
                    raise BundleError("Expected uncompressed arrays. Received: compressed ones.")
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                columns = {name: arrays[name] for name in arrays.files}
        except (ValueError, OSError, EOFError, MemoryError) as error:
            raise BundleError(f"Expected numpy arrays. Received: {error}.") from error
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
            raise BundleError(f"Expected a ZIP archive. Received: {error}.") from error
        for name in ("mean", "log_var", "is_test"):
            if not isinstance(columns.get(name), np.ndarray):
                raise BundleError(
                    f"Expected arrays mean, log_var and is_test. Received: no {name}."
                )
        for column in columns.values():
            column.flags.writeable = False
        return cls(columns["mean"], columns["log_var"], columns.get("labels"), columns["is_test"])

    def check(self, dimensions: int, classes: int) -> None:
        """See that the arrays fit together, so many latent dimensions and so many classes.

        Raises
        ------
        BundleError
            If an array has another shape or dtype, a number that is not finite, or a label that
            is no class.
        """
        count = len(self.is_test) if self.is_test.ndim else 0
        for name, column, dtype, shape in (
            ("mean", self.mean, np.float32, (count, dimensions)),
            ("log_var", self.log_var, np.float32, (count, dimensions)),
            ("is_test", self.is_test, np.bool_, (count,)),
            ("labels", self.labels, np.int64, (count,)),
        ):
            if column is None:
                continue
            if column.shape != shape or column.dtype != dtype:
                raise BundleError(
                    f"{name}: Expected shape {shape}, {np.dtype(dtype)}. "
                    f"Received: shape {column.shape}, {column.dtype}."
                )
            if not np.isfinite(column).all():
                raise BundleError(f"{name}: Expected finite numbers. Received: NaN or infinity.")
        labels = self.labels
        if labels is not None and count and not (labels.min() >= 0 and labels.max() < classes):
            raise BundleError(
                f"labels: Expected 0 to {classes - 1}, one for each class name. "
                f"Received: {labels.min()} to {labels.max()}."
            )


def history_to_csv(history: Sequence[Mapping[str, float]]) -> bytes:
    """Return a CSV file with a row an epoch; a column that an epoch lacks is empty there.

    Raises
    ------
    BundleError
        If a value is no finite number.
    """
    columns = list(dict.fromkeys(column for row in history for column in row))
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(history)
    content = file.getvalue().encode()
    history_from_csv(content)
    return content


def history_from_csv(content: bytes) -> list[dict[str, float]]:
    """Read what `history_to_csv` made.

    Raises
    ------
    BundleError
        If something below the header is no finite number.
    """
    try:
        return [
            {column: _finite(value) for column, value in row.items() if value}
            for row in csv.DictReader(io.StringIO(content.decode(), newline=""))
        ]
    except (ValueError, TypeError, AttributeError, csv.Error) as error:
        raise BundleError(f"Expected a table of finite numbers. Received: {error}.") from error


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value
