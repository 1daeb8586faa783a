"""Opening a library: in memory from a file or a folder, or from disk."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path

from index.catalogue import Catalogue
from index.embedding import Embedder, made_by
from index.errors import DamagedLibrary, LibraryError, OtherFormat, UnreadableFile, WrongModel
from index.files import find_files
from index.folder import HIDDEN, ArticleFolder
from index.indexes import Indexes
from index.indexing import complaint
from index.kept_vectors import EXACT_UP_TO
from index.lock import WriterLock
from index.migration import OLDER, migrate
from index.served import ServedStore
from index.writer import Writer, remember_model

CATALOGUE = "catalogue.sqlite"

VERIFIED_AT_ONCE = 1_000
"""Passages; a catalogue of as many is verified whenever it is opened, in some 40 ms. Of a larger one each article is when it is first read."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a library is made of."""

    catalogue: Catalogue
    folder: ArticleFolder
    indexes: Indexes
    writer: Writer
    lock: WriterLock


def is_built(path: Path) -> bool:
    """Whether a folder is a built library."""
    return (path / HIDDEN / CATALOGUE).exists()


def open_memory(place: Path, embedder: Embedder) -> Parts:
    """Index a file, or every file of a folder, in memory; nothing is written.

    Raises:
        UnreadableFile: there is no article at that place, or a file cannot be read.
    """
    files = find_files([place])
    if not files:
        raise UnreadableFile(f"{place}: no articles in this folder; put .txt files there")
    catalogue = Catalogue(None)
    parts = _assemble(catalogue, ArticleFolder(place if place.is_dir() else None, None), None, embedder)
    remember_model(catalogue, embedder)
    problems = parts.writer.take_in(files)
    if problems:
        raise complaint(problems, 0)
    return parts


def open_disk(folder: Path, embedder: Embedder, *, anew: bool = False, exact_up_to: int = EXACT_UP_TO, store: str = "") -> Parts:
    """Open the built library of a folder, or build it; take up what changed in the folder unless somebody else is writing.

    Args:
        folder: with the articles.
        embedder: the model.
        anew: for the caller who rebuilds at once: what cannot be read, and what another model made, is no hindrance.
        exact_up_to: number of passages from which on Chroma is searched.
        store: address of a store that others share, which takes Chroma's place; empty for none.

    Raises:
        WrongModel: it was indexed with another embedding model.
        LibraryError: the folder cannot be written, or the catalogue cannot be opened.
    """
    home = folder / HIDDEN
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"the library {folder} cannot be made: {error.strerror}") from error
    lock = WriterLock(home)
    catalogue = _open_catalogue(home, lock, embedder, anew)
    served = ServedStore(catalogue, lock, store) if store else None
    parts = _assemble(catalogue, ArticleFolder(folder, home), lock, embedder, exact_up_to, served)
    known, own = catalogue.get("fingerprint"), made_by(embedder)
    if known and known != own and not anew:
        maker = catalogue.get("model")
        if not (
            maker == embedder.name == "shipped"
            and not store
            and catalogue.count() <= VERIFIED_AT_ONCE
            and os.access(home, os.W_OK)
        ):
            chosen = "" if embedder.name == "shipped" else f" --embedder {embedder.name}"
            catalogue.close()
            raise WrongModel(
                f"the library {folder} was indexed with the embedding model {maker!r} ({known}), not {embedder.name!r} ({own}): "
                f"`doichieu index rebuild --library {folder}{chosen}` indexes it anew"
            )
        _of_this_release(parts, own)
    if not anew and os.access(home, os.W_OK) and not parts.indexes.of_older_copy() and lock.try_acquire():
        try:
            if not known:
                remember_model(catalogue, embedder)
            for problem in parts.writer.take_up_changes():
                log.warning("%s", problem)
        finally:
            lock.release()
    return parts


def _of_this_release(parts: Parts, own: str) -> None:
    """Index a small library anew that the model of another release made: nobody chose that one, and it takes a moment."""
    with parts.lock:
        if parts.catalogue.get("fingerprint") != own:
            try:
                parts.writer.rebuild()
            except UnreadableFile as error:
                log.warning("%s", error)


def _open_catalogue(home: Path, lock: WriterLock, embedder: Embedder, anew: bool) -> Catalogue:
    """The catalogue; an older one is brought up to date, a damaged one gives way to a new one, which the files fill again."""
    place = home / CATALOGUE
    try:
        return _verified(Catalogue(place), anew)
    except LibraryError as error:
        if isinstance(error, OtherFormat) and error.schema in OLDER and not anew and os.access(home, os.W_OK):
            with lock:
                migrate(place, embedder)
            return Catalogue(place)
        if not (anew or isinstance(error, DamagedLibrary)) or not os.access(home, os.W_OK):
            raise
        log.warning("%s", error)
        with lock:
            for suffix in ("", "-wal", "-shm"):
                place.with_name(CATALOGUE + suffix).unlink(missing_ok=True)
            for part in ("chroma", "lexical"):
                (home / f"{part}.generation").unlink(missing_ok=True)
            return Catalogue(place)


def _verified(catalogue: Catalogue, anew: bool) -> Catalogue:
    """The catalogue, if it is large or sound. Raises ``DamagedLibrary`` otherwise."""
    try:
        if not anew and catalogue.count() <= VERIFIED_AT_ONCE and (problems := catalogue.check()):
            raise DamagedLibrary(f"the catalogue {catalogue.path} is damaged: {problems[0]}")
    except LibraryError:
        catalogue.close()
        raise
    return catalogue


def _assemble(
    catalogue: Catalogue,
    folder: ArticleFolder,
    lock: WriterLock | None,
    embedder: Embedder,
    exact_up_to: int = EXACT_UP_TO,
    served: ServedStore | None = None,
) -> Parts:
    lock = lock or WriterLock(None)
    home = catalogue.path.parent if catalogue.path is not None else None
    indexes = Indexes(catalogue, home, lock, exact_up_to, served)
    return Parts(catalogue, folder, indexes, Writer(catalogue, folder, indexes, lock, embedder), lock)
