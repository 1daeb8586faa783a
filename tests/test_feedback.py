"""What readers thought of answers is kept, and becomes drafts of cases."""

import json
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.cli import main
from assistant.evaluation.drafts import draft_from_chats
from assistant.feedback import Feedback, beside
from assistant.ui.history import Turn
from assistant.ui.replies import rated
from index.errors import LibraryError


@pytest.fixture
def ratings(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path / "feedback.sqlite")


def test_a_rating_is_kept_with_its_word_and_read_back(bundle: Path, ratings: Feedback) -> None:
    answer = Assistant.open(bundle).ask("How much did the bridge cost?")
    ratings.keep("a", answer, True, [("Hello?", "Hello.")], ["bridge"])
    ratings.add_word("a", "  clear and short ")
    (chat,) = ratings.chats()
    assert (chat["question"], chat["liked"], chat["word"]) == (answer.question, True, "clear and short")
    assert chat["history"] == [["Hello?", "Hello."]]
    assert chat["articles"] == ["bridge"]
    assert chat["answer"]["text"] == answer.text


def test_a_reader_may_change_his_mind_and_take_it_back(bundle: Path, ratings: Feedback) -> None:
    turns = (Turn("a", Assistant.open(bundle).ask("How much did the bridge cost?")),)
    turns = rated(turns, 0, True, ratings)
    turns = rated(turns, 0, False, ratings)
    assert [chat["liked"] for chat in ratings.chats()] == [False]
    turns = rated(turns, 0, False, ratings)
    assert turns[0].liked is None
    assert list(ratings.chats()) == []


def test_a_liked_answer_becomes_a_case_that_must_cite_what_it_cited(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = Assistant.open(bundle).ask("How much did the bridge cost?")
    Feedback(beside(bundle)).keep("a", answer, True)
    assert main(["feedback", "--library", str(bundle)]) == 0
    chats = tmp_path / "chats.jsonl"
    chats.write_text(capsys.readouterr().out, encoding="utf-8")
    (case,) = draft_from_chats(chats)
    assert case.question == answer.question
    assert answer.citations[0].quote in json.dumps(case.model_dump(mode="json"), ensure_ascii=False)


def test_no_ratings_are_no_lines(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", "--library", str(bundle)]) == 0
    assert capsys.readouterr().out == ""


def test_ratings_that_cannot_be_kept_say_so(bundle: Path, tmp_path: Path) -> None:
    answer = Assistant.open(bundle).ask("How much did the bridge cost?")
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"not a database, and long enough to be taken for one" * 100)
    with pytest.raises(LibraryError, match=r"broken\.sqlite"):
        Feedback(broken).keep("a", answer, True)
