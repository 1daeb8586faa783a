"""Cases: questions with what a right answer holds. An unknown key is an error."""

import hashlib
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_serializer, model_validator

_VERSION = r"[a-z]{2}(?:-[a-z0-9]+)*"
_STRICT = ConfigDict(extra="forbid", frozen=True)


def _as_group(value: object) -> object:
    return [value] if isinstance(value, str) else value


Alternatives = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_group), Field(min_length=1)]
"""Ways of saying one thing; a single string is the only way."""


class Holds(BaseModel):
    """What a right answer says: every group of ``all``, and one group of ``any`` if there are some."""

    model_config = _STRICT
    all: tuple[Alternatives, ...] = ()
    any: tuple[Alternatives, ...] = ()

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """What has to be found; the groups of ``any`` are alternatives of one."""
        return self.all + ((tuple(way for group in self.any for way in group),) if self.any else ())


class Span(BaseModel):
    """A stretch of a version's file, in code points: where the evidence stands."""

    model_config = _STRICT
    article: str
    version: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)


class Evidence(BaseModel):
    """One sentence that must be cited: its text in one or more languages, or its offsets.

    ``forms`` maps a version to the sentence in it (``*`` where it is not said which); citing one is enough, and the others are its counterparts.
    """

    model_config = _STRICT
    forms: dict[str, Annotated[str, Field(min_length=1)]] = {}
    span: Span | None = None

    @model_serializer
    def as_written(self) -> str | dict[str, Any]:
        """As a case file says it."""
        if self.span is not None:
            return self.span.model_dump()
        return self.forms["*"] if self.forms.keys() == {"*"} else self.forms


def _as_evidence(value: object) -> object:
    if isinstance(value, str):
        return {"forms": {"*": value}}
    if not isinstance(value, dict):
        return value
    if value.keys() & {"article", "version", "start", "end"}:
        return {"span": value}
    for key in value:
        if not re.fullmatch(_VERSION, str(key)):
            raise ValueError(
                f"unknown key {key!r}: give a text, texts by version (en, vi, vi-digest), or article, version, start and end"
            )
    return {"forms": value}


def _as_holds(value: object) -> object:
    return {"all": value} if isinstance(value, list) else value


class Case(BaseModel):
    """A question and what is known about its right answer.

    Attributes:
        id: unique among the cases that are read together.
        question: as a reader asks it.
        language: of the question, ISO 639-1.
        answer_language: of the answer, where it is not the question's.
        history: earlier ``[question, answer]`` pairs, oldest first.
        articles: ids that the answer may use; none for all.
        answerable: whether the articles hold the answer; if not, a refusal is right.
        answers: right short answers, for exact match and token F1.
        holds: what the answer's text must say.
        cites: sentences that must be cited.
        forbidden: what the answer's text must not say.
        tags: for figures by group.
        twin: id of the same question in another language.
        file, line: where it was read.
    """

    model_config = _STRICT
    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    language: str = Field(pattern="^[a-z]{2}$")
    answer_language: str | None = Field(default=None, pattern="^[a-z]{2}$")
    history: tuple[tuple[str, str], ...] = ()
    articles: tuple[str, ...] | None = None
    answerable: bool = True
    answers: tuple[str, ...] = ()
    holds: Annotated[Holds, BeforeValidator(_as_holds)] = Holds()
    cites: tuple[Annotated[Evidence, BeforeValidator(_as_evidence)], ...] = ()
    forbidden: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    twin: str | None = None
    file: str = Field(default="", exclude=True)
    line: int = Field(default=0, exclude=True)

    @model_validator(mode="after")
    def _an_unanswerable_question_has_no_answer(self) -> "Case":
        if not self.answerable and (self.answers or self.holds.groups or self.cites):
            raise ValueError("it is not answerable, so it can have no answers, holds or cites")
        return self

    @property
    def expected_language(self) -> str:
        """The language that the answer must be in."""
        return self.answer_language or self.language

    @property
    def fingerprint(self) -> str:
        """Of its content alone; the same wherever the case is kept."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]
