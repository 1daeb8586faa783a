"""BM25 over documents of one batch: which of them have a word, and how often, in arrays that are mapped into memory from disk.

What is kept is counts, not scores: rarity and mean length belong to all batches together and are given with each query, so that one more article
does not mean reading all the others again. Words are kept as 64-bit hashes, so that finding, merging and mapping them is arithmetic on arrays.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.bags import Bags

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
KeyArray = NDArray[np.uint64]

K1, B = 1.2, 0.75
"""How fast a repeated word stops counting, and how much a long document is held against it (Robertson and Zaragoza, 2009)."""
HEAD = 8_192
"""Documents of a common word that are looked through for candidates, those first that gain most by it. What a word costs stops growing there."""
MOST_COUNTED = 255
_CHUNK = 4_000_000
"""Postings that a merge moves at a time."""
_EMPTY = blake2b(digest_size=8)
"""Of nothing yet: copying it takes a third of the time of setting one up."""
_ARRAYS = ("keys", "starts", "documents", "counts", "lengths", "common", "heads")


def keys_of(words: Iterable[str]) -> KeyArray:
    """``(n,)`` the hashes that stand for words, the same in every process."""
    digests = []
    for word in words:
        digest = _EMPTY.copy()
        digest.update(word.encode("utf-8", "surrogatepass"))
        digests.append(digest.digest())
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64, copy=False)


def rarity(documents: int, having: int) -> float:
    """Inverse document frequency, highest for a word that no document has (Lucene's: Kamphuis et al., 2020)."""
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents are numbered from 0.

    The postings of word ``w`` are ``documents[starts[w]:starts[w + 1]]``, rising, with ``counts`` beside them. ``lengths`` is ``(documents,)``.
    ``common`` are the words that more than ``HEAD`` documents have, and ``heads`` ``(common, HEAD)`` the places, counted from the word's start,
    of the documents that gain most.
    """

    keys: KeyArray
    starts: IntArray
    documents: NDArray[np.int32]
    counts: NDArray[np.uint8]
    lengths: FloatArray
    common: IntArray
    heads: NDArray[np.int32]

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> "Postings":
        """Index documents; the same documents give the same arrays."""
        return cls.of(Bags.of(documents))

    @classmethod
    def of(cls, bags: Bags) -> "Postings":
        """Index the words of documents, told by number."""
        keys = keys_of(bags.words)
        order = np.argsort(keys)
        place = np.empty(len(keys), dtype=np.int64)
        place[order] = np.arange(len(keys))
        lengths = np.bincount(bags.owners, minlength=bags.documents).astype(np.float32)
        n = max(1, bags.documents)
        pairs, counts = np.unique(place[bags.numbers] * n + bags.owners, return_counts=True)
        starts = np.searchsorted(pairs, np.arange(len(keys) + 1, dtype=np.int64) * n).astype(np.int64)
        return _with_heads(keys[order], starts, (pairs % n).astype(np.int32), _capped(counts), lengths)

    @classmethod
    def merged(cls, parts: "Sequence[tuple[Postings, NDArray[np.bool_] | None]]") -> "Postings":
        """The documents of several, one after another; of each, those that a mask names, or all."""
        kept = [part if mask is None else part._only(mask) for part, mask in parts]
        # Each part's are in order, which a stable sort makes use of; ``np.unique`` looks each up by its hash, which takes forty times as long.
        keys = np.sort(np.concatenate([part.keys for part in kept]), kind="stable")
        keys = np.concatenate([keys[:-1][keys[1:] != keys[:-1]], keys[-1:]])
        ranks = [np.searchsorted(keys, part.keys) for part in kept]
        sizes = np.zeros(len(keys), dtype=np.int64)
        for part, rank in zip(kept, ranks, strict=True):
            sizes[rank] += np.diff(part.starts)
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        documents, counts = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1], dtype=np.uint8)
        filled, first = starts[:-1].copy(), 0
        for part, rank in zip(kept, ranks, strict=True):
            for begin, end, a, b in part._chunks():
                # Where each posting goes: as far from its word's place here as it stood from its word's start there.
                shift = np.repeat(filled[rank[begin:end]] - part.starts[begin:end], np.diff(part.starts[begin : end + 1]))
                to = shift + np.arange(a, b)
                documents[to], counts[to] = part.documents[a:b] + np.int32(first), part.counts[a:b]
            filled[rank] += np.diff(part.starts)
            first += len(part.lengths)
        return _with_heads(keys, starts, documents, counts, np.concatenate([part.lengths for part in kept]))

    def _only(self, mask: NDArray[np.bool_]) -> "Postings":
        stays = mask[self.documents]
        numbers = (np.cumsum(mask) - 1).astype(np.int32)
        ends = np.concatenate([[0], np.cumsum(stays)])
        starts = ends[self.starts]
        used = np.flatnonzero(np.diff(starts))
        none = np.empty(0, dtype=np.int64), np.empty((0, HEAD), dtype=np.int32)
        documents, counts = numbers[self.documents[stays]], self.counts[stays]
        return Postings(self.keys[used], np.append(starts[used], ends[-1]), documents, counts, self.lengths[mask], *none)

    def _chunks(self) -> Iterator[tuple[int, int, int, int]]:
        """Runs of words ``[begin, end)`` with their postings ``[a, b)``, a few million of these at a time."""
        begin = 0
        while begin < len(self.keys):
            end = max(begin + 1, int(np.searchsorted(self.starts, self.starts[begin] + _CHUNK)) - 1)
            end = min(end, len(self.keys))
            yield begin, end, int(self.starts[begin]), int(self.starts[end])
            begin = end

    # Reading -----------------------------------------------------------------------------------------------------------------

    def find(self, keys: KeyArray) -> IntArray:
        """``(n,)`` numbers of words; -1 for a word that no document has."""
        if not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int64)
        numbers = np.minimum(self.keys.searchsorted(keys), len(self.keys) - 1)
        return np.where(self.keys[numbers] == keys, numbers, -1)

    def frequencies(self, numbers: IntArray) -> IntArray:
        """``(n,)`` how many documents have each word; 0 for the number -1."""
        if not len(self.keys):
            return np.zeros(len(numbers), dtype=np.int64)
        return np.where(numbers >= 0, self.starts[numbers + 1] - self.starts[numbers], 0)

    def frequency(self, number: int) -> int:
        """How many documents have a word."""
        return int(self.starts[number + 1] - self.starts[number])

    def gains(self, number: int, mean: float) -> tuple[NDArray[np.int32], FloatArray, bool]:
        """Documents that have a word with what they gain by it, in [0, 1); and whether these are all, not just the head of a common word's.

        ``mean`` is the length of a document among all of them.
        """
        start, end = int(self.starts[number]), int(self.starts[number + 1])
        documents, counts = self.documents[start:end], self.counts[start:end]
        whole = end - start <= self.heads.shape[1]
        if not whole:
            head = self.heads[int(self.common.searchsorted(number))]
            documents, counts = documents[head], counts[head]
        return documents, _gain(counts, self.lengths[documents], mean), whole

    def gains_of(self, number: int, documents: NDArray[np.int32], mean: float) -> FloatArray:
        """What each of some documents gains by a word; 0 where it has not got it."""
        start, end = int(self.starts[number]), int(self.starts[number + 1])
        held = self.documents[start:end]
        places = np.minimum(held.searchsorted(documents), end - start - 1)
        has = held[places] == documents
        found = np.zeros(len(documents), dtype=np.float32)
        if has.any():
            found[has] = _gain(self.counts[start:end][places[has]], self.lengths[documents[has]], mean)
        return found

    def fingerprints(self) -> KeyArray:
        """``(documents,)`` a sum over each document's words that no other bag of words is likely to have."""
        sums = np.zeros(len(self.lengths), dtype=np.uint64)
        for begin, end, a, b in self._chunks():
            keys = np.repeat(self.keys[begin:end], np.diff(self.starts[begin : end + 1]))
            np.add.at(sums, self.documents[a:b], keys * self.counts[a:b].astype(np.uint64))
        return sums

    # Files -------------------------------------------------------------------------------------------------------------------

    def save(self, folder: Path) -> None:
        """Write the arrays, a file each."""
        folder.mkdir(parents=True)
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path, *, mapped: bool = True) -> "Postings":
        """Map or read what ``save`` wrote. Raises ``ValueError`` or ``OSError`` if it is damaged."""
        found = cls(**{name: load_array(folder / f"{name}.npy", mapped=mapped) for name in _ARRAYS})
        ends = (len(found.starts) - 1, int(found.starts[-1]), len(found.documents), len(found.common))
        if ends != (len(found.keys), len(found.documents), len(found.counts), len(found.heads)):
            raise ValueError(f"{folder} does not fit together")
        return found


