"""What an answer is: sentences, each proved by a citation that anybody can check."""

from dataclasses import dataclass, field
from typing import Any, Literal

from index.article import Kind, Place

Status = Literal["verbatim", "altered", "unsupported"]
Mode = Literal["extractive", "generative"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker in the answer, tied to an exact quote.

    ``place`` is where the quote stands; ``counterparts`` are the sentences of the other versions that say the same.
    ``highlight`` is the short answer inside the quote, as offsets into the file like the place's own, where it can be told.
    ``nearest`` marks what a refusal offers instead of an answer. ``reason`` says why a status is not ``verbatim``.
    ``context`` is the sentence that tells what "he" or "this" in the quote refers to; ``insertion`` is a name and the offset into the file behind
    which the answer gives it in square brackets. The quote itself is never touched.
    """

    marker: int
    place: Place
    counterparts: tuple[Place, ...] = ()
    status: Status = "verbatim"
    nearest: bool = False
    highlight: tuple[int, int] | None = None
    context: Place | None = None
    insertion: tuple[int, str] | None = None
    reason: str = ""

    @property
    def article(self) -> str:
        return self.place.article

    @property
    def version(self) -> str:
        return self.place.version

    @property
    def language(self) -> str:
        return self.place.language

    @property
    def kind(self) -> Kind:
        return self.place.kind

    @property
    def file(self) -> str:
        return self.place.file

    @property
    def paragraph(self) -> int:
        return self.place.paragraph

    @property
    def start(self) -> int:
        return self.place.start

    @property
    def end(self) -> int:
        return self.place.end

    @property
    def quote(self) -> str:
        return self.place.text


@dataclass(frozen=True, slots=True)
class Question:
    """A question as asked, and as it is searched.

    ``searched`` is the standalone form: what a follow-up left out is filled in from the conversation, and ``lent`` is what stands behind it for that.
    ``history`` holds earlier ``(question, answer)`` pairs, oldest first. ``articles`` limits the answer to these ids.
    ``follows`` is what a follow-up leans on, the turn before it; empty for a question that stands alone.
    """

    text: str
    searched: str
    language: str
    history: tuple[tuple[str, str], ...] = ()
    articles: tuple[str, ...] | None = None
    follows: str = ""
    lent: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, in which language, proved by what.

    ``text`` is Markdown with markers like ``[1]``; ``answered`` is False for a refusal, which is a value and no exception.
    ``confidence`` is in [0, 1], higher is surer. ``note`` is one visible line about how the answer came to be, often empty.
    ``timings_ms`` has ``retrieve``, ``answer`` and ``total``.
    ``explanation`` holds the feature values behind each citation, empty unless asked for.
    """

    question: str
    searched: str
    language: str
    answered: bool
    mode: Mode
    text: str
    citations: tuple[Citation, ...]
    confidence: float
    note: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)
    explanation: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One step of a streamed answer: text to append, with the citations whose markers it brings."""

    text: str
    citations: tuple[Citation, ...] = ()
