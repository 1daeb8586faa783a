"""Stories in two versions, sentence beside sentence, to measure the checks on: the project's own, and evaluation sets beside the checkout."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.sentences import split_sentences

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "training" / "data" / "articles.jsonl"
EVALUATION = ROOT.parent / "shared" / "data" / "eval"

Sentence = dict[str, str]
"""The same in each language."""


@dataclass(frozen=True)
class Story:
    """Paragraphs of sentences in English and Vietnamese."""

    name: str
    paragraphs: list[list[Sentence]]

    def text(self, language: str) -> str:
        """The file of one version: sentences joined by spaces, a paragraph a line."""
        lines = (" ".join(sentence[language] for sentence in paragraph if sentence[language]) for paragraph in self.paragraphs)
        return "".join(f"{line}\n" for line in lines if line)


def read_stories(source: str) -> list[Story]:
    """The stories of ``own``, ``ntrex`` or ``xquad``."""
    return list({"own": _own, "ntrex": _ntrex, "xquad": _xquad}[source]())


def _own() -> Iterator[Story]:
    for number, line in enumerate(OWN.read_text(encoding="utf-8").splitlines()):
        paragraphs = json.loads(line)["paragraphs"]
        yield Story(f"a{number}", [[{"en": en, "vi": vi} for en, vi in zip(p["en"], p["vi"], strict=True)] for p in paragraphs])


def _ntrex() -> Iterator[Story]:
    documents: defaultdict[str, list[list[Sentence]]] = defaultdict(list)
    for row in (EVALUATION / "ntrex-dev.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        document, english, vietnamese = row.split("\t")
        documents[document].append([{"en": english, "vi": vietnamese}])
    yield from (Story(re.sub(r"\W", "-", name), paragraphs) for name, paragraphs in documents.items())


def _xquad() -> Iterator[Story]:
    english, vietnamese = (
        json.loads((EVALUATION / f"xquad-dev.{language}.json").read_text(encoding="utf-8"))["data"] for language in ("en", "vi")
    )
    for number, (first, second) in enumerate(zip(english, vietnamese, strict=True)):
        pairs = zip(first["paragraphs"], second["paragraphs"], strict=True)
        yield Story(f"x{number}", [_beside(" ".join(a["context"].split()), " ".join(b["context"].split())) for a, b in pairs])


def _beside(english: str, vietnamese: str) -> list[Sentence]:
    """Sentence beside sentence where both have as many, else the paragraph as a whole."""
    first, second = ([text[start:end] for start, end in split_sentences(text)] for text in (english, vietnamese))
    if len(first) != len(second):
        first, second = [english], [vietnamese]
    return [{"en": a, "vi": b} for a, b in zip(first, second, strict=True)]
