"""Names in a question become those of the articles, however they were typed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine import Assistant
from assistant.naming import name_as_written, names_written

ENGLISH = """Glass Maker Declines Invitation
Zhao Minghui, founder of the glass maker Sea Lantern, turned down an invitation to Oslo in March, two people said.
The museum in Oslo had wanted to show forty lamps of his.
"""
VIETNAMESE = """Hãng thủy tinh khước từ lời mời
Triệu Minh Huy, người sáng lập hãng thủy tinh Sea Lantern, đã từ chối lời mời đến Oslo hồi tháng 3, hai người cho biết.
Bảo tàng ở Oslo vốn muốn trưng bày bốn mươi chiếc đèn của ông.
"""


@pytest.fixture(scope="module")
def glass(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("glass")
    (folder / "glass.en.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "glass.vi.txt").write_text(VIETNAMESE, encoding="utf-8")
    return Assistant.open(folder)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who is Triệu Minh Huy?", "Zhao Minghui, founder of the glass maker Sea Lantern"),
        ("who is zhao minghui", "Zhao Minghui, founder of the glass maker Sea Lantern"),
        ("Zhao Minghui là ai?", "Triệu Minh Huy, người sáng lập hãng thủy tinh Sea Lantern"),
        ("trieu minh huy la ai", "Triệu Minh Huy, người sáng lập hãng thủy tinh Sea Lantern"),
    ],
)
def test_a_person_is_found_by_either_form_of_the_name(glass: Assistant, question: str, told: str) -> None:
    answer = glass.ask(question)
    assert answer.answered
    assert answer.citations[0].quote.startswith(told)


def test_a_name_is_written_as_in_the_articles_and_all_else_as_asked() -> None:
    own, others = [names_written("Then Zhao Minghui left for Oslo.")], [names_written("Sau đó Triệu Minh Huy đi Oslo.")]
    pairs = [("Zhao Minghui", "Triệu Minh Huy")]
    assert name_as_written("Where did Triệu Minh Huy go?", own, others, pairs) == "Where did Zhao Minghui go?"
    assert name_as_written("where did zhao  minghui go?", own, others, pairs) == "where did Zhao Minghui go?"
    assert name_as_written("trieu minh huy di dau", others, own, pairs) == "Triệu Minh Huy di dau"
    assert name_as_written("Where did Zhao go?", own, others, pairs) == "Where did Zhao go?"


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_without_such_a_name_a_question_stays_as_it_is(question: str, texts: list[str]) -> None:
    names = [{words: name for words, name in names_written(text).items() if len(words) == 1} for text in texts]
    assert name_as_written(question, names, [], []) == question
