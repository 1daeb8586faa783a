"""Whether a name of one text stands in another, in its letters or in the other language's form."""

import pytest

from index.name_forms import Presence, Reading, may_be_one_name, presence


def of(text: str, language: str, other: str, other_language: str) -> dict[str, Presence]:
    reading = Reading.of(other, other_language)
    return {name.text: presence(name, language, reading) for name in Reading.of(text, language).names}


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("Officials in Germany met Lan Pham.", "Giới chức Đức gặp bà Phạm Lan."),
        (
            "A Kenyan and a Scottish museum agreed with South Africa.",
            "Một bảo tàng Kenya và một bảo tàng Scotland thỏa thuận với Nam Phi.",
        ),
        ("It flew from Saigon to Beijing.", "Máy bay bay từ Sài Gòn tới Bắc Kinh."),
        ("The United Nations thanked the Netherlands.", "Liên Hợp Quốc cảm ơn Hà Lan."),
    ],
)
def test_a_name_is_there_in_the_form_of_either_language(english: str, vietnamese: str) -> None:
    assert set(of(english, "en", vietnamese, "vi").values()) == {Presence.THERE}
    assert set(of(vietnamese, "vi", english, "en").values()) == {Presence.THERE}


@pytest.mark.parametrize(
    ("text", "language", "other", "other_language", "strange"),
    [
        ("Officials in France met.", "en", "Giới chức Đức gặp nhau.", "vi", "France"),
        ("Giới chức Pháp gặp nhau.", "vi", "Officials in Germany met.", "en", "Pháp"),
        ("It was said by Peter Hartwell.", "en", "Kỹ sư Nicola Ardelean nói vậy.", "vi", "Peter Hartwell"),
        ("Bà Lan Hartwell nói vậy.", "vi", "Lan Pham said so.", "en", "Lan Hartwell"),
        ("Hartwell conceded.", "en", "Ông Garza thừa nhận thất bại.", "vi", "Hartwell"),
        ("Officials in Da Nang met.", "en", "Giới chức Đà Lạt gặp nhau.", "vi", "Da Nang"),
    ],
)
def test_somebody_elses_name_is_strange(text: str, language: str, other: str, other_language: str, strange: str) -> None:
    assert of(text, language, other, other_language)[strange] is Presence.STRANGE


def test_what_is_made_of_words_may_be_translated_and_a_chinese_name_said_otherwise() -> None:
    assert of("The Northern Fleet sailed.", "en", "Hạm đội Phương Bắc ra khơi.", "vi")["Northern Fleet"] >= Presence.TRANSLATED
    assert of("He met Liang Wenfeng.", "en", "Ông gặp Lương Văn Phong.", "vi")["Liang Wenfeng"] is Presence.TRANSLATED
    assert may_be_one_name("Liang Wenfeng", "Lương Văn Phong")
    assert not may_be_one_name("Peter Hartwell", "Phạm Lan")


def test_an_office_is_no_name_and_a_calling_at_the_beginning_neither() -> None:
    assert [name.text for name in Reading.of("Ngoại trưởng Mỹ nói ở Quốc hội.", "vi").names] == ["Mỹ"]
    assert of("Geologist Nico Ferdinand said so.", "en", "Nhà địa chất Nico Ferdinand nói vậy.", "vi") == {
        "Geologist Nico Ferdinand": Presence.THERE
    }
