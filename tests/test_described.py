"""How an article describes whom it names, and what that finds."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.described import NAMES, described, descriptions_of
from index.article import Place


def told(language: str, *sentences: str) -> dict[str, str]:
    places = tuple(Place("a", "a", language, "original", "a.txt", n, "body", 0, len(s), s) for n, s in enumerate(sentences))
    return {" ".join(sorted(words)): text for words, text in descriptions_of(places).items()}


@pytest.mark.parametrize(
    ("language", "sentence", "name", "description"),
    [
        ("en", "The captain, Nora Beck, 52, ordered a turn.", "beck nora", "captain"),
        ("en", "They met ferry owner Nora Beck in Oslo.", "beck nora", "ferry owner"),
        ("en", "Nora Beck, 52, the captain of the ferry, ordered a turn.", "beck nora", "the captain of the ferry"),
        ("en", "Nora Beck is a captain.", "beck nora", "a captain"),
        ("vi", "Họ gặp thuyền trưởng Đỗ Thị Mai ở cảng.", "do mai thi", "thuyền trưởng"),
        ("vi", "Bà Đỗ Thị Mai, 52 tuổi, chủ chiếc phà, ra lệnh rẽ.", "do mai thi", "chủ chiếc phà"),
        ("vi", "Viên thuyền phó, anh Đỗ Văn Mai, ra lệnh rẽ.", "do mai van", "Viên thuyền phó"),
    ],
)
def test_what_stands_beside_a_name_describes_it(language: str, sentence: str, name: str, description: str) -> None:
    assert told(language, sentence)[name] == description


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Nora Beck, 52, ordered a turn."),
        ("en", "Yesterday, Nora Beck said, the ferry left."),
        ("vi", "Hôm qua, bà Đỗ Thị Mai, đã ra lệnh rẽ."),
    ],
)
def test_what_somebody_does_is_no_description(language: str, sentence: str) -> None:
    assert set(told(language, sentence).values()) == {""}


def test_a_surname_alone_is_the_person_who_was_described_unless_there_are_two() -> None:
    sentences = [
        "The captain, Nora Beck, ordered a turn.",
        "Beck survived.",
        "Cook Otto Dahl and baker Ina Dahl swam.",
        "Dahl survived.",
    ]
    places = tuple(Place("a", "a", "en", "original", "a.txt", n, "body", 0, len(s), s) for n, s in enumerate(sentences))
    known = descriptions_of(places)
    assert [described(f"He saw {name} later.", known) for name in ("Beck", "Dahl", "Nora Beck")] == ["captain", "", ""]
    assert [described(text, known) for text in ("Beck survived.", "Beck's ferry sank.", "Her cat survived.")] == [
        "captain",
        "captain",
        "",
    ]


def test_a_question_for_the_captain_finds_the_sentence_that_has_her_name(tmp_path: Path) -> None:
    story = (
        "A ferry sank off Sola on Monday, and fourteen people drowned.\n"
        "The captain, Nora Beck, ordered a turn.\n"
        "The cook, Otto Dahl, was asleep.\n"
        "Beck moved to Oslo later and works there at a school.\n"
        "Dahl moved to Bergen later and works there at a bank.\n"
    )
    (tmp_path / "ferry.txt").write_text(story, encoding="utf-8")
    with Assistant.open(tmp_path / "ferry.txt") as opened:
        answers = [opened.ask(f"Where does the {calling} work now?") for calling in ("captain", "cook")]
    cited = [" ".join(citation.quote for citation in answer.citations) for answer in answers]
    assert ["Oslo" in cited[0], "Bergen" in cited[0]] == [True, False]
    assert ["Oslo" in cited[1], "Bergen" in cited[1]] == [False, True]


def test_a_text_of_nothing_but_names_is_bounded() -> None:
    names = tuple(
        f"{chr(65 + n % 26)}a{'xyzuvw'[n % 6] * (n // 156 + 1)} Dahl{'abcdefgh'[n % 8] * (n % 31)} sang."
        for n in range(3 * NAMES)
    )
    assert len(told("en", *names)) == NAMES
