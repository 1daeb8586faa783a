"""Words of documents as numbers, so that each distinct word is looked at once, however often it stands there."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bags:
    """Each distinct word is in ``words`` once; ``words[numbers[i]]`` stands in document ``owners[i]``, counted from 0, of ``documents``."""

    words: Sequence[str]
    numbers: IntArray
    owners: IntArray
    documents: int

    @classmethod
    def of(cls, documents: Sequence[Sequence[str]]) -> "Bags":
        """The words of documents, in order."""
        words, numbers = _numbered(chain.from_iterable(documents))
        owners = np.repeat(np.arange(len(documents), dtype=np.int64), [len(document) for document in documents])
        return cls(words, numbers, owners, len(documents))

    def changed(self, change: Callable[[str], str]) -> "Bags":
        """Other words in the same places; what becomes the same is one word."""
        words, numbers = _numbered(map(change, self.words))
        return replace(self, words=words, numbers=numbers[self.numbers])

    def with_pairs(self) -> "Bags":
        """The same, and each two words that stand side by side, joined by ``_``."""
        first = np.flatnonzero(self.owners[1:] == self.owners[:-1])
        n = max(1, len(self.words))
        pairs, numbers = np.unique(self.numbers[first] * n + self.numbers[first + 1], return_inverse=True)
        joined = [f"{self.words[a]}_{self.words[b]}" for a, b in zip((pairs // n).tolist(), (pairs % n).tolist(), strict=True)]
        return Bags(
            [*self.words, *joined],
            np.concatenate([self.numbers, numbers + len(self.words)]),
            np.concatenate([self.owners, self.owners[first]]),
            self.documents,
        )


def _numbered(words: Iterable[str]) -> tuple[list[str], IntArray]:
    """Distinct words in the order in which they come, and the number of each that came."""
    known: defaultdict[str, int] = defaultdict(count().__next__)
    numbers = np.fromiter(map(known.__getitem__, words), dtype=np.int64)
    return list(known), numbers
