import json
from pathlib import Path

from samples import ENGLISH

from index.article import Source
from index.bundle import parse_bundle
from index.retelling import MOST_LINES, find_cuts

SHIPPED = Path(__file__).resolve().parent.parent / "articles" / "ai-travel-advice.txt"
LINES = SHIPPED.read_text(encoding="utf-8").splitlines()
SHORT, STORY = LINES[:10], LINES[16:31]


def test_the_cut_at_or_beside_the_end_of_a_digest_gains_most() -> None:
    for lines, at in ((STORY + SHORT, len(STORY)), (SHORT + STORY, len(SHORT))):
        best = max(find_cuts(lines), key=lambda cut: cut.gain)
        assert abs(best.at - at) <= 1
        assert best.ratio > 2
        assert best.share > 0.8


def test_paragraphs_of_one_text_are_not_closer_across_a_cut() -> None:
    assert all(cut.gain < 0.1 for cut in find_cuts(ENGLISH.splitlines()[4:]))


def test_a_story_told_twice_word_for_word_is_as_close_as_can_be() -> None:
    best = max(find_cuts(STORY + STORY), key=lambda cut: cut.gain)
    assert best.at == len(STORY)
    assert best.across > 0.99


def test_too_few_and_too_many_lines_have_no_cuts() -> None:
    assert find_cuts(["a", "b", "c"]) == []
    assert find_cuts(["a line"] * (MOST_LINES + 1)) == []
    assert find_cuts([""] * 8) != []


def test_no_article_of_one_language_is_taken_for_two() -> None:
    path = Path(__file__).resolve().parent.parent / "training" / "data" / "articles.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines()[::5]:
        paragraphs = json.loads(line)["paragraphs"]
        for language in ("en", "vi"):
            for joint, tail in ((" ", ""), ("\n", "\nhttps://news.example/a\n#News\n")):
                text = "\n".join(joint.join(paragraph[language]) for paragraph in paragraphs) + tail
                assert [version.id for version in parse_bundle(Source("a.txt", text, ""), "a")] == [language]
