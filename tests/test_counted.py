"""What a question wants counted, and what stands beside a sentence's numbers."""

import pytest

from assistant.counted import beside_numbers, noun_of


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("How many people were hurt?", "people"),
        ("How many seats did the party win?", "seats"),
        ("Có bao nhiêu ghế?", "ghế"),
        ("dai bao nhieu km", "km"),
        ("mấy nước đã ký?", "nước"),
        ("Mấy năm sau ông ấy làm gì?", ""),
        ("How much did it cost?", ""),
        ("Dân số là bao nhiêu?", ""),
        ("Who built the bridge?", ""),
    ],
)
def test_the_noun_of_a_count_is_found(question: str, noun: str) -> None:
    assert noun_of(question) == noun


@pytest.mark.parametrize(
    ("question", "unit"), [("How long did it last?", "hours"), ("Cuộc họp kéo dài bao lâu?", "giờ"), ("How far is it?", "miles")]
)
def test_a_measure_is_counted_in_its_units(question: str, unit: str) -> None:
    assert unit in noun_of(question).split()


def test_what_stands_behind_numbers_is_told_and_dates_are_left_out() -> None:
    told = beside_numbers("On May 3 a hole 40 centimetres wide hurt 12 people, and nobody complained.", "en")
    assert "centimetres" in told
    assert "people" in told
    assert "complained" not in told
    assert "hole" not in told


def test_a_text_without_numbers_counts_nothing() -> None:
    assert beside_numbers("Nobody was hurt.", "en") == ""
