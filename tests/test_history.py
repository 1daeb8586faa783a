"""A conversation comes back from the browser as it went there, and nothing that the browser says is trusted."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.settings import Settings
from assistant.ui.history import MOST_TURNS, Turn, Turns, from_browser, to_browser
from assistant.ui.replies import reply
from index.errors import QuestionError
from index.library import Library

GONE = "gone"


@pytest.fixture
def assistant(bundle: Path) -> Assistant:
    return Assistant.open(bundle, settings=Settings())


def talk(assistant: Assistant, *questions: str) -> Turns:
    turns: Turns = ()
    for question in questions:
        *_, (turns, whole) = reply(assistant, question, turns)
        assert whole
    return turns


def test_a_conversation_survives_a_reload(assistant: Assistant) -> None:
    turns = talk(assistant, "How much did the bridge cost?", "Cây cầu mất bao lâu để xây?")
    assert from_browser(to_browser(turns), assistant.library, GONE) == turns


def test_a_browser_keeps_the_latest_turns(assistant: Assistant) -> None:
    turns = talk(assistant, "How much did the bridge cost?") * (MOST_TURNS + 5)
    assert len(to_browser(turns)) == MOST_TURNS


def test_a_quote_that_no_longer_stands_in_its_article_loses_its_support(assistant: Assistant, tmp_path: Path) -> None:
    turns = talk(assistant, "How much did the bridge cost?")
    other = tmp_path / "other.txt"
    other.write_text("Another story\nNothing of the kind stands here.\n", encoding="utf-8")
    (turn,) = from_browser(to_browser(turns), Library.open(other), GONE)
    assert {(citation.status, citation.reason) for citation in turn.answer.citations} == {("unsupported", GONE)}


def test_a_quote_that_the_browser_changed_is_found_out(assistant: Assistant) -> None:
    kept = to_browser(talk(assistant, "How much did the bridge cost?"))
    kept[0]["answer"]["citations"][0]["place"]["text"] = "The bridge cost nothing."
    (turn,) = from_browser(kept, assistant.library, GONE)
    assert turn.answer.citations[0].status == "unsupported"


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_what_is_no_conversation_is_none(anything: Any) -> None:
    assert from_browser(anything, Library.__new__(Library), GONE) == ()


def test_a_question_that_cannot_be_asked_raises_and_changes_nothing(assistant: Assistant) -> None:
    with pytest.raises(QuestionError):
        list(reply(assistant, "   ", ()))


def test_an_answer_may_be_limited_to_articles(assistant: Assistant) -> None:
    *_, (turns, _) = reply(assistant, "How much did the bridge cost?", (), articles=["bridge"])
    assert turns[-1].articles == ("bridge",)


def test_rating_a_turn_leaves_the_others_alone(assistant: Assistant) -> None:
    first, second = talk(assistant, "How much did the bridge cost?", "Who is Lan Pham?")
    assert from_browser(to_browser((first, replace(second, liked=True))), assistant.library, GONE)[0] == Turn(
        first.id, first.answer
    )
