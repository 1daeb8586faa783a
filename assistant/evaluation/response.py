"""What a system answered to a case, in a form that any system can be brought into and that goes to JSON and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.answer import Answer
from index.article import Hit, Place


@dataclass(frozen=True, slots=True)
class Quote:
    """A text, and where it stands: offsets into the file of an article. A system that cannot say where leaves ``file`` empty."""

    text: str
    article: str = ""
    version: str = ""
    language: str = ""
    file: str = ""
    start: int = 0
    end: int = 0

    @classmethod
    def of(cls, place: Place) -> "Quote":
        """The quote of a place."""
        return cls(place.text, place.article, place.version, place.language, place.file, place.start, place.end)


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation: its quote, the counterparts shown beside it, the short answer inside the quote, the sentence that tells whom "she" in it means."""

    marker: int
    quote: Quote
    counterparts: tuple[Quote, ...] = ()
    status: str = "verbatim"
    nearest: bool = False
    highlight: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer as it is scored.

    ``citations`` is None for a system that gives none; ``contexts`` are the passages it found, best first.
    ``timings_ms`` has ``total`` at least. ``error`` is why there is no answer: then nothing else counts.
    """

    text: str
    language: str
    answered: bool
    citations: tuple[Cited, ...] | None = None
    contexts: tuple[Quote, ...] = ()
    mode: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    error: str = ""

    @property
    def short_answer(self) -> str:
        """What is held against the right short answers: the first highlight, or the whole text."""
        return next((cited.highlight for cited in self.citations or () if cited.highlight), self.text)

    @property
    def quoted(self) -> tuple[Cited, ...]:
        """The citations that prove the answer; what a refusal offers as nearest proves nothing."""
        return tuple(cited for cited in self.citations or () if not cited.nearest)


def from_answer(answer: Answer, hits: Sequence[Hit] = ()) -> Response:
    """An answer of Doichieu, with the passages that a search for its question finds."""
    cited = []
    for citation in answer.citations:
        start, end = (offset - citation.start for offset in citation.highlight or (citation.start, citation.start))
        counterparts = tuple(map(Quote.of, citation.counterparts))
        highlight = citation.quote[start:end]
        context = citation.context.text if citation.context else ""
        place = Quote.of(citation.place)
        cited.append(Cited(citation.marker, place, counterparts, citation.status, citation.nearest, highlight, context))
    return Response(
        text=answer.text,
        language=answer.language,
        answered=answer.answered,
        citations=tuple(cited),
        contexts=tuple(Quote.of(hit.passage) for hit in hits),
        mode=answer.mode,
        timings_ms=answer.timings_ms,
    )


def to_json(response: Response) -> dict[str, Any]:
    """The response as plain JSON values."""
    return asdict(response)


def from_json(stored: Mapping[str, Any]) -> Response:
    """What ``to_json`` wrote. Raises ``TypeError`` or ``KeyError`` if it is something else."""
    cited = stored["citations"]
    return Response(
        **{
            **stored,
            "citations": None if cited is None else tuple(map(_cited, cited)),
            "contexts": tuple(Quote(**context) for context in stored["contexts"]),
        }
    )


def _cited(stored: Mapping[str, Any]) -> Cited:
    counterparts = tuple(Quote(**quote) for quote in stored["counterparts"])
    return Cited(**{**stored, "quote": Quote(**stored["quote"]), "counterparts": counterparts})
