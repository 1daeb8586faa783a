"""The answer that needs no model: the sentences of the articles that answer, word for word, or a refusal that names the nearest."""

import math
import re
import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.about import tell_about
from assistant.answer import Answer, Citation, Question
from assistant.asked import Asked, what_is_asked
from assistant.confidence import MOST, holds_answer, judge, thresholds
from assistant.continuing import LITTLE, may_be_announced, with_next
from assistant.evidence import Evidence, EvidenceRanker, Ranking
from assistant.features import FEATURES
from assistant.phrases import phrase
from assistant.reference import reference_of
from assistant.short_answer import find_short_answer
from assistant.subject import LIKE, subject_of
from index.article import Article, Place
from index.copies import crowds
from index.library import Library
from index.names import find_names

_MARKER = re.compile(r"\[(\d+)\]")

COUNTERPARTS = 3
SHOWN = 2
"""Nearest sentences of a refusal."""

_META, _NAMES_MET = FEATURES.index("meta"), FEATURES.index("names_met")


class ExtractiveAnswerer:
    """Answers questions about a library with its own sentences."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._ranker = EvidenceRanker(library)

    def answer(self, question: Question, *, explain: bool = False) -> Answer:
        """A cited answer, or a refusal with the nearest sentences. ``explain`` adds the features behind each citation."""
        answer = self._answer(question, explain)
        if not question.lent or (answer.answered and not _says_of_somebody(question)):
            return answer
        alone = self._answer(_alone(question), explain, alone=True)
        return alone if alone.answered and (not answer.answered or alone.confidence > answer.confidence) else answer

    def _answer(self, question: Question, explain: bool, *, alone: bool = False) -> Answer:
        started = time.perf_counter()
        asked = what_is_asked(question.text if question.follows else question.searched)
        if asked.about:
            told = self._about(question, asked.about, started)
            if told is not None:
                return told
        ranking = self._ranker.rank(question)
        retrieved = time.perf_counter()
        verdict = judge(question, ranking, self._library.static.share_of_words(question.searched), alone=alone)
        chosen = self._continued(_choose(ranking.evidence, asked), ranking, asked, question) if verdict.enough else []
        answered = verdict.enough and holds_answer(asked, chosen)
        if not answered and (about := subject_of(question.searched, LIKE)) is not None:
            told = self._about(question, about, started)
            if told is not None:
                return told
        chosen = chosen if answered else _nearest(ranking.evidence)
        citations = tuple(self._cite(n, e.place, e.twins, question, asked, nearest=not answered) for n, e in enumerate(chosen, 1))
        timings = {"retrieve": (retrieved - started) * 1000, "answer": (time.perf_counter() - retrieved) * 1000}
        return Answer(
            question=question.text,
            searched=question.searched,
            language=question.language,
            answered=answered,
            mode="extractive",
            text=_body(citations) if answered else _refusal(question.language, citations),
            citations=citations,
            confidence=verdict.confidence,
            note=_note(question.language, citations) if answered else "",
            timings_ms=timings,
            explanation=tuple(_explained(e) for e in chosen) if explain else (),
        )

    def _continued(self, chosen: list[Evidence], ranking: Ranking, asked: Asked, question: Question) -> list[Evidence]:
        """The chosen sentences, with the one behind the best where that says hardly more than the question."""
        best = chosen[0]
        if not may_be_announced(asked, best) or self._ranker.said_anew(question, best.place) >= LITTLE:
            return chosen
        sentences = self._library.article(best.place.article).version(best.place.version).sentences
        return with_next(chosen, ranking.evidence, sentences)

    def _about(self, question: Question, about: str, started: float) -> Answer | None:
        """The answer to a question about the article itself."""
        article = self._article(question)
        told = tell_about(about, question, article, self._library) if article else None
        if told is None:
            return None
        asked = Asked("thing")
        citations = tuple(
            self._cite(n, place, self._library.counterparts(place), question, asked) for n, place in enumerate(told.places, 1)
        )
        text = " ".join(part for part in (told.opening, _body(citations)) if part)
        elapsed = (time.perf_counter() - started) * 1000
        note = _note(question.language, citations) if citations else ""
        return Answer(
            question.text,
            question.searched,
            question.language,
            True,
            "extractive",
            text,
            citations,
            1.0,
            note,
            {"retrieve": 0.0, "answer": elapsed},
        )

    def _article(self, question: Question) -> Article | None:
        """The article that a question about "the article" means: the only one, or the one that its words lead to."""
        names = question.articles if question.articles is not None else self._library.articles()
        if not names:
            return None
        if len(names) == 1:
            return self._library.article(names[0])
        hits = self._library.search(f"{question.searched} {question.follows}", k=1, articles=question.articles)
        return self._library.article(hits[0].passage.article) if hits else None

    def _cite(
        self, marker: int, place: Place, twins: Sequence[Place], question: Question, asked: Asked, *, nearest: bool = False
    ) -> Citation:
        reference = reference_of(place, self._library.article(place.article).version(place.version).sentences)
        return Citation(
            marker=marker,
            place=place,
            counterparts=tuple(dict.fromkeys(twins))[:COUNTERPARTS],
            nearest=nearest,
            highlight=None if nearest else find_short_answer(asked, place, question.searched),
            context=reference.context if reference else None,
            insertion=(reference.end, reference.name) if reference and reference.name and not nearest else None,
        )


def _alone(question: Question) -> Question:
    """A follow-up by its own words: a name that was lent to it can hide the sentence that says "she" and answers."""
    return replace(question, searched=question.searched.removesuffix(question.lent).rstrip(), lent="", follows="")


def _says_of_somebody(question: Question) -> bool:
    """Whether a follow-up asks what somebody says or does whose name is all that was lent to it; whether it was he, only his name tells."""
    names = [name.text for name in find_names(question.lent)]
    return names == [question.lent] and not what_is_asked(question.text).yes_no


def _explained(evidence: Evidence) -> dict[str, float]:
    return dict(zip(FEATURES, evidence.features, strict=True)) | {"score": evidence.score}


def _choose(ranked: Sequence[Evidence], asked: Asked) -> list[Evidence]:
    """The best sentence, and the next ones as long as it is not likely enough that those before them answer."""
    lines = thresholds()
    distinct = _distinct(ranked)
    top = distinct[0].score
    weights = [math.exp(e.score - top) for e in distinct[:12]]
    total = sum(weights)
    chosen, mass = [distinct[0]], weights[0] / total
    enough = lines["enough_many"] if asked.many else lines["enough"]
    for evidence, weight in zip(distinct[1:MOST], weights[1:MOST], strict=False):
        if mass >= enough or weight / total < lines["worth"]:
            break
        chosen.append(evidence)
        mass += weight / total
    return _with_the_named(chosen, distinct) if asked.yes_no else chosen


def _with_the_named(chosen: list[Evidence], ranked: Sequence[Evidence]) -> list[Evidence]:
    """Whether somebody did something, a sentence that names nobody does not tell: the best one that has more of the question's names goes with it."""
    met = max(e.features[_NAMES_MET] for e in chosen)
    named = next((e for e in ranked if e.features[_NAMES_MET] > met), None)
    return [*chosen, named] if named is not None and len(chosen) < MOST else chosen


