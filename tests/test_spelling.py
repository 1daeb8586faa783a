"""Typing errors in questions."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.spelling import Speller, one_keystroke_away
from index.text import bare

WORTH = {
    **{word: 0.1 for word in ("the", "what", "who", "có", "nào", "và")},
    **{word: 0.8 for word in ("headline", "executive", "america", "else", "lock", "báo", "tháng", "trung", "quốc", "tổng", "chức", "người", "hiệu")},
    **{word: 1.1 for word in ("thống", "thong", "thát", "hiếu", "tổng thống", "chức trách", "trách", "cách", "hiệu lực", "dawn", "dust", "khách")},
    **{word: 0.9 for word in ("hiện", "đang", "lực")},
}  # fmt: skip
BETWEEN = re.compile(r"[^\w\u0300-\u036f]|[\d_]")

TOLD = {
    "kubota": ["kubota"],
    "kubtoa": ["kubota"],
    "unitre": ["unitree"],
    "đakbla": [],
    "oxi": ["oxi"],
    "block": ["block"],
    "blok": ["block"],
}


@pytest.fixture
def speller() -> Speller:
    known = WORTH | {bare(word): worth for word, worth in WORTH.items()}
    return Speller(known.get, lambda word: TOLD.get(word, []))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("the headlne", "the headline"),
        ("Who esle, in Amercia?", "Who else, in America?"),
        ("Waht else", "What else"),
        ("a blok", "a block"),
    ],
)
def test_an_unknown_english_word_gives_way_to_one_a_keystroke_away(speller: Speller, typed: str, meant: str) -> None:
    assert speller.mend(typed, "en") == meant


def test_a_british_word_is_right_where_the_american_one_is_known() -> None:
    words = {"summarize": 1.0, "summaries": 0.9, "labor": 1.0, "analyze": 1.0}
    assert Speller(words.get, lambda word: []).mend("summarise labour, analyse", "en") == "summarise labour, analyse"


def test_a_form_of_a_known_word_is_right_unless_a_letter_is_missing() -> None:
    words = {"bump": 1.0, "pumping": 0.5, "price": 1.0, "pried": 0.5, "snub": 1.0, "wat": 1.0, "waiting": 0.5}
    mend = Speller(words.get, lambda word: []).mend
    assert mend("bumping priced snubbed wating", "en") == "bumping priced snubbed waiting"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bao nào, thág nào", "bao nào, tháng nào"),
        ("báo nàoo?", "báo nào?"),
        ("tổng thốg nào", "tổng thống nào"),
        ("chức tfách", "chức trách"),
        ("có hiệi lực", "có hiệu lực"),
        ("nguời nào", "người nào"),
        ("khácch nào", "khách nào"),
        ("tong thog nao", "tong thong nao"),
    ],
)
def test_a_vietnamese_syllable_that_is_none_gives_way_to_one_that_goes_with_its_neighbours(
    speller: Speller, typed: str, meant: str
) -> None:
    assert speller.mend(typed, "vi") == meant


def test_a_syllable_with_marks_never_becomes_an_english_word(speller: Speller) -> None:
    assert speller.mend("đagn dụnt", "vi") == "đang dụnt"


@pytest.mark.parametrize("typed", ["tháng nào", "Người Trung Quốc"])
def test_marks_that_are_characters_of_their_own_are_part_of_their_letter(speller: Speller, typed: str) -> None:
    decomposed = unicodedata.normalize("NFD", typed)
    assert speller.mend(decomposed, "vi") == decomposed


@pytest.mark.parametrize("question", ["Kubota", "Headlines", "Amerika", "CESS", "xyzzy plugh", "a e i 2025", "", "the executive"])
def test_names_plurals_initials_and_words_near_nothing_stay(speller: Speller, question: str) -> None:
    assert speller.mend(question, "en") == question


@pytest.mark.parametrize("question", ["thang nay", "Trung Quoc", "oxi có", "oxu có", "Đắkbla"])
def test_words_without_marks_and_foreign_ones_stay(speller: Speller, question: str) -> None:
    assert speller.mend(question, "vi") == question


@pytest.mark.parametrize(("typed", "meant"), [("Kubtoa", "Kubota"), ("Unitre", "Unitree")])
def test_a_name_that_the_articles_tell_is_mended(speller: Speller, typed: str, meant: str) -> None:
    assert speller.mend(typed, "en") == meant


def test_what_is_no_word_and_what_is_no_question_is_left_alone(speller: Speller) -> None:
    for text in ("x" * 4_000, "headlne " * 600):
        mended = speller.mend(text, "en")
        assert mended.endswith(text[-800:])


@given(st.text(max_size=60), st.sampled_from(["en", "vi"]))
def test_what_stands_between_words_stays_to_the_letter(question: str, language: str) -> None:
    speller = Speller(WORTH.get, lambda word: TOLD.get(word, []))
    assert BETWEEN.findall(speller.mend(question, language)) == BETWEEN.findall(question)


@given(st.text("abcxyz", min_size=1, max_size=6), st.text("abcxyz", min_size=1, max_size=6))
def test_what_is_a_keystroke_away_is_so_in_both_directions(one: str, other: str) -> None:
    assert (other in one_keystroke_away(one, "abcxyz")) == (one in one_keystroke_away(other, "abcxyz"))


def test_a_mistyped_question_about_the_shipped_article_is_answered_as_the_right_one_is() -> None:
    with Assistant.open() as assistant:
        for right, mistyped in (
            ("Hội nghị thượng đỉnh ở Paris diễn ra tháng mấy?", "Hội nghị thượng đỉnh ở Pari diễn ra thág mấy?"),
            ("Jack Ma đã gặp tổng thống Mỹ nào?", "Jack Ma đã gặp tổng thốg Mỹ nàoo?"),
        ):
            meant, answer = assistant.ask(right), assistant.ask(mistyped)
            assert answer.answered
            assert answer.citations[0].quote == meant.citations[0].quote
