"""Case files, kept in git: JSONL or YAML → cases, read strictly; what is wrong is said with file, line and key."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.evaluation.cases import Case
from index.errors import InputError

SUFFIXES = (".cases.jsonl", ".cases.yaml", ".cases.yml")


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
