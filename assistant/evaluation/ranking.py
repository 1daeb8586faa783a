"""How well passages are ranked. Pure functions on ids; every value is in [0, 1], higher is better.

``ranked`` holds ids, best first, each once; ``relevant`` holds the ids that should be found, and is not empty.
Sources: Manning, Raghavan, Schütze, *Introduction to Information Retrieval* (2008), chapter 8; nDCG with the discount of Järvelin and Kekäläinen,
*ACM TOIS* 20(4), 2002, as trec_eval computes it (gain divided by log2(rank + 1)).
"""

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet


def recall_at_k(ranked: Sequence[str], relevant: AbstractSet[str], k: int) -> float:
    """Share of what is relevant among the first ``k``: ``|ranked[:k] ∩ relevant| / |relevant|``."""
    return len(relevant & set(ranked[:k])) / len(relevant)


def hit_at_k(ranked: Sequence[str], relevant: AbstractSet[str], k: int) -> float:
    """1 if anything relevant is among the first ``k``, else 0."""
    return float(not relevant.isdisjoint(ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], relevant: AbstractSet[str], k: int) -> float:
    """``1 / rank`` of the first relevant among the first ``k``, 0 if there is none; its mean over questions is MRR@k."""
    return next((1 / rank for rank, name in enumerate(ranked[:k], 1) if name in relevant), 0.0)


def ndcg_at_k(ranked: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """Discounted gain over the best possible: ``Σ gain(ranked[i]) / log2(i + 2) ÷ Σ sorted_gains[i] / log2(i + 2)``, i from 0.

    Args:
        ranked: ids, best first.
        gains: id → gain ≥ 0; what is missing gains nothing. At least one gain is positive.
        k: how many ranks count.
    """
    found = _discounted([gains.get(name, 0.0) for name in ranked[:k]])
    return found / _discounted(sorted(gains.values(), reverse=True)[:k])


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))
