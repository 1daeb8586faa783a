"""Both legs of a search in one language: passages near to the query's vector, and passages that have its words."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.lexical import LexicalIndex
from index.vectors import VectorStore

FloatArray = NDArray[np.float32]


class Legs(Protocol):
    """What proposes the passages of one language. Neither leg filters what the other proposes."""

    def candidates(
        self, text: str, vector: FloatArray, count: int, among: Sequence[str] | None = None
    ) -> tuple[list[str], FloatArray]:
        """Ids of passages with their ``(n, 2)`` shares of the query's words, with and without diacritics, each in [0, 1].

        Args:
            text: the query.
            vector: its ``(d,)`` unit row.
            count: how many each leg proposes.
            among: ids to look at instead of what the legs propose; those that are not there are left out.
        """
        ...

    def query_words(self, query: str) -> dict[str, float]:
        """Single words of a query as the field without diacritics is searched for them, with their rarity."""
        ...


class OwnLegs:
    """The vectors of any store beside our own index of the words."""

    def __init__(self, language: str, store: VectorStore, words: LexicalIndex) -> None:
        self._language, self._store, self._words = language, store, words

    def candidates(
        self, text: str, vector: FloatArray, count: int, among: Sequence[str] | None = None
    ) -> tuple[list[str], FloatArray]:
        """As ``Legs`` says."""
        words = self._words
        marked, bare = words.scores(text)
        if among is None:
            found = dict.fromkeys(name for name, _ in self._store.query(self._language, vector, count))
            both = marked + bare
            best = np.argpartition(-both, count)[:count] if len(both) > count else np.arange(len(both))
            found.update(dict.fromkeys(words.ids[row] for row in best if both[row] > 0))
            among = list(found)
        rows = {name: row for name in among if (row := words.row(name)) >= 0}
        numbers = list(rows.values())
        return list(rows), np.stack([marked[numbers], bare[numbers]], axis=1)

    def query_words(self, query: str) -> dict[str, float]:
        """As ``Legs`` says."""
        return self._words.query_words(query)
