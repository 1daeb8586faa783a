"""How sure it is that the articles answer: what decides between an answer and a refusal."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Question
from assistant.asked import Asked
from assistant.evidence import Evidence, Ranking
from assistant.features import ALONE, FEATURES
from assistant.fit import tells_how_long
from assistant.matching import weighty_of
from assistant.network import FOLDER, learnt_network

FloatArray = NDArray[np.float32]

_COLUMN = {name: number for number, name in enumerate(FEATURES)}
_AMOUNTS = ("age", "count", "percent", "money")
LETTERS = 0.5
"""Share of a question's tokens that are whole words below which it is letters at random, unless the articles have its words: how sure an answer is
was never learnt from such.
"""
HAVING = 0.25
"""Share of a question's words, by rarity, that a sentence must have to show that the articles know them."""

FOLLOW_UP = 0.3
"""Part of the line that a follow-up has to reach: it leaves words out that would be met, and what comes next in a conversation is mostly told. Set by
hand.
"""

OWN_MET, OWN_MET_OTHERWISE = 0.25, 0.5
"""How far the best sentences have to meet what a follow-up says of its own, beside what the turn before it lends; more where the best one does not
hold the kind of thing that is asked for: "how old is she" is not answered by every sentence with her name. Set by hand.
"""
ALONE_SAYS, ALONE_MET = 3.5, 0.6
"""What the tokens of a follow-up have to weigh together, some four words that say something, and how far they have to be met, for it to be answered
without what the turn before it lends. Set by hand.
"""
MOST = 3
"""Sentences of one answer."""
NEARLY = 1.2
"""How far behind the best sentence, in the score, one may lie whose name answers a question for a name. Set by hand."""

_BEST = (
    "late", "cosine", "firm", "words", "weakest", "names_met", "around", "weakest_around",
    "fits", "counted", "focus", "new_persons", "new_places", "new_days",
)  # fmt: skip
SIGNS = (
    *FEATURES[:ALONE], "linear", "lead_over_second", "lead_over_five", "mass_first", "mass_three", *(f"best_{name}" for name in _BEST),
    "all_met", "all_weakest", "twin_late", "twin_cosine",
)  # fmt: skip
"""What the confidence is made of: the features of the best sentence, how far it leads, the best value of any sentence, and how the question's tokens
are met by all sentences together."""


def signs(table: FloatArray, scores: FloatArray, met: FloatArray, weights: FloatArray) -> FloatArray:
    """``(len(SIGNS),)`` of a question.

    Args:
        table: ``(n, features)`` of its sentences, best first.
        scores: ``(n,)``, of each.
        met: ``(n, t)``, how its tokens are met by each.
        weights: ``(t,)``, of its tokens.
    """
    first = table[0]
    odds = np.exp(scores - scores[0])
    mass = odds / odds.sum()
    best = [float(table[:, _COLUMN[name]].max()) for name in _BEST]
    together = met.max(axis=0) if met.size else np.zeros(1, dtype=np.float32)
    share = weights / weights.sum() if len(weights) else np.ones(1, dtype=np.float32)
    weighty = weighty_of(weights) if len(weights) else np.ones(1, dtype=np.bool_)
    values = [
        *first[:ALONE],
        first[_COLUMN["linear"]],
        scores[0] - scores[1] if len(scores) > 1 else 5.0,
        scores[0] - scores[:5].mean(),
        mass[0],
        mass[:3].sum(),
        *best,
        float(share @ together),
        float(together[weighty].min()),
        max(first[_COLUMN["late"]], first[_COLUMN["late_twin"]]),
        max(first[_COLUMN["cosine"]], first[_COLUMN["cosine_twin"]]),
    ]
    return np.array(values, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How sure it is, in [0, 1], that the best sentences answer, and whether that is enough."""

    confidence: float
    enough: bool


def judge(question: Question, ranking: Ranking, whole: float, *, alone: bool = False) -> Judgement:
    """Whether to answer with the best sentences, or to refuse.

    Args:
        question: as it was asked.
        ranking: its sentences, as ``EvidenceRanker.rank`` gives them.
        whole: share of its tokens that are whole words, in [0, 1].
        alone: whether it is a follow-up without what was lent to it.
    """
    ranked, weights = ranking.evidence, ranking.weights
    if not ranked or not re.search(r"\w", question.searched):
        return Judgement(0.0, False)
    table = np.array([e.features for e in ranked], dtype=np.float32)
    if whole < LETTERS and table[:, [_COLUMN["words"], _COLUMN["words_twin"]]].max() < HAVING:
        return Judgement(0.0, False)
    scores = np.array([e.score for e in ranked], dtype=np.float32)
    met = np.array([e.met for e in ranked], dtype=np.float32)
    total = float(learnt_network("confidence").scores(signs(table, scores, met, weights)[None])[0])
    sure = 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))
    line = _line(question.language, ranked[0]) * (FOLLOW_UP if question.follows else 1.0)
    return Judgement(sure, sure >= line and _own_words_count(question, ranking, alone))


def _own_words_count(question: Question, ranking: Ranking, alone: bool) -> bool:
    """Whether it is a follow-up's own words, and not just those lent to it, that the best sentences meet; True for any other question."""
    if alone:
        return float(ranking.weights.sum()) >= ALONE_SAYS and _own_met(ranking) >= ALONE_MET
    if not question.lent:
        return True
    is_misfit = ranking.evidence[0].features[_COLUMN["misfits"]]
    return _own_met(ranking) >= (OWN_MET_OTHERWISE if is_misfit else OWN_MET)


def _own_met(ranking: Ranking) -> float:
    """How far the best sentences together meet a follow-up's own words, in [0, 1]; 1 where it has none."""
    own = ranking.weights[: ranking.own]
    if not own.sum():
        return 1.0
    together = np.max([evidence.met[: ranking.own] for evidence in ranking.evidence[:MOST]], axis=0)
    return float(own @ together / own.sum())


def holds_answer(asked: Asked, chosen: Sequence[Evidence]) -> bool:
    """Whether one of the chosen sentences holds the kind of thing that is asked for, where nothing else can answer: an age, an amount, a price, how
    long, a day; a name that the question does not give, in the best of them or one nearly as good.
    """
    if (asked.kind in _AMOUNTS or asked.dated) and all(evidence.features[_COLUMN["misfits"]] for evidence in chosen):
        return False
    if asked.lasting and not any(tells_how_long(evidence.place.text, evidence.place.language) for evidence in chosen):
        return False
    as_good = (evidence for evidence in chosen if evidence.score >= chosen[0].score - NEARLY)
    return not asked.named or any(evidence.features[_COLUMN["new_names"]] for evidence in as_good)


def _line(language: str, best: Evidence) -> float:
    """How sure it must be: sentences in another language than the question's, and questions typed without marks, match less surely."""
    lines = thresholds()
    if not best.features[_COLUMN["same_language"]]:
        return lines["answer_across"]
    if best.features[_COLUMN["query_bare"]]:
        return lines["answer_bare"]
    return lines.get(f"answer_{language}", lines["answer_en"])


@lru_cache(maxsize=1)
def thresholds() -> dict[str, float]:
    """Where the lines are drawn, as ``training.confidence`` set them."""
    stored: dict[str, float] = json.loads((FOLDER / "thresholds.json").read_text(encoding="utf-8"))
    return stored
