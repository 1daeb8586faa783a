"""BM25 over folded words: one field with diacritics, one without, for each language.

Vietnamese words are of several syllables, so neighbouring syllables count as words too; English words count also by their stem.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.text import bare_token, tokenise

FloatArray = NDArray[np.float32]

_SUFFIX = re.compile(r"(?<=[a-z]{3})(?:ies|ied|es|ed|ing|s|ly)$")


def stem(word: str) -> str:
    """An English word without its commonest endings: "companies" and "company", "invited" and "invite" meet."""
    cut = (
        _SUFFIX.sub(lambda m: "y" if m.group() in ("ies", "ied") else "", word) if word.isascii() and not word.isdigit() else word
    )
    return cut.removesuffix("e") if len(cut) > 4 and cut.isascii() else cut


def marked_words(text: str, language: str) -> list[str]:
    """Words of the field with diacritics."""
    words = tokenise(text)
    if language == "vi":
        return words + [f"{a}_{b}" for a, b in pairwise(words)]
    return [stem(word) for word in words]


def bare_words(text: str, language: str) -> list[str]:
    """Words of the field without diacritics."""
    words = [bare_token(word) for word in tokenise(text)]
    if language == "vi":
        return words + [f"{a}_{b}" for a, b in pairwise(words)]
    return [stem(word) for word in words]


def _bm25s() -> Any:
    import logging

    import bm25s

    # The library sets its own logger to DEBUG when it is imported.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s


class Field:
    """One BM25 index over documents given as lists of words (Lucene's variant: Kamphuis et al., 2020)."""

    K1, B = 1.2, 0.75

    def __init__(self, retriever: Any, vocabulary: dict[str, int], rarity: FloatArray) -> None:
        self._retriever = retriever
        self._vocabulary = vocabulary
        self._rarity = rarity

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> "Field":
        """Index documents; the vocabulary is sorted, so that the same documents give the same index."""
        bm25s = _bm25s()
        found: Counter[str] = Counter(word for document in documents for word in set(document))
        vocabulary = {word: number for number, word in enumerate(sorted(found))}
        n = len(documents)
        rarity = np.array([math.log(1 + (n - found[w] + 0.5) / (found[w] + 0.5)) for w in vocabulary], dtype=np.float32)
        retriever = bm25s.BM25(method="lucene", k1=cls.K1, b=cls.B)
        if vocabulary:
            ids = [[vocabulary[word] for word in document] for document in documents]
            retriever.index((ids, vocabulary), show_progress=False)
        return cls(retriever, vocabulary, rarity)

    def scores(self, words: Sequence[str], count: int) -> FloatArray:
        """``(count,)`` in [0, 1]: each document's BM25 as a share of what a document that says every word at length would get."""
        ids = [self._vocabulary[word] for word in words if word in self._vocabulary]
        if not ids:
            return np.zeros(count, dtype=np.float32)
        unknown = sum(1 for word in set(words) if word not in self._vocabulary)
        most = (float(self._rarity[ids].sum()) + unknown * math.log(1 + 2 * count)) * (self.K1 + 1)
        found: FloatArray = np.asarray(self._retriever.get_scores_from_ids(ids), dtype=np.float32) * np.float32(
            (self.K1 + 1) / most
        )
        return found

    def rarity(self, word: str) -> float:
        """Inverse document frequency of a word, highest for one that no document has."""
        number = self._vocabulary.get(word)
        return float(self._rarity[number]) if number is not None else math.log(1 + 2 * max(1, len(self._rarity)))

    def knows(self, word: str) -> bool:
        """Whether any document has the word."""
        return word in self._vocabulary

    @property
    def words(self) -> list[str]:
        """The vocabulary, sorted."""
        return list(self._vocabulary)

    def save(self, folder: Path) -> None:
        """Write the index; ``load`` maps it into memory."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "rarity.npy", self._rarity)
        (folder / "words.json").write_text(json.dumps(list(self._vocabulary), ensure_ascii=False), encoding="utf-8")
        if self._vocabulary:
            self._retriever.save(str(folder / "bm25s"))

    @classmethod
    def load(cls, folder: Path) -> "Field":
        """Open what ``save`` wrote."""
        bm25s = _bm25s()
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        retriever = bm25s.BM25.load(str(folder / "bm25s"), mmap=True) if words else None
        return cls(retriever, {word: number for number, word in enumerate(words)}, np.load(folder / "rarity.npy"))


class LexicalIndex:
    """Both fields of one language."""

    def __init__(self, language: str, ids: list[str], marked: Field, bare: Field) -> None:
        self.language = language
        self.ids = ids
        self.rows = {name: row for row, name in enumerate(ids)}
        self.marked = marked
        self.bare = bare

    @classmethod
    def build(cls, language: str, passages: Iterable[tuple[str, str]]) -> "LexicalIndex":
        """Index ``(id, text)`` of one language."""
        ids, texts = [], []
        for name, text in passages:
            ids.append(name)
            texts.append(text)
        marked = Field.build([marked_words(text, language) for text in texts])
        return cls(language, ids, marked, Field.build([bare_words(text, language) for text in texts]))

    def scores(self, query: str) -> tuple[FloatArray, FloatArray]:
        """For every passage, in the order of ``ids``, its share in [0, 1] in the field with and in the field without diacritics."""
        marked = self.marked.scores(marked_words(query, self.language), len(self.ids))
        bare = self.bare.scores(self._corrected(bare_words(query, self.language)), len(self.ids))
        return marked, bare

    def query_words(self, query: str) -> dict[str, float]:
        """Single words of a query as the field without diacritics is searched for them, with their rarity."""
        words = self._corrected([word for word in bare_words(query, self.language) if "_" not in word])
        return {word: self.bare.rarity(word) for word in words}

    def _corrected(self, words: list[str]) -> list[str]:
        """A long word that no passage has gives way to the one that has it but for one letter."""
        return [
            self._nearest(word) if len(word) >= 5 and not word.isdigit() and not self.bare.knows(word) else word for word in words
        ]

    def _nearest(self, word: str) -> str:
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        if "_" in word:
            return word
        found = process.extractOne(word, self.bare.words, scorer=DamerauLevenshtein.distance, score_cutoff=1)
        return str(found[0]) if found and str(found[0])[0] == word[0] else word

    def save(self, folder: Path) -> None:
        """Write both fields and the ids."""
        self.marked.save(folder / "marked")
        self.bare.save(folder / "bare")
        (folder / "ids.json").write_text(json.dumps(self.ids), encoding="utf-8")

    @classmethod
    def load(cls, language: str, folder: Path) -> "LexicalIndex":
        """Open what ``save`` wrote."""
        ids = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
        return cls(language, ids, Field.load(folder / "marked"), Field.load(folder / "bare"))
