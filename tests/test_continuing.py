"""What a sentence only announces is answered together with the sentence behind it."""

from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant
from assistant.continuing import with_next
from assistant.evidence import Evidence
from index.article import Place

NOTHING_MET = np.zeros(1, dtype=np.float32)

FILES = {
    "en": "The lake was closed to boats in May.\n"
    "A keeper of bees who plants clover along the motorway runs a risk. It may cost half the swarm within a month.\n"
    "Nora Beck sold forty jars of honey at the fair. The rain stopped at noon.\n",
    "vi": "Hồ đã đóng cửa với thuyền bè từ tháng 5.\n"
    "Người nuôi ong mà trồng cỏ ba lá dọc đường cao tốc thì gặp rủi ro. Điều này có thể làm mất nửa đàn trong một tháng.\n"
    "Bà Nora Beck bán bốn mươi hũ mật ở hội chợ. Trưa thì mưa tạnh.\n",
}


def place(number: int, paragraph: int = 0, text: str = "") -> Place:
    text = text or f"This is number {number}."
    return Place("a", "en", "en", "original", "a.txt", paragraph, "body", number * 100, number * 100 + len(text), text)


def evidence(*places: Place) -> list[Evidence]:
    return [Evidence(place, (), -float(n), (), NOTHING_MET) for n, place in enumerate(places)]


@pytest.fixture(scope="module")
def honey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("honey")
    for language, text in FILES.items():
        (folder / f"honey.{language}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What risk does a keeper of bees who plants clover along the motorway run?", "half the swarm"),
        ("Người nuôi ong mà trồng cỏ ba lá dọc đường cao tốc thì gặp rủi ro gì?", "nửa đàn"),
    ],
)
def test_a_sentence_that_repeats_the_question_is_followed_by_the_one_that_tells(honey: Path, question: str, told: str) -> None:
    with Assistant.open(honey) as assistant:
        first, second = assistant.ask(question).citations[:2]
    assert (first.place.paragraph, second.place.paragraph) == (1, 1)
    assert first.end < second.start
    assert told in second.quote


def test_a_sentence_that_tells_is_not_followed_by_one_of_its_own(honey: Path) -> None:
    with Assistant.open(honey) as assistant:
        answer = assistant.ask("What did Nora Beck sell at the fair?")
    assert [citation.quote for citation in answer.citations] == ["Nora Beck sold forty jars of honey at the fair."]


def test_the_next_sentence_stands_second_and_the_last_gives_way() -> None:
    first, second, third, other = place(0), place(1), place(5, 2), place(7, 3)
    ranked = evidence(first, third, other, second)
    chosen = with_next(ranked[:3], ranked, [first, second, third, other])
    assert [e.place for e in chosen] == [first, second, third]


@pytest.mark.parametrize(
    ("chosen", "ranked", "sentences"),
    [
        pytest.param([place(0)], [place(0), place(1, 1)], [place(0), place(1, 1)], id="next paragraph"),
        pytest.param([place(0), place(1)], [place(0), place(1)], [place(0), place(1)], id="cited already"),
        pytest.param([place(1)], [place(1), place(0)], [place(0), place(1)], id="last sentence"),
        pytest.param([place(0)], [place(0)], [place(0), place(1)], id="not among those found"),
        pytest.param([place(0)], [place(0), place(1)], [place(1)], id="changed meanwhile"),
        pytest.param(
            [place(0)], [place(0), place(1, text="Rain stopped.")], [place(0), place(1, text="Rain stopped.")], id="of its own"
        ),
    ],
)
def test_nothing_is_added_where_nothing_follows(chosen: list[Place], ranked: list[Place], sentences: list[Place]) -> None:
    assert [e.place for e in with_next(evidence(*chosen), evidence(*ranked), sentences)] == chosen
