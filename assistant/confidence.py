"""How sure it is that the best sentence answers: what decides between an answer and a refusal."""

import math
import re
from collections.abc import Sequence

from assistant.answer import Question
from assistant.asked import Asked
from assistant.evidence import FEATURES, Evidence, learnt
from assistant.fit import holds_what_is_asked

SIGNS = ("bias", "cosine", "late", "words", "covered", "passage", "fits", "misfits", "margin", "likely", "twin_gain")
"""What the confidence is made of; ``training.evidence`` fits a weight for each."""

_COLUMN = {name: number for number, name in enumerate(FEATURES)}


def signs(question: Question, asked: Asked, ranked: Sequence[Evidence]) -> tuple[float, ...]:
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
        value("late_twin") - value("late"),
    )


def confidence(question: Question, asked: Asked, ranked: Sequence[Evidence]) -> float:
    """Probability in [0, 1] that the best sentence answers, as far as the signs tell."""
    if not ranked or not re.search(r"\w", question.searched):
        return 0.0
    weights = learnt()["confidence"]
    total = sum(weights.get(name, 0.0) * value for name, value in zip(SIGNS, signs(question, asked, ranked), strict=True))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))
