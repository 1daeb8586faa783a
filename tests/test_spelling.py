"""Typing errors in questions."""

import pytest

from assistant.spelling import Speller
from index.text import bare

KNOWN = ["the", "headline", "executive", "america", "else", "báo", "nào", "tháng", "trung", "quốc"]
TOLD = {"kubota": "kubota", "kubtoa": "kubota", "nghij": "nghi"}


@pytest.fixture
def speller() -> Speller:
    return Speller({*KNOWN, *map(bare, KNOWN)}.__contains__, lambda: KNOWN, TOLD.get)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("the headlne", "the headline"),
        ("Who esle, in Amercia?", "Who else, in America?"),
        ("bao nào, thág mấy", "bao nào, tháng mấy"),
        ("báo nàoo?", "báo nào?"),
        ("Ông Nghij", "Ông Nghi"),
    ],
)
def test_an_unknown_word_gives_way_to_one_a_keystroke_away(speller: Speller, typed: str, meant: str) -> None:
    assert speller.mend(typed) == meant


@pytest.mark.parametrize(
    "question", ["Kubota", "Headlines", "Amerika", "thang nay", "Trung Quoc", "xyzzy plugh", "a e i 2025", "", "the executive"]
)
def test_names_plurals_words_without_marks_and_words_near_nothing_stay(speller: Speller, question: str) -> None:
    assert speller.mend(question) == question


def test_a_name_that_the_articles_tell_wins_over_a_common_word(speller: Speller) -> None:
    assert speller.mend("Kubtoa") == "Kubota"
