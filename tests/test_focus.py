"""The kind of thing a question asks for, in its own words."""

import pytest

from assistant.focus import focus_of


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("Which city will host the fair?", "city"),
        ("What kind of stone is the bridge made of?", "stone"),
        ("What was the cause of the delay?", "cause"),
        ("What's the name of the engineer?", "name"),
        ("In which month did it open?", "month"),
        ("Hội chợ diễn ra ở thành phố nào?", "thành phố"),
        ("cau xay bang vat lieu gi", "vat lieu"),
        ("Bà ấy làm nghề gì?", "nghề"),
    ],
)
def test_the_words_for_the_kind_of_answer_are_found(question: str, focus: str) -> None:
    assert focus_of(question) == focus


@pytest.mark.parametrize(
    "question", ["Who built it?", "What happened?", "Điều gì đã xảy ra?", "Bà ấy đã làm gì?", "Why?", "", "which", "nào"]
)
def test_a_question_that_does_not_say_has_none(question: str) -> None:
    assert focus_of(question) == ""
