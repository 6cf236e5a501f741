"""Which images a model was trained on, told by their codes: a bundle keeps no images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: The same image gets the same code to about 1e-5, whichever library and batch size encoded it.
_SAME_CODE = 3e-5
#: Dimensions whose means spread less than this tell images apart too badly to count.
_TELLING_DEVIATION = 0.1


def trained_on(
    mean: NDArray[Any],
    log_var: NDArray[Any],
    training_mean: NDArray[Any],
    training_log_var: NDArray[Any],
) -> NDArray[np.bool_] | None:
    """Mark the posteriors that equal a training image's.

    An image that was trained on comes out again with the same mean and log-variance, to five digits
    after the point in every dimension; other images practically never do.

    Parameters
    ----------
    mean, log_var
        Of the images in question, (n, d).
    training_mean, training_log_var
        Of the training images, (m, d).

    Returns
    -------
    NDArray[np.bool_] or None
        (n,); None where codes can't tell, since the model maps all images to about one place.
    """
    from scipy.spatial import cKDTree

    telling = training_mean.std(axis=0) > _TELLING_DEVIATION
    if not telling.any():
        return None
    known = np.hstack([training_mean[:, telling], training_log_var[:, telling]])
    asked = np.hstack([mean[:, telling], log_var[:, telling]])
    distance, _ = cKDTree(known).query(asked, p=np.inf, distance_upper_bound=_SAME_CODE)
    found: NDArray[np.bool_] = np.isfinite(distance)
    return found
