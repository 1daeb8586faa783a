"""Cases: questions with what a right answer holds, kept in git as JSONL or YAML and read strictly."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_serializer, model_validator

from index.errors import InputError

SUFFIXES = (".cases.jsonl", ".cases.yaml", ".cases.yml")
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


def find_case_files(paths: Iterable[Path]) -> list[Path]:
    """The case files among the paths and in their folders, sorted.

    Raises:
        InputError: a path does not exist, is no case file, or is a folder without one.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.name.endswith(SUFFIXES))
            if not inside:
                raise InputError(f"{path}: no case files in this folder (their names end in {', '.join(SUFFIXES)})")
            found.update(dict.fromkeys(inside))
        elif not path.is_file():
            raise InputError(f"{path}: no such file or folder")
        elif path.suffix not in (".jsonl", ".yaml", ".yml"):
            raise InputError(f"{path}: cases are JSONL or YAML")
        else:
            found[path] = None
    return list(found)


def load_cases(paths: Sequence[Path]) -> list[Case]:
    """Read cases in order, and check that ids are unique and that twins know each other.

    Raises:
        InputError: a file or a line is not as it should be; the message names file, line and key.
    """
    cases = [case for path in find_case_files(paths) for case in read_cases(path)]
    _check_together(cases)
    return cases


def read_cases(path: Path) -> list[Case]:
    """The cases of one file. Raises ``InputError`` like ``load_cases``."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}") from None
    rows = _jsonl(path, text) if path.suffix == ".jsonl" else _yaml(path, text)
    return [_case(path, line, row) for line, row in rows]


def _jsonl(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    for line, row in enumerate(text.split("\n"), 1):
        if not row.strip():
            continue
        try:
            yield line, json.loads(row, object_pairs_hook=_no_key_twice)
        except ValueError as error:
            raise InputError(f"{path}:{line}: {error}") from None


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return result


def _yaml(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    """A list of mappings; each with the line it begins on."""
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        rows = yaml.safe_load(text) or []
    except yaml.YAMLError as error:
        raise InputError(f"{path}: not YAML: {error}") from None
    if not isinstance(rows, list):
        raise InputError(f"{path}:1: the file must be a list of cases")
    nodes = root.value if root is not None else []
    for node, row in zip(nodes, rows, strict=True):
        line = node.start_mark.line + 1
        if isinstance(row, dict) and len(row) < len(node.value):
            raise InputError(f"{path}:{line}: a key stands twice in one object")
        yield line, row


def _case(path: Path, line: int, row: Any) -> Case:
    where = f"{path}:{line}"
    if not isinstance(row, dict):
        raise InputError(f"{where}: a case must be an object")
    reserved = row.keys() & {"file", "line"}
    if reserved:
        raise InputError(f"{where}: unknown key {min(reserved)!r}")
    try:
        return Case.model_validate({**row, "file": str(path), "line": line})
    except ValidationError as error:
        raise InputError(f"{where}: {_what_is_wrong(error)}") from None


def _what_is_wrong(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"unknown key {key!r} (known: {', '.join(name for name in Case.model_fields if name not in ('file', 'line'))})"
    if first["type"] == "missing":
        return f"the key {key!r} is missing"
    return f"{key + ': ' if key else ''}{first['msg'].removeprefix('Value error, ')}"


def _check_together(cases: Sequence[Case]) -> None:
    by_id: dict[str, Case] = {}
    for case in cases:
        if case.id in by_id:
            other = by_id[case.id]
            raise InputError(f"{case.file}:{case.line}: the id {case.id!r} is taken by {other.file}:{other.line}")
        by_id[case.id] = case
    for case in cases:
        if case.twin is None:
            continue
        twin = by_id.get(case.twin)
        if twin is None:
            raise InputError(f"{case.file}:{case.line}: the twin {case.twin!r} is no case")
        if twin.twin != case.id:
            raise InputError(f"{case.file}:{case.line}: {case.id!r} has the twin {case.twin!r}, whose twin is {twin.twin!r}")
