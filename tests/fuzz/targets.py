"""What is fuzzed: each target takes any bytes, and fails when a promise about them does not hold."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from assistant.citations import find_quote, verify
from assistant.rendering import plain_text
from assistant.statements import StatementReader
from index.article import Passage, Source
from index.bundle import parse_bundle
from index.decoding import decode
from index.errors import MissingExtra, UnreadableFile
from index.facts import extract_facts
from index.formats import extract
from index.sentences import split_sentences
from index.text import fold_with_offsets, visible

SUFFIXES = (".json", ".jsonl", ".zip", ".txt", ".epub", ".docx", ".html", ".pdf")
ARTICLE = """The harbour bridge cost 1.8 billion dollars and took six years to build. "We lost two winters," engineer Lan Pham said.
It will open on March 3, 2025, the council said; no ferry will sail after that."""


def bundle(data: bytes) -> None:
    """Any text is taken apart into versions whose every place is exactly the text that its offsets name."""
    try:
        text = decode(data, "fuzz.txt")
    except UnreadableFile:
        return
    for version in parse_bundle(Source("fuzz.txt", text, ""), "fuzz"):
        for passage in version.passages:
            for place in (passage, *passage.sentences):
                assert text[place.start : place.end] == place.text != ""
            assert all(passage.start <= s.start < s.end <= passage.end for s in passage.sentences)
            for fact in extract_facts(passage.text, version.language):
                assert 0 <= fact.start < fact.end <= len(passage.text)
    for start, end in split_sentences(text):
        assert 0 <= start < end <= len(text)
    key, offsets = fold_with_offsets(text)
    assert len(offsets) == len(key) + 1
    assert offsets == sorted(offsets)
    assert visible(visible(text)) == visible(text)
    assert plain_text(plain_text(text)) == plain_text(text)


@lru_cache(maxsize=1)
def _passage() -> Passage:
    (version,) = parse_bundle(Source("bridge.txt", ARTICLE, ""), "bridge")
    return replace(version.passages[0])


def citation(data: bytes) -> None:
    """Whatever a model writes, in whatever pieces, gives statements; every quote that counts as found stands in the passage."""
    reply = data.decode("utf-8", "replace")
    cut = len(reply) // 2
    reader = StatementReader()
    for statement in [*reader.feed(reply[:cut]), *reader.feed(reply[cut:])]:
        verdict = verify(statement.text, "en", statement.quote, _passage())
        if verdict.place is not None:
            assert ARTICLE[verdict.place.start : verdict.place.end] == verdict.place.text
        assert verdict.place is not None or verdict.status == "unsupported"
    found = find_quote(reply, _passage())
    if found is not None:
        assert ARTICLE[found.start : found.end] == found.text
        assert fold_with_offsets(found.text)[0].strip("\"'. ") == fold_with_offsets(reply)[0].strip("\"'. ")


def files(data: bytes) -> None:
    """Any bytes under any suffix are texts, or refused in one line; the first byte says which suffix."""
    suffix = SUFFIXES[data[0] % len(SUFFIXES)] if data else ".txt"
    try:
        found = extract(data[1:], f"fuzz{suffix}")
    except (UnreadableFile, MissingExtra):
        return
    for item in found:
        assert item.text.strip()
        assert "/" not in item.name
        json.dumps(item.text)


TARGETS: dict[str, Callable[[bytes], None]] = {"bundle": bundle, "citation": citation, "files": files}
