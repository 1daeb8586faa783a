"""A chat model's answer in the making: statements that stand with their citations, and those that do not with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.answer import Answer, Citation, Piece
from assistant.citations import Verdict, sentences_around, verify
from assistant.grounding import Grounding
from assistant.statements import Statement
from index.article import Passage, Place
from index.library import Library
from index.text import fold, visible

MOST = 6
"""Statements of one answer; what a model writes beyond them is left out."""
COUNTERPARTS = 3


@dataclass(slots=True)
class Draft:
    """Statements checked one by one.

    Attributes:
        failed: statements that did not stand, with the verdict.
        refused: the model said that the passages do not answer.
        unfinished: its last reply stopped in the middle of a statement.
        first: ``time.perf_counter()`` when the first statement stood; 0 before.
    """

    grounding: Grounding
    library: Library
    failed: list[tuple[Statement, Verdict]] = field(default_factory=list)
    refused: bool = False
    unfinished: bool = False
    first: float = 0.0
    _sentences: list[str] = field(default_factory=list)
    _citations: list[Citation] = field(default_factory=list)
    _said: set[str] = field(default_factory=set)

    @property
    def stands(self) -> bool:
        """Whether any statement does."""
        return bool(self._said)

    @property
    def full(self) -> bool:
        """Whether there are as many statements as an answer may have."""
        return len(self._sentences) >= MOST

    def add(self, statement: Statement) -> Piece | None:
        """Check a statement; what to show if it stands, and if it was not said already."""
        passage = self.grounding.passage(statement.key)
        names = self.library.names(passage.article) if passage else ()
        language, twins = self.grounding.question.language, self.library.counterparts
        verdict = verify(statement.text, language, statement.quote, passage, names, twins=twins, likeness=self._likeness)
        if verdict.status == "unsupported":
            self.failed.append((statement, verdict))
            return None
        said = fold(statement.text)
        if said in self._said or self.full:
            return None
        self._said.add(said)
        return self._show(plain(statement.text), verdict)

    def strike_failed(self) -> Iterator[Piece]:
        """The statements that did not stand, struck through, each with its quote or at least the reason."""
        for statement, verdict in self.failed[: MOST - len(self._sentences)]:
            yield self._show(f"~~{plain(statement.text)}~~", verdict)

    def answer(self, timings: dict[str, float], note: str) -> Answer:
        """What stands so far as an answer; its confidence is the share of statements that stand word for word."""
        question = self.grounding.question
        verbatim = sum(citation.status == "verbatim" for citation in self._citations)
        return Answer(
            question.text,
            question.searched,
            question.language,
            True,
            "generative",
            "".join(self._sentences),
            tuple(self._citations),
            verbatim / max(len(self._citations) + sum(verdict.place is None for _, verdict in self.failed), 1),
            note,
            timings,
        )

    def _show(self, text: str, verdict: Verdict) -> Piece:
        citation = self._cite(verdict)
        sentence = f"{text} [{citation.marker}]" if citation else f"{text} ({plain(verdict.reason)})"
        sentence = f" {sentence}" if self._sentences else sentence
        self._sentences.append(sentence)
        return Piece(sentence, (citation,) if citation else ())

    def _cite(self, verdict: Verdict) -> Citation | None:
        """The citation of a verdict, the one that is there already for the same quote; None without a place."""
        if verdict.place is None:
            return None
        for known in self._citations:
            if (known.place, known.status, known.reason) == (verdict.place, verdict.status, verdict.reason):
                return known
        twins = self._counterparts(verdict.place)
        self._citations.append(Citation(len(self._citations) + 1, verdict.place, twins, verdict.status, reason=verdict.reason))
        return self._citations[-1]

    def _counterparts(self, place: Place) -> tuple[Place, ...]:
        """What the other versions say for the sentences that a quote stands in."""
        passage = next(p for p in self.grounding.passages.values() if _holds(p, place))
        twins = [twin for sentence in sentences_around(place, passage) for twin in self.library.counterparts(sentence)]
        return tuple(dict.fromkeys(twins))[:COUNTERPARTS]

    def _likeness(self, a: str, b: str) -> float:
        one, other = self.library.static.encode_document([a, b])
        return float(one @ other)


def plain(text: str) -> str:
    """A model's sentence on one line, without what nobody sees and without anything that could pass for a marker or a strike."""
    return " ".join(visible(text).replace("[", "(").replace("]", ")").replace("~~", "").split())


def _holds(passage: Passage, place: Place) -> bool:
    return (passage.article, passage.version) == (place.article, place.version) and passage.start <= place.start < passage.end
