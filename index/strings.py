"""Distinct strings in order, as one run of UTF-8 that is mapped from disk."""

import itertools
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.postings import IntArray, load_array


@dataclass(frozen=True, slots=True)
class SortedStrings:
    """String ``i`` is ``data[ends[i]:ends[i + 1]]``; finding one takes a binary search and no dictionary."""

    data: NDArray[np.uint8]
    ends: IntArray

    @classmethod
    def of(cls, strings: Iterable[str]) -> "SortedStrings":
        """From strings that are sorted already."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in strings]
        ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, number: int) -> str:
        return self._bytes(number).decode("utf-8", "surrogatepass")

    def _bytes(self, number: int) -> bytes:
        return self.data[self.ends[number] : self.ends[number + 1]].tobytes()

    def find(self, text: str) -> int:
        """The number of a string; -1 if it is not there."""
        key = text.encode("utf-8", "surrogatepass")
        number = self.place(text)
        return number if number < len(self) and self._bytes(number) == key else -1

    def place(self, text: str) -> int:
        """How many strings stand before a text."""
        return bisect_left(range(len(self)), text.encode("utf-8", "surrogatepass"), key=self._bytes)

    def all(self) -> list[str]:
        """Every string, in order."""
        return self.part(0, len(self))

    def part(self, begin: int, end: int) -> list[str]:
        """The strings from one number up to another."""
        ends = self.ends[begin : end + 1].tolist()
        data, first = self.data[ends[0] : ends[-1]].tobytes(), ends[0]
        return [data[a - first : b - first].decode("utf-8", "surrogatepass") for a, b in itertools.pairwise(ends)]

    def save(self, folder: Path) -> None:
        """Write both arrays."""
        folder.mkdir(parents=True)
        np.save(folder / "data.npy", self.data)
        np.save(folder / "ends.npy", self.ends)

    @classmethod
    def load(cls, folder: Path, *, mapped: bool = True) -> "SortedStrings":
        """Map or read what ``save`` wrote. Raises ``ValueError`` or ``OSError`` if it is damaged."""
        found = cls(*(load_array(folder / f"{name}.npy", mapped=mapped) for name in ("data", "ends")))
        if int(found.ends[-1]) != len(found.data):
            raise ValueError(f"{folder} does not fit together")
        return found
