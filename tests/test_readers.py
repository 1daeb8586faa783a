"""Readers' questions as cases: what answers them, and what does not."""

from collections import Counter
from typing import Any

from index.embedding import Embedder
from training.questions import joined
from training.readers import reader_cases, with_readers

STORY: dict[str, Any] = {
    "questions": [],
    "paragraphs": [
        {
            "en": ["A dentist paid for the new bridge on Monday.", "The ferry carries 40 people across the bay."],
            "vi": ["Một nha sĩ đã trả tiền xây cầu mới hôm thứ Hai.", "Phà chở 40 người qua vịnh."],
        }
    ],
    "readers": [
        {"en": "Who paid for the bridge?", "vi": "Ai trả tiền xây cầu?", "answerable": True, "sentences": [[0, 0]]},
        {"en": "Who steers the ferry?", "vi": "Ai lái phà?", "answerable": False, "sentences": []},
    ],
}


def test_each_question_is_asked_in_both_languages_and_answered_by_its_sentences_alone(embedder: Embedder) -> None:
    cases = list(reader_cases([STORY], embedder, "readers"))
    assert Counter((case.group, case.answerable) for case in cases) == {
        (f"readers {language}", answerable): 1 for language in ("en", "vi") for answerable in (True, False)
    }
    for case in cases:
        assert case.right.sum() == case.answerable
        assert len(case.right) == 2


def test_sentences_of_joined_stories_are_counted_on() -> None:
    [whole] = joined([STORY, STORY])
    assert [question["sentences"] for question in whole["readers"]] == [[[0, 0]], [], [[1, 0]], []]


def test_the_projects_readers_ask_what_is_told_and_what_is_not() -> None:
    articles: list[dict[str, Any]] = [{"paragraphs": [], "questions": []} for _ in range(350)]
    asked = with_readers(articles)
    counts = Counter(question["answerable"] for article in asked for question in article["readers"])
    assert counts[True] > 500
    assert counts[False] > 500
    assert all(question["answerable"] == bool(question["sentences"]) for article in asked for question in article["readers"])
    assert "readers" not in articles[200]
