"""Vectors and words, kept in step with the catalogue.

Each index on disk notes the generation that it has reached. One that is behind catches up by what came and went since; one that is missing, damaged
or of another library is made anew. Only the holder of the writer's lock changes what is on disk; a reader that meets a half-done change goes on with
what it has.
"""

import logging
import shutil
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from index.catalogue import Catalogue
from index.errors import LibraryError
from index.folder import write_whole
from index.legs import Legs, OwnLegs
from index.lexical import FORMAT, LexicalIndex, load_lexical, save_lexical
from index.lock import WriterLock
from index.vectors import ExactVectors, VectorStore

EXACT_UP_TO = 10_000
"""Passages up to which every vector is compared: that takes about a millisecond, and opening Chroma a second."""

log = logging.getLogger(__name__)


class Indexes:
    """The vector store and the lexical indexes of a library; ``home`` is None in memory.

    Args:
        catalogue: the truth.
        home: the hidden folder.
        lock: who may write there.
        exact_up_to: number of passages from which on Chroma is searched.
    """

    def __init__(self, catalogue: Catalogue, home: Path | None, lock: WriterLock, exact_up_to: int = EXACT_UP_TO) -> None:
        self._catalogue = catalogue
        self._home = home
        self._lock = lock
        self._exact_up_to = exact_up_to
        self._threads = threading.RLock()
        self._small, self._counted_at = True, -1
        self._exact: ExactVectors | None = None
        self._exact_at = 0
        self._chroma: VectorStore | None = None
        self._chroma_at = 0
        self._lexical: Mapping[str, LexicalIndex] = {}
        self._lexical_at = -1

    # Vectors -----------------------------------------------------------------------------------------------------------------

    def vectors(self) -> VectorStore:
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
            self._catch_up(store, self._exact_at)
            self._exact, self._exact_at = store, generation
        return self._exact

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
                self._catch_up(self._chroma, reached)
            except Exception as error:
                log.warning("the vectors in %s are damaged (%s); they are made anew", folder, str(error).split("\n")[0])
                self.forget_chroma()
                self._chroma = ChromaVectors(folder)
                self._catch_up(self._chroma, 0)
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

    def _catch_up(self, store: VectorStore, reached: int) -> None:
        gone: dict[str, list[str]] = {}
        for language, name in self._catalogue.dropped_since(reached) if reached else ():
            gone.setdefault(language, []).append(name)
        for language, names in gone.items():
            store.delete(language, names)
        for batch in self._catalogue.passages_since(reached):
            for language in {row[0] for row in batch}:
                rows = [row for row in batch if row[0] == language]
                store.upsert(language, [row[1] for row in rows], np.stack([row[3] for row in rows]))

    # Words -------------------------------------------------------------------------------------------------------------------

    def lexical(self) -> Mapping[str, LexicalIndex]:
        """The words of each language."""
        with self._threads:
            generation = self._catalogue.generation
            if self._lexical_at != generation and not self._load_lexical(generation):
                self._lexical = self._made_lexical()
                self._lexical_at = generation
                self._save_lexical(generation)
            return self._lexical

    def _made_lexical(self) -> dict[str, LexicalIndex]:
        """What is at hand, brought up to the catalogue; all anew if nothing is."""
        base, reached = dict(self._lexical), max(self._lexical_at, 0)
        if not reached and (found := self._saved()):
            reached = max(found)
            base = self._try_load(found[reached])
        if not base or self._behind_forgotten(reached):
            base, reached = {}, 0
        gone: dict[str, list[str]] = {}
        came: dict[str, list[tuple[str, str]]] = {}
        for language, name in self._catalogue.dropped_since(reached) if reached else ():
            gone.setdefault(language, []).append(name)
        for batch in self._catalogue.passages_since(reached):
            for language, name, text, _ in batch:
                came.setdefault(language, []).append((name, text))
        for language in {*gone, *came}:
            old, new = base.get(language), came.get(language, [])
            base[language] = old.updated(gone.get(language, []), new) if old else LexicalIndex.build(language, new)
        return {language: index for language, index in sorted(base.items()) if len(index.ids)}

    def _behind_forgotten(self, reached: int) -> bool:
        """Whether it is no longer known what went since then."""
        return reached < int(self._catalogue.get("forgotten") or 0)

    def _saved(self) -> dict[int, Path]:
        """Folders of saved words by generation."""
        places = (self._home / "lexical").glob(f"*.{FORMAT}") if self._home is not None else ()
        return {int(place.stem): place for place in places if place.stem.isdecimal()}

    @staticmethod
    def _try_load(folder: Path) -> dict[str, LexicalIndex]:
        try:
            return load_lexical(folder)
        except (OSError, ValueError, EOFError) as error:
            log.warning("the words in %s are damaged (%s); they are made anew", folder, error)
            return {}

    def _load_lexical(self, generation: int) -> bool:
        place = self._saved().get(generation)
        found = self._try_load(place) if place is not None else {}
        if sorted(found) != self._catalogue.languages():
            return False
        self._lexical, self._lexical_at = found, generation
        return True

    def _save_lexical(self, generation: int) -> None:
        """Written aside and moved into place; a reader of an older one keeps it mapped."""
        if self._home is None or not self._lock.try_acquire():
            return
        fresh = self._home / "lexical" / "new"
        try:
            shutil.rmtree(fresh, ignore_errors=True)
            save_lexical(self._lexical, fresh)
            place = fresh.with_name(f"{generation}.{FORMAT}")
            shutil.rmtree(place, ignore_errors=True)
            fresh.rename(place)
            for other in fresh.parent.iterdir():
                if other != place:
                    shutil.rmtree(other, ignore_errors=True)
        except OSError as error:
            # What is in memory serves all the same, and the next opening saves it.
            shutil.rmtree(fresh, ignore_errors=True)
            log.warning("the words could not be written to %s: %s", fresh.parent, error.strerror or error)
        finally:
            self._lock.release()

    # Both --------------------------------------------------------------------------------------------------------------------

    def legs(self) -> Mapping[str, Legs]:
        """What proposes passages, for each language."""
        store = self.vectors()
        return {language: OwnLegs(language, store, words) for language, words in self.lexical().items()}

    def refresh(self) -> None:
        """Bring everything on disk up to the catalogue; the caller holds the lock. Raises ``LibraryError`` if Chroma cannot be written."""
        self.lexical()
        if self._home is not None:
            self.chroma()
            if self._chroma_at == self._catalogue.generation and self._catalogue.generation in self._saved():
                self._catalogue.forget_dropped()

    def forget(self) -> None:
        """Forget what was made of another catalogue; the caller holds the lock."""
        with self._threads:
            if self._home is not None:
                self.forget_chroma()
                shutil.rmtree(self._home / "lexical", ignore_errors=True)
            self._exact, self._exact_at = None, 0
            self._lexical, self._lexical_at = {}, -1

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
            self._close_chroma()
            self._lexical, self._lexical_at = {}, -1
