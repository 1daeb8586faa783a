"""What kinds of thing a sentence holds, and which of its names may be a person's or a place's."""

import pytest

from assistant.asked import what_is_asked
from assistant.fit import fits, holdings_of, is_placed, may_be_person, tells_how_long
from index.names import find_names


def persons(text: str) -> list[str]:
    return [name.text for name in find_names(text) if may_be_person(name, text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Yesterday the engineer Lan Pham met President Dahl, who runs the Northern Bridge Company in Oslo.",
            ["Lan Pham", "Dahl"],
        ),
        ("Hôm qua bà Phạm Lan gặp ông Dahl ở Na Uy.", ["Phạm Lan", "Dahl"]),
        ("Last year the founder of a Chinese AI startup stayed in the United States.", []),
        ("Ông Nguyễn Văn Minh và bà Đoàn Thị Liên gặp lãnh đạo Tập đoàn Sao Mai.", ["Nguyễn Văn Minh", "Đoàn Thị Liên"]),
        ("Hội đồng thành phố mời ông Lê Hội.", ["Lê Hội"]),
        ("Quan hệ Mỹ-Trung lại căng thẳng ở Hàn Quốc.", []),
    ],
)
def test_names_that_persons_may_have_are_told_from_countries_and_organisations(text: str, found: list[str]) -> None:
    assert persons(text) == found


def test_a_name_behind_a_word_of_place_is_a_place() -> None:
    text = "She moved from Oslo to the bridge office of Sola, near Bergen."
    assert [name.text for name in find_names(text) if is_placed(name, text)] == ["Oslo", "Bergen"]


def test_a_sentence_holds_its_days() -> None:
    assert holdings_of("It opened on May 3, 2024.", "en").days == {"2024-5-3"}
    assert holdings_of("Cầu mở ngày 3 tháng 5 năm 2024.", "vi").days == {"2024-5-3"}


@pytest.mark.parametrize(
    ("text", "language", "counts"),
    [
        ("Ba hãng bay đã ngừng bán vé.", "vi", True),
        ("Sâu bệnh phá một phần năm vụ cam.", "vi", True),
        ("Hội đồng họp hôm thứ Ba.", "vi", False),
        ("Năm ngoái trời ít mưa.", "vi", False),
        ("Pests destroyed a fifth of the oranges.", "en", True),
        ("The team won 24-21 at home.", "en", True),
        ("It was the third increase in a row.", "en", False),
        ("The fair runs from February 10-17.", "en", False),
    ],
)
def test_a_sentence_counts_something_by_a_number_a_part_or_a_score(text: str, language: str, counts: bool) -> None:
    assert ("count" in holdings_of(text, language).kinds) is counts


@pytest.mark.parametrize(
    ("text", "language", "tells"),
    [
        ("The talks went on for three hours.", "en", True),
        ("He has been held since March.", "en", True),
        ("The trial took years.", "en", True),
        ("The mill ran all night.", "en", True),
        ("They met on May 3.", "en", False),
        ("All owners met on May 3.", "en", False),
        ("He was held in Oslo at their request.", "en", False),
        ("Cuộc họp kéo dài ba giờ.", "vi", True),
        ("Ông bị giữ suốt mùa đông.", "vi", True),
        ("Việc xây dựng mất nhiều năm.", "vi", True),
        ("Họ gặp nhau ngày 3 tháng 5.", "vi", False),
        ("Một lãnh đạo bị giữ ở Oslo.", "vi", False),
    ],
)
def test_a_sentence_tells_how_long_by_a_span_of_time_and_not_by_a_day(text: str, language: str, tells: bool) -> None:
    assert tells_how_long(text, language) is tells


@pytest.mark.parametrize(
    ("question", "text", "language", "fit"),
    [
        ("Xưởng ra đời năm nào?", "Xưởng thành lập năm 1926.", "vi", True),
        ("Xưởng ra đời năm nào?", "Doanh số đứng yên suốt ba năm.", "vi", False),
        ("Xưởng ra đời năm nào?", "Xưởng mở từ năm ngoái.", "vi", True),
        ("What year did it open?", "It opened two years ago.", "en", True),
        ("What year did it open?", "It opened after the flood.", "en", False),
        ("When did it open?", "It opened some time later.", "en", True),
    ],
)
def test_a_year_is_told_by_a_date_and_not_by_a_clause(question: str, text: str, language: str, fit: bool) -> None:
    assert fits(what_is_asked(question), holdings_of(text, language), frozenset()) is fit


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Why might house prices fall?", "reason"),
        ("Ông Minh đánh giá thế nào về cây cầu?", "way"),
        ("Vì sao giá vé tăng?", "reason"),
        ("How much are the prices?", "money"),
        ("Giá vé là bao nhiêu tiền?", "money"),
    ],
)
def test_a_price_is_asked_for_only_where_nothing_else_is(question: str, kind: str) -> None:
    assert what_is_asked(question).kind == kind