def _with_heads(
    keys: KeyArray, starts: IntArray, documents: NDArray[np.int32], counts: NDArray[np.uint8], lengths: FloatArray
) -> Postings:
    common = np.flatnonzero(np.diff(starts) > HEAD)
    heads = np.empty((len(common), HEAD), dtype=np.int32)
    mean = float(lengths.mean()) if len(lengths) else 1.0
    for row, number in enumerate(common):
        part = slice(int(starts[number]), int(starts[number + 1]))
        gained = _gain(counts[part], lengths[documents[part]], mean)
        heads[row] = np.sort(np.argpartition(-gained, HEAD)[:HEAD])
    return Postings(keys, starts, documents, counts, lengths, common.astype(np.int64), heads)


def _gain(counts: NDArray[np.uint8], lengths: FloatArray, mean: float) -> FloatArray:
    held = counts.astype(np.float32)
    norms = np.float32(K1 * (1 - B)) + np.float32(K1 * B / max(mean, 1e-9)) * lengths
    return (held / (held + norms)).astype(np.float32, copy=False)


def _capped(counts: IntArray) -> NDArray[np.uint8]:
    return np.minimum(counts, MOST_COUNTED).astype(np.uint8)


def load_array(path: Path, *, mapped: bool = True) -> NDArray[Any]:
    """An array of a file, mapped or read; plain, since numpy's memmap class costs a little on every slice."""
    try:
        found: NDArray[Any] = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    except OSError:
        raise
    except Exception as error:
        # numpy reads a header as Python's own literals, and a damaged one ends in any of its parser's errors.
        raise ValueError(f"{path.name} is damaged: {error}") from error
    return np.asarray(found)
