"""What a number counts, under one name for both languages."""

import pytest

from index.facts import Fact, extract_facts, supports


def counted(text: str, language: str) -> list[tuple[object, str]]:
    return [(fact.value, fact.unit) for fact in extract_facts(text, language) if fact.kind == "number"]


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("a 14-kilometre road", "con đường dài 14 km"),
        ("41,000 cubic metres", "41.000 mét khối"),
        ("$1.8 billion", "1,8 tỷ đô la"),
        ("£125m", "125 triệu bảng"),
        ("five years", "năm năm"),
        ("a 300-year-old cape", "tấm áo 300 năm tuổi"),
        ("nine hours", "chín tiếng đồng hồ"),
        ("18 months", "18 tháng"),
    ],
)
def test_a_unit_has_one_name_in_both_languages(english: str, vietnamese: str) -> None:
    assert counted(english, "en") == counted(vietnamese, "vi")
    assert counted(english, "en")[0][1]


@pytest.mark.parametrize(
    ("claim", "quote"),
    [("It is 14 metres long.", "Nó dài 14 km."), ("It cost 12 euros.", "Nó có giá 12 USD."), ("48 hours", "48 phút")],
)
def test_a_number_of_something_else_bears_nothing_out(claim: str, quote: str) -> None:
    (fact,) = (fact for fact in extract_facts(claim, "en") if fact.kind == "number")
    assert not supports(fact, extract_facts(quote, "vi"), quote, "vi")


def test_a_number_without_a_unit_agrees_with_any() -> None:
    assert supports(Fact("number", 14.0, 0, 2), extract_facts("14 km", "vi"), "14 km", "vi")
