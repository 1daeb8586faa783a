"""What speaks for a sentence as the answer to a question: a row of numbers for each candidate, and the first, linear score of them.

The versions vote: a sentence is judged together with its counterparts, so that what the question's own words miss in one language they may meet
in the other.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.asked import KINDS
from assistant.asking import Asking
from assistant.fit import fits
from assistant.matching import Match, match, weighty_of
from assistant.network import FOLDER
from assistant.reading import Reading
from index.article import Place
from index.scale import on_scale
from index.words import stem

FloatArray = NDArray[np.float32]
Unit = tuple[Place, tuple[Place, ...]]
"""A sentence that may answer, with its counterparts in the other versions."""

TWINS = 3
"""Counterparts that are looked at."""

LINEAR = (
    "cosine", "cosine_twin", "late", "late_twin", "words", "words_twin", "pairs", "passage", "neighbour",
    "fits", "misfits", "numbers", "meta", "length", "lead", "digest",
)  # fmt: skip
"""What the linear score weighs: how near a sentence is to the question, as a whole and word by word, what it holds, where it is."""
FEATURES = (
    *LINEAR, "firm", "firm_twin", "weakest", "weakest_twin", "together", "weakest_together", "dense", "ordered", "around", "around_gain",
    "weakest_around", "names_met", "rank",
    "opens", "new_names", "new_persons", "new_places", "new_days", "counted", "focus", "amount", "day", "reason", "place", "yes_no", "asks_name",
    "asks_noun", "asks_focus",
    "query_words", "query_names", "query_bare", "same_language",
    *(f"asks_{kind}" for kind in KINDS), "linear",
    "linear_behind", "late_behind", "cosine_behind", "words_behind", "firm_behind", "around_behind", "linear_place",
)  # fmt: skip
"""What the network sees: all that, how the question's tokens meet the sentence and its paragraph, what the sentence holds and what is asked, and
how far a sentence lies behind the best of its list."""

_META_ROLES = ("headline", "standfirst", "byline", "date", "link", "tag", "contact", "caption", "credit", "heading")
ALONE = len(FEATURES) - 8
"""Features that a sentence has by itself, without the others of its list."""


@lru_cache(maxsize=1)
def linear_weights() -> FloatArray:
    """``(len(LINEAR),)`` weights of the first score, as ``training.evidence`` fitted them."""
    stored: dict[str, float] = json.loads((FOLDER / "linear.json").read_text(encoding="utf-8"))
    return np.array([stored[name] for name in LINEAR], dtype=np.float32)


def places_of(units: Sequence[Unit]) -> list[Place]:
    """The sentences and those of their counterparts that are looked at."""
    return [place for unit in units for place in (unit[0], *unit[1][:TWINS])]


def feature_table(
    asking: Asking, units: Sequence[Unit], passages: Mapping[str, tuple[int, float]], readings: Mapping[str, Reading]
) -> tuple[FloatArray, FloatArray]:
    """``(n, len(FEATURES))`` for candidate sentences, and ``(n, t)`` how each token of the question is met by a sentence or one of its counterparts.

    Args:
        asking: the question.
        units: sentences with their counterparts, those of a paragraph one after another.
        passages: for each sentence's id the rank and the score of the passage that brought it.
        readings: of every sentence and counterpart.
    """
    matches = match(asking.tokens, asking.weights, readings)
    # What one version calls otherwise than the question, another may call as it does.
    met = np.array([np.maximum.reduce([matches[p.id].best for p in (place, *twins[:TWINS])]) for place, twins in units])
    around = _around(asking, units, met)
    near = _near(asking, places_of(units), readings)
    rows = []
    previous: Place | None = None
    for (place, twins), together, paragraph in zip(units, _mean_and_weakest(asking, met), around, strict=True):
        beside = previous if previous is not None and _paragraph(previous) == _paragraph(place) else None
        before = near[beside.id] if beside else 0.0
        told = [readings[p.id] for p in (place, *twins[:TWINS])]
        rows.append(
            [
                *_likeness(asking, place, twins[:TWINS], readings, matches, near, passages[place.id][1], before),
                *_tokens_met(matches, place, twins[:TWINS], together, paragraph),
                _names_met(asking.names, told),
                *_kinds(asking, place, told, passages[place.id][0], beside is None),
            ]
        )
        previous = place
    return compared(np.array(rows, dtype=np.float32)), met


def _near(asking: Asking, places: Sequence[Place], readings: Mapping[str, Reading]) -> dict[str, float]:
    """How near each sentence is to the question as a whole, by the model that searches, on the static model's scale."""
    near = {place.id: float(readings[place.id].vector @ asking.vector) for place in places}
    if asking.search_vector is asking.vector:
        return near
    for language in {place.language for place in places}:
        own = sorted({place.id for place in places if place.language == language})
        theirs = np.array([readings[name].search_vector @ asking.search_vector for name in own], dtype=np.float32)
        near.update(zip(own, on_scale(theirs, np.array([near[name] for name in own])).tolist(), strict=True))
    return near


