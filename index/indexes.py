"""Vectors and words, kept in step with the catalogue: in the library's own folder, or in a store that others share."""

import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from index.catalogue import Catalogue
from index.kept_vectors import EXACT_UP_TO, KeptVectors
from index.kept_words import KeptWords
from index.legs import Legs, OwnLegs
from index.lexical import LexicalIndex
from index.lock import WriterLock
from index.segment import Segment
from index.served import ServedStore
from index.vectors import VectorStore


class Indexes:
    """The vector store and the lexical indexes of a library; ``home`` is None in memory.

    Args:
        catalogue: the truth.
        home: the hidden folder.
        lock: who may write there.
        exact_up_to: number of passages from which on Chroma is searched.
        served: a store that others share, which takes the place of memory and of Chroma's folder.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        home: Path | None,
        lock: WriterLock,
        exact_up_to: int = EXACT_UP_TO,
        served: ServedStore | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._served = served
        self._threads = threading.RLock()
        self._vectors = KeptVectors(catalogue, home, lock, self._threads, exact_up_to)
        self._words = KeptWords(catalogue, home, lock, self._threads)
        self._is_on_disk = home is not None

    def legs(self) -> Mapping[str, Legs]:
        """What proposes passages, for each language."""
        if self._served is not None and self._served.searches_words:
            return self._served.legs()
        store = self.vectors()
        return {language: OwnLegs(language, store, words, self._catalogue) for language, words in self.lexical().items()}

    def vectors(self) -> VectorStore:
        """The vectors to search, wherever they are."""
        return self._served.store() if self._served is not None else self._vectors.searched()

    def kept_vectors(self) -> VectorStore:
        """The vectors as they are kept: in the store that others share, in Chroma's folder, or in memory if nothing is kept."""
        return self._served.store() if self._served is not None else self._vectors.kept()

    def words_are_ours(self) -> bool:
        """Whether words are searched here, and not by the store that others share."""
        return self._served is None or not self._served.searches_words

    def lexical(self) -> Mapping[str, LexicalIndex]:
        """The words of each language."""
        return self._words.lexical()

    def damaged_words(self) -> list[str]:
        """What is wrong with the words on disk, all of which are read; empty if nothing is."""
        return self._words.damaged()

    def remake_words(self) -> bool:
        """Have the words made anew from the catalogue, since what is on disk turned out to be damaged; False where nothing is on disk."""
        return self._words.remake()

    def take_words(self, segments: Iterable[tuple[str, Segment]], generation: int) -> None:
        """Words of what a generation brought, made elsewhere; taken if nothing else was missed, and made here otherwise when they are needed."""
        if self.words_are_ours():
            self._words.take(segments, generation)

    def merge_words(self) -> None:
        """Make one segment of many where none holds most of the passages: a search is fastest then. After a long addition it is worth the time."""
        self._words.merge()

    def of_older_copy(self) -> bool:
        """Whether others share a store that has come further than this copy of the library."""
        return self._served is not None and self._served.is_ahead()

    def refresh(self) -> None:
        """Bring everything on disk up to the catalogue; the caller holds the lock. Raises ``LibraryError`` if the vectors cannot be written."""
        if self._served is not None:
            self._served.refresh()
            if self.words_are_ours():
                self._words.keep()
            return
        self._words.keep()
        if self._is_on_disk:
            self._vectors.chroma()
            generation = self._catalogue.generation
            if self._vectors.is_kept_up_to(generation) and self._words.is_kept_up_to(generation):
                self._catalogue.forget_dropped()

    def remake(self) -> None:
        """Make everything anew, since the catalogue was; the caller holds the lock. Raises ``LibraryError`` if the vectors cannot be written."""
        with self._threads:
            if self._served is not None:
                self._served.refill()
            self._vectors.forget()
            self._words.forget()
        self.refresh()

    def close(self) -> None:
        """Give back every file."""
        with self._threads:
            if self._served is not None:
                self._served.close()
            self._vectors.close()
            self._words.close()
