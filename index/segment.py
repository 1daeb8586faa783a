"""A batch of one language's passages by their words: written once, mapped from disk, merged with its neighbours when these become many.

What is removed stays where it is and is passed over, until a merge leaves it out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.postings import IntArray, KeyArray, Postings, load_array
from index.strings import SortedStrings
from index.words import both_bags

FIELDS = ("marked", "bare")


@dataclass(frozen=True, slots=True)
class Segment:
    """Passages by their number in the catalogue, ``(n,)`` and rising; ``live`` is ``(n,)``, or None while none was removed.

    ``vocabulary`` has the single words of the field without diacritics, to find what a typing error meant.
    """

    numbers: IntArray
    marked: Postings
    bare: Postings
    vocabulary: SortedStrings
    live: NDArray[np.bool_] | None = None
    folder: Path | None = None

    @classmethod
    def build(cls, language: str, passages: Iterable[tuple[int, str]]) -> "Segment":
        """Index ``(number, text)`` of one language."""
        rows = sorted(passages)
        marked, bare = both_bags([text for _, text in rows], language)
        numbers = np.array([number for number, _ in rows], dtype=np.int64)
        vocabulary = sorted(word for word in bare.words if "_" not in word)
        return cls(numbers, Postings.of(marked), Postings.of(bare), SortedStrings.of(vocabulary))

    @classmethod
    def merged(cls, parts: Sequence["Segment"]) -> "Segment":
        """The passages of neighbours that were not removed."""
        numbers = np.concatenate([part.numbers if part.live is None else part.numbers[part.live] for part in parts])
        marked = Postings.merged([(part.marked, part.live) for part in parts])
        bare = Postings.merged([(part.bare, part.live) for part in parts])
        vocabulary = {word for part in parts for word in part.vocabulary.all()}
        return cls(numbers, marked, bare, SortedStrings.of(sorted(vocabulary)))

    def __len__(self) -> int:
        """Passages that were not removed."""
        return len(self.numbers) if self.live is None else int(self.live.sum())

    def without(self, gone: IntArray) -> "Segment":
        """The same with some numbers removed; those that are not here are passed over."""
        places = self.places(gone)
        if not (places >= 0).any():
            return self
        live = np.ones(len(self.numbers), dtype=np.bool_) if self.live is None else self.live.copy()
        live[places[places >= 0]] = False
        return replace(self, live=live)

    def places(self, numbers: IntArray) -> IntArray:
        """Where passages stand here; -1 for what is not here, or was removed."""
        if not len(self.numbers):
            return np.full(len(numbers), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        here = self.numbers[places] == numbers
        if self.live is not None:
            here &= self.live[places]
        return np.where(here, places, -1)

    def allowed(self, among: IntArray | None) -> NDArray[np.bool_] | None:
        """``(n,)`` which passages were not removed and are among some numbers, if these are given; None for all."""
        if among is None:
            return self.live
        places = self.places(among)
        allowed = np.zeros(len(self.numbers), dtype=np.bool_)
        allowed[places[places >= 0]] = True
        return allowed

    def lengths(self) -> NDArray[np.float64]:
        """``(2,)`` words in each field."""
        sums = [float(getattr(self, name).lengths.sum(dtype=np.float64)) for name in FIELDS]
        return np.array(sums)

    def fingerprints(self) -> tuple[IntArray, KeyArray]:
        """Numbers of the passages, and what tells their words from others."""
        prints = self.marked.fingerprints() * np.uint64(3) + self.bare.fingerprints()
        return (self.numbers, prints) if self.live is None else (self.numbers[self.live], prints[self.live])

    # Files -------------------------------------------------------------------------------------------------------------------

    def save(self, folder: Path) -> "Segment":
        """Write everything but what was removed; gives the segment as it is there."""
        folder.mkdir(parents=True)
        np.save(folder / "numbers.npy", self.numbers)
        for name in FIELDS:
            getattr(self, name).save(folder / name)
        self.vocabulary.save(folder / "vocabulary")
        return Segment.load(folder)

    @classmethod
    def load(cls, folder: Path, gone: Path | None = None, *, mapped: bool = True) -> "Segment":
        """Map or read what ``save`` wrote; ``gone`` has the numbers that were removed since.

        Raises:
            ValueError, OSError: it is damaged.
        """
        marked, bare = (Postings.load(folder / name, mapped=mapped) for name in FIELDS)
        numbers = load_array(folder / "numbers.npy", mapped=mapped)
        found = cls(numbers, marked, bare, SortedStrings.load(folder / "vocabulary", mapped=mapped), folder=folder)
        if {len(marked.lengths), len(bare.lengths)} != {len(found.numbers)}:
            raise ValueError(f"{folder} does not fit together")
        return found if gone is None else found.without(load_array(gone))

    def gone(self) -> IntArray:
        """Numbers that were removed."""
        return np.empty(0, dtype=np.int64) if self.live is None else self.numbers[~self.live]

    def renumbered(self, by: int) -> "Segment":
        """The same passages under numbers that are higher by as much."""
        return replace(self, numbers=self.numbers + by, folder=None)
