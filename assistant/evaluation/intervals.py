"""How sure a mean is: the bootstrap (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13), seeded, so that figures repeat."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20_250_301
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with the 95 % interval of its bootstrap; ``n`` values were judged."""

    mean: float
    low: float
    high: float
    n: int


def estimate(values: Sequence[float], clusters: Sequence[str] | None = None) -> Estimate | None:
    """The mean of what was judged, and the percentile interval of resampled means; None if nothing was.

    Args:
        values: one for each case judged.
        clusters: a name for each value; values of one name are drawn together, as twins are not independent. None: each on its own.
    """
    if not values:
        return None
    means = _resampled_means(np.asarray(values, dtype=np.float64), clusters)
    low, high = _percentiles(means)
    return Estimate(float(np.mean(values)), low, high, len(values))


def paired_difference(before: Sequence[float], after: Sequence[float], clusters: Sequence[str] | None = None) -> Estimate | None:
    """The mean of ``after - before`` case by case, with the interval of the paired bootstrap; None without cases."""
    return estimate([b - a for a, b in zip(before, after, strict=True)], clusters)


def _resampled_means(values: NDArray[np.float64], clusters: Sequence[str] | None) -> NDArray[np.float64]:
    """``(RESAMPLES,)`` means, each of as many clusters drawn with replacement as there are."""
    names = list(range(len(values))) if clusters is None else clusters
    _, member = np.unique(np.asarray(names), return_inverse=True)
    sums = np.bincount(member, weights=values)
    sizes = np.bincount(member).astype(np.float64)
    drawn = np.random.default_rng(SEED).integers(0, len(sums), size=(RESAMPLES, len(sums)))
    means: NDArray[np.float64] = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return means


def _percentiles(means: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` in [0, 1] of the values lie, interpolated between neighbours; there is at least one value."""
    return float(np.quantile(np.asarray(values, dtype=np.float64), share))
