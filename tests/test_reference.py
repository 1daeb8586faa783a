"""What a quoted sentence refers back to."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.reference import reference_of
from index.library import Library

STORY = (
    "The river runs dry\n"
    "Hanna Vogel, who runs the ferry at Dorn, said the river had never been so low.\n"
    "The boats sit on sand. “He told me to wait,” she said, and laughed. It costs her a month's income. "
    "A fisherman said that he had sold his nets. She wants the lock opened by June.\n"
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "ferry.txt").write_text(STORY, encoding="utf-8")
    return Library.open(tmp_path / "ferry.txt")


def referred(library: Library, beginning: str) -> tuple[str, str]:
    """The sentence with the name behind its pronoun, and the context's first words."""
    sentences = library.article("ferry").versions[0].sentences
    place = next(sentence for sentence in sentences if sentence.text.startswith(beginning))
    found = reference_of(place, sentences)
    if found is None:
        return place.text, ""
    cut = found.end - place.start
    return (f"{place.text[:cut]} [{found.name}]{place.text[cut:]}" if found.name else place.text), found.context.text[:11]


def test_who_speaks_is_the_person_whom_the_sentences_before_are_about(library: Library) -> None:
    assert referred(library, "“He told") == ("“He told me to wait,” she [Hanna Vogel] said, and laughed.", "Hanna Vogel")


def test_a_pronoun_in_somebody_elses_clause_is_left_alone(library: Library) -> None:
    assert referred(library, "A fisherman") == ("A fisherman said that he had sold his nets.", "")


def test_a_thing_is_shown_by_the_sentence_before(library: Library) -> None:
    assert referred(library, "It costs") == ("It costs her a month's income.", "“He told me")


def test_a_name_too_far_back_is_not_guessed(library: Library) -> None:
    assert referred(library, "She wants")[0] == "She wants the lock opened by June."


def test_the_first_sentence_refers_to_nothing(library: Library) -> None:
    assert referred(library, "Hanna") == (STORY.split("\n")[1], "")


def test_an_answer_gives_the_name_in_brackets_and_leaves_the_quote_alone(library: Library) -> None:
    answer = Assistant(library).ask("Who laughed?")
    cited = next(citation for citation in answer.citations if "laughed" in citation.quote)
    assert cited.quote == "“He told me to wait,” she said, and laughed." == STORY[cited.start : cited.end]
    assert cited.context is not None
    assert not answer.answered or "she [Hanna Vogel] said" in answer.text


def test_a_village_that_the_sentence_before_is_about_is_not_she(tmp_path: Path) -> None:
    text = "The choir of Vale Tarro won.\nVale Tarro has one shop.\nShe learned it at night.\nAna Ruiz, 39, leads the choir of Sola.\nShe laughed.\n"
    (tmp_path / "choir.txt").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "choir.txt") as library:
        sentences = library.article("choir").versions[0].sentences
        found = [reference_of(place, sentences) for place in sentences if place.text.startswith("She")]
    assert [reference.name if reference else None for reference in found] == ["", "Ana Ruiz"]
