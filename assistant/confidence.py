"""How sure it is that the best sentence answers: what decides between an answer and a refusal."""

import math
import re
from collections.abc import Sequence

from assistant.answer import Question
from assistant.asked import Asked
from assistant.evidence import FEATURES, Evidence, EvidenceRanker, learnt
from assistant.fit import holds_what_is_asked
from index.names import find_names
from index.text import bare

SIGNS = (
    "bias",
    "cosine",
    "late",
    "words",
    "covered",
    "passage",
    "fits",
    "misfits",
    "margin",
    "likely",
    "weakest",
    "supported",
    "nameless",
    "named_gap",
    "named_late",
)
"""What the confidence is made of; ``training.evidence`` fits a weight for each."""

_COLUMN = {name: number for number, name in enumerate(FEATURES)}


def signs(question: Question, asked: Asked, ranked: Sequence[Evidence], ranker: EvidenceRanker) -> tuple[float, ...]:
    """Values in the order of ``SIGNS`` for the ranked sentences of a question."""
    if not ranked:
        return (1.0, *[0.0] * (len(SIGNS) - 1))
    best = ranked[0]
    weights = [math.exp(e.score - best.score) for e in ranked[:12]]

    def value(name: str) -> float:
        return best.features[_COLUMN[name]]

    rest = sum(e.score for e in ranked[1:6]) / max(1, len(ranked[1:6]))
    fits = holds_what_is_asked(asked, best.place, question.searched)
    return (
        1.0,
        max(value("cosine"), value("cosine_twin")),
        max(value("late"), value("late_twin")),
        max(value("words"), value("words_twin")),
        best.covered,
        value("passage"),
        float(fits is True),
        float(fits is False),
        min(best.score - rest, 10.0) / 10,
        1 / sum(weights),
        *_supports(question, best, ranker, max(value("late"), value("late_twin"))),
    )


def _supports(
    question: Question, best: Evidence, ranker: EvidenceRanker, late: float
) -> tuple[float, float, float, float, float]:
    """The least and the mean support of the question's words, whether a name of it is missing, and, where a name is there, how much of
    what is asked about it is not, and how well the sentence matches all the same.
    """
    support = ranker.support(question, best)
    if not support:
        return 0.5, 0.5, 0.0, 0.0, 0.0
    names = {token for name in find_names(question.searched) for token in name.tokens}
    missing = [word for word, value in support.items() if value == 0.0 and bare(word) in names]
    weakest = min(support.values())
    named = any(value == 1.0 and bare(word) in names for word, value in support.items())
    gap = (1 - weakest if weakest < 0.6 else 0.0) if named else 0.0
    return weakest, sum(support.values()) / len(support), float(bool(missing)), gap, late if gap else 0.0


def confidence(question: Question, asked: Asked, ranked: Sequence[Evidence], ranker: EvidenceRanker) -> float:
    """Probability in [0, 1] that the best sentence answers, as far as the signs tell."""
    if not ranked or not re.search(r"\w", question.searched):
        return 0.0
    weights = learnt()["confidence"]
    total = sum(weights.get(name, 0.0) * value for name, value in zip(SIGNS, signs(question, asked, ranked, ranker), strict=True))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))
