from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from prompts import language_name, load_prompt

FILES = sorted(Path(prompts.__file__).parent.glob("*.md"))


def test_every_prompt_is_there_in_both_languages_with_the_same_variables() -> None:
    names = {file.name.split(".")[0] for file in FILES}
    assert len(FILES) == 2 * len(names)
    for name in names:
        assert load_prompt(name, "en").variables == load_prompt(name, "vi").variables


def test_missing_and_unknown_variables_are_errors() -> None:
    with pytest.raises(ValueError, match="fence"):
        load_prompt("answer", "en").render(language="English")
    with pytest.raises(ValueError, match="colour"):
        load_prompt("answer", "en").render(language="English", fence="=", colour="red")


def test_braces_and_dollars_of_an_article_are_left_as_they_are() -> None:
    text = load_prompt("question", "vi").render(fence="=", passages="{x} $1.8 $passages", history="–", question="Sao?")
    assert "{x} $1.8 $passages" in text


def test_another_language_gets_the_english_words() -> None:
    assert load_prompt("answer", "fr").name == "answer.en.md"


@pytest.mark.parametrize("language", ["../../README", "en.md/..", "", "e", "\x00", "EN"])
def test_a_language_can_be_no_path(language: str) -> None:
    assert load_prompt("answer", language).name == "answer.en.md"
    assert language_name(language) == "English"


@pytest.mark.parametrize("name", ["reply", "../answer", ""])
def test_a_prompt_that_there_is_not_is_named_with_those_there_are(name: str) -> None:
    with pytest.raises(ValueError, match="there are answer, condense"):
        load_prompt(name, "en")


@given(st.text())
def test_whatever_is_filled_in_stands_in_the_prompt_as_it_is(text: str) -> None:
    assert text in load_prompt("question", "en").render(fence="=", passages=text, history="–", question="Why?")
