"""Which sentences answer a question: candidates from the passages found, each with its counterparts, ranked by a learnt score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Question
from assistant.asked import asks
from assistant.asking import Asking
from assistant.conversation import standalone
from assistant.features import FEATURES, TWINS, Unit, feature_table, places_of
from assistant.matching import said_anew
from assistant.naming import name_as_written
from assistant.network import learnt_network
from assistant.reading import Readings
from assistant.reference import sentence_behind
from index.article import Place
from index.library import Library

FloatArray = NDArray[np.float32]

PASSAGES = 10
"""Passages whose sentences are looked at."""
FOLLOWED = 2
"""Passages nearest to the turn before a follow-up that are looked at too."""
BESIDE = 1.0
"""What a follow-up adds to the score of sentences in the paragraph that the turn before it was about. Set by hand."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer, with its counterparts; ``score`` ranks the sentences of one question, higher is better.

    ``features`` are in the order of ``assistant.features.FEATURES``. ``met`` is ``(t,)``: how each of the question's tokens is met
    by the sentence or one of its counterparts, in [0, 1].
    """

    place: Place
    twins: tuple[Place, ...]
    score: float
    features: tuple[float, ...]
    met: FloatArray


@dataclass(frozen=True, slots=True)
class Ranking:
    """Sentences that may answer, best first, and the ``(t,)`` weights of the question's tokens in the order of ``Evidence.met``, of which the first
    ``own`` are its own and the others were lent to it.
    """

    evidence: tuple[Evidence, ...]
    weights: FloatArray
    own: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """The n sentences that may answer, with their counterparts: ``table`` is ``(n, features)``, ``met`` ``(n, t)`` and ``weights`` ``(t,)`` for the
    question's tokens, of which ``own`` are its own.
    """

    units: tuple[Unit, ...]
    table: FloatArray
    met: FloatArray
    weights: FloatArray
    own: int


class EvidenceRanker:
    """Ranks the sentences of a library for questions."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._readings = Readings(library)

    def rank(self, question: Question) -> Ranking:
        """Every candidate sentence, best first, in the question's language where a version has it; ties by id."""
        found = self.candidates(question)
        if not found.units:
            return Ranking((), found.weights, 0)
        scores = learnt_network("evidence").scores(found.table)
        if question.follows:
            scores += self._beside(found.units, question.follows)
        ranked = [
            Evidence(*self._told_behind(unit, question.language), float(score), tuple(row), met)
            for unit, score, row, met in zip(found.units, scores, found.table.tolist(), found.met, strict=True)
        ]
        ranked.sort(key=lambda e: (-e.score, e.place.id))
        best = {evidence.place.id: evidence for evidence in reversed(ranked)}
        return Ranking(tuple(e for e in ranked if best[e.place.id] is e), found.weights, found.own)

    def candidates(self, question: Question) -> Candidates:
        """The sentences of the passages found, with their features."""
        units, passages = self._found(question, question.searched)
        own, lent = self._named(question, units)
        named = standalone(own, lent)
        if named != question.searched:
            units, passages = self._found(question, named)
        if not units:
            table, met, weights = (np.zeros(shape, dtype=np.float32) for shape in ((0, len(FEATURES)), (0, 0), 0))
            return Candidates((), table, met, weights, 0)
        places = places_of(units)
        asking = Asking.of(question, own, lent, self._library, self._readings, {place.language for place in places})
        table, met = feature_table(asking, units, passages, self._readings.of(places))
        return Candidates(tuple(units), table, met, asking.weights, asking.own)

    def said_anew(self, question: Question, place: Place) -> float:
        """Share of what a sentence says that the question does not, in [0, 1]."""
        return said_anew(self._readings.tokens(question.searched)[0], *self._readings.tokens(place.text))

    def _beside(self, units: Sequence[Unit], follows: str) -> FloatArray:
        """``(n,)`` what is added for standing in the paragraph of the sentence that is most like the turn before a follow-up."""
        turn, readings = self._library.embedder.encode_query([follows])[0], self._readings.of(places_of(units))
        alike = [max(float(readings[p.id].search_vector @ turn) for p in (place, *twins[:TWINS])) for place, twins in units]
        told = units[int(np.argmax(alike))][0]
        beside = [(p.article, p.version, p.paragraph) == (told.article, told.version, told.paragraph) for p, _ in units]
        return np.where(beside, np.float32(BESIDE), np.float32(0))

    def _named(self, question: Question, units: Sequence[Unit]) -> tuple[str, str]:
        """What is searched, the question's own words and those lent to it, names as these sentences and their counterparts write them."""
        places = places_of(units)
        readings = self._readings.of(places)
        own, others = (
            [readings[p.id].names for p in places if (p.language == question.language) is same] for same in (True, False)
        )
        pairs = [pair for article in sorted({p.article for p in places}) for pair in self._library.names(article)]
        asked = question.searched.removesuffix(question.lent).rstrip()
        lent = name_as_written(question.lent, own, others, pairs) if question.lent else ""
        return name_as_written(asked, own, others, pairs), lent

    def _found(self, question: Question, searched: str) -> tuple[list[Unit], Mapping[str, tuple[int, float]]]:
        """Sentences with their counterparts; for each sentence the rank and the score of the passage that brought it."""
        hits = self._library.search(searched, k=PASSAGES, articles=question.articles)
        if question.follows:
            hits += self._library.search(question.follows, k=FOLLOWED, articles=question.articles)
        found: dict[str, Unit] = {}
        passages: dict[str, tuple[int, float]] = {}
        for rank, hit in enumerate(hits):
            for sentence in hit.passage.sentences:
                place, twins = self._in_language(sentence, question.language)
                if place.id not in found and not self._told_fully(place, question.language):
                    found[place.id] = (place, twins)
                    passages[place.id] = (rank, hit.score)
        return list(found.values()), passages

    def _told_behind(self, unit: Unit, language: str) -> Unit:
        """The sentence behind one that is a question of the article's own: it answers what that asks, and is judged by it."""
        place = unit[0]
        if not asks(place.text):
            return unit
        sentences = self._library.article(place.article).version(place.version).sentences
        behind = sentence_behind(place, sentences)
        return self._in_language(behind, language) if behind is not None else unit

    def _told_fully(self, place: Place, language: str) -> bool:
        """Whether a digest's sentence in another language stands for a full text in the answer's: that tells it better."""
        if place.language == language or place.kind != "digest":
            return False
        return any(v.language == language and v.kind != "digest" for v in self._library.article(place.article).versions)

    def _in_language(self, sentence: Place, language: str) -> Unit:
        """The sentence as the answer's language has it, and its counterparts."""
        twins = self._library.counterparts(sentence)
        if sentence.language == language:
            return sentence, twins
        same = [twin for twin in twins if twin.language == language]
        best = next((twin for twin in same if twin.kind != "digest"), same[0] if same else None)
        if best is None:
            return sentence, twins
        return best, (sentence, *(twin for twin in self._library.counterparts(best) if twin.id != sentence.id))
