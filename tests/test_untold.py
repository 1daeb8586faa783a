"""Near misses made of articles: asked of what they mention, and told by none of their sentences."""

from typing import Any

import pytest

from index.embedding import Embedder
from training.questions import everyday_cases
from training.untold import things, untold, untold_cases

STORY: dict[str, Any] = {
    "questions": [],
    "paragraphs": [
        {
            "en": [
                "On Monday a young dentist offered to pay for the new bridge.",
                "Later the ferry carries 40 people across the bay.",
            ],
            "vi": ["Hôm qua một nha sĩ già đã đề nghị trả tiền xây cầu.", "Hôm thứ Hai phà chở 40 người qua vịnh."],
        },
        {"en": ["Nobody objected to the generous plan."], "vi": ["Không ai phản đối vụ góp tiền ấy."]},
    ],
}


@pytest.mark.parametrize(
    ("sentence", "language", "found"),
    [
        ("On Monday a young dentist offered to pay for the new bridge.", "en", ["young dentist", "new bridge"]),
        ("Hôm qua một nha sĩ già đã đề nghị trả tiền.", "vi", ["Một nha sĩ già"]),
    ],
)
def test_things_are_what_a_sentence_speaks_of(sentence: str, language: str, found: list[str]) -> None:
    assert [thing.lower() for thing in things(sentence, language)] == [thing.lower() for thing in found]


def test_what_no_sentence_near_tells_is_asked() -> None:
    asked = list(untold(STORY, "en"))
    assert "What is the name of the young dentist?" in asked
    assert "Which city is the generous plan in?" in asked


def test_what_a_sentence_near_may_tell_is_not_asked() -> None:
    asked = list(untold(STORY, "en"))
    assert not any("ferry" in question and "How many people" in question for question in asked)
    assert not any("dentist" in question and "How long" in question for question in asked)


def test_near_misses_and_everyday_questions_are_cases_that_nothing_answers(embedder: Embedder) -> None:
    for cases in (list(untold_cases([STORY], embedder)), list(everyday_cases([STORY], embedder))):
        assert cases
        assert not any(case.answerable or case.right.any() for case in cases)
