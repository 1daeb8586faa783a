"""How sure it is that the best sentence answers: what decides between an answer and a refusal."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Question
from assistant.asked import Asked
from assistant.evidence import FEATURES, Evidence, EvidenceRanker, learnt
from assistant.fit import holds_what_is_asked
from index.names import find_names
from index.text import bare

SIGNS = ("bias", "cosine", "late", "misfits", "weakest", "supported", "nameless", "named_gap", "named_late", "named")
"""What the confidence is made of; ``training.evidence`` fits a weight for each."""

_COLUMN = {name: number for number, name in enumerate(FEATURES)}


def signs(question: Question, asked: Asked, ranked: Sequence[Evidence], ranker: EvidenceRanker) -> tuple[float, ...]:
    """Values in the order of ``SIGNS`` for the ranked sentences of a question."""
    if not ranked:
        return (1.0, *[0.0] * (len(SIGNS) - 1))
    best = ranked[0]

    def value(name: str) -> float:
        return best.features[_COLUMN[name]]

    fits = holds_what_is_asked(asked, best.place, question.searched)
    late = max(value("late"), value("late_twin"))
    return 1.0, max(value("cosine"), value("cosine_twin")), late, float(fits is False), *_supports(question, best, ranker, late)


def _supports(question: Question, best: Evidence, ranker: EvidenceRanker, late: float) -> tuple[float, ...]:
    """The least and the mean support of the question's words, whether a name of it is missing, and, where a name is there, how much of
    what is asked about it is not, and how well the sentence matches all the same.
    """
    support = ranker.support(question, best)
    if not support:
        return 0.5, 0.5, 0.0, 0.0, 0.0, 0.0
    names = {token for name in find_names(question.searched) for token in name.tokens}
    missing = [word for word, value in support.items() if value == 0.0 and bare(word) in names]
    weakest = min(support.values())
    if best.place.language != question.language:
        # Names may be written otherwise there, so that they are not found proves nothing.
        return min(support.values()), sum(support.values()) / len(support), 0.0, 0.0, 0.0, 0.0
    named = any(value == 1.0 and bare(word) in names for word, value in support.items())
    gap = (1 - weakest if weakest < 0.6 else 0.0) if named else 0.0
    return weakest, sum(support.values()) / len(support), float(bool(missing)), gap, late if gap else 0.0, float(named)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How sure it is, in [0, 1], that the best sentence answers, and whether that is enough."""

    confidence: float
    enough: bool


def judge(question: Question, asked: Asked, ranked: Sequence[Evidence], ranker: EvidenceRanker) -> Judgement:
    """Whether to answer with the best sentence, or to refuse.

    A question about a name that the articles have, of which they do not have what is asked, needs surer evidence than one in words of the
    reader's own; so does one about a name that they do not have.
    """
    if not ranked or not re.search(r"\w", question.searched):
        return Judgement(0.0, False)
    values = dict(zip(SIGNS, signs(question, asked, ranked, ranker), strict=True))
    weights, thresholds = learnt()["confidence"], learnt()["thresholds"]
    total = sum(weights.get(name, 0.0) * value for name, value in values.items())
    sure = 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))
    needed = thresholds["answer"]
    if values["nameless"]:
        needed = thresholds["answer_nameless"]
    elif values["named_gap"]:
        needed = thresholds["answer_gap"]
    # An age is in a sentence or it is not: nothing else answers for it.
    return Judgement(sure, sure >= needed and not (asked.kind == "age" and values["misfits"]))
