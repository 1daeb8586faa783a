"""A language's passages by their words, in segments that are searched as one.

Passages go by their number in the catalogue. What a search costs grows with the number of segments, which is logarithmic, and not with that of the
passages: of a word that many have, only those that gain most by it propose themselves, and what the few best gain by it is looked up.
"""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.postings import FloatArray, IntArray, key_of, rarity
from index.segment import FIELDS, Segment
from index.text import bare, bare_token, fold, tokenise
from index.words import marked_words, stem

MENDED = 0.7
"""Weight of a word that was taken for a typing error of the query's."""
SHORTEST_MENDED = 4
"""Letters; a shorter word is near too many others."""
LONGEST_QUERY = 256
"""Words of a query that are looked up."""
SMALL = 4_000
"""Passages; segments that are smaller are merged at once, so that a small library is one segment."""
FANOUT = 4
"""Segments of about one size that are merged into one."""
LOOKED_AT = 4
"""Times as many passages as are asked for are scored in full."""

Terms = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A query's words in either field as keys, with their share of the query: all shares of a field make 1."""

    marked: Terms
    bare: Terms
    by_bare_alone: bool


class LexicalIndex:
    """The segments of one language, in the order of their passages' numbers."""

    def __init__(self, language: str, segments: Sequence[Segment] = ()) -> None:
        self.language = language
        self.segments = tuple(segments)
        self.size = sum(map(len, self.segments))
        documents = max(1, sum(len(segment.numbers) for segment in self.segments))
        self._means: NDArray[np.float64] = sum((s.lengths() for s in self.segments), np.zeros(2)) / documents
        self._near: dict[str, list[str]] = {}

    def updated(self, gone: IntArray, fresh: Segment | None = None) -> "LexicalIndex":
        """The index without some numbers and with a segment of higher ones."""
        segments = [segment.without(gone) for segment in self.segments]
        # What was removed costs little until it is much, and nothing must be left of it where all is small.
        segments = [Segment.merged([s]) if s.live is not None and _is_worn(s) else s for s in segments if len(s)]
        return LexicalIndex(self.language, settled([*segments, *([fresh] if fresh else [])]))

    # Searching ---------------------------------------------------------------------------------------------------------------

    def look_up(self, query: str) -> Lookup:
        """A query's words, typing errors mended; what no passage has counts towards the whole.

        What is typed without any diacritics says nothing about them, so that it counts in both fields by the second.
        """
        by_bare_alone = self.language == "vi" and fold(query) == bare(query)
        marked = {} if by_bare_alone else dict.fromkeys(marked_words(query)[:LONGEST_QUERY], 1.0)
        return Lookup(
            self._shares_of_words("marked", marked), self._shares_of_words("bare", self._weighted(query)), by_bare_alone
        )

    def _shares_of_words(self, field: str, words: Mapping[str, float]) -> Terms:
        gains = {(key := key_of(word)): weight * self._rarity(field, key) for word, weight in words.items()}
        whole = math.fsum(gains.values())
        return {key: gain / whole for key, gain in gains.items()} if whole else {}

    def best(self, lookup: Lookup, count: int, among: IntArray | None = None) -> IntArray:
        """The numbers of the at most ``count`` passages, of all or among some, that have most of a query, the best first, ties by number."""
        found = [self._best_of(segment, lookup, count, among) for segment in self.segments]
        if not found:
            return np.empty(0, dtype=np.int64)
        numbers, scores = np.concatenate([part[0] for part in found]), np.concatenate([part[1] for part in found])
        return numbers[np.lexsort((numbers, -scores))[:count]]

    def _best_of(self, segment: Segment, lookup: Lookup, count: int, among: IntArray | None) -> tuple[IntArray, FloatArray]:
        scores = np.zeros(len(segment.numbers), dtype=np.float32)
        heads = np.zeros(len(segment.numbers), dtype=np.float32)
        common: list[tuple[str, int, float]] = []
        touched = np.zeros(len(segment.numbers), dtype=np.bool_)
        for field, key, share in self._terms(lookup):
            documents, gains, whole = getattr(segment, field).gains(key, self._mean(field))
            (scores if whole else heads)[documents] += np.float32(share) * gains
            touched[documents] = True
            if not whole:
                common.append((field, key, share))
        if segment.live is not None:
            touched &= segment.live
        if among is not None:
            chosen = np.zeros(len(touched), dtype=np.bool_)
            inside = segment.places(among)
            chosen[inside[inside >= 0]] = True
            touched &= chosen
        places = np.flatnonzero(touched).astype(np.int32)
        places = _highest(places, scores[places] + heads[places], LOOKED_AT * count)
        full = scores[places]
        for field, key, share in common:
            full += np.float32(share) * getattr(segment, field).gains_of(key, places, self._mean(field))
        best = np.lexsort((places, -full))[:count]
        return segment.numbers[places[best]], full[best]

    def _terms(self, lookup: Lookup) -> Iterable[tuple[str, int, float]]:
        twice = 2.0 if lookup.by_bare_alone else 1.0
        yield from (("bare", key, twice * share) for key, share in lookup.bare.items())
        yield from (("marked", key, share) for key, share in lookup.marked.items())

    def shares(self, lookup: Lookup, numbers: IntArray) -> FloatArray:
        """``(n, 2)`` in [0, 1]: each passage's share of the query in the field with and in the field without diacritics; 0 for what is not here.

        BM25, as a share of what a passage would get that says every word again and again.
        """
        shares = np.zeros((len(numbers), 2), dtype=np.float32)
        for segment in self.segments:
            places = segment.places(numbers)
            here = np.flatnonzero(places >= 0)
            documents = places[here].astype(np.int32)
            for column, (field, terms) in enumerate(zip(FIELDS, (lookup.marked, lookup.bare), strict=True) if len(here) else ()):
                for key, share in terms.items():
                    shares[here, column] += np.float32(share) * getattr(segment, field).gains_of(
                        key, documents, self._mean(field)
                    )
        if lookup.by_bare_alone:
            shares[:, 0] = shares[:, 1]
        return shares

    def has(self, numbers: IntArray) -> NDArray[np.bool_]:
        """``(n,)`` whether each passage is here."""
        found = np.zeros(len(numbers), dtype=np.bool_)
        for segment in self.segments:
            found |= segment.places(numbers) >= 0
        return found

    def query_words(self, query: str) -> dict[str, float]:
        """Single words of a query as the field without diacritics is searched for them, with their rarity."""
        return {word: self._rarity("bare", key_of(word)) for word in self._mended(query)}

    def _mean(self, field: str) -> float:
        return float(self._means[FIELDS.index(field)])

    def _frequency(self, field: str, key: int) -> int:
        return sum(getattr(segment, field).frequency(key) for segment in self.segments)

    def _rarity(self, field: str, key: int) -> float:
        # What was removed is still counted among those that have a word, until a merge leaves it out.
        return rarity(max(self.size, having := self._frequency(field, key)), having)

    # Typing errors -----------------------------------------------------------------------------------------------------------

    def _mended(self, query: str) -> dict[str, float]:
        """Single words in order, with their weight; a word that no passage has gives way to one that differs in one letter."""
        words: dict[str, float] = {}
        for token in [bare_token(word) for word in tokenise(query)][:LONGEST_QUERY]:
            word = token if self.language == "vi" else stem(token)
            known = self._frequency("bare", key_of(word)) > 0
            near = None if known or len(word) < SHORTEST_MENDED or word[0].isdigit() else self._nearest(word)
            words.setdefault(near or word, MENDED if near else 1.0)
        return words

    def _weighted(self, query: str) -> dict[str, float]:
        words = self._mended(query)
        if self.language != "vi":
            return words
        found = list(words)
        pairs = {f"{a}_{b}": min(words[a], words[b]) for a, b in itertools.pairwise(found)}
        return {**words, **pairs}

    def _nearest(self, word: str) -> str | None:
        """The commonest word with the same first letter at one insertion, deletion, change or swap."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        choices = [known for known in self._beginning_with(word[0]) if abs(len(known) - len(word)) <= 1]
        found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=1, limit=8)
        near = (str(match[0]) for match in found)
        return max(near, key=lambda known: (self._frequency("bare", key_of(known)), known), default=None)

    def _beginning_with(self, letter: str) -> list[str]:
        if letter not in self._near:
            known: set[str] = set()
            for segment in self.segments:
                strings = segment.vocabulary
                known.update(strings.part(strings.place(letter), strings.place(chr(ord(letter) + 1))))
            self._near[letter] = sorted(known)
        return self._near[letter]


def settled(segments: Sequence[Segment]) -> list[Segment]:
    """The same passages in few segments: those at the end are merged while they are small, or many of about one size."""
    found = [segment for segment in segments if len(segment)]
    while len(found) > 1:
        tiers = [_tier(len(segment)) for segment in found]
        alike = next((i for i, tier in enumerate(reversed(tiers)) if tier > tiers[-1]), len(tiers))
        if alike < (2 if tiers[-1] == 0 else FANOUT):
            break
        found[-alike:] = [Segment.merged(found[-alike:])]
    return found


def _tier(size: int) -> int:
    return 0 if size < SMALL else 1 + int(math.log(size / SMALL, FANOUT))


def _is_worn(segment: Segment) -> bool:
    return len(segment.numbers) <= SMALL or len(segment) < 0.8 * len(segment.numbers)


def _highest(places: NDArray[np.int32], scores: FloatArray, count: int) -> NDArray[np.int32]:
    if len(places) <= count:
        return places
    return np.sort(places[np.argpartition(-scores, count)[:count]])
