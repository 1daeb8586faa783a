"""A language's passages by their words, in segments that are searched as one.

Passages go by their number in the catalogue. What a search costs grows with the number of segments, which is logarithmic, and not with that of the
passages: of a word that many have, only those that gain most by it propose themselves, and what the few best gain by it is looked up.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.postings import FloatArray, IntArray, Postings, keys_of, rarity
from index.segment import FIELDS, Segment
from index.text import bare, bare_token, fold, tokenise
from index.words import marked_words, stem

MENDED = 0.7
"""Weight of a word that was taken for a typing error of the query's."""
SHORTEST_MENDED = 4
"""Letters; a shorter word is near too many others."""
MENDS_KEPT = 10_000
"""Words of queries whose neighbours are remembered."""
LONGEST_QUERY = 256
"""Words of a query that are looked up."""
SMALL = 4_000
"""Passages; segments that are smaller are merged at once, so that a small library is one segment."""
FANOUT = 4
"""Segments of about one size that are merged into one."""
MOST = 0.8
"""Share of the passages in one segment that makes merging it with the others not worth the while."""
LONG = 1_000
"""Postings of a word from which on it is worth asking whether it must propose anybody."""
LOOKED_AT = 4
"""Times as many passages as are asked for are scored in full."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A query's words in one field: ``shares`` of the query, which make 1, and for each segment their numbers there, -1 for none."""

    shares: tuple[float, ...] = ()
    numbers: tuple[tuple[int, ...], ...] = ()

    def of(self, segment: int) -> Iterator[tuple[int, float]]:
        """Numbers with their share, of the words that a segment has."""
        if self.numbers:
            yield from ((number, share) for number, share in zip(self.numbers[segment], self.shares, strict=True) if number >= 0)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A query's words in either field."""

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
        self._near: dict[str, dict[int, list[str]]] = {}
        self._mends: dict[str, str | None] = {}

    def updated(self, gone: IntArray, fresh: Segment | None = None) -> "LexicalIndex":
        """The index without some numbers and with a segment of higher ones."""
        segments = [segment.without(gone) for segment in self.segments]
        # What was removed costs little until it is much, and nothing must be left of it where all is small.
        segments = [Segment.merged([s]) if s.live is not None and _is_worn(s) else s for s in segments if len(s)]
        return LexicalIndex(self.language, settled([*segments, *([fresh] if fresh else [])]))

    def merged(self) -> "LexicalIndex":
        """The same in one segment, unless one holds most of the passages already."""
        largest = max(map(len, self.segments), default=0)
        return (
            self
            if len(self.segments) < 2 or largest > MOST * self.size
            else LexicalIndex(self.language, [Segment.merged(self.segments)])
        )

    # Searching ---------------------------------------------------------------------------------------------------------------

    def look_up(self, query: str) -> Lookup:
        """A query's words, typing errors mended; what no passage has counts towards the whole.

        What is typed without any diacritics says nothing about them, so that it counts in both fields by the second.
        """
        by_bare_alone = self.language == "vi" and fold(query) == bare(query)
        marked = {} if by_bare_alone else dict.fromkeys(marked_words(query)[:LONGEST_QUERY], 1.0)
        return Lookup(self._terms("marked", marked), self._terms("bare", self._weighted(query)), by_bare_alone)

    def _terms(self, field: str, words: Mapping[str, float]) -> Terms:
        keys = keys_of(words)
        numbers = [getattr(segment, field).find(keys) for segment in self.segments]
        gains = [weight * rare for weight, rare in zip(words.values(), self._rarities(field, words, numbers), strict=True)]
        whole = math.fsum(gains)
        return (
            Terms(tuple(gain / whole for gain in gains), tuple(tuple(found.tolist()) for found in numbers)) if whole else Terms()
        )

    def best(self, lookup: Lookup, count: int, among: IntArray | None = None) -> IntArray:
        """The numbers of the at most ``count`` passages, of all or among some, that have most of a query, the best first, ties by number."""
        numbers, scores = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        # The largest first: what it has is what the others must beat.
        for at in sorted(range(len(self.segments)), key=lambda at: -len(self.segments[at].numbers)):
            bar = float(scores[-1]) if len(scores) == count else 0.0
            more, theirs = self._best_of(at, lookup, count, among, bar)
            numbers, scores = np.concatenate([numbers, more]), np.concatenate([scores, theirs])
            order = np.lexsort((numbers, -scores))[:count]
            numbers, scores = numbers[order], scores[order]
        return numbers

    def _best_of(self, at: int, lookup: Lookup, count: int, among: IntArray | None, bar: float) -> tuple[IntArray, FloatArray]:
        """The best of one segment with their scores; those below ``bar`` may be left out.

        The words that say most come first. When all that are left together could lift nobody over the best so far, they propose no more, and what the
        best gain by them is looked up (MaxScore: Turtle and Flood, 1995). Of very common words only the heads propose.
        """
        segment = self.segments[at]
        scores = np.zeros(len(segment.numbers), dtype=np.float32)
        heads: FloatArray | None = None
        allowed = segment.allowed(among)
        words = self._words_in(at, lookup)
        left = math.fsum(share for _, _, share in words)
        looked_up: list[tuple[str, int, float]] = []
        for number, (field, word, share) in enumerate(words):
            postings: Postings = getattr(segment, field)
            if postings.frequency(word) > LONG:
                bar = max(bar, _least_of(scores if allowed is None else scores[allowed], count))
                if left < bar:
                    looked_up += words[number:]
                    break
            documents, gains, whole = postings.gains(word, self._mean(field))
            if whole:
                scores[documents] += np.float32(share) * gains
            else:
                heads = np.zeros_like(scores) if heads is None else heads
                heads[documents] += np.float32(share) * gains
                looked_up.append((field, word, share))
            left -= share
        guessed = scores if heads is None else scores + heads
        places = np.flatnonzero(guessed if allowed is None else guessed * allowed).astype(np.int32)
        places = _highest(places, guessed[places], LOOKED_AT * count)
        full = scores[places]
        for field, word, share in looked_up:
            full += np.float32(share) * getattr(segment, field).gains_of(word, places, self._mean(field))
        best = np.lexsort((places, -full))[:count]
        return segment.numbers[places[best]], full[best]

    def _words_in(self, segment: int, lookup: Lookup) -> list[tuple[str, int, float]]:
        """Field, number and share of the query's words that a segment has, those that say most first."""
        twice = 2.0 if lookup.by_bare_alone else 1.0
        found = [("bare", word, twice * share) for word, share in lookup.bare.of(segment)]
        found += [("marked", word, share) for word, share in lookup.marked.of(segment)]
        return sorted(found, key=lambda word: -word[2])

    def shares(self, lookup: Lookup, numbers: IntArray) -> FloatArray:
        """``(n, 2)`` in [0, 1]: each passage's share of the query in the field with and in the field without diacritics; 0 for what is not here.

        BM25, as a share of what a passage would get that says every word again and again.
        """
        shares = np.zeros((len(numbers), 2), dtype=np.float32)
        fields = tuple(zip(FIELDS, (lookup.marked, lookup.bare), strict=True))
        for at, segment in enumerate(self.segments):
            places = segment.places(numbers)
            here = np.flatnonzero(places >= 0)
            documents = places[here].astype(np.int32)
            for column, (field, terms) in enumerate(fields if len(here) else ()):
                gained = np.zeros(len(here), dtype=np.float32)
                for word, share in terms.of(at):
                    gained += np.float32(share) * getattr(segment, field).gains_of(word, documents, self._mean(field))
                shares[here, column] = gained
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
        words = list(self._mended(query))
        return dict(zip(words, self._rarities("bare", words), strict=True))

    def _mean(self, field: str) -> float:
        return float(self._means[FIELDS.index(field)])

    def _frequencies(self, field: str, words: Iterable[str], numbers: Sequence[IntArray] = ()) -> list[int]:
        """How many passages have each word; ``numbers`` are those of the words in each segment, if they are known."""
        keys = keys_of(words) if not numbers else np.empty(0, dtype=np.uint64)
        total = np.zeros(len(numbers[0]) if numbers else len(keys), dtype=np.int64)
        for at, segment in enumerate(self.segments):
            postings = getattr(segment, field)
            total += postings.frequencies(numbers[at] if numbers else postings.find(keys))
        return [int(count) for count in total]

    def _rarities(self, field: str, words: Iterable[str], numbers: Sequence[IntArray] = ()) -> list[float]:
        # What was removed is still counted among those that have a word, until a merge leaves it out.
        return [rarity(max(self.size, having), having) for having in self._frequencies(field, words, numbers)]

    # Typing errors -----------------------------------------------------------------------------------------------------------

    def _mended(self, query: str) -> dict[str, float]:
        """Single words in order, with their weight; a word that no passage has gives way to one that differs in one letter."""
        tokens = [bare_token(word) for word in tokenise(query)][:LONGEST_QUERY]
        stems = list(dict.fromkeys(tokens if self.language == "vi" else map(stem, tokens)))
        words: dict[str, float] = {}
        for word, having in zip(stems, self._frequencies("bare", stems), strict=True):
            near = None if having or len(word) < SHORTEST_MENDED or word[0].isdigit() else self._nearest(word)
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

        if word not in self._mends:
            if len(self._mends) > MENDS_KEPT:
                self._mends.clear()
            alike = self._beginning_with(word[0])
            choices = [known for length in (-1, 0, 1) for known in alike.get(len(word) + length, ())]
            near = [str(match[0]) for match in process.extract(word, choices, scorer=OSA.distance, score_cutoff=1, limit=8)]
            counts = dict(zip(near, self._frequencies("bare", near), strict=True))
            self._mends[word] = max(near, key=lambda known: (counts[known], known), default=None)
        return self._mends[word]

    def _beginning_with(self, letter: str) -> Mapping[int, Sequence[str]]:
        """Known words with a first letter, by their length."""
        if letter not in self._near:
            known: set[str] = set()
            for segment in self.segments:
                strings = segment.vocabulary
                known.update(strings.part(strings.place(letter), strings.place(chr(ord(letter) + 1))))
            by_length: dict[int, list[str]] = {}
            for word in sorted(known):
                by_length.setdefault(len(word), []).append(word)
            self._near[letter] = by_length
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


def _least_of(scores: FloatArray, count: int) -> float:
    """The lowest of the ``count`` highest scores above 0; 0 if there are fewer."""
    above = scores[scores > 0]
    return float(np.partition(above, len(above) - count)[len(above) - count]) if len(above) >= count else 0.0


def _highest(places: NDArray[np.int32], scores: FloatArray, count: int) -> NDArray[np.int32]:
    if len(places) <= count:
        return places
    return np.sort(places[np.argpartition(-scores, count)[:count]])
