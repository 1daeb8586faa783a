import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import find_dates
from index.facts import extract_facts
from index.names import find_names
from index.negation import negations_agree, opposite_directions
from index.numbers import find_numbers


def values(text: str, language: str) -> list[float]:
    return [number.value for number in find_numbers(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1,8 tỷ USD và 150.000 người", "vi", [1.8e9, 150_000]),
        ("$1.8 billion and 150,000 people", "en", [1.8e9, 150_000]),
        ("hai trăm linh năm", "vi", [205]),
        ("hai mươi mốt, mười lăm nghìn", "vi", [21, 15_000]),
        ("mười năm sau", "vi", [10]),
        ("5 nghìn tỷ đồng", "vi", [5e12]),
        ("forty-two, two hundred and five, a dozen", "en", [42, 205, 12]),
        ("the 1920s and an eighteenth floor", "en", [1920, 18]),
        ("3,2 triệu", "vi", [3.2e6]),
        ("2.5 million", "en", [2.5e6]),
        ("1.000,00 and 1.234.567 in the other way", "en", [1_000, 1_234_567]),
        ("HAİ TRĂM LINH NĂM, haı trăm", "vi", [205, 200]),
        ("SIXTEEN, ſıx Thousand", "en", [16, 6_000]),
        ("It cost € 7 then", "en", [7]),
    ],
)
def test_numbers_of_both_languages_have_one_value(text: str, language: str, expected: list[float]) -> None:
    assert values(text, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ngày 17/2", ["?-2-17"]),
        ("ngày 17 tháng 2 năm 2025", ["2025-2-17"]),
        ("on Feb. 17, 2025", ["2025-2-17"]),
        ("17 February", ["?-2-17"]),
        ("năm 2017", ["2017-?-?"]),
        ("hôm thứ Ba", ["Tuesday"]),
        ("the second day", []),
        ("2025-03-01", ["2025-3-1"]),
        ("He may go in May.", ["?-5-?"]),
        ("2,000 people in 2019", ["2019-?-?"]),
    ],
)
def test_dates_of_both_languages_read_alike(text: str, expected: list[str]) -> None:
    assert [str(date) for date in find_dates(text)] == expected


def test_names_leave_out_titles_and_words_that_only_begin_a_sentence() -> None:
    assert [name.text for name in find_names("Theo ông Tập Cận Bình, DeepSeek ở Hàng Châu. Những người Mỹ đến.")] == [
        "Tập Cận Bình",
        "DeepSeek",
        "Hàng Châu",
        "Mỹ",
    ]
    assert [name.text for name in find_names("The mayor met Dr. Lan Pham at the University of Hue.")] == [
        "Lan Pham",
        "University of Hue",
    ]
    assert [name.text for name in find_names("It was Mr. Dahl. Nobody else saw Prof. Okoro.")] == ["Dahl", "Okoro"]


@given(st.text(max_size=200), st.sampled_from(["en", "vi"]))
def test_a_fact_lies_inside_its_text(text: str, language: str) -> None:
    for fact in extract_facts(text, language):
        assert 0 <= fact.start < fact.end <= len(text)


def test_another_way_of_denying_renders_a_negation() -> None:
    assert negations_agree("He refused to go.", "en", "Ông không đi.", "vi")
    assert not negations_agree("He went.", "en", "Ông không đi.", "vi")


def test_directions_oppose_only_when_each_text_has_one() -> None:
    assert opposite_directions("Prices rose.", "Giá giảm.")
    assert not opposite_directions("Prices rose and fell.", "Giá giảm.")


def test_an_i_behind_a_verb_that_asks_makes_no_name() -> None:
    assert [name.text for name in find_names("Can I see it? Should I go to Can Tho? King Charles I slept.")] == [
        "Can Tho",
        "King Charles I",
    ]
