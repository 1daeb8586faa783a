"""The words of a library in step with its catalogue, in memory and on disk.

What is on disk notes the generation that it has reached, and is brought up to the catalogue, or made anew where it is damaged, as vectors are.
"""

import logging
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from index.catalogue import Catalogue
from index.following import is_forgotten
from index.lexical import LexicalIndex
from index.lexical_store import LexicalStore
from index.lock import WriterLock
from index.segment import Segment

OF_DAMAGE = (IndexError, ValueError, OverflowError, MemoryError)
"""How the use of arrays ends that are not what was saved."""

NOTHING = np.empty(0, dtype=np.int64)

log = logging.getLogger(__name__)


class KeptWords:
    """The lexical indexes of a library; ``home`` is None in memory.

    Args:
        catalogue: the truth.
        home: the hidden folder.
        lock: who may write there.
        threads: held while anything here changes.
    """

    def __init__(self, catalogue: Catalogue, home: Path | None, lock: WriterLock, threads: threading.RLock) -> None:
        self._catalogue = catalogue
        self._lock = lock
        self._threads = threads
        self._store = LexicalStore(home / "lexical") if home is not None else None
        self._lexical: Mapping[str, LexicalIndex] = {}
        self._lexical_at = -1

    def lexical(self) -> Mapping[str, LexicalIndex]:
        """The words of each language."""
        with self._threads:
            generation = self._catalogue.generation
            if self._lexical_at != generation and not self._load(generation):
                try:
                    self._follow(generation)
                except OF_DAMAGE:
                    if not self.remake():
                        raise
                    self._follow(generation)
            return self._lexical

    def _follow(self, generation: int) -> None:
        self._lexical = self._made()
        self._lexical_at = generation
        self._save(generation)

    def remake(self) -> bool:
        """Have the words made anew from the catalogue, since what is on disk turned out to be damaged; False where nothing is on disk."""
        with self._threads:
            if self._store is None:
                return False
            log.warning("the words in %s are damaged; they are made anew", self._store.folder)
            if self._lock.try_acquire():
                try:
                    self._store.forget()
                finally:
                    self._lock.release()
            else:
                self._store = None
            self._lexical, self._lexical_at = {}, -1
            return True

    def damaged(self) -> list[str]:
        """What is wrong with the words on disk, all of which are read; empty if nothing is."""
        try:
            if self._store is not None:
                self._store.verify()
        except (OSError, ValueError) as error:
            return [f"words: {error}"]
        return []

    def _load(self, generation: int) -> bool:
        if self._store is None or self._store.generation() != generation:
            return False
        found = self._store.load()
        if sorted(found) != self._catalogue.languages():
            return False
        self._lexical, self._lexical_at = found, generation
        return True

    def _made(self) -> dict[str, LexicalIndex]:
        """What is at hand, brought up to the catalogue; all anew if nothing is."""
        base, reached = dict(self._lexical), max(self._lexical_at, 0)
        if not reached and self._store is not None:
            reached = self._store.generation()
            base = self._store.load() if reached else {}
        if not base or is_forgotten(self._catalogue, reached):
            base, reached = {}, 0
        gone: dict[str, list[int]] = {}
        for language, number in self._catalogue.numbers_dropped_since(reached) if reached else ():
            gone.setdefault(language, []).append(number)
        for language, numbers in gone.items():
            base[language] = base.get(language, LexicalIndex(language)).updated(np.array(numbers, dtype=np.int64))
        for batch in self._catalogue.texts_since(reached):
            for language in {row[1] for row in batch}:
                fresh = Segment.build(language, [(number, text) for number, code, text in batch if code == language])
                base[language] = base.get(language, LexicalIndex(language)).updated(NOTHING, fresh)
        return {language: index for language, index in sorted(base.items()) if index.size}

    def merge(self) -> None:
        """Make one segment of many where none holds most of the passages: a search is fastest then. After a long addition it is worth the time."""
        with self._threads:
            self._lexical = {language: index.merged() for language, index in self._lexical.items()}

    def take(self, segments: Iterable[tuple[str, Segment]], generation: int) -> None:
        """Words of what a generation brought, made elsewhere; taken if nothing else was missed, and made here otherwise when they are needed."""
        with self._threads:
            if self._lexical_at != generation - 1 or self._catalogue.numbers_dropped_since(generation - 1):
                return
            base = dict(self._lexical)
            for language, segment in segments:
                base[language] = base.get(language, LexicalIndex(language)).updated(NOTHING, segment)
            self._lexical, self._lexical_at = dict(sorted(base.items())), generation

    def keep(self) -> None:
        """Bring the words up to the catalogue, and on disk those that were taken."""
        self.lexical()
        if self._store is not None and self._store.generation() != self._lexical_at:
            self._save(self._lexical_at)

    def _save(self, generation: int) -> None:
        if self._store is None or not self._lock.try_acquire():
            return
        try:
            self._lexical = self._store.save(self._lexical, generation)
        except OSError as error:
            # What is in memory serves all the same, and the next opening saves it.
            log.warning("the words could not be written to %s: %s", self._store.folder, error.strerror or error)
        finally:
            self._lock.release()

    def is_kept_up_to(self, generation: int) -> bool:
        """Whether the words on disk have reached a generation."""
        return self._store is not None and self._store.generation() == generation

    def forget(self) -> None:
        """Drop everything, what is on disk too, to be made anew; the caller holds the lock."""
        if self._store is not None:
            self._store.forget()
        self._lexical, self._lexical_at = {}, -1

    def close(self) -> None:
        """Give back every file."""
        self._lexical, self._lexical_at = {}, -1
