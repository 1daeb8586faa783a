"""The material: pairs of texts that mean the same, and where each comes from.

The project's own material is in ``training/data/``. The third-party parallel text is not part of the project: training/README.md
says where to get it; without it training runs on the project's own material alone.
"""

import csv
import itertools
import json
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.lexicon import FILE as LEXICON

DATA = Path(__file__).resolve().parent / "data"
HELD_OUT, HELD_OUT_STORIES = 50, 161
"""Articles at the end of articles.jsonl and stories at the end of stories.jsonl that no training sees; the published figures are measured on them."""
FIRST_HALF, FIRST_STORIES = 150, 378
"""Articles and stories that are left when a model is trained on the first half of the material, for fitting the evidence on the other."""

# Times that each pair of a source is seen in one epoch. Scripture is archaic and interface strings are terse; general prose counts most.
WEIGHTS = {
    "bible_bbe": 0.35,
    "bible_nheb": 0.25,
    "cldr": 0.5,
    "android_aosp": 0.7,
    "osm_id_schema": 0.7,
    "d2l_human": 1.0,
    "d2l_mt": 0.6,
    "ms_for_beginners": 1.0,
    "talpco": 4.0,
    "tatoeba_manythings_excl_tests": 6.0,
    "xcopa_gmt": 4.0,
    "wiktionary_vi_en_lexicon": 1.0,
}


# The teacher is asked about a share of the prose: all of it would take long and teach little more.
TAUGHT_SHARE, LONGEST_TAUGHT = 0.45, 300
UNTAUGHT = ("bible_bbe", "bible_nheb", "cldr", "android_aosp", "osm_id_schema", "wiktionary_vi_en_lexicon", "d2l_mt")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together.

    Attributes:
        source: where they come from.
        english: what both say, in English.
        weight: times that an epoch shows them.
        taught: whether the teacher is asked how alike they are.
    """

    a: str
    b: str
    source: str
    english: tuple[str, str]
    weight: float = 1.0
    taught: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A question, the sentences of its article in one language, and which of them answers; the same in English, for the teacher."""

    question: str
    sentences: tuple[str, ...]
    right: int
    english_question: str
    english_sentences: tuple[str, ...]


def nfc(text: str) -> str:
    """Composed letters, as the tokenizer sees them."""
    return unicodedata.normalize("NFC", text.strip())


def read_lexicon() -> list[tuple[str, list[str]]]:
    """English head words with their Vietnamese equivalents, the most common first."""
    lines = LEXICON.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if "\t" in line)
    return [(nfc(english), [nfc(word) for word in vietnamese.split(";")]) for english, vietnamese in rows]


