"""Which numbers are amounts, ages and sums of money."""

import pytest

from assistant.amounts import amounts, has_amount, has_money
from index.dates import find_dates


def counted(text: str, language: str) -> list[float]:
    return [number.value for number in amounts(text, language, find_dates(text))]


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("Nora Beck, 52, owns four boats.", "en", [4]),
        ("A 9-year-old boy found 3 coins.", "en", [3]),
        ("Her sister, aged 40, sold them for 12 dollars.", "en", [12]),
        ("Bà Đỗ Thị Mai, 71 tuổi, có hai chiếc thuyền.", "vi", [2]),
        ("Con tàu hai mươi tuổi chở 30 khách.", "vi", [30]),
        ("Họ đi khi không có giấy phép.", "vi", []),
        ("On May 3, 2024, nobody came.", "en", []),
    ],
)
def test_ages_days_and_a_no_are_no_amounts(text: str, language: str, values: list[float]) -> None:
    assert counted(text, language) == values


def test_a_number_behind_a_comma_counts_where_no_name_stands_before_it() -> None:
    assert counted("They sold 39, the most in years.", "en") == [39]
    assert counted("In all, 39 were sold.", "en") == [39]


def test_a_part_counts_where_no_number_does() -> None:
    assert has_amount("Half of it was lost.", "en", ())
    assert not has_amount("Nora Beck, 52, lost it.", "en", ())


@pytest.mark.parametrize(
    ("text", "is_money"),
    [
        ("The fee is 240 zlotys.", True),
        ("Lệ phí là 240 zloty.", True),
        ("Vé giá hai trăm nghìn đồng.", True),
        ("It cost €5.", True),
        ("Hội đồng thành phố đồng ý.", False),
        ("The club won the real prize.", False),
    ],
)
def test_money_is_told_by_its_sign_or_currency_and_not_by_words_that_look_like_one(text: str, is_money: bool) -> None:
    assert has_money(text) is is_money


def test_a_number_of_thousands_of_digits_is_no_age() -> None:
    assert len(counted(f"Nora Beck, {'9' * 5_000}, came.", "en")) == 1
