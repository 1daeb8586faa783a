"""The vectors of a library in step with its catalogue: all of them in memory while they are few, in Chroma's folder when they are many.

The folder notes the generation that it has reached. One that is behind catches up by what came and went since; one that is missing, damaged or of
another library is made anew. Only the holder of the writer's lock changes it; a reader that meets a half-done change goes on with what it has.
"""

import logging
import shutil
import threading
from contextlib import suppress
from pathlib import Path

from index.catalogue import Catalogue
from index.errors import LibraryError
from index.folder import write_whole
from index.following import follow, is_forgotten
from index.lock import WriterLock
from index.vectors import ExactVectors, VectorStore

EXACT_UP_TO = 10_000
"""Passages up to which every vector is compared: that takes about a millisecond, and opening Chroma a second."""

NOTE = "chroma.generation"

log = logging.getLogger(__name__)


class KeptVectors:
    """The vectors of a library that no other shares; ``home`` is None in memory.

    Args:
        catalogue: the truth.
        home: the hidden folder.
        lock: who may write there.
        threads: held while anything here changes.
        exact_up_to: number of passages from which on Chroma is searched.
    """

    def __init__(
        self, catalogue: Catalogue, home: Path | None, lock: WriterLock, threads: threading.RLock, exact_up_to: int = EXACT_UP_TO
    ) -> None:
        self._catalogue = catalogue
        self._home = home
        self._lock = lock
        self._threads = threads
        self._exact_up_to = exact_up_to
        self._small, self._counted_at = True, -1
        self._exact: ExactVectors | None = None
        self._exact_at = 0
        self._chroma: VectorStore | None = None
        self._chroma_at = 0

    def searched(self) -> VectorStore:
        """The vectors to search: all of them in memory for a small library, Chroma for a large one."""
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

    def kept(self) -> VectorStore:
        """The vectors as they are kept: in Chroma's folder, or in memory if nothing is kept."""
        return self.searched() if self._home is None else self.chroma()

    def chroma(self) -> VectorStore:
        """Chroma, caught up with the catalogue unless another process is at it.

        Raises:
            LibraryError: Chroma cannot be opened.
        """
        with self._threads:
            assert self._home is not None
            generation = self._catalogue.generation
            if self._chroma is None or self._chroma_at != generation:
                self._open_chroma(generation)
            assert self._chroma is not None
            return self._chroma

    def _open_chroma(self, generation: int) -> None:
        from index.chroma import ChromaVectors

        assert self._home is not None
        folder = self._home / "chroma"
        if self._reached() == generation and folder.exists():
            # Another process did the work, and Chroma only sees what was there when it was opened.
            self._close_chroma()
            with suppress(LibraryError):
                self._chroma, self._chroma_at = ChromaVectors(folder), generation
                return
        if not self._lock.try_acquire():
            self._chroma = self._chroma or ChromaVectors(folder)
            return
        try:
            reached = self._reached() if folder.exists() else 0
            if reached == 0 and folder.exists():
                self._forget_chroma()
            if reached != self._chroma_at:
                self._close_chroma()
            try:
                self._chroma = self._chroma or ChromaVectors(folder)
                follow(self._chroma, self._catalogue, reached)
            except Exception as error:
                log.warning("the vectors in %s are damaged (%s); they are made anew", folder, str(error).split("\n")[0])
                self._forget_chroma()
                self._chroma = ChromaVectors(folder)
                follow(self._chroma, self._catalogue, 0)
            write_whole(self._home / NOTE, str(generation))
            self._chroma_at = generation
        finally:
            self._lock.release()

    def _close_chroma(self) -> None:
        if self._chroma is not None:
            self._chroma.close()
        self._chroma, self._chroma_at = None, 0

    def is_kept_up_to(self, generation: int) -> bool:
        """Whether Chroma's folder has reached a generation."""
        return self._chroma_at == generation

    def forget(self) -> None:
        """Drop everything, Chroma's folder too, to be made anew; the caller holds the lock."""
        self._exact, self._exact_at = None, 0
        if self._home is not None:
            self._forget_chroma()

    def _forget_chroma(self) -> None:
        """Delete Chroma's folder; the caller holds the lock."""
        assert self._home is not None
        self._close_chroma()
        (self._home / NOTE).unlink(missing_ok=True)
        shutil.rmtree(self._home / "chroma", ignore_errors=True)

    def _reached(self) -> int:
        """The generation that Chroma's folder notes; 0 if it is no longer known what went since then."""
        try:
            reached = int((self._home / NOTE).read_text(encoding="ascii")) if self._home else 0
        except (OSError, ValueError):
            return 0
        return 0 if is_forgotten(self._catalogue, reached) else reached

    def close(self) -> None:
        """Give back every file."""
        self._close_chroma()
