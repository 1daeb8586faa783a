"""What is marked as the short answer inside a sentence."""

import pytest

from assistant.asked import what_is_asked
from assistant.short_answer import find_short_answer
from index.article import Place


def marked(question: str, sentence: str, language: str) -> str | None:
    place = Place("a", "a", language, "original", "a.txt", 0, "body", 7, 7 + len(sentence), sentence)
    span = find_short_answer(what_is_asked(question), place, question)
    return sentence[span[0] - 7 : span[1] - 7] if span else None


@pytest.mark.parametrize(
    ("question", "sentence", "language", "answer"),
    [
        ("Who opened the dam?", "The dam was opened by Zheng Huiwen on Monday.", "en", "Zheng Huiwen"),
        ("Ai khánh thành con đập?", "Ông Trịnh Huệ Văn khánh thành con đập ở Hà Lan.", "vi", "Trịnh Huệ Văn"),
        ("When was it opened?", "It was opened on March 3.", "en", "March 3"),
        ("Con đập ở đâu?", "Con đập nằm ở Hà Lan.", "vi", "Hà Lan"),
        ("How much did it cost?", "It cost $1.8 billion.", "en", "$1.8 billion"),
        ("How many boats does she own?", "Nora Beck, 52, owns three boats.", "en", "three"),
        ("How old is she?", "Nora Beck, 52, owns three boats.", "en", "52"),
        ("Lái thuyền không có bằng bị phạt bao nhiêu tiền?", "Ai lái 2 lần không có bằng bị phạt 900 zloty.", "vi", "900 zloty"),
    ],
)
def test_a_name_a_date_a_place_or_an_amount_is_marked(question: str, sentence: str, language: str, answer: str) -> None:
    assert marked(question, sentence, language) == answer


@pytest.mark.parametrize(
    ("question", "sentence", "language"),
    [
        ("Who is Zheng Huiwen?", "Zheng Huiwen, a friend of Anna Lund, opened the dam.", "en"),
        ("trinh hue van la ai", "Trịnh Huệ Văn gặp ông Lê Văn Nam.", "vi"),
        ("Ai khánh thành con đập?", "Con đập do Hà Lan xây.", "vi"),
        ("Why was it opened?", "It was opened on March 3.", "en"),
        ("Who opened the dam?", "Ferry That Sank Near Sola Sailed With Loose Trucks", "en"),
        ("How many boats does she own?", "Nora Beck, 52, owns boats.", "en"),
    ],
)
def test_nothing_is_marked_where_the_sentence_answers_or_a_country_would_be_a_person(
    question: str, sentence: str, language: str
) -> None:
    assert marked(question, sentence, language) is None
