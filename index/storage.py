"""Where a library is kept: the catalogue, and the indexes made from it; on disk in ``.doichieu/`` beside the articles, or in memory.

The files of the folder are what a user owns. The catalogue is the truth about what is indexed; vectors and words follow it, each with a note of
the generation that it has reached, and catch up or are made anew when that is not the catalogue's.
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from index.catalogue import Catalogue
from index.embedding import Embedder
from index.errors import DamagedLibrary, InputError, LibraryError, LibraryLocked, WrongModel
from index.files import find_files, read_bytes
from index.lexical import LexicalIndex
from index.vectors import ExactVectors, VectorStore

HIDDEN = ".doichieu"
WAIT = 30.0
"""Seconds that a second writer waits for the first."""

log = logging.getLogger(__name__)


def is_built(path: Path) -> bool:
    """Whether a folder is a built library."""
    return (path / HIDDEN / "catalogue.sqlite").exists()


class Storage:
    """The parts of one library. ``folder`` is None for a library that is a single file."""

    def __init__(self, folder: Path | None, home: Path | None, catalogue: Catalogue) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self._home = home
        self._vectors: VectorStore | None = None
        self._vectors_at = -1
        self._lexical: dict[str, LexicalIndex] = {}
        self._lexical_at = -1
        self._lock = _Lock(home)
        self._brought_in: set[Path] = set()

    @classmethod
    def in_memory(cls, folder: Path | None, embedder: Embedder) -> "Storage":
        """A library of which nothing is written."""
        return cls(folder, None, Catalogue(None))

    @classmethod
    def on_disk(cls, folder: Path, embedder: Embedder, *, anew: bool = False) -> "Storage":
        """The built library of a folder; made if it is not there.

        Raises:
            WrongModel: it was indexed with another embedding model.
            LibraryError: the folder cannot be written, or the catalogue cannot be opened.
        """
        home = folder / HIDDEN
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"the library {folder} cannot be made: {error.strerror}") from error
        if anew:
            _put_aside(home)
        try:
            catalogue = Catalogue(home / "catalogue.sqlite")
        except DamagedLibrary as error:
            # The files are still there: what is damaged gives way, and the next step reads them again.
            log.warning("%s; it is made anew from the files", error)
            _put_aside(home)
            catalogue = Catalogue(home / "catalogue.sqlite")
        known = catalogue.get("fingerprint")
        if not known:
            with catalogue.change():
                catalogue.put("fingerprint", embedder.fingerprint)
                catalogue.put("model", embedder.name)
        elif known != embedder.fingerprint:
            raise WrongModel(
                f"the library {folder} was indexed with the embedding model {catalogue.get('model')!r} ({known}), not {embedder.name!r} "
                f"({embedder.fingerprint}): `doichieu index rebuild --library {folder}` indexes it anew"
            )
        return cls(folder, home, catalogue)

    # Indexes -----------------------------------------------------------------------------------------------------------------

    def vectors(self) -> VectorStore:
        """The vectors, as far as the catalogue has come."""
        if self._vectors is None or self._vectors_at != self.catalogue.generation:
            self._open_vectors()
        assert self._vectors is not None
        return self._vectors

    def _open_vectors(self) -> None:
        generation = self.catalogue.generation
        if self._home is None:
            self._vectors = self._vectors or ExactVectors()
            self._catch_up(self._vectors, max(self._vectors_at, 0))
        else:
            if self._vectors is not None:
                self._vectors.close()
            self._vectors = self._open_chroma(self._home / "chroma")
        self._vectors_at = generation

    def _open_chroma(self, folder: Path) -> VectorStore:
        """Chroma's folder, caught up with the catalogue; damaged, it is made anew. While another process writes it stays as it is."""
        from index.chroma import ChromaVectors

        reached = self._reached("chroma")
        if reached == self.catalogue.generation:
            with suppress(LibraryError):
                return ChromaVectors(folder)
        if not self.try_writing():
            return ChromaVectors(folder)
        try:
            try:
                store = ChromaVectors(folder)
                self._catch_up(store, reached)
            except Exception as error:
                log.warning("the vectors in %s are damaged (%s); they are made anew", folder, error)
                shutil.rmtree(folder, ignore_errors=True)
                store = ChromaVectors(folder)
                self._catch_up(store, 0)
            self._note("chroma")
            return store
        finally:
            self.stop_writing()

    def _catch_up(self, store: VectorStore, reached: int) -> None:
        put, drop = self.catalogue.since(reached)
        for language, ids in drop.items():
            store.delete(language, ids)
        for language, ids in put.items():
            for begin in range(0, len(ids), 2_000):
                part = ids[begin : begin + 2_000]
                found = self.catalogue.vectors_of(part)
                kept = [name for name in part if name in found]
                if kept:
                    store.upsert(language, kept, np.stack([found[name][0] for name in kept]))

    def lexical(self) -> Mapping[str, LexicalIndex]:
        """The words of each language, as far as the catalogue has come."""
        generation = self.catalogue.generation
        if self._lexical_at != generation:
            self._lexical = self._load_lexical() if self._reached("lexical") == generation else {}
            if not self._lexical:
                self._lexical = {
                    name: LexicalIndex.build(name, self.catalogue.texts(name)) for name in self.catalogue.languages()
                }
                self._save_lexical()
            self._lexical_at = generation
        return self._lexical

    def _load_lexical(self) -> dict[str, LexicalIndex]:
        if self._home is None:
            return {}
        try:
            found = {name: LexicalIndex.load(name, self._home / "lexical" / name) for name in self.catalogue.languages()}
            whole = all(index.ids == self.catalogue.passage_ids(name) for name, index in found.items())
            return found if whole else {}
        except Exception as error:
            log.warning("the words in %s are damaged (%s); they are made anew", self._home / "lexical", error)
            return {}

    def _save_lexical(self) -> None:
        """Written beside and moved into place, so that no reader meets half of it."""
        if self._home is None or not self.try_writing():
            return
        try:
            fresh, place = self._home / "lexical.new", self._home / "lexical"
            shutil.rmtree(fresh, ignore_errors=True)
            for name, index in self._lexical.items():
                index.save(fresh / name)
            fresh.mkdir(exist_ok=True)
            shutil.rmtree(place, ignore_errors=True)
            fresh.rename(place)
            self._note("lexical")
        except OSError as error:
            # The index in memory serves all the same; the next opening builds it again.
            log.warning("the words could not be written: %s", error)
        finally:
            self.stop_writing()

    def _reached(self, part: str) -> int:
        try:
            return int((self._home / f"{part}.generation").read_text(encoding="ascii")) if self._home else 0
        except (OSError, ValueError):
            return 0

    def _note(self, part: str) -> None:
        if self._home is not None:
            _write_whole(self._home / f"{part}.generation", str(self.catalogue.generation).encode())

    def is_stale(self) -> bool:
        """Whether vectors or words on disk are behind the catalogue."""
        return self._home is not None and any(self._reached(part) != self.catalogue.generation for part in ("chroma", "lexical"))

    def refresh(self) -> None:
        """Bring vectors and words up to the catalogue."""
        self.vectors()
        self.lexical()

    def start_over(self) -> None:
        """Forget everything but the files."""
        with self.catalogue.change():
            self.catalogue.clear()
        if self._home is not None:
            if self._vectors is not None:
                self._vectors.close()
            self._vectors, self._vectors_at = None, -1
            for part in ("chroma", "lexical"):
                shutil.rmtree(self._home / part, ignore_errors=True)
                (self._home / f"{part}.generation").unlink(missing_ok=True)

    # Files -------------------------------------------------------------------------------------------------------------------

    def name_of(self, file: Path) -> str:
        """A file's name in the catalogue: its path inside the folder."""
        if self.folder is not None and file.resolve().is_relative_to(self.folder.resolve()):
            return file.resolve().relative_to(self.folder.resolve()).as_posix()
        return str(file.resolve())

    def files(self) -> list[Path]:
        """The article files of the folder, sorted."""
        return find_files([self.folder]) if self.folder is not None else []

    def remember(self, file: Path) -> None:
        """Note a file as taken up, inside the catalogue's ``change``."""
        stat = file.stat()
        self.catalogue.put_file(self.name_of(file), _sha256(file), stat.st_size, stat.st_mtime_ns)

    def refuse(self, files: Sequence[Path]) -> None:
        """Note files that cannot be read, so that they are left alone until they change; one that was only just brought in goes."""
        with self.catalogue.change():
            for file in files:
                if file in self._brought_in:
                    file.unlink(missing_ok=True)
                elif file.exists():
                    self.remember(file)

    def changes(self) -> tuple[list[Path], list[str]]:
        """Files that are new or differ from what the catalogue knows, and names of files that are gone."""
        if self.folder is None:
            return [], []
        known = self.catalogue.files()
        files = self.files()
        changed = []
        for file in files:
            stat, entry = file.stat(), known.get(self.name_of(file))
            same = entry is not None and entry[1:] == (stat.st_size, stat.st_mtime_ns)
            if not same and (entry is None or entry[0] != _sha256(file)):
                changed.append(file)
        present = {self.name_of(file) for file in files}
        return changed, sorted(name for name in known if name not in present)

    def bring_in(self, files: Sequence[Path]) -> list[Path]:
        """Copy files from outside into the folder, whole or not at all; gives every file that must be indexed.

        An unchanged file is left out; the other files of a changed one's article are taken along.
        """
        self._brought_in.clear()
        known, inside = self.catalogue.files(), []
        outside: dict[str, Path] = {}
        for file in files:
            if self.folder is None or file.resolve().is_relative_to(self.folder.resolve()):
                inside.append(file)
                continue
            if file.name in outside and read_bytes(outside[file.name]) != read_bytes(file):
                raise InputError(f"two files are named {file.name}: {outside[file.name]} and {file}; rename one")
            outside[file.name] = file
        for name, file in outside.items():
            assert self.folder is not None
            target, data = self.folder / name, read_bytes(file)
            if not target.exists() or target.read_bytes() != data:
                if not target.exists():
                    self._brought_in.add(target)
                _write_whole(target, data)
            inside.append(target)
        changed = {file for file in inside if known.get(self.name_of(file), ("",))[0] != _sha256(file)}
        if self.folder is None:
            return sorted(changed)
        from index.files import article_id

        names = {article_id(file.name) for file in changed}
        return sorted({file for file in self.files() if article_id(file.name) in names} | changed)

    def remove_file(self, name: str) -> None:
        """Delete a file of the folder."""
        if self.folder is not None:
            (self.folder / name).unlink(missing_ok=True)

    # One writer --------------------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the library for writing; waits for another writer. Raises ``LibraryLocked``."""
        self._lock.acquire(WAIT)
        try:
            yield
        except OSError as error:
            raise LibraryError(f"the library cannot be written: {error.strerror or error}; what it held is intact") from error
        finally:
            self._lock.release()

    def try_writing(self) -> bool:
        """Hold the library for writing if nobody else does."""
        try:
            self._lock.acquire(0)
        except LibraryError:
            return False
        return True

    def stop_writing(self) -> None:
        """Let others write."""
        self._lock.release()

    # Soundness ---------------------------------------------------------------------------------------------------------------

    def check(self) -> list[str]:
        """What does not fit together, a line each."""
        problems = self.catalogue.check()
        store, lexical = self.vectors(), self.lexical()
        for language in sorted({*self.catalogue.languages(), *store.languages()}):
            wanted, held = set(self.catalogue.passage_ids(language)), store.ids(language)
            if wanted != held:
                problems.append(f"vectors ({language}): {len(wanted - held)} passages missing, {len(held - wanted)} too many")
            words = lexical.get(language)
            if wanted and (words is None or set(words.ids) != wanted):
                problems.append(f"words ({language}): not the passages of the catalogue")
            problems += self._misplaced(store, language, sorted(wanted & held)[:200])
        changed, gone = self.changes()
        problems += [f"{self.name_of(file)}: changed since it was indexed" for file in changed]
        return problems + [f"{name}: indexed, but the file is gone" for name in gone]

    def _misplaced(self, store: VectorStore, language: str, ids: Sequence[str]) -> list[str]:
        """Each passage must be the nearest to its own vector."""
        found = []
        for name, (vector, _) in self.catalogue.vectors_of(ids).items():
            hits = store.query(language, vector, 1)
            if np.any(vector) and (not hits or hits[0][1] < 0.99):
                found.append(f"vectors ({language}): {name} is not found by its own vector")
        return found[:10]

    def close(self) -> None:
        """Give back every file."""
        if self._vectors is not None:
            self._vectors.close()
        self._vectors = None
        self.catalogue.close()


