import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import _COMMON, _plain, bare, fold, fold_with_offsets, tokenise, unmask, visible


def test_both_ways_of_placing_a_tone_mark_fold_to_one_key() -> None:
    assert fold("Hoà bình, thuý, khoẻ") == fold("hòa bình, thúy, khỏe")


def test_composed_and_decomposed_letters_fold_to_one_key() -> None:
    assert fold(unicodedata.normalize("NFD", "Đường Nguyễn Huệ")) == fold("đường nguyễn huệ")


def test_bare_removes_marks_and_the_stroke_of_d() -> None:
    assert bare("Đường phố Hồ Chí Minh") == "duong pho ho chi minh"


def test_letters_that_are_folded_without_looking_for_more_show_nothing_to_look_for() -> None:
    common = [letter for letter in map(chr, range(sys.maxunicode + 1)) if _COMMON.fullmatch(letter)]
    assert len(common) > 700
    assert all(unmask(_plain(9 * letter + "a")) == 9 * letter + "a" for letter in common)


def test_numbers_keep_their_separators_as_one_token() -> None:
    assert tokenise("Ngày 17/2: 1,8 tỷ, 20%") == ["ngày", "17/2", "1,8", "tỷ", "20"]


def test_invisible_characters_are_no_part_of_a_key() -> None:
    assert fold("An\u200bh\u202e \U000e0041x") == "anh x"


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d🔧 ❤\ufe0f 1\ufe0f\u20e3 👍🏽",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "Đà Nẵng\n\t“là”",
        "Đ" + "a\u0323\u0306",
    ],
)
def test_emoji_letters_and_lines_are_visible(text: str) -> None:
    assert visible(text) == text


@pytest.mark.threat("hidden characters")
@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b",
        "\u202e",
        "\u2066",
        "\u061c",
        "\ufeff",
        "\x00",
        "\x1b",
        "\u3164",
        "\ufe0f",
        "\U000e0100",
        "\U000e0049\U000e0067",
        "\u200d",
    ],
)
def test_what_nobody_sees_is_neither_shown_nor_part_of_a_key(hidden: str) -> None:
    assert visible(f"cá{hidden}c") == fold(f"cá{hidden}c") == "các"


@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text) or "İ" in text


@given(st.text())
def test_offsets_lead_from_the_key_back_into_the_text(text: str) -> None:
    key, offsets = fold_with_offsets(text)
    assert len(offsets) == len(key) + 1
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(text) for offset in offsets)


def test_a_quote_found_in_the_key_is_found_in_the_text() -> None:
    text = unicodedata.normalize("NFD", "Bà nói:  “Hoà bình\nlà  trên hết”.")
    key, offsets = fold_with_offsets(text)
    at = key.index("hòa bình là trên hết")
    found = text[offsets[at] : offsets[at + len("hòa bình là trên hết")]]
    assert fold(" ".join(found.split())) == "hòa bình là trên hết"
