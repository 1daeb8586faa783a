"""A conversation as the visitor's browser keeps it; nothing of it stays on the server."""

from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.answer import Answer, Citation
from index.article import Place
from index.errors import UnknownArticle
from index.library import Library

MOST_TURNS = 50


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer.

    ``id`` names the turn where a rating is kept. ``articles`` are the ids that the question was limited to, None for all.
    ``liked`` is what the visitor thought of the answer, None until he says.
    """

    id: str
    answer: Answer
    articles: tuple[str, ...] | None = None
    liked: bool | None = None

    @property
    def question(self) -> str:
        """What was asked."""
        return self.answer.question


Turns = tuple[Turn, ...]
_TURNS = TypeAdapter(Turns)


def to_browser(turns: Turns) -> list[Any]:
    """Turns as JSON values, the latest ``MOST_TURNS``."""
    kept: list[Any] = _TURNS.dump_python(turns[-MOST_TURNS:], mode="json")
    return kept


def from_browser(kept: Any, library: Library, gone: str) -> Turns:
    """Turns that a browser kept. What is no conversation is none; a quote that no longer stands in its article loses its support.

    Args:
        kept: what the browser sent, which may be anything.
        library: holds the articles that are quoted.
        gone: the reason to give for a quote that is not there now.
    """
    try:
        turns = _TURNS.validate_python(kept or ())
    except ValidationError:
        return ()
    return tuple(_checked(turn, library, gone) for turn in turns[-MOST_TURNS:])


def _checked(turn: Turn, library: Library, gone: str) -> Turn:
    def check(citation: Citation) -> Citation:
        twins = tuple(place for place in citation.counterparts if stands(place, library))
        if stands(citation.place, library):
            return replace(citation, counterparts=twins)
        return replace(citation, counterparts=twins, status="unsupported", reason=gone)

    return replace(turn, answer=replace(turn.answer, citations=tuple(map(check, turn.answer.citations))))


def stands(place: Place, library: Library) -> bool:
    """Whether the library's text says at this place what the place says."""
    try:
        text = library.article(place.article).text(place.file)
    except (UnknownArticle, KeyError):
        return False
    return text[place.start : place.end] == place.text
