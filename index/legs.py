"""Both legs of a search in one language: passages near to the query's vector, and passages that have its words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.lexical import LexicalIndex, Lookup
from index.scope import ALL_SCORED, Scope
from index.vectors import VectorStore

FloatArray = NDArray[np.float32]


class Legs(Protocol):
    """What proposes the passages of one language. Neither leg filters what the other proposes."""

    def candidates(self, text: str, vector: FloatArray, count: int, scope: Scope | None = None) -> tuple[list[str], FloatArray]:
        """Ids of passages with their ``(n, 2)`` shares of the query's words, with and without diacritics, each in [0, 1].

        Args:
            text: the query.
            vector: its ``(d,)`` unit row.
            count: how many each leg proposes.
            scope: what the proposals are confined to; None for nothing.
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

    def candidates(self, text: str, vector: FloatArray, count: int, scope: Scope | None = None) -> tuple[list[str], FloatArray]:
        """As ``Legs`` says."""
        lookup = self._words.look_up(text)
        if scope is not None and scope.ids:
            found = self._within(scope, lookup, vector, count)
        else:
            known: dict[str, int] = {}
            near, told = self._near(vector), self._told(lookup, known)
            names = [*near(count), *told(count)] if scope is None else [*scope.sift(near, count), *scope.sift(told, count)]
            known.update(self._numbering.numbers_of(list({name for name in names if name not in known})))
            found = {name: known[name] for name in names if name in known}
        numbers = np.fromiter(found.values(), dtype=np.int64, count=len(found))
        here = self._words.has(numbers)
        return [name for name, is_here in zip(found, here, strict=True) if is_here], self._words.shares(lookup, numbers[here])

    def _near(self, vector: FloatArray) -> Callable[[int], list[str]]:
        return lambda count: [name for name, _ in self._store.query(self._language, vector, count)]

    def _told(self, lookup: Lookup, known: dict[str, int]) -> Callable[[int], list[str]]:
        """What proposes by the words; the numbers of what it proposes are noted in ``known``."""

        def propose(count: int) -> list[str]:
            numbers = self._words.best(lookup, count).tolist()
            ids = self._numbering.ids_numbered(numbers)
            found = {ids[number]: number for number in numbers if number in ids}
            known.update(found)
            return list(found)

        return propose

    def _within(self, scope: Scope, lookup: Lookup, vector: FloatArray, count: int) -> dict[str, int]:
        numbers = dict(zip(scope.ids, scope.numbers.tolist(), strict=True))
        if len(numbers) <= ALL_SCORED:
            return numbers
        ids = dict(zip(scope.numbers.tolist(), scope.ids, strict=True))
        told = [ids[number] for number in self._words.best(lookup, count, scope.numbers).tolist()]
        return {name: numbers[name] for name in (*scope.nearest(vector, count), *told)}

    def query_words(self, query: str) -> dict[str, float]:
        """As ``Legs`` says."""
        return self._words.query_words(query)
