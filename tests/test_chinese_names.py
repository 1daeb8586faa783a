"""Chinese persons are told by their family names, in either language's form."""

from pathlib import Path

import pytest

from assistant import Assistant
from index.chinese_names import one_person


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("Zhao Minghui", "Triệu Minh Huy", ("Zhao Minghui", "Triệu Minh Huy")),
        ("Hội An Trịnh Hoa", "Captain Zheng Hua's", ("Trịnh Hoa", "Zheng Hua")),
        ("Professor Wen Jie", "Ôn Kiệt", ("Wen Jie", "Ôn Kiệt")),
    ],
)
def test_one_person_is_found_behind_office_and_country(first: str, second: str, told: tuple[str, str]) -> None:
    assert one_person(first, second) == told


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Zhao Minghui", "Trịnh Minh Huy"),
        ("Zhao Minghui", "Triệu Huy"),
        ("Li Auto", "Lý Tự Trọng"),
        ("Jack Ma", "Mã"),
        ("Oslo", "Lý Oslo"),
        ("", ""),
    ],
)
def test_other_names_are_not_one_person(first: str, second: str) -> None:
    assert one_person(first, second) is None


def test_a_person_who_is_only_named_with_an_office_is_found_by_either_form(tmp_path: Path) -> None:
    (tmp_path / "dam.en.txt").write_text(
        "A dam is built\nEast Harbour Deputy Governor Zheng Huiwen opened the new dam on Monday.\nThe dam holds back the river in spring.\n",
        encoding="utf-8",
    )
    (tmp_path / "dam.vi.txt").write_text(
        "Đập được xây\nPhó tỉnh trưởng Đông Cảng Trịnh Huệ Văn khánh thành con đập mới hôm thứ Hai.\nCon đập ngăn sông vào mùa xuân.\n",
        encoding="utf-8",
    )
    with Assistant.open(tmp_path) as assistant:
        for question in ("What did Trịnh Huệ Văn open?", "Zheng Huiwen khánh thành gì?", "trinh hue van khanh thanh gi"):
            answer = assistant.ask(question)
            assert answer.answered, question
            assert "Zheng Huiwen" in answer.citations[0].quote or "Trịnh Huệ Văn" in answer.citations[0].quote


def test_a_text_of_nothing_but_names_takes_no_longer_than_its_length() -> None:
    assert one_person("Anna " * 20_000 + "Wang Li", "Vương " * 20_000 + "An Lý Vương Lý") == ("Wang Li", "Vương Lý")
