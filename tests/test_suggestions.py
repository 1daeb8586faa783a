"""Titles and suggested questions, by a model and without."""

from collections.abc import Iterator
from typing import Any

import pytest
from samples import ENGLISH
from scripted_server import Status, scripted_server

from assistant import Settings
from assistant.chat_model import ChatModel
from assistant.suggestions import LONGEST_TITLE, suggest_questions, title_of
from index.article import Source
from index.bundle import parse_bundle

pytest.importorskip("langchain_openai")
(VERSION,) = parse_bundle(Source("bridge.en.txt", ENGLISH, ""), "bridge", "en")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[ChatModel, list[str]]]:
    """A model that says what is in the list, or fails when it is empty."""
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    said: list[str] = []

    def script(body: dict[str, Any]) -> Iterator[str]:
        if not said:
            raise Status("500")
        yield said[0]

    with scripted_server(script) as (address, _):
        yield ChatModel.open(Settings(model="openai:scripted", base_url=address, retries=0)), said


def test_a_title_is_the_models_or_the_beginning_of_the_question(model: tuple[ChatModel, list[str]]) -> None:
    chat, said = model
    said[:] = ['"The bridge of Vinh Hoa."\n']
    assert title_of("How much did the bridge cost?", "en", chat) == "The bridge of Vinh Hoa"
    for unfit in ("", "x" * 200, "two\nlines"):
        said[:] = [unfit]
        assert title_of("Cây cầu tốn bao nhiêu?", "vi", chat) == "Cây cầu tốn bao nhiêu?"
    said.clear()
    assert title_of("Cây cầu tốn bao nhiêu?", "vi", chat) == "Cây cầu tốn bao nhiêu?"
    assert len(title_of("why " * 100, "en")) <= LONGEST_TITLE + 2


def test_only_questions_that_are_answered_are_suggested(model: tuple[ChatModel, list[str]]) -> None:
    chat, said = model
    said[:] = [
        "Here you are:\n1. What did it cost?\n- What did it cost?\n2. Who is the king?\n3. When does it open?\n" + "y" * 200 + "?"
    ]
    assert suggest_questions(VERSION, "en", chat, lambda question: "king" not in question) == [
        "What did it cost?",
        "When does it open?",
    ]
    said.clear()
    assert suggest_questions(VERSION, "en", chat, lambda question: True) == []
