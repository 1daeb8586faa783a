"""What kinds of thing a sentence holds, and which of its names may be a person's or a place's."""

import pytest

from assistant.fit import holdings_of, is_placed, may_be_person
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
