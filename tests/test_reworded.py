"""Other wordings of the project's questions, which the choice and the refusal are fitted on."""

import pytest

from index.embedding import Embedder
from training.reworded import as_yes_no, who_cases, yes_no_cases

ARTICLES = [
    {
        "paragraphs": [
            {
                "en": ["Maria Lindqvist opened a bakery in Oslo.", "It sells nine kinds of bread."],
                "vi": ["Maria Lindqvist mở một tiệm bánh ở Oslo.", "Tiệm bán chín loại bánh mì."],
            }
        ],
        "questions": [
            {
                "en": "Where did Maria Lindqvist open a bakery?",
                "vi": "Maria Lindqvist mở tiệm bánh ở đâu?",
                "paragraph": 0,
                "sentence": 0,
                "answer_en": "in Oslo",
                "answer_vi": "Oslo",
            }
        ],
    },
    {
        "paragraphs": [{"en": ["The river froze in March."], "vi": ["Dòng sông đóng băng hồi tháng 3."]}],
        "questions": [
            {
                "en": "When did the river freeze?",
                "vi": "Dòng sông đóng băng khi nào?",
                "paragraph": 0,
                "sentence": 0,
                "answer_en": "in March",
                "answer_vi": "hồi tháng 3",
            }
        ],
    },
]


@pytest.mark.parametrize(
    ("question", "language", "turned"),
    [
        ({"en": "What did the chef burn?", "answer_en": "a pie"}, "en", "Did the chef burn a pie?"),
        ({"en": "Why were planes grounded?", "answer_en": "of ash"}, "en", "Were planes grounded?"),
        ({"en": "Who won?", "answer_en": "Ann"}, "en", None),
        ({"vi": "Ai được giao làm trung gian?", "answer_vi": "Bà Tư"}, "vi", "Bà Tư được giao làm trung gian phải không?"),
        ({"vi": "Vì sao máy bay không cất cánh?", "answer_vi": "tro"}, "vi", "Có phải máy bay không cất cánh không?"),
        ({"vi": "Bao nhiêu vé phải hoàn tiền?", "answer_vi": "90 vé"}, "vi", "Có phải 90 vé phải hoàn tiền không?"),
        ({"vi": "Lễ trao giải diễn ra ở đâu?", "answer_vi": "Huế"}, "vi", "Lễ trao giải diễn ra ở Huế phải không?"),
    ],
)
def test_a_question_becomes_one_for_a_yes_or_a_no(question: dict[str, str], language: str, turned: str | None) -> None:
    assert as_yes_no(question, language) == turned


def test_each_wording_is_asked_of_its_own_article_and_of_another(embedder: Embedder) -> None:
    cases = [case for asked in (yes_no_cases, who_cases) for case in asked(ARTICLES, embedder, "other")]
    assert {case.group for case in cases} == {"other en", "other vi", "other elsewhere"}
    assert all(case.right.any() for case in cases if case.answerable)
    assert not any(case.right.any() for case in cases if not case.answerable)