def _likeness(
    asking: Asking,
    place: Place,
    twins: Sequence[Place],
    readings: Mapping[str, Reading],
    matches: Mapping[str, Match],
    near: Mapping[str, float],
    passage: float,
    before: float,
) -> list[float]:
    """The features of ``LINEAR``."""
    own, others = readings[place.id], [readings[twin.id] for twin in twins]
    cosine, late = near[place.id], matches[place.id].late
    share = _share(own.words, asking.words[place.language])
    fit = fits(asking.asked, own.holds, asking.said)
    wanted = asking.numbers
    return [
        cosine,
        max((near[twin.id] for twin in twins), default=cosine),
        late,
        max((matches[twin.id].late for twin in twins), default=late),
        share,
        max((_share(r.words, asking.words[t.language]) for t, r in zip(twins, others, strict=True)), default=share),
        _pairs(own, asking.words[place.language]),
        passage,
        before,
        float(fit is True),
        float(fit is False),
        len(wanted & own.numbers) / len(wanted) if wanted else 0.0,
        float(place.role in _META_ROLES),
        float(np.log(len(place.text) + 1)) / 5,
        1 / (1 + place.paragraph),
        float(place.kind == "digest"),
    ]


def _tokens_met(
    matches: Mapping[str, Match],
    place: Place,
    twins: Sequence[Place],
    together: tuple[float, float],
    around: tuple[float, float],
) -> list[float]:
    """From "firm" to "weakest_around"."""
    own, others = matches[place.id], [matches[twin.id] for twin in twins]
    return [
        own.firm,
        max((m.firm for m in others), default=own.firm),
        own.weakest,
        max((m.weakest for m in others), default=own.weakest),
        *together,
        max(m.dense for m in (own, *others)),
        max(m.ordered for m in (own, *others)),
        around[0],
        around[0] - together[0],
        around[1],
    ]


def _names_met(names: frozenset[str], readings: Sequence[Reading]) -> float:
    """Share of the words of the question's names that the sentence or a counterpart has; 1 where it has no names."""
    met = sum(1 for name in names if any(name in reading.words or stem(name) in reading.words for reading in readings))
    return met / len(names) if names else 1.0


def _counted(noun: FloatArray, readings: Sequence[Reading]) -> float:
    """How near what a sentence or a counterpart counts comes to what is to be counted, a cosine in [0, 1]."""
    return max([0.0, *(float((noun @ r.counted.T).max()) for r in readings if len(noun) and len(r.counted))])


def _focus(focus: FloatArray, readings: Sequence[Reading]) -> float:
    """How near the words of a sentence or a counterpart come to the kind of thing that is asked for, a cosine in [0, 1]."""
    return max([0.0, *(float((focus @ r.tokens.T).max(axis=1).mean()) for r in readings if len(focus) and len(r.tokens))])


def _kinds(asking: Asking, place: Place, readings: Sequence[Reading], rank: int, opens: bool) -> list[float]:
    """From "rank" to the kinds of question."""
    holds = readings[0].holds
    return [
        float(rank),
        float(opens),
        float(sum(1 for name in holds.names if name - asking.said)),
        float(sum(1 for name in holds.persons if name - asking.said)),
        float(sum(1 for name in holds.places if name - asking.said)),
        float(len(holds.days - asking.days)),
        _counted(asking.noun, readings),
        _focus(asking.focus, readings),
        float("count" in holds.kinds),
        float("day" in holds.kinds),
        float("reason" in holds.kinds),
        float("place" in holds.kinds),
        float(asking.asked.yes_no),
        float(asking.asked.named),
        float(len(asking.noun) > 0),
        float(len(asking.focus) > 0),
        float(len(asking.tokens)),
        float(len(asking.names)),
        float(asking.bare),
        float(place.language == asking.language),
        *(float(kind == asking.asked.kind) for kind in KINDS),
    ]


def compared(table: FloatArray) -> FloatArray:
    """``(n, len(FEATURES))``: the features that a sentence has by itself, then its linear score and how far it lies behind the best of the list."""
    linear = table[:, : len(LINEAR)] @ linear_weights()
    column = {name: number for number, name in enumerate(FEATURES)}
    behind = [linear.max() - linear]
    behind += [table[:, column[name]].max() - table[:, column[name]] for name in ("late", "cosine", "words", "firm", "around")]
    place = np.argsort(np.argsort(-linear, kind="stable"))
    return np.column_stack([table, linear, *behind, place]).astype(np.float32)


def _around(asking: Asking, units: Sequence[Unit], met: FloatArray) -> list[tuple[float, float]]:
    """As ``_mean_and_weakest``, for each sentence's whole paragraph."""
    best: dict[tuple[str, str, int], FloatArray] = {}
    for (place, _), row in zip(units, met, strict=True):
        key = _paragraph(place)
        best[key] = np.maximum(best[key], row) if key in best else row
    told = dict(zip(best, _mean_and_weakest(asking, np.array(list(best.values()))), strict=True))
    return [told[_paragraph(place)] for place, _ in units]


def _mean_and_weakest(asking: Asking, met: FloatArray) -> list[tuple[float, float]]:
    """For each row of ``(n, t)`` how the question's tokens are met: their mean by weight, and the weakest of the weighty ones."""
    if not len(asking.tokens):
        return [(0.0, 0.0)] * len(met)
    share = asking.weights / asking.weights.sum()
    return list(zip((met @ share).tolist(), met[:, weighty_of(asking.weights)].min(axis=1).tolist(), strict=True))


def _paragraph(place: Place) -> tuple[str, str, int]:
    return place.article, place.version, place.paragraph


def _share(words: frozenset[str], wanted: Mapping[str, float]) -> float:
    """Share by rarity of the question's words."""
    total = sum(wanted.values())
    return sum(rarity for word, rarity in wanted.items() if word in words) / total if total else 0.0


def _pairs(reading: Reading, wanted: Mapping[str, float]) -> float:
    """Share of the question's neighbouring words that stand side by side in the sentence too."""
    order = list(wanted)
    pairs = list(pairwise(order))
    return sum(1 for pair in pairs if pair in reading.pairs) / len(pairs) if pairs else 0.0
