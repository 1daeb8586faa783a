"""Late interaction: each token of a query looks for the nearest token of a passage (Khattab and Zaharia, 2020), where a vector of the whole
passage blurs them. A token counts by the length of its row, which is what training found it to be worth.
"""

from collections.abc import Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from index.rows import unpack_tokens
from index.static import StaticEmbedder

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int32]

NOTHING = np.array([-1], dtype=np.int32)
"""A passage without words."""

LONGEST_QUERY = 256
"""Tokens of a query that are looked for."""


class LateInteraction:
    """Passages beside a query, token by token."""

    def __init__(self, embedder: StaticEmbedder) -> None:
        self._embedder = embedder

    def nearness(self, query: str, passages: Sequence[IntArray]) -> FloatArray:
        """``(n, 2)`` in [-1, 1]: how near the query's tokens come to tokens anywhere in each passage, and within one sentence of it.

        Passages are given by their tokens, as ``index.rows.pack_tokens`` numbers them.
        """
        asked = self._embedder.token_vectors(query)[:LONGEST_QUERY]
        lengths = np.linalg.norm(asked, axis=1)
        if not passages or not lengths.any():
            return np.zeros((len(passages), 2), dtype=np.float32)
        held = [tokens if len(tokens) else NOTHING for tokens in passages]
        numbers = np.concatenate(held)
        begins = np.cumsum([0, *map(len, held[:-1])])
        is_first = numbers < 0
        is_first[begins] = True
        sentences = np.flatnonzero(is_first)
        distinct, places = self._distinct(np.where(numbers < 0, ~numbers, numbers))
        similar = self._embedder.token_cosines(distinct, asked / np.maximum(lengths, 1e-9)[:, None])
        nearest = np.maximum.reduceat(similar[places], sentences, axis=0)
        worth = lengths / lengths.sum()
        starts = sentences.searchsorted(begins)
        whole = (np.maximum.reduceat(nearest, starts, axis=0) * worth).sum(axis=1)
        one = np.maximum.reduceat((nearest * worth).sum(axis=1), starts)
        return np.stack([whole, one], axis=1).astype(np.float32)

    def vectors(self, passages: Sequence[IntArray]) -> tuple[FloatArray, list[FloatArray]]:
        """The static model's own unit rows, ``(n, d)`` of the passages and ``(m, d)`` of each one's m sentences."""
        inner = [unpack_tokens(tokens) for tokens in passages]
        whole = self._embedder.vectors_of([list(chain.from_iterable(sentences)) for sentences in inner])
        rows = iter(self._embedder.vectors_of(list(chain.from_iterable(inner))))
        return whole, [np.array(list(islice(rows, len(sentences)))) for sentences in inner]

    def _distinct(self, numbers: IntArray) -> tuple[NDArray[np.intp], IntArray]:
        """The different numbers, and where among them each is; a table is faster than sorting, and a damaged number is some token or other."""
        numbers = np.minimum(numbers, self._embedder.tokens - 1)
        table = np.zeros(self._embedder.tokens, dtype=np.int32)
        table[numbers] = 1
        distinct = np.flatnonzero(table)
        table[distinct] = np.arange(len(distinct))
        where: IntArray = table[numbers]
        return distinct, where
