"""Vectors and words, kept in step with the catalogue.

Each index on disk notes the generation that it has reached. One that is behind catches up by what came and went since; one that is missing, damaged
or of another library is made anew. Only the holder of the writer's lock changes what is on disk; a reader that meets a half-done change goes on with
what it has.
"""

import logging
import shutil
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from index.catalogue import Catalogue
from index.errors import LibraryError
from index.folder import write_whole
from index.following import follow
from index.legs import Legs, OwnLegs
from index.lexical import LexicalIndex
from index.lexical_store import LexicalStore
from index.lock import WriterLock
from index.segment import Segment
from index.served import ServedStore
from index.vectors import ExactVectors, VectorStore

EXACT_UP_TO = 10_000
"""Passages up to which every vector is compared: that takes about a millisecond, and opening Chroma a second."""

OF_DAMAGE = (IndexError, ValueError, OverflowError, MemoryError)
"""How the use of arrays ends that are not what was saved."""

NOTHING = np.empty(0, dtype=np.int64)

log = logging.getLogger(__name__)


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
        self._home = home
        self._lock = lock
        self._exact_up_to = exact_up_to
        self._served = served
        self._threads = threading.RLock()
        self._small, self._counted_at = True, -1
        self._exact: ExactVectors | None = None
        self._exact_at = 0
        self._chroma: VectorStore | None = None
        self._chroma_at = 0
        self._words = LexicalStore(home / "lexical") if home is not None else None
        self._lexical: Mapping[str, LexicalIndex] = {}
        self._lexical_at = -1

    # Vectors -----------------------------------------------------------------------------------------------------------------

    def vectors(self) -> VectorStore:
        """The vectors to search: the store that others share, or all of them in memory for a small library, Chroma for a large one."""
        if self._served is not None:
            return self._served.store()
        with self._threads:
            return self._exact_vectors() if self._is_small() else self.chroma()

    def _is_small(self) -> bool:
        generation = self._catalogue.generation
        if self._home is not None and self._counted_at != generation:
            self._small, self._counted_at = self._catalogue.count() <= self._exact_up_to, generation
        return self._small

    def _exact_vectors(self) -> VectorStore:
        generation = self._catalogue.generation
        if self._exact is None or self._exact_at != generation:
            store = self._exact or ExactVectors()
            # A reader that catches up after others have is told of everything that is there, and not of what went.
            if self._exact_at and self._home is not None:
                store, self._exact_at = ExactVectors(), 0
            follow(store, self._catalogue, self._exact_at)
            self._exact, self._exact_at = store, generation
        return self._exact

    def kept_vectors(self) -> VectorStore:
        """The vectors as they are kept: in the store that others share, in Chroma's folder, or in memory if nothing is kept."""
        return self.vectors() if self._served is not None or self._home is None else self.chroma()

    def chroma(self) -> VectorStore:
        """Chroma, caught up with the catalogue unless another process is at it.

        Raises:
            LibraryError: Chroma cannot be opened.
        """
        with self._threads:
            assert self._home is not None
            generation = self._catalogue.generation
            if self._chroma is None or self._chroma_at != generation:
                self._open_chroma(self._home / "chroma", generation)
            assert self._chroma is not None
            return self._chroma

    def _open_chroma(self, folder: Path, generation: int) -> None:
        from index.chroma import ChromaVectors

        if self._reached("chroma") == generation and folder.exists():
            # Another process did the work, and Chroma only sees what was there when it was opened.
            self._close_chroma()
            with suppress(LibraryError):
                self._chroma, self._chroma_at = ChromaVectors(folder), generation
                return
        if not self._lock.try_acquire():
            self._chroma = self._chroma or ChromaVectors(folder)
            return
        try:
            reached = self._reached("chroma") if folder.exists() else 0
            if reached == 0 and folder.exists():
                self.forget_chroma()
            if reached != self._chroma_at:
                self._close_chroma()
            try:
                self._chroma = self._chroma or ChromaVectors(folder)
                follow(self._chroma, self._catalogue, reached)
            except Exception as error:
                log.warning("the vectors in %s are damaged (%s); they are made anew", folder, str(error).split("\n")[0])
                self.forget_chroma()
                self._chroma = ChromaVectors(folder)
                follow(self._chroma, self._catalogue, 0)
            self._note("chroma", generation)
            self._chroma_at = generation
        finally:
            self._lock.release()

    def _close_chroma(self) -> None:
        if self._chroma is not None:
            self._chroma.close()
        self._chroma, self._chroma_at = None, 0

    def forget_chroma(self) -> None:
        """Delete Chroma's folder; the caller holds the lock."""
        assert self._home is not None
        self._close_chroma()
        (self._home / "chroma.generation").unlink(missing_ok=True)
        shutil.rmtree(self._home / "chroma", ignore_errors=True)

    # Words -------------------------------------------------------------------------------------------------------------------

    def words_are_ours(self) -> bool:
        """Whether words are searched here, and not by the store that others share."""
        return self._served is None or not self._served.searches_words

    def lexical(self) -> Mapping[str, LexicalIndex]:
        """The words of each language."""
        with self._threads:
            generation = self._catalogue.generation
            if self._lexical_at != generation and not self._load_lexical(generation):
                try:
                    self._follow_with_words(generation)
                except OF_DAMAGE:
                    if not self.remake_words():
                        raise
                    self._follow_with_words(generation)
            return self._lexical

    def _follow_with_words(self, generation: int) -> None:
        self._lexical = self._made_lexical()
        self._lexical_at = generation
        self._save_lexical(generation)

    def remake_words(self) -> bool:
        """Have the words made anew from the catalogue, since what is on disk turned out to be damaged; False where nothing is on disk."""
        with self._threads:
            if self._words is None:
                return False
            log.warning("the words in %s are damaged; they are made anew", self._words.folder)
            if self._lock.try_acquire():
                try:
                    self._words.forget()
                finally:
                    self._lock.release()
            else:
                self._words = None
            self._lexical, self._lexical_at = {}, -1
            return True

    def damaged_words(self) -> list[str]:
        """What is wrong with the words on disk, all of which are read; empty if nothing is."""
        words = self._words
        try:
            if words is not None:
                words.verify()
        except (OSError, ValueError) as error:
            return [f"words: {error}"]
        return []

    def _load_lexical(self, generation: int) -> bool:
        if self._words is None or self._words.generation() != generation:
            return False
        found = self._words.load()
        if sorted(found) != self._catalogue.languages():
            return False
        self._lexical, self._lexical_at = found, generation
        return True

    def _made_lexical(self) -> dict[str, LexicalIndex]:
        """What is at hand, brought up to the catalogue; all anew if nothing is."""
        base, reached = dict(self._lexical), max(self._lexical_at, 0)
        if not reached and self._words is not None:
            reached = self._words.generation()
            base = self._words.load() if reached else {}
        if not base or self._behind_forgotten(reached):
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

    def merge_words(self) -> None:
        """Make one segment of many where none holds most of the passages: a search is fastest then. After a long addition it is worth the time."""
        with self._threads:
            self._lexical = {language: index.merged() for language, index in self._lexical.items()}

    def take_words(self, segments: Iterable[tuple[str, Segment]], generation: int) -> None:
        """Words of what a generation brought, made elsewhere; taken if nothing else was missed, and made here otherwise when they are needed."""
        with self._threads:
            if (
                not self.words_are_ours()
                or self._lexical_at != generation - 1
                or self._catalogue.numbers_dropped_since(generation - 1)
            ):
                return
            base = dict(self._lexical)
            for language, segment in segments:
                base[language] = base.get(language, LexicalIndex(language)).updated(NOTHING, segment)
            self._lexical, self._lexical_at = dict(sorted(base.items())), generation

    def _behind_forgotten(self, reached: int) -> bool:
        """Whether it is no longer known what went since then."""
        return reached < int(self._catalogue.get("forgotten") or 0)

    def _keep_words(self) -> None:
        """Bring the words up to the catalogue, and on disk those that were taken."""
        self.lexical()
        if self._words is not None and self._words.generation() != self._lexical_at:
            self._save_lexical(self._lexical_at)

    def _save_lexical(self, generation: int) -> None:
        if self._words is None or not self._lock.try_acquire():
            return
        try:
            self._lexical = self._words.save(self._lexical, generation)
        except OSError as error:
            # What is in memory serves all the same, and the next opening saves it.
            log.warning("the words could not be written to %s: %s", self._words.folder, error.strerror or error)
        finally:
            self._lock.release()

    # Both --------------------------------------------------------------------------------------------------------------------

    def legs(self) -> Mapping[str, Legs]:
        """What proposes passages, for each language."""
        if self._served is not None and self._served.searches_words:
            return self._served.legs()
        store = self.vectors()
        return {language: OwnLegs(language, store, words, self._catalogue) for language, words in self.lexical().items()}

    def of_older_copy(self) -> bool:
        """Whether others share a store that has come further than this copy of the library."""
        return self._served is not None and self._served.is_ahead()

    def refresh(self) -> None:
        """Bring everything on disk up to the catalogue; the caller holds the lock. Raises ``LibraryError`` if the vectors cannot be written."""
        if self._served is not None:
            self._served.refresh()
            if self.words_are_ours():
                self._keep_words()
            return
        self._keep_words()
        if self._home is not None:
            self.chroma()
            if self._words is not None and self._chroma_at == self._catalogue.generation == self._words.generation():
                self._catalogue.forget_dropped()

    def remake(self) -> None:
        """Make everything anew, since the catalogue was; the caller holds the lock. Raises ``LibraryError`` if the vectors cannot be written."""
        with self._threads:
            if self._served is not None:
                self._served.refill()
            if self._home is not None:
                self.forget_chroma()
            if self._words is not None:
                self._words.forget()
            self._exact, self._exact_at = None, 0
            self._lexical, self._lexical_at = {}, -1
        self.refresh()

    def _reached(self, part: str) -> int:
        try:
            reached = int((self._home / f"{part}.generation").read_text(encoding="ascii")) if self._home else 0
        except (OSError, ValueError):
            return 0
        return 0 if self._behind_forgotten(reached) else reached

    def _note(self, part: str, generation: int) -> None:
        if self._home is not None:
            write_whole(self._home / f"{part}.generation", str(generation))

    def close(self) -> None:
        """Give back every file."""
        with self._threads:
            if self._served is not None:
                self._served.close()
            self._close_chroma()
            self._lexical, self._lexical_at = {}, -1
