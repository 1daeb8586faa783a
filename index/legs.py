"""Both legs of a search in one language: passages near to the query's vector, and passages that have its words."""

from collections.abc import Mapping, Sequence
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


class Numbering(Protocol):
    """Passages go by ids, and by numbers in the index of the words."""

    def numbers_of(self, ids: Sequence[str]) -> Mapping[str, int]:
        """Numbers by id; what is not there is left out."""
        ...

    def ids_numbered(self, numbers: Sequence[int]) -> Mapping[int, str]:
        """Ids by number; what is not there is left out."""
        ...


class OwnLegs:
    """The vectors of any store beside our own index of the words."""

    def __init__(self, language: str, store: VectorStore, words: LexicalIndex, numbering: Numbering) -> None:
        self._language, self._store, self._words, self._numbering = language, store, words, numbering

    def candidates(
        self, text: str, vector: FloatArray, count: int, among: Sequence[str] | None = None
    ) -> tuple[list[str], FloatArray]:
        """As ``Legs`` says."""
        lookup = self._words.look_up(text)
        if among is None:
            near = [name for name, _ in self._store.query(self._language, vector, count)]
            told = self._numbering.ids_numbered(self._words.best(lookup, count).tolist())
            found = {**self._numbering.numbers_of(near), **{name: number for number, name in told.items()}}
        else:
            found = dict(self._numbering.numbers_of(among))
        numbers = np.fromiter(found.values(), dtype=np.int64, count=len(found))
        here = self._words.has(numbers)
        names = [name for name, is_here in zip(found, here, strict=True) if is_here]
        return names, self._words.shares(lookup, numbers[here])

    def query_words(self, query: str) -> dict[str, float]:
        """As ``Legs`` says."""
        return self._words.query_words(query)
