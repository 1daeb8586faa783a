"""A query → ranked passages: candidates of both legs in every language, features of each, one learnt score, versions folded.

Neither leg filters the other's candidates, and each language has lists of its own, so that a question in one language finds what only the other
says.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.article import Hit, Passage
from index.catalogue import Catalogue
from index.embedding import Embedder
from index.language import detect_language
from index.lexical import LexicalIndex
from index.numbers import find_numbers
from index.vectors import VectorStore

FloatArray = NDArray[np.float32]

CANDIDATES = 60
"""Passages that each leg proposes in each language."""
FEATURES = ("passage", "sentence", "marked", "bare", "numbers", "same_language")

Vectors = Callable[[Sequence[str]], Mapping[str, tuple[FloatArray, FloatArray]]]


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate: its features in the order of ``FEATURES``, and their score."""

    id: str
    features: tuple[float, ...]
    score: float


@lru_cache(maxsize=1)
def learnt_weights() -> FloatArray:
    """``(features,)`` weights of the fusion, as ``training.fusion`` fitted them."""
    stored = json.loads((Path(__file__).parent / "fusion.json").read_text(encoding="utf-8"))
    return np.array([stored["weights"][name] for name in FEATURES], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Searcher:
    """What one search reads: the catalogue, the vectors, the words and the model."""

    catalogue: Catalogue
    store: VectorStore
    lexical: Mapping[str, LexicalIndex]
    embedder: Embedder
    vectors: Vectors

    def rank(self, query: str, languages: Sequence[str], articles: Sequence[str] | None = None) -> list[Scored]:
        """Every candidate in these languages with its score, highest first, ties by id."""
        vector = self.embedder.encode_query([query])[0]
        asked = detect_language(query)
        scored: list[Scored] = []
        for language in languages:
            words = self.lexical.get(language)
            marked, bare = words.scores(query) if words else (np.zeros(0, np.float32), np.zeros(0, np.float32))
            if articles is not None:
                ids = [name for name in self.catalogue.passages(articles=articles) if words and name in words.rows]
            else:
                ids = self._candidates(language, vector, words, marked, bare)
            scored += self._score(ids, query, vector, words, (marked, bare), float(language == asked))
        return sorted(scored, key=lambda s: (-s.score, s.id))

    def _candidates(
        self, language: str, vector: FloatArray, words: LexicalIndex | None, marked: FloatArray, bare: FloatArray
    ) -> list[str]:
        found = dict.fromkeys(name for name, _ in self.store.query(language, vector, CANDIDATES))
        if words is not None:
            for scores in (marked, bare):
                best = np.argpartition(-scores, CANDIDATES)[:CANDIDATES] if len(scores) > CANDIDATES else np.arange(len(scores))
                found.update(dict.fromkeys(words.ids[i] for i in best if scores[i] > 0))
        return list(found)

    def _score(
        self,
        ids: Sequence[str],
        query: str,
        vector: FloatArray,
        words: LexicalIndex | None,
        scores: tuple[FloatArray, FloatArray],
        same_language: float,
    ) -> list[Scored]:
        vectors = self.vectors(ids)
        ids = [name for name in ids if name in vectors and words is not None and name in words.rows]
        if not ids or words is None:
            return []
        rows = [words.rows[name] for name in ids]
        table = np.empty((len(ids), len(FEATURES)), dtype=np.float32)
        table[:, 0] = [float(vectors[name][0] @ vector) for name in ids]
        table[:, 1] = [float((vectors[name][1] @ vector).max()) for name in ids]
        table[:, 2], table[:, 3] = scores[0][rows], scores[1][rows]
        table[:, 4] = self._numbers(query, ids)
        table[:, 5] = same_language
        total = table @ learnt_weights()
        return [
            Scored(name, tuple(map(float, features)), float(score))
            for name, features, score in zip(ids, table, total, strict=True)
        ]

    def _numbers(self, query: str, ids: Sequence[str]) -> list[float]:
        """Share of the query's numbers that a passage has, whatever the language writes them in."""
        wanted = {number.value for number in find_numbers(query, detect_language(query)) if number.digits}
        if not wanted:
            return [0.0] * len(ids)
        passages = self.catalogue.passages(ids)
        found = ({n.value for n in find_numbers(passages[name].text, passages[name].language)} for name in ids)
        return [len(wanted & values) / len(wanted) for values in found]


def fold_versions(
    scored: Sequence[Scored], passages: Mapping[str, Passage], same: Callable[[Passage, Passage], bool], k: int
) -> list[Hit]:
    """The best ``k`` hits; a passage that says the same as a better one of its article, in another version, is left out."""
    hits: list[Hit] = []
    for candidate in scored:
        passage = passages.get(candidate.id)
        if passage is None:
            continue
        told = (hit.passage for hit in hits if hit.passage.article == passage.article and hit.passage.version != passage.version)
        if any(same(passage, other) for other in told):
            continue
        hits.append(Hit(passage, candidate.score))
        if len(hits) == k:
            break
    return hits
