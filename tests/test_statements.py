"""Replies of chat models as they come: clean, wrapped, broken, cut into any pieces."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.statements import LONGEST_REPLY, Statement, StatementReader

FIRST = Statement("The bridge opens.", "a1", 'It opens on {March} 3, "they" said.')
SECOND = Statement("Cầu tốn 1,8 tỷ USD.", "b2", "cây cầu tốn 1,8 tỷ USD")
LINES = f"{FIRST.as_line()}\n{SECOND.as_line()}\n"
WHOLE = {"answerable": True, "statements": [json.loads(FIRST.as_line()), json.loads(SECOND.as_line())]}


def read(*pieces: str) -> list[Statement]:
    reader = StatementReader()
    return [statement for piece in pieces for statement in reader.feed(piece)]


@pytest.mark.parametrize(
    "reply",
    [
        LINES,
        f"```json\n{LINES}```",
        f'Sure, here\'s the answer {{as asked}}:\n{LINES}I hope that it "helps".',
        json.dumps(WHOLE),
        json.dumps(WHOLE, indent=2, ensure_ascii=False),
        json.dumps(WHOLE["statements"]),
        LINES.replace('"}', '",}'),
        "[" + LINES.replace("}\n", "},\n") + "]",
        LINES.replace("\n", "\r\n"),
        LINES.rstrip(),
        LINES + LINES,
        '{ { "\n' + LINES,
        '{"text": "cut off in the mid\n' + LINES,
    ],
)
def test_statements_are_read_however_they_are_wrapped(reply: str) -> None:
    assert read(reply) == [FIRST, SECOND]


@given(st.lists(st.integers(0, len(LINES)), max_size=40), st.sampled_from(["lines", "whole"]))
def test_it_does_not_matter_where_a_reply_is_cut_into_pieces(cuts: list[int], form: str) -> None:
    reply = LINES if form == "lines" else json.dumps(WHOLE, indent=1)
    bounds = [0, *sorted(cuts), len(reply)]
    assert read(*(reply[a:b] for a, b in pairwise(bounds))) == [FIRST, SECOND]


@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip))
def test_any_text_survives_the_way_through_a_line(text: str, quote: str) -> None:
    statement = Statement(text.strip(), "k", quote.strip())
    assert read(*statement.as_line()) == [statement]


@given(st.text(alphabet='{}[]",:\\\n \ttextkeyquoafls012.', max_size=300), st.integers(1, 7))
def test_no_reply_breaks_the_reader(reply: str, step: int) -> None:
    read(*(reply[i : i + step] for i in range(0, len(reply), step)))


def test_a_statement_comes_as_soon_as_its_object_is_whole() -> None:
    reader = StatementReader()
    half = len(FIRST.as_line()) // 2
    assert list(reader.feed(FIRST.as_line()[:half])) == []
    assert reader.unfinished
    assert list(reader.feed(FIRST.as_line()[half:])) == [FIRST]
    assert not reader.unfinished


@pytest.mark.parametrize(
    "reply", ['{"answerable": false}', '{"answerable": false, "statements": []}', 'No: {"answerable": false,}']
)
def test_a_refusal_is_heard(reply: str) -> None:
    reader = StatementReader()
    assert list(reader.feed(reply)) == []
    assert reader.unanswerable


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "The bridge opens on March 3.",
        "null",
        "[1, 2]",
        '{"text": "a", "key": 1, "quote": "b"}',
        '{"text": "a", "quote": "b"}',
        "{" * 5_000,
    ],
)
def test_what_is_no_statement_is_left_out(reply: str) -> None:
    assert read(reply) == []


@pytest.mark.parametrize("noise", ["x", "{", '{"', '{"a": [', "\\", '{"a": "\\'])
def test_ten_million_characters_are_not_read_to_the_end(noise: str) -> None:
    reader = StatementReader()
    piece = noise * (100_000 // len(noise))
    for _ in range(100):
        assert list(reader.feed(piece)) == []
    assert reader.full
    assert list(reader.feed(LINES)) == []
    assert len(reader._text) <= LONGEST_REPLY


def test_statements_are_found_again_behind_an_object_that_never_ends() -> None:
    assert read('{"text": "' + "x" * 30_000 + "\n", LINES) == [FIRST, SECOND]
