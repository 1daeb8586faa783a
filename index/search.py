"""A query → ranked passages: candidates of both legs in every language, features of each, one learnt score, versions folded.

Neither leg filters the other's candidates, and each language has lists of its own, so that a question in one language finds what only the other
says.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.article import Hit, Passage
from index.copies import crowds
from index.embedding import Embedder, static_beside
from index.language import detect_language
from index.late import LateInteraction
from index.legs import Legs
from index.numbers import find_numbers
from index.rows import Entry
from index.scale import on_scale
from index.scope import Scope

FloatArray = NDArray[np.float32]

CANDIDATES = 40
"""Passages that each leg proposes in each language, at least."""

FEATURES = ("passage", "sentence", "tokens", "sentence_tokens", "marked", "bare", "numbers")
"""Cosine of the passage and of its nearest sentence, nearness of the query's tokens to the passage's and to those of one sentence, in [-1, 1];
share of the query's words with and without diacritics, and of its numbers, in [0, 1]."""

Entries = Callable[[Sequence[str]], Mapping[str, Entry]]


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: the text, its language, its ``(d,)`` vector by the model that searches and by the static one, and the values of its
    numbers.
    """

    text: str
    language: str
    vector: FloatArray
    static_vector: FloatArray
    numbers: frozenset[float]

    @classmethod
    def of(cls, text: str, embedder: Embedder) -> "Query":
        """Embed a text as a query."""
        # Half a character, as a careless cut leaves it, is no text that a tokenizer takes.
        text = text.encode("utf-8", "replace").decode()
        language = detect_language(text)
        numbers = frozenset(number.value for number in find_numbers(text, language) if number.digits)
        vector, static = embedder.encode_query([text])[0], static_beside(embedder)
        return cls(text, language, vector, vector if static is embedder else static.encode_query([text])[0], numbers)


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate: its features in the order of ``FEATURES``, and their score."""

    passage: Passage
    features: tuple[float, ...]
    score: float

    @property
    def id(self) -> str:
        """The passage's id."""
        return self.passage.id


@lru_cache(maxsize=2)
def learnt_weights(same_language: bool) -> tuple[FloatArray, float]:
    """``(len(FEATURES),)`` weights of the fusion and what is added to their sum, as ``training.fusion`` fitted them.

    Words that agree mean much within one language and little across two, so there are weights for either, fitted together: the scores of passages in
    either language can be compared.
    """
    stored = json.loads((Path(__file__).parent / "fusion.json").read_text(encoding="utf-8"))
    chosen = stored["same" if same_language else "other"]
    return np.array([chosen[name] for name in FEATURES], dtype=np.float32), float(chosen.get("base", 0.0))


def find_candidates(
    query: Query,
    language: str,
    legs: Legs,
    entries: Entries,
    late: LateInteraction,
    *,
    count: int = CANDIDATES,
    scope: Scope | None = None,
) -> list[Scored]:
    """The best passages of one language by vector and by words, scored.

    Args:
        query: what is searched for.
        language: of the passages.
        legs: what proposes them.
        entries: gives passages with their vectors by id.
        late: compares tokens.
        count: how many each leg proposes.
        scope: what the search is confined to; None for nothing.
    """
    ids, shares = legs.candidates(query.text, query.vector, count, scope)
    held = entries(ids)
    kept = [number for number, name in enumerate(ids) if name in held]
    found = [held[ids[number]] for number in kept]
    table = _features(query, found, shares[kept], late)
    weights, base = learnt_weights(language == query.language)
    scores = (table @ weights + base).tolist()
    return [Scored(entry.passage, tuple(row), score) for entry, row, score in zip(found, table.tolist(), scores, strict=True)]


def _features(query: Query, entries: Sequence[Entry], shares: FloatArray, late: LateInteraction) -> FloatArray:
    """``(len(entries), len(FEATURES))``; the words' shares, with and without diacritics, are given."""
    table = np.zeros((len(entries), len(FEATURES)), dtype=np.float32)
    if not entries:
        return table
    table[:, 0], table[:, 1] = _cosines(
        query.vector, np.stack([entry.vector for entry in entries]), [entry.sentence_vectors for entry in entries]
    )
    if query.static_vector is not query.vector:
        ours = _cosines(query.static_vector, *late.vectors([entry.tokens for entry in entries]))
        table[:, 0], table[:, 1] = on_scale(table[:, 0], ours[0]), on_scale(table[:, 1], ours[1])
    table[:, 2:4] = late.nearness(query.text, [entry.tokens for entry in entries])
    table[:, 4:6] = shares
    if query.numbers:
        table[:, 6] = [_shared_numbers(query.numbers, entry.passage) for entry in entries]
    return table


def _cosines(query: FloatArray, passages: FloatArray, sentences: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """``(n,)`` twice: of a query with ``(n, d)`` passages, and with the nearest sentence of each."""
    # Products so small are not worth the threads that a matrix product starts.
    whole = np.einsum("ij,j->i", passages, query)
    similar = np.einsum("ij,j->i", np.concatenate(sentences), query)
    return whole, np.maximum.reduceat(similar, np.cumsum([0, *map(len, sentences[:-1])]))


def _shared_numbers(wanted: frozenset[float], passage: Passage) -> float:
    """Share of the query's numbers that a passage has, whatever its language writes them in."""
    found = {number.value for number in find_numbers(passage.text, passage.language)}
    return len(wanted & found) / len(wanted)


def fold_versions(scored: Iterable[Scored], language: str, covers: Callable[[Passage, Passage], bool], k: int) -> list[Hit]:
    """The best ``k`` hits, each story told once.

    A passage that another version of its article has said already, higher up, is left out, and so are copies. If it is in the query's language
    and says what the other says, it stands in the other's place.

    Args:
        scored: the highest first.
        language: the query's.
        covers: whether the first passage says what the second says.
        k: how many to keep.
    """
    kept: list[Hit] = []
    for candidate in scored:
        new = candidate.passage
        full = len(kept) == k
        if full and new.language != language:
            # It could neither be kept nor stand in another's place.
            continue
        told = (
            i
            for i, old in enumerate(kept)
            if old.passage.article == new.article
            and old.passage.version != new.version
            and not (full and old.passage.language == language)
        )
        place = next((i for i in told if covers(kept[i].passage, new)), None)
        if place is None:
            if len(kept) < k and not crowds(new.text, (old.passage.text for old in kept)):
                kept.append(Hit(new, candidate.score))
        elif new.language == language != kept[place].passage.language and covers(new, kept[place].passage):
            kept[place] = replace(kept[place], passage=new)
    return kept
