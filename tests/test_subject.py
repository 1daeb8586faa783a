"""Questions about the article itself, told by likeness to examples."""

import pytest

from assistant.subject import LIKE, subject_of


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("Who is the writer of this piece?", "byline"),
        ("ai viet bai bao nay", "byline"),
        ("Which day was the story updated?", "updated"),
        ("Bài này được đăng hôm nào?", "updated"),
        ("Whose picture is that?", "credit"),
        ("How can one get in touch with the reporter?", "contact"),
        ("Bài lấy từ báo nào?", "link"),
        ("Can I get the link to the original story?", "link"),
        ("xin link goc voi", "link"),
        ("Please sum up the article", "summary"),
        ("Bản tóm tắt không nhắc đến điều gì?", "left-out"),
        ("How do the two versions differ?", "differences"),
        ("What's the headline?", "title"),
        ("bai nay viet ve chuyen gi", "summary"),
        ("Bài này viết năm nào?", "updated"),
    ],
)
def test_other_words_for_the_same_are_understood_where_nothing_else_answers(question: str, subject: str) -> None:
    assert subject_of(question, LIKE) == subject


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("Bài đăng hôm nào?", "updated"),
        ("Kể lại bài này trong vài câu", "summary"),
        ("Summary, please", "summary"),
        ("What is the story about?", "summary"),
        ("ai chup anh", "credit"),
    ],
)
def test_a_question_in_no_other_words_than_the_examples_is_about_the_article(question: str, subject: str) -> None:
    assert subject_of(question) == subject


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote The Tale of Kieu?",
        "Ai là tác giả Truyện Kiều?",
        "What caused the flood?",
        "When was the bridge opened?",
        "Cây cầu tốn bao nhiêu tiền?",
        "Who is the mayor?",
        "How much did the article's subject earn?",
    ],
)
def test_questions_about_what_is_told_are_not_taken_for_questions_about_the_article(question: str) -> None:
    assert subject_of(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "Nhà hát mở cửa lúc mấy giờ?",
        "Rằm tháng Giêng năm nay rơi vào ngày nào?",
        "What time is it?",
        "Bạn tên là gì?",
        "viet bai van ve me",
    ],
)
def test_what_people_ask_on_any_day_is_not_about_the_article(question: str) -> None:
    assert subject_of(question, LIKE) is None


@pytest.mark.parametrize("question", ["What is the main cause of pupils leaving?", "Nguyên nhân chính của vụ sập cầu là gì?"])
def test_what_is_main_about_something_is_no_summary_even_where_nothing_answers(question: str) -> None:
    assert subject_of(question, LIKE) is None
