"""Late interaction: each token of a query looks for the nearest token of a passage (Khattab and Zaharia, 2020), where a vector of the whole
passage blurs them. A token counts by the length of its row, which is what training found it to be worth.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.article import Passage
from index.embedding import StaticEmbedder

FloatArray = NDArray[np.float32]

KEPT = 20_000
"""Passages whose tokens are kept in memory."""
LONGEST_QUERY = 256
"""Tokens of a query that are looked for."""


class LateInteraction:
    """Passages beside a query, token by token; the tokens of passages seen before are remembered."""

    def __init__(self, embedder: StaticEmbedder) -> None:
        self._embedder = embedder
        self._seen: dict[str, list[NDArray[np.intp]]] = {}

    def nearness(self, query: str, passages: Sequence[Passage]) -> FloatArray:
        """``(n, 2)`` in [-1, 1]: how near the query's tokens come to tokens anywhere in each passage, and within one sentence of it."""
        asked = self._embedder.token_vectors(query)[:LONGEST_QUERY]
        lengths = np.linalg.norm(asked, axis=1)
        if not passages or not lengths.any():
            return np.zeros((len(passages), 2), dtype=np.float32)
        tokens = self._tokens(passages)
        sentences = [sentence for passage in tokens for sentence in passage]
        distinct, places = np.unique(np.concatenate(sentences), return_inverse=True)
        similar = self._embedder.token_cosines(distinct, asked / np.maximum(lengths, 1e-9)[:, None])
        nearest = np.maximum.reduceat(similar[places], _starts([len(ids) for ids in sentences]), axis=0)
        worth = lengths / lengths.sum()
        starts = _starts([len(passage) for passage in tokens])
        whole = (np.maximum.reduceat(nearest, starts, axis=0) * worth).sum(axis=1)
        one = np.maximum.reduceat((nearest * worth).sum(axis=1), starts)
        return np.stack([whole, one], axis=1).astype(np.float32)

    def _tokens(self, passages: Sequence[Passage]) -> list[list[NDArray[np.intp]]]:
        """Token ids of each passage's sentences; at least one sentence, and one token in each."""
        # Other threads may ask at the same time, so what was found is held here as well.
        found = {p.text: self._seen.get(p.text) for p in passages}
        new = {p.text: [s.text for s in p.sentences] or [p.text] for p in passages if found[p.text] is None}
        ids = iter(self._embedder.token_ids([sentence for sentences in new.values() for sentence in sentences]))
        read = {text: [np.array(next(ids) or [0], dtype=np.intp) for _ in sentences] for text, sentences in new.items()}
        if len(self._seen) > KEPT:
            self._seen.clear()
        self._seen.update(read)
        return [found[p.text] or read[p.text] for p in passages]


def _starts(counts: Sequence[int]) -> NDArray[Any]:
    return np.cumsum([0, *counts[:-1]])