class _Lock:
    """One writer at a time, over processes and threads; holding it again inside costs nothing."""

    def __init__(self, home: Path | None) -> None:
        from filelock import FileLock

        self._holder = home / "holder" if home else None
        self._file = FileLock(str(home / "lock")) if home else None

    def acquire(self, seconds: float) -> None:
        from filelock import Timeout

        if self._file is None or self._holder is None:
            return
        try:
            self._file.acquire(timeout=seconds)
            _write_whole(self._holder, str(os.getpid()).encode())
        except Timeout:
            try:
                holder = self._holder.read_text(encoding="ascii")
            except OSError:
                holder = "unknown"
            raise LibraryLocked(
                f"another process (id {holder}) is writing to the library {self._holder.parent.parent}: try again later"
            ) from None
        except OSError as error:
            if self._file.is_locked:
                self._file.release()
            raise LibraryError(
                f"the library {self._holder.parent.parent} cannot be written: {error.strerror or error}"
            ) from error

    def release(self) -> None:
        if self._file is not None:
            self._file.release()


def _put_aside(home: Path) -> None:
    for name in ("catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm", "chroma.generation", "lexical.generation"):
        (home / name).unlink(missing_ok=True)
    for name in ("chroma", "lexical"):
        shutil.rmtree(home / name, ignore_errors=True)


def _sha256(file: Path) -> str:
    return hashlib.sha256(read_bytes(file)).hexdigest()


def _write_whole(path: Path, data: bytes) -> None:
    """Write beside, then move into place: a reader sees the old file or the new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
