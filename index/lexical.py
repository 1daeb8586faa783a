"""Passages by their words, in two fields for each language: one takes words as they stand, the other forgives.

The first keeps diacritics, and counts neighbours together too, since Vietnamese words are of several syllables and English names of several words.
The second drops diacritics, as people do who type on a phone, and the endings of English words.
"""

import itertools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.postings import Postings, SortedStrings, load_array
from index.text import bare, bare_token, fold, tokenise

FloatArray = NDArray[np.float32]

FORMAT = 3
"""Raised when the same text gives other words, so that what was saved before is made anew."""
MENDED = 0.7
"""Weight of a word that was taken for a typing error of the query's."""
SHORTEST_MENDED = 4
"""Letters; a shorter word is near too many others."""
LONGEST_QUERY = 256
"""Words of a query that are looked up."""

_SUFFIX = re.compile(r"(?<=[a-z]{3})(?:ies|ied|es|ed|ing|s|ly)$")


def stem(word: str) -> str:
    """An English word without its commonest endings: "companies" and "company", "invited" and "invite" meet."""
    cut = (
        _SUFFIX.sub(lambda m: "y" if m.group() in ("ies", "ied") else "", word) if word.isascii() and not word.isdigit() else word
    )
    return cut.removesuffix("e") if len(cut) > 3 and cut.isascii() else cut


def marked_words(text: str) -> list[str]:
    """Words of the field with diacritics: as they stand, and each two neighbours."""
    words = tokenise(text)
    return words + _pairs(words)


def bare_words(text: str, language: str) -> list[str]:
    """Words of the field without diacritics: Vietnamese syllables and each two neighbours, stems in other languages."""
    words = [bare_token(word) for word in tokenise(text)]
    return words + _pairs(words) if language == "vi" else [stem(word) for word in words]


def _pairs(words: list[str]) -> list[str]:
    return [f"{a}_{b}" for a, b in itertools.pairwise(words)]


class LexicalIndex:
    """Both fields of one language; passages are numbered in the order of their ids."""

    def __init__(self, language: str, ids: SortedStrings, marked: Postings, bare: Postings) -> None:
        self.language = language
        self.ids = ids
        self.marked = marked
        self.bare = bare
        self._rows: dict[str, int] = {}
        self._near: dict[tuple[str, int], list[str]] = {}

    @classmethod
    def build(cls, language: str, passages: Iterable[tuple[str, str]]) -> "LexicalIndex":
        """Index ``(id, text)`` of one language."""
        rows = sorted(passages)
        texts = [text for _, text in rows]
        marked = Postings.build([marked_words(text) for text in texts])
        bare = Postings.build([bare_words(text, language) for text in texts])
        return cls(language, SortedStrings.of(name for name, _ in rows), marked, bare)

    def updated(self, dropped: Iterable[str], passages: Iterable[tuple[str, str]]) -> "LexicalIndex":
        """The index without some passages and with others; one that is there already is replaced."""
        fresh = LexicalIndex.build(self.language, passages)
        old, new = self.ids.all(), fresh.ids.all()
        gone = {*dropped, *new}
        ids = sorted({*(name for name in old if name not in gone), *new})
        numbers = {name: number for number, name in enumerate(ids)}
        own = np.array([-1 if name in gone else numbers[name] for name in old], dtype=np.int64)
        others = np.array([numbers[name] for name in new], dtype=np.int64)
        fields = (self.marked.merged(own, fresh.marked, others), self.bare.merged(own, fresh.bare, others))
        return LexicalIndex(self.language, SortedStrings.of(ids), *fields)

    def scores(self, query: str) -> tuple[FloatArray, FloatArray]:
        """``(passages,)`` in [0, 1]: each passage's share of the query in the field with and in the field without diacritics.

        What is typed without any diacritics says nothing about them, so that it counts in both fields by the second.
        """
        bare_scores = self.bare.scores(self._weighted(self._mended(query)))
        if self.language == "vi" and fold(query) == bare(query):
            return bare_scores, bare_scores
        return self.marked.scores(dict.fromkeys(marked_words(query)[:LONGEST_QUERY], 1.0)), bare_scores

    def query_words(self, query: str) -> dict[str, float]:
        """Single words of a query as the field without diacritics is searched for them, with their rarity."""
        return {word: self.bare.rarity(word) for word in self._mended(query)}

    def row(self, name: str) -> int:
        """A passage's number; -1 if it is not there."""
        if name not in self._rows:
            self._rows[name] = self.ids.find(name)
        return self._rows[name]

    def _mended(self, query: str) -> dict[str, float]:
        """Single words in order, with their weight; a word that no passage has gives way to one that differs in one letter."""
        words: dict[str, float] = {}
        for token in [bare_token(word) for word in tokenise(query)][:LONGEST_QUERY]:
            word = token if self.language == "vi" else stem(token)
            known = self.bare.words.find(word) >= 0
            near = None if known or len(word) < SHORTEST_MENDED or word[0].isdigit() else self._nearest(word)
            words.setdefault(near or word, MENDED if near else 1.0)
        return words

    def _weighted(self, words: Mapping[str, float]) -> dict[str, float]:
        if self.language != "vi":
            return dict(words)
        found = list(words)
        pairs = {f"{a}_{b}": min(words[a], words[b]) for a, b in itertools.pairwise(found)}
        return {**words, **pairs}

    def _nearest(self, word: str) -> str | None:
        """The commonest word with the same first letter at one insertion, deletion, change or swap."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if not self._near:
            for known in self.bare.words.all():
                if "_" not in known:
                    self._near.setdefault((known[0], len(known)), []).append(known)
        choices = [known for length in (-1, 0, 1) for known in self._near.get((word[0], len(word) + length), ())]
        found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=1, limit=8)
        return max((str(match[0]) for match in found), key=lambda known: (self.bare.frequency(known), known), default=None)

    def same_as(self, other: "LexicalIndex") -> bool:
        """Whether both hold the same."""
        return self.ids.all() == other.ids.all() and self.marked.same_as(other.marked) and self.bare.same_as(other.bare)

    def save(self, folder: Path) -> None:
        """Write both fields and the ids."""
        self.marked.save(folder / "marked")
        self.bare.save(folder / "bare")
        for name, array in self.ids.arrays.items():
            np.save(folder / f"ids.{name}.npy", array)

    @classmethod
    def load(cls, language: str, folder: Path) -> "LexicalIndex":
        """Map what ``save`` wrote. Raises ``ValueError`` or ``OSError`` if it is damaged."""
        ids = SortedStrings(load_array(folder / "ids.data.npy"), load_array(folder / "ids.ends.npy"))
        return cls(language, ids, Postings.load(folder / "marked"), Postings.load(folder / "bare"))


def load_lexical(folder: Path) -> dict[str, LexicalIndex]:
    """The indexes of every language in a folder. Raises ``ValueError`` or ``OSError`` if one is damaged."""
    return {place.name: LexicalIndex.load(place.name, place) for place in sorted(folder.iterdir()) if place.is_dir()}


def save_lexical(indexes: Mapping[str, LexicalIndex], folder: Path) -> None:
    """Write every language's index into a new folder."""
    folder.mkdir(parents=True)
    for language, index in indexes.items():
        index.save(folder / language)
