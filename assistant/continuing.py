"""A sentence that says hardly more than the question goes with the one behind it: "he runs a risk" tells what he risks only with what comes next."""

from collections.abc import Sequence

from assistant.asked import Asked
from assistant.confidence import MOST
from assistant.evidence import Evidence
from assistant.reference import reference_of, sentence_behind
from index.article import Place

LITTLE = 0.7
"""Share of what a sentence says, by weight, that the question does not, below which the next one, if it leans on it, goes with it. Set by hand."""
# A name, a day or an amount stands in the sentence or not; a thing or a reason may be announced in one sentence and told in the next.
_ANNOUNCED = ("thing", "reason")
_TOLD_IN = ("body", "dateline")


def may_be_announced(asked: Asked, best: Evidence) -> bool:
    """Whether what is asked for may be announced in one sentence of a paragraph and told in the next."""
    return asked.kind in _ANNOUNCED and not asked.yes_no and best.place.role in _TOLD_IN


def with_next(chosen: Sequence[Evidence], ranked: Sequence[Evidence], sentences: Sequence[Place]) -> list[Evidence]:
    """The chosen sentences, behind the first the one that follows it in its paragraph and refers back to it; the last gives way where they are
    too many.

    Args:
        chosen: the best first.
        ranked: every sentence that may answer.
        sentences: those of the first one's version, in reading order.
    """
    best = chosen[0].place
    behind = sentence_behind(best, sentences)
    if behind is None or not _leans_on(best, behind, sentences):
        return list(chosen)
    told = next((e for e in ranked if e.place.id == behind.id), None)
    if told is None or any(e.place.id == told.place.id for e in chosen):
        return list(chosen)
    return [chosen[0], told, *chosen[1:]][:MOST]


def _leans_on(place: Place, behind: Place, sentences: Sequence[Place]) -> bool:
    reference = reference_of(behind, sentences)
    return behind.paragraph == place.paragraph and reference is not None and reference.context.id == place.id
