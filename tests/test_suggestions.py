"""Titles and suggested questions, by a model and without."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from samples import BUNDLE, ENGLISH
from scripted_server import Status, scripted_server

from assistant import Assistant, Settings
from assistant.chat_model import ChatModel
from assistant.suggestions import LONGEST_TITLE, suggest_questions, title_of
from assistant.ui.strings import strings
from assistant.ui.suggested import Suggested
from index.article import Source
from index.bundle import parse_bundle
from index.errors import UnknownArticle

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


def test_an_assistant_suggests_by_its_model_and_nothing_without_one(
    model: tuple[ChatModel, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, said = model
    (tmp_path / "bridge.txt").write_text(BUNDLE, encoding="utf-8")
    said[:] = ["How much did the bridge cost?\nWhat does a gallon of milk cost in Ohio?"]
    monkeypatch.setattr(ChatModel, "open", lambda settings: chat)
    with Assistant.open(tmp_path, settings=Settings(model="openai:scripted")) as assistant:
        assert assistant.suggest("bridge", "en") == ["How much did the bridge cost?"]
        assert assistant.quoting.suggest("bridge", "en") == []
        suggested = Suggested(assistant, "en", strings("en"))
        assert suggested.with_model("bridge") == [
            "How much did the bridge cost?",
            *suggested.at_once(assistant.library.article("bridge"), assistant.library.compare("bridge")),
        ]
        said.clear()
        assert suggested.with_model("bridge")[0] == "How much did the bridge cost?", "the model was asked once"
        with pytest.raises(UnknownArticle):
            assistant.suggest("tunnel", "en")