def _nearest(ranked: Sequence[Evidence]) -> list[Evidence]:
    """What a refusal shows: of what an article tells, rather than its headlines, bylines and links."""
    distinct = _distinct(ranked)
    return sorted(distinct, key=lambda evidence: evidence.features[_META])[:SHOWN]


def _distinct(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Without sentences that say in another version what a better one said already, nor copies of one."""
    kept: list[Evidence] = []
    for evidence in ranked:
        told = evidence.place.id in {twin.id for e in kept for twin in e.twins}
        if not told and not crowds(evidence.place.text, (e.place.text for e in kept)):
            kept.append(evidence)
        if len(kept) >= 12:
            break
    return kept


def _body(citations: Sequence[Citation]) -> str:
    return " ".join(f"{_marked(citation)} [{citation.marker}]" for citation in citations)


def _marked(citation: Citation) -> str:
    """The quote on one line, its short answer in bold, and behind a pronoun the name that it stands for, in square brackets."""
    text = citation.quote
    inserted = []
    if citation.highlight:
        inserted += [(citation.highlight[0], "**"), (citation.highlight[1], "**")]
    if citation.insertion:
        inserted.append((citation.insertion[0], f" [{citation.insertion[1]}]"))
    # A number in brackets that stands in an article is no marker of ours.
    for offset, mark in sorted(inserted, reverse=True):
        text = text[: offset - citation.start] + mark + text[offset - citation.start :]
    return _MARKER.sub(r"(\1)", " ".join(text.split()))


def _refusal(language: str, citations: Sequence[Citation]) -> str:
    if not citations:
        return f"{phrase('refusal', language)} {phrase('no-articles', language)}"
    return f"{phrase('refusal', language)} {phrase('nearest', language)} {_body(citations)}"


def _note(language: str, citations: Sequence[Citation]) -> str:
    return phrase("other-language", language) if any(citation.language != language for citation in citations) else ""
