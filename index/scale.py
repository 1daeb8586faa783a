"""Similarities by another model, read on the static model's scale.

Each model has a scale of its own: what is near by one is far by the next. All that was learnt or set about similarities was learnt of the static
model's, so another's are given the mean and the spread that the static model's have over the same texts. And it is believed as far as the two agree:
a model that has not learnt a language says nothing about its texts.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

LEAST = 1e-6
"""Spread below which similarities tell nothing apart."""


def on_scale(theirs: FloatArray, ours: FloatArray) -> FloatArray:
    """``(n,)`` similarities of a query to n texts of one language by another model, and by the static one → both models' on the static one's scale.

    The other model's share is its correlation with the static one's over these texts, in [0, 1].
    """
    if len(ours) < 2 or theirs.std() < LEAST or ours.std() < LEAST:
        return ours
    away, own = (values - values.mean() for values in (theirs, ours))
    share = max(0.0, float(np.mean(away * own) / (theirs.std() * ours.std())))
    return np.asarray(ours + share * (away * (ours.std() / theirs.std()) - own), dtype=np.float32)
