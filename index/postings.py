"""BM25 over lists of words, in arrays that are mapped into memory from disk.

What is kept is counts, not scores: when documents come or go the arrays are merged and rarity follows by itself, so that adding one article does not
read all the others again.
"""

import itertools
import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

K1, B = 1.2, 0.75
"""How fast a repeated word stops counting, and how much a long document is held against it (Robertson and Zaragoza, 2009)."""


class SortedStrings:
    """Distinct strings in order, as one run of UTF-8; finding one takes a binary search and no dictionary."""

    def __init__(self, data: NDArray[np.uint8], ends: IntArray) -> None:
        self._data = data
        self._ends = ends

    @classmethod
    def of(cls, strings: Iterable[str]) -> "SortedStrings":
        """From strings that are sorted already."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in strings]
        ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), ends)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        return self._bytes(number).decode("utf-8", "surrogatepass")

    def _bytes(self, number: int) -> bytes:
        return self._data[self._ends[number] : self._ends[number + 1]].tobytes()

    def find(self, text: str) -> int:
        """The number of a string; -1 if it is not there."""
        key = text.encode("utf-8", "surrogatepass")
        number = bisect_left(range(len(self)), key, key=self._bytes)
        return number if number < len(self) and self._bytes(number) == key else -1

    def all(self) -> list[str]:
        """Every string, in order."""
        data, ends = self._data.tobytes(), self._ends.tolist()
        return [data[a:b].decode("utf-8", "surrogatepass") for a, b in itertools.pairwise(ends)]

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What to save."""
        return {"data": self._data, "ends": self._ends}


class Postings:
    """Which documents have a word, and how often; documents are numbered from 0.

    ``starts`` is ``(words + 1,)``: the postings of word ``w`` are ``documents[starts[w]:starts[w + 1]]`` with ``counts`` beside them.
    ``lengths`` is ``(documents,)``.
    """

    def __init__(
        self, words: SortedStrings, starts: IntArray, documents: NDArray[np.int32], counts: FloatArray, lengths: FloatArray
    ) -> None:
        self.words = words
        self._starts, self._documents, self._counts, self._lengths = starts, documents, counts, lengths
        mean = float(lengths.mean()) if len(lengths) else 1.0
        self._norms: FloatArray = (K1 * (1 - B + B * lengths / max(mean, 1e-9))).astype(np.float32)

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> "Postings":
        """Index documents; the same documents give the same arrays."""
        numbers: dict[str, int] = {}
        flat = np.fromiter(
            (numbers.setdefault(word, len(numbers)) for document in documents for word in document), dtype=np.int64
        )
        words = sorted(numbers)
        order = np.empty(len(words), dtype=np.int64)
        order[[numbers[word] for word in words]] = np.arange(len(words))
        lengths = np.array([len(document) for document in documents], dtype=np.float32)
        owners = np.repeat(np.arange(len(documents), dtype=np.int64), lengths.astype(np.int64))
        keys, counts = np.unique(order[flat] * max(1, len(documents)) + owners, return_counts=True)
        return cls._from_keys(words, keys, counts.astype(np.float32), lengths)

    @classmethod
    def _from_keys(cls, words: list[str], keys: IntArray, counts: FloatArray, lengths: FloatArray) -> "Postings":
        """From sorted keys ``word * documents + document``."""
        n = max(1, len(lengths))
        starts = np.searchsorted(keys, np.arange(len(words) + 1, dtype=np.int64) * n)
        return cls(SortedStrings.of(words), starts.astype(np.int64), (keys % n).astype(np.int32), counts, lengths)

    def merged(self, own: IntArray, other: "Postings", others: IntArray) -> "Postings":
        """These documents and the other's, renumbered.

        Args:
            own: ``(documents,)`` the new number of each document here, -1 for one that goes.
            other: postings of documents that come.
            others: the new number of each of those.
        """
        n = int(max(own.max(initial=-1), others.max(initial=-1))) + 1
        words = sorted({*self.words.all(), *other.words.all()})
        rank = {word: number for number, word in enumerate(words)}
        lengths = np.zeros(n, dtype=np.float32)
        keys, counts = [], []
        for postings, numbers in ((self, own), (other, others)):
            kept = numbers >= 0
            lengths[numbers[kept]] = postings._lengths[kept]
            ranks = np.array([rank[word] for word in postings.words.all()], dtype=np.int64)
            documents = numbers[postings._documents]
            stays = documents >= 0
            keys.append(np.repeat(ranks, np.diff(postings._starts))[stays] * max(1, n) + documents[stays])
            counts.append(postings._counts[stays])
        key, count = np.concatenate(keys), np.concatenate(counts)
        order = np.argsort(key)
        key, count = key[order], count[order]
        used, places = np.unique(key // max(1, n), return_inverse=True)
        return self._from_keys([words[i] for i in used], places * max(1, n) + key % max(1, n), count, lengths)

    def scores(self, words: Mapping[str, float]) -> FloatArray:
        """``(documents,)`` in [0, 1]: BM25 as a share of what a document would get that says every word again and again.

        Args:
            words: words with their weights; one that no document has counts towards the whole.
        """
        scores = np.zeros(len(self._lengths), dtype=np.float32)
        most = 0.0
        for word, weight in words.items():
            number = self.words.find(word)
            gain = weight * self._rarity(number)
            most += gain
            if number >= 0:
                part = slice(int(self._starts[number]), int(self._starts[number + 1]))
                documents, counts = self._documents[part], self._counts[part]
                scores[documents] += np.float32(gain) * counts / (counts + self._norms[documents])
        return scores / np.float32(most) if most else scores

    def frequency(self, word: str) -> int:
        """How many documents have the word."""
        number = self.words.find(word)
        return int(self._starts[number + 1] - self._starts[number]) if number >= 0 else 0

    def rarity(self, word: str) -> float:
        """Inverse document frequency, highest for a word that no document has (Lucene's: Kamphuis et al., 2020)."""
        return self._rarity(self.words.find(word))

    def _rarity(self, number: int) -> float:
        n, having = len(self._lengths), int(self._starts[number + 1] - self._starts[number]) if number >= 0 else 0
        return math.log(1 + (n - having + 0.5) / (having + 0.5))

    def same_as(self, other: "Postings") -> bool:
        """Whether both hold the same."""
        mine, theirs = self._arrays(), other._arrays()
        return all(np.array_equal(mine[name], theirs[name]) for name in mine)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        own: dict[str, NDArray[Any]] = {
            "starts": self._starts,
            "documents": self._documents,
            "counts": self._counts,
            "lengths": self._lengths,
        }
        return own | self.words.arrays

    def save(self, folder: Path) -> None:
        """Write the arrays, a file each."""
        folder.mkdir(parents=True)
        for name, array in self._arrays().items():
            np.save(folder / f"{name}.npy", array)

    @classmethod
    def load(cls, folder: Path) -> "Postings":
        """Map what ``save`` wrote. Raises ``ValueError`` or ``OSError`` if it is damaged."""
        names = ("starts", "documents", "counts", "lengths", "data", "ends")
        found = {name: load_array(folder / f"{name}.npy") for name in names}
        starts, ends = found["starts"], found["ends"]
        if len(starts) != len(ends) or starts[-1] != len(found["documents"]) or ends[-1] != len(found["data"]):
            raise ValueError(f"{folder} does not fit together")
        words = SortedStrings(found["data"], ends)
        return cls(words, starts, found["documents"], found["counts"], found["lengths"])


def load_array(path: Path) -> NDArray[Any]:
    """An array of a file, mapped; plain, since numpy's memmap class costs a little on every slice."""
    found: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.asarray(found)
