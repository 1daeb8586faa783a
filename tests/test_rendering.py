import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation
from assistant.rendering import answer_to_json, answer_to_markdown, answer_to_terminal, escape_markdown, plain_text
from index.article import Place

PLACE = Place("bridge", "en", "en", "original", "bridge.txt", 3, "body", 10, 31, "The bridge opens soon")
TWIN = replace(PLACE, version="vi", language="vi", kind="translation", start=50, end=70, text="Cây cầu sắp khánh thành")
ANSWER = Answer(
    question="When does it open?",
    searched="When does the bridge open?",
    language="en",
    answered=True,
    mode="extractive",
    text="The bridge opens **soon**. [1]",
    citations=(Citation(1, PLACE, (TWIN,)),),
    confidence=0.91234,
)


def test_json_of_an_answer_has_the_fields_that_others_hold_on_to() -> None:
    value = json.loads(json.dumps(answer_to_json(ANSWER, id="q1"), ensure_ascii=False))
    assert value["id"] == "q1"
    assert {"question", "language", "answered", "mode", "text", "citations", "timings_ms", "searched"} <= value.keys()
    citation = value["citations"][0]
    assert citation == {
        "marker": 1,
        "article": "bridge",
        "version": "en",
        "language": "en",
        "kind": "original",
        "file": "bridge.txt",
        "paragraph": 3,
        "start": 10,
        "end": 31,
        "quote": "The bridge opens soon",
        "status": "verbatim",
        "counterparts": citation["counterparts"],
    }
    assert citation["counterparts"][0]["quote"] == TWIN.text


def test_terminal_text_shows_each_quote_beside_its_counterpart() -> None:
    shown = answer_to_terminal(ANSWER)
    assert shown.startswith("The bridge opens soon. [1]")
    assert "“The bridge opens soon” — bridge.txt, en, 10–31" in shown
    assert "↔ “Cây cầu sắp khánh thành”" in shown


def test_a_quote_that_does_not_stand_says_why() -> None:
    wrong = replace(ANSWER.citations[0], status="unsupported", reason="the number 9 is not in the quote")
    assert "[1] (unsupported: the number 9 is not in the quote) “The bridge" in answer_to_terminal(
        replace(ANSWER, citations=(wrong,))
    )


def test_a_refusal_calls_its_quotes_nearest_in_the_answers_language() -> None:
    refusal = replace(ANSWER, answered=False, language="vi")
    assert "Đoạn gần nhất trong bài" in answer_to_terminal(refusal)


@given(st.text())
@pytest.mark.threat("every field a naughty string")
def test_nothing_in_an_article_can_command_a_terminal(text: str) -> None:
    shown = answer_to_terminal(replace(ANSWER, text=text, citations=(Citation(1, replace(PLACE, text=text, file=text)),)))
    assert not any((ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 for c in shown)


@pytest.mark.threat("every field a naughty string")
def test_markdown_export_shows_markup_in_a_quote_as_it_stands() -> None:
    text = "![x](http://evil.example/?q) <img src=x> [2](http://evil.example/)"
    shown = answer_to_markdown(replace(ANSWER, text=f"**{text}** [1]", citations=(Citation(1, replace(PLACE, text=text)),)))
    assert "** [1]" in shown
    assert "[2](" not in shown
    assert "![x](" not in shown
    assert "<img" not in shown


def test_plain_text_keeps_letters_marks_and_emoji() -> None:
    assert plain_text("Đà Nẵng\t👩‍🚀\x1b[31m đỏ\u202e") == "Đà Nẵng 👩‍🚀[31m đỏ"


def test_escape_markdown_leaves_plain_words_alone() -> None:
    assert escape_markdown("Giá tăng 20% (theo ông A.)") == "Giá tăng 20% (theo ông A.)"
