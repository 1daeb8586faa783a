import pytest

from index.language import detect_language, is_vietnamese_without_marks


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Who is Lương Văn Phong?", "en"),
        ("Luong Van Phong la ai", "vi"),
        ("Vì sao DeepSeek từ chối lời mời?", "vi"),
        ("vi sao deepseek tu choi loi moi den paris", "vi"),
        ("bai bao nay noi ve dieu gi", "vi"),
        ("When will the bridge open?", "en"),
        ("gia xang tang bao nhieu", "vi"),
        ("Why?", "en"),
        ("Khi nào?", "vi"),
        ("o dau", "vi"),
        ("Le président a rencontré les ministres hier soir à Paris pour parler du budget.", "fr"),
        ("Der Präsident hat gestern die Minister in Berlin getroffen, um über den Haushalt zu sprechen.", "de"),
        ("The article says that Nguyễn Thị Minh Khai was a teacher in Huế.", "en"),
        ("The committee met, and Lê Minh said “rất tiếc” to them.", "en"),
        ("Who said “pháo đài kinh tế”?", "en"),
        ("Explain the word Đổi Mới", "en"),
        ("Explain Đổi Mới policy", "en"),
        ("Jack Ma", "en"),
        ("budget summit Oslo invitation declined", "en"),
        ("I've got a little problem", "en"),
        ("hang on", "en"),
        ("tom tat", "vi"),
        ("thu tuong", "vi"),
        ("cat giam thue quan thoi Trump", "vi"),
        ("Khác?", "vi"),
        ("谁写的？", "zh"),
        ("Кто это написал?", "ru"),
    ],
)
def test_questions_and_lines_are_told_apart(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_text_without_words_takes_the_default() -> None:
    assert detect_language("123 !!!", default="vi") == "vi"
    assert detect_language("") == "en"


def test_a_line_that_nothing_tells_takes_the_default() -> None:
    assert detect_language("Reuters", default="") == ""
    assert detect_language("Zorblat Quux", default="vi") == "vi"


def test_vietnamese_without_marks_is_known_as_such() -> None:
    assert is_vietnamese_without_marks("vi sao ho tu choi")
    assert not is_vietnamese_without_marks("vì sao họ từ chối")