def read_articles(*, held_out: bool = False) -> list[dict[str, Any]]:
    """The project's two-language articles: those to train on, or those held out."""
    lines = (DATA / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    articles: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return articles[-HELD_OUT:] if held_out else articles[:-HELD_OUT]


def read_stories(*, held_out: bool = False) -> list[dict[str, Any]]:
    """Short stories of the same kind, asked about in other words than theirs: those to train on, or those held out."""
    lines = (DATA / "stories.jsonl").read_text(encoding="utf-8").splitlines()
    stories: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return stories[-HELD_OUT_STORIES:] if held_out else stories[:-HELD_OUT_STORIES]


def read_parallel(folder: Path | None) -> list[Pair]:
    """Third-party sentence and term pairs, English first; empty without the folder."""
    pairs = []
    for path in sorted(folder.glob("*.tsv")) if folder else []:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                english, vietnamese = nfc(row["en"] or ""), nfc(row["vi"] or "")
                if english and vietnamese and len(english) < 600:
                    weight = WEIGHTS.get(path.stem, 1.0)
                    taught = path.stem not in UNTAUGHT and 15 < len(english) < LONGEST_TAUGHT
                    pairs.append(Pair(english, vietnamese, path.stem, (english, english), weight, taught))
    rng = random.Random(0)
    chosen = {text for text in sorted({pair.a for pair in pairs if pair.taught}) if rng.random() < TAUGHT_SHARE}
    return [replace(pair, taught=pair.taught and pair.a in chosen) for pair in pairs]


def article_pairs(articles: list[dict[str, Any]]) -> Iterator[Pair]:
    """Sentences with their translations; questions with their answering sentence and paragraph, in and across languages."""
    for article in articles:
        for paragraph in article["paragraphs"]:
            for english, vietnamese in zip(paragraph["en"], paragraph["vi"], strict=True):
                yield Pair(nfc(english), nfc(vietnamese), "sentence", (nfc(english),) * 2, 3.0, taught=True)
            whole = nfc(" ".join(paragraph["en"]))
            yield Pair(whole, nfc(" ".join(paragraph["vi"])), "paragraph", (whole, whole), 2.0, taught=True)
        for question in article["questions"]:
            paragraph = article["paragraphs"][question["paragraph"]]
            for asked, told in itertools.product(("en", "vi"), repeat=2):
                said = {language: nfc(paragraph[language][question["sentence"]]) for language in ("en", told)}
                whole = {language: nfc(" ".join(paragraph[language])) for language in ("en", told)}
                english = nfc(question["en"])
                yield Pair(nfc(question[asked]), said[told], "question", (english, said["en"]), 3.0, taught=True)
                yield Pair(nfc(question[asked]), whole[told], "question-paragraph", (english, whole["en"]), 2.0)


def article_choices(articles: list[dict[str, Any]]) -> Iterator[Choice]:
    """Each question over all sentences of its article, in and across languages."""
    for article in articles:
        said = {language: tuple(nfc(s) for p in article["paragraphs"] for s in p[language]) for language in ("en", "vi")}
        begins = list(itertools.accumulate((len(p["en"]) for p in article["paragraphs"]), initial=0))
        for question in article["questions"]:
            right = begins[question["paragraph"]] + question["sentence"]
            for asked, told in itertools.product(("en", "vi"), repeat=2):
                yield Choice(nfc(question[asked]), said[told], right, nfc(question["en"]), said["en"])


def lexicon_pairs() -> Iterator[Pair]:
    """Head words with each equivalent."""
    for english, equivalents in read_lexicon():
        for vietnamese in equivalents:
            yield Pair(english, vietnamese, "lexicon", (english, english), 0.7)


def thesaurus_pairs() -> Iterator[Pair]:
    """Head words with other words for the same in both languages, and these with one another across them and in Vietnamese."""
    for line in (DATA / "thesaurus.tsv").read_text(encoding="utf-8").splitlines():
        head, *both = line.split("\t")
        english, vietnamese = ([nfc(phrase) for phrase in words.split(";")] for words in both)
        found = [(head, other, (head, other)) for other in english]
        found += [(head, word, (head, head)) for word in vietnamese]
        found += [(other, word, (other, head)) for other, word in zip(itertools.cycle(english), vietnamese)]
        found += [(vietnamese[0], word, (head, head)) for word in vietnamese[1:]]
        yield from (Pair(a, b, "thesaurus", meant, 0.7) for a, b, meant in found if a != b)


def neighbour_pairs(parallel: list[Pair], rng: random.Random, count: int) -> Iterator[Pair]:
    """Sentences that stand a few lines apart in one document: what a question and its passage share is a topic, not words."""
    prose = [
        pair for pair in parallel if pair.source in ("d2l_human", "ms_for_beginners", "bible_bbe", "bible_nheb", "react_dev")
    ]
    starts = [i for i in range(len(prose) - 4) if prose[i].source == prose[i + 4].source and len(prose[i].a) > 40]
    for i in rng.sample(starts, min(count, len(starts))):
        window = [p for p in prose[i + 1 : i + 4] if len(p.a) > 20]
        if window:
            told = " ".join(p.a if rng.random() < 0.5 else p.b for p in window)
            english = (prose[i].a, " ".join(p.a for p in window))
            yield Pair(prose[i].a if rng.random() < 0.5 else prose[i].b, told, "neighbour", english)
