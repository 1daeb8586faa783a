"""The answer that needs no model: the sentences of the articles that answer, word for word, or a refusal that names the nearest."""

import math
import re
import time
from collections.abc import Sequence

from assistant.about import tell_about
from assistant.answer import Answer, Citation, Question
from assistant.asked import Asked, what_is_asked
from assistant.confidence import judge
from assistant.evidence import FEATURES, Evidence, EvidenceRanker, learnt
from assistant.phrases import phrase
from assistant.short_answer import find_short_answer
from index.article import Article, Place
from index.copies import crowds
from index.library import Library
from index.text import bare

_MARKER = re.compile(r"\[(\d+)\]")

MOST = 3
"""Sentences of one answer."""
COUNTERPARTS = 3
_REFERS_BACK = (
    "he", "she", "they", "it", "this", "these", "that", "those", "his", "her", "their", "its", "such",
    "ong ay", "ong ta", "ba ay", "ba ta", "anh ay", "anh ta", "co ay", "ho", "no", "dieu nay", "dieu do", "dong thai nay", "viec nay", "su viec nay",
    "cac cong ty nay", "cong ty nay", "cac co quan nay", "cuoc gap", "quan he nay", "nguoi nay", "vi vay", "do do", "ngoai ra", "tuy nhien",
)  # fmt: skip


class ExtractiveAnswerer:
    """Answers questions about a library with its own sentences."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._ranker = EvidenceRanker(library)

    def answer(self, question: Question, *, explain: bool = False) -> Answer:
        """A cited answer, or a refusal with the nearest sentences. ``explain`` adds the features behind each citation."""
        started = time.perf_counter()
        asked = what_is_asked(question.text)
        if asked.about:
            told = self._about(question, asked.about, started)
            if told is not None:
                return told
        ranked = self._ranker.rank(question)
        retrieved = time.perf_counter()
        verdict = judge(question, asked, ranked, self._ranker)
        answered = verdict.enough
        chosen = _choose(ranked, asked) if answered else _distinct(ranked)[:2]
        citations = tuple(self._cite(n, e.place, e.twins, question, asked, nearest=not answered) for n, e in enumerate(chosen, 1))
        timings = {"retrieve": (retrieved - started) * 1000, "answer": (time.perf_counter() - retrieved) * 1000}
        explanation = tuple(
            dict(zip(FEATURES, e.features, strict=True)) | {"score": e.score, "covered": e.covered} for e in chosen
        )
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
            explanation=explanation if explain else (),
        )

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
        hits = self._library.search(
            f"{question.searched} {question.history[-1][0] if question.history else ''}", k=1, articles=question.articles
        )
        return self._library.article(hits[0].passage.article) if hits else None

    def _cite(
        self, marker: int, place: Place, twins: Sequence[Place], question: Question, asked: Asked, *, nearest: bool = False
    ) -> Citation:
        return Citation(
            marker=marker,
            place=place,
            counterparts=tuple(dict.fromkeys(twins))[:COUNTERPARTS],
            nearest=nearest,
            highlight=None if nearest else find_short_answer(asked, place, question.searched),
            context=self._context(place),
        )

    def _context(self, place: Place) -> Place | None:
        """The sentence before one that begins with "He" or "Động thái này"."""
        opening = bare(place.text[:30]).lstrip("\"'“‘ ")
        if not any(opening.startswith(word) and not opening[len(word) : len(word) + 1].isalnum() for word in _REFERS_BACK):
            return None
        sentences = self._library.article(place.article).version(place.version).sentences
        at = next((i for i, sentence in enumerate(sentences) if sentence.id == place.id), 0)
        return sentences[at - 1] if at and sentences[at - 1].role in ("body", "dateline", "standfirst") else None


def _choose(ranked: Sequence[Evidence], asked: Asked) -> list[Evidence]:
    """The best sentence, and the next ones as long as it is not likely enough that those before them answer."""
    thresholds = learnt()["thresholds"]
    distinct = _distinct(ranked)
    top = distinct[0].score
    weights = [math.exp(e.score - top) for e in distinct[:12]]
    total = sum(weights)
    chosen, mass = [distinct[0]], weights[0] / total
    enough = thresholds["enough_many"] if asked.many else thresholds["enough"]
    for evidence, weight in zip(distinct[1:MOST], weights[1:MOST], strict=False):
        if mass >= enough or weight / total < thresholds["worth"]:
            break
        chosen.append(evidence)
        mass += weight / total
    return chosen


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
    """The quote with its short answer in bold, on one line."""
    text = citation.quote
    if citation.highlight:
        start, end = (offset - citation.start for offset in citation.highlight)
        text = f"{text[:start]}**{text[start:end]}**{text[end:]}"
    # A number in brackets that stands in an article is no marker of ours.
    return _MARKER.sub(r"(\1)", " ".join(text.split()))


def _refusal(language: str, citations: Sequence[Citation]) -> str:
    if not citations:
        return f"{phrase('refusal', language)} {phrase('no-articles', language)}"
    return f"{phrase('refusal', language)} {phrase('nearest', language)} {_body(citations)}"


def _note(language: str, citations: Sequence[Citation]) -> str:
    return phrase("other-language", language) if any(citation.language != language for citation in citations) else ""
