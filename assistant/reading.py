"""What is worked out of a sentence once and kept: its words, its tokens' directions, and the kinds of thing that it holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.counted import beside_numbers
from assistant.described import Tokens, described, descriptions_of
from assistant.fit import Holdings, holdings_of
from assistant.naming import Words, names_written
from index.article import Place
from index.library import Library
from index.numbers import find_numbers
from index.words import bare_words

FloatArray = NDArray[np.float32]

KEPT = 20_000
"""Sentences whose analysis is kept in memory."""
ELSEWHERE = 0.65
"""What a word that the article says elsewhere of somebody whom a sentence names counts for, beside one of the sentence itself. Set by hand."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence's words without diacritics, pairs of neighbours, ``(d,)`` unit vector by the static model and by the one that searches, ``(t, d)``
    unit rows of its tokens, shorter ones of how its article describes whom it names, unit rows of the tokens beside its numbers, numbers, names and
    holdings.
    """

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    vector: FloatArray
    search_vector: FloatArray
    tokens: FloatArray
    counted: FloatArray
    numbers: frozenset[float]
    names: Mapping[Words, str]
    holds: Holdings


class Readings:
    """Analyses of sentences, each made once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: dict[str, Reading] = {}

    def of(self, places: Iterable[Place]) -> dict[str, Reading]:
        """The analysis of each place by its id."""
        wanted = {place.id: place for place in places}
        missing = [place for name, place in wanted.items() if name not in self._kept]
        if missing:
            if len(self._kept) > KEPT:
                self._kept.clear()
                missing = list(wanted.values())
            vectors = self._library.static.encode_document([place.text for place in missing])
            search_vectors = vectors if self._library.static is self._library.embedder else self._search_vectors(missing)
            told = self._descriptions(missing)
            for place, vector, other in zip(missing, vectors, search_vectors, strict=True):
                elsewhere = described(place.text, told[place.article, place.version])
                self._kept[place.id] = self._read(place, elsewhere, vector, other)
        return {name: self._kept[name] for name in wanted}

    def tokens(self, text: str) -> tuple[FloatArray, FloatArray]:
        """``(t, d)`` unit rows of a text's tokens and their ``(t,)`` weights."""
        rows = self._library.static.token_vectors(text)
        weights = np.linalg.norm(rows, axis=1)
        kept = weights > 1e-6
        return rows[kept] / weights[kept, None], weights[kept]

    def _search_vectors(self, places: Sequence[Place]) -> list[FloatArray]:
        """Vectors of sentences by the model that searches, as the library keeps them: making them takes such a model long."""
        kept: dict[str, FloatArray] = {}
        for article, version in dict.fromkeys((place.article, place.version) for place in places):
            for passage in self._library.article(article).version(version).passages:
                kept.update(zip((inner.id for inner in passage.sentences), self._library.sentence_vectors(passage), strict=True))
        # What was changed meanwhile is not there any more.
        if gone := [place for place in places if place.id not in kept]:
            made = self._library.embedder.encode_document([place.text for place in gone])
            kept.update(zip((place.id for place in gone), made, strict=True))
        return [kept[place.id] for place in places]

    def _descriptions(self, places: Sequence[Place]) -> dict[tuple[str, str], Mapping[Tokens, str]]:
        """How the versions that these places are of describe whom they name."""
        versions = dict.fromkeys((place.article, place.version) for place in places)
        return {
            (name, version): descriptions_of(self._library.article(name).version(version).sentences) for name, version in versions
        }

    def _read(self, place: Place, elsewhere: str, vector: FloatArray, search_vector: FloatArray) -> Reading:
        words = [word for word in bare_words(place.text, place.language) if "_" not in word]
        numbers = frozenset(number.value for number in find_numbers(place.text, place.language))
        tokens = np.concatenate([self.tokens(place.text)[0], ELSEWHERE * self.tokens(elsewhere)[0]])
        return Reading(
            frozenset(words),
            frozenset(pairwise(words)),
            vector,
            search_vector,
            tokens.astype(np.float32),
            self.tokens(beside_numbers(place.text, place.language))[0].astype(np.float32),
            numbers,
            names_written(place.text),
            holdings_of(place.text, place.language),
        )
