"""Articles to measure on, as many as are wanted and no two alike, put together from sentences that exist in both languages.

A paragraph is three sentences that stand near to one another in their source, drawn at random, so that it has a subject, as paragraphs do. The
sentences are those of the project's own training articles and, where the shared data lies beside the checkout, of its other texts.
"""

import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = ROOT / "training" / "data" / "articles.jsonl"
SHARED = ROOT.parent / "shared" / "data"
PARAGRAPHS, SENTENCES, NEAR = 10, 3, 12
PER_FEED = 100
"""Articles in one feed file."""

Pair = tuple[str, str]


def stories() -> list[dict]:
    return [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]


def own_sentences() -> list[Pair]:
    return [pair for story in stories() for p in story["paragraphs"] for pair in zip(p["en"], p["vi"], strict=True)]


def shared_sentences() -> list[Pair]:
    """Pairs of whole sentences of the shared data; none where it is absent."""
    found: dict[Pair, None] = {}
    for file in sorted([*(SHARED / "train" / "parallel").glob("*.tsv"), *(SHARED / "eval").glob("ntrex-*.tsv")]):
        for row in csv.DictReader(file.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE):
            if min(len(row["en"].split()), len(row["vi"].split())) > 5 and max(len(row["en"]), len(row["vi"])) < 600:
                found[row["en"], row["vi"]] = None
    return list(found)


def questions() -> list[str]:
    """What people ask about the project's own articles, in both languages."""
    return [question[language] for story in stories() for question in story["questions"] for language in ("en", "vi")]


def articles(passages: int, sentences: list[Pair]) -> Iterator[tuple[str, str, str]]:
    """Names with the English and the Vietnamese text, until there are so many passages."""
    drawn = random.Random(passages)
    for number in range(max(1, passages // (2 * PARAGRAPHS))):
        texts: tuple[list[str], list[str]] = ([], [])
        for _ in range(PARAGRAPHS):
            at = drawn.randrange(len(sentences) - NEAR)
            chosen = drawn.sample(range(at, at + NEAR), SENTENCES)
            for side in (0, 1):
                texts[side].append(" ".join(sentences[i][side] for i in chosen))
        yield f"a{number:06}", "\n".join(texts[0]) + "\n", "\n".join(texts[1]) + "\n"


def write_articles(folder: Path, passages: int, sentences: list[Pair]) -> None:
    """Two files for each article."""
    for name, english, vietnamese in articles(passages, sentences):
        (folder / f"{name}.en.txt").write_text(english, encoding="utf-8")
        (folder / f"{name}.vi.txt").write_text(vietnamese, encoding="utf-8")


def write_feeds(folder: Path, passages: int, sentences: list[Pair]) -> None:
    """JSONL feeds of a few dozen articles each."""
    lines: list[str] = []
    feed = 0
    for name, *texts in articles(passages, sentences):
        for language, text in zip(("en", "vi"), texts, strict=True):
            lines.append(json.dumps({"id": name, "language": language, "text": text}, ensure_ascii=False))
        if len(lines) == 2 * PER_FEED:
            (folder / f"feed{feed:05}.jsonl").write_text("\n".join(lines), encoding="utf-8")
            feed, lines = feed + 1, []
    if lines:
        (folder / f"feed{feed:05}.jsonl").write_text("\n".join(lines), encoding="utf-8")
