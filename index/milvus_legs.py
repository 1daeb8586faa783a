"""Both legs of the search in Milvus: one hybrid call proposes passages by their vectors and by BM25 over folded words.

The engine's scores of different searches cannot be compared, so the words' shares of each candidate are reckoned here from its words and from
how many passages have them, which the engine counts.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.lexical import LONGEST_QUERY
from index.milvus_rows import LETTERS, joined, keys_of, near
from index.postings import K1, B, rarity
from index.scope import ALL_SCORED, Scope
from index.segment import FIELDS
from index.text import bare, fold
from index.words import bare_words, marked_words

FloatArray = NDArray[np.float32]

SAMPLE = 1_000
"""Passages whose mean length stands for that of all."""
AT_ONCE = 8
"""Words that are counted at the same time."""


class MilvusLegs:
    """Both legs in one language's collection. Typing errors are not mended: no engine tells all its words.

    Args:
        client: a ``pymilvus.MilvusClient``.
        collection: its name.
        language: of the passages.
        failing_clearly: wraps calls, so that what goes wrong is told in one line.
    """

    def __init__(
        self, client: Any, collection: str, language: str, failing_clearly: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._client, self._collection, self._language = client, collection, language
        self._failing_clearly = failing_clearly
        self._counts: dict[tuple[str, str], int] = {}
        self._lengths: dict[str, float] = {}

    def candidates(self, text: str, vector: FloatArray, count: int, scope: Scope | None = None) -> tuple[list[str], FloatArray]:
        """As ``index.legs.Legs`` says."""
        words = self._words(text)
        with self._failing_clearly():
            rows = (
                self._proposed(words, vector, count) if scope is None else self._rows(self._within(scope, words, vector, count))
            )
            shares = {field: self._shares(field, asked, rows) for field, asked in words.items()}
        return [row["id"] for row in rows], np.stack([shares.get("marked", shares["bare"]), shares["bare"]], axis=1)

    def query_words(self, query: str) -> dict[str, float]:
        """As ``index.legs.Legs`` says."""
        words = [word for word in bare_words(query, self._language) if "_" not in word][:LONGEST_QUERY]
        with self._failing_clearly():
            return self._rarities("bare", words)

    def _words(self, text: str) -> dict[str, list[str]]:
        """The query's words for each field; what is typed without any diacritics says nothing about them, and asks the second alone."""
        words = {"bare": list(dict.fromkeys(bare_words(text, self._language)))[:LONGEST_QUERY]}
        if self._language != "vi" or fold(text) != bare(text):
            words["marked"] = list(dict.fromkeys(marked_words(text)))[:LONGEST_QUERY]
        return words

    def _proposed(self, words: Mapping[str, list[str]], vector: FloatArray, count: int) -> list[Mapping[str, Any]]:
        from pymilvus import AnnSearchRequest, RRFRanker

        asked = [AnnSearchRequest([vector.tolist()], "vector", near(count), limit=count)] if np.any(vector) else []
        for field, wanted in words.items():
            if wanted:
                asked.append(AnnSearchRequest([joined(wanted)], f"{field}_bm25", {"metric_type": "BM25"}, limit=count))
        if not asked:
            return []
        # As many as all proposals together, so that none filters another's.
        found = self._client.hybrid_search(
            self._collection, asked, RRFRanker(), limit=count * len(asked), output_fields=["id", *FIELDS]
        )[0]
        return [hit["entity"] for hit in found]

    def _within(self, scope: Scope, words: Mapping[str, list[str]], vector: FloatArray, count: int) -> Sequence[str]:
        if scope.ids and len(scope.ids) <= ALL_SCORED:
            return scope.ids
        sifted = scope.sift(lambda wanted: [row["id"] for row in self._proposed(words, vector, wanted)], 2 * count)
        return list(dict.fromkeys([*sifted, *(scope.nearest(vector, count) if scope.ids else ())]))

    def _rows(self, ids: Sequence[str]) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for keys in keys_of(ids):
            found += self._client.get(self._collection, ids=keys, output_fields=["id", *FIELDS])
        return found

    def _shares(self, field: str, words: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> FloatArray:
        """``(len(rows),)`` in [0, 1], as ``Postings.scores`` reckons them."""
        gains = {word.translate(LETTERS): gain for word, gain in self._rarities(field, words).items()}
        scores = np.zeros(len(rows), dtype=np.float32)
        mean = self._mean_length(field)
        for number, row in enumerate(rows):
            held = row[field].split()
            counts, norm = Counter(held), K1 * (1 - B + B * len(held) / mean)
            scores[number] = sum(gain * counts[word] / (counts[word] + norm) for word, gain in gains.items() if word in counts)
        return scores / np.float32(sum(gains.values()) or 1.0)

    def _rarities(self, field: str, words: Sequence[str]) -> dict[str, float]:
        """Inverse document frequency of each word."""
        unknown = [word for word in dict.fromkeys(("", *words)) if (field, word) not in self._counts]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for word, having in zip(unknown, pool.map(lambda word: self._count(field, word), unknown), strict=True):
                self._counts[field, word] = having
        total = self._counts[field, ""]
        return {word: rarity(total, self._counts[field, word]) for word in words}

    def _count(self, field: str, word: str) -> int:
        """How many passages have a word; the empty one stands for all."""
        having = f"text_match({field}, '{word.translate(LETTERS)}')" if word else ""
        return int(self._client.query(self._collection, filter=having, output_fields=["count(*)"])[0]["count(*)"])

    def _mean_length(self, field: str) -> float:
        """Words of a passage."""
        if field not in self._lengths:
            rows = self._client.query(self._collection, filter="", limit=SAMPLE, output_fields=[field])
            self._lengths[field] = max(1.0, sum(len(row[field].split()) for row in rows) / max(1, len(rows)))
        return self._lengths[field]
