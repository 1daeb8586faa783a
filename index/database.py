"""One SQLite file: opened, checked, read from several threads, changed in transactions that raise a generation."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.errors import DamagedLibrary, LibraryError, OtherFormat

SCHEMA = 5
CACHE_KIB = 32_000
"""Of the file, kept in memory: the upper levels of its trees, in a library of a million passages."""
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    problem TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE leaving (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE origins (article TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (article, file)) WITHOUT ROWID;
CREATE INDEX origins_of_file ON origins (file);
CREATE TABLE sources (article TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (article, file));
CREATE TABLE versions (article TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL,
    file TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, title TEXT NOT NULL, byline TEXT NOT NULL, date TEXT NOT NULL,
    link TEXT NOT NULL, tags TEXT NOT NULL, PRIMARY KEY (article, id));
CREATE INDEX versions_of_link ON versions (link);
CREATE TABLE passages (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, article TEXT NOT NULL, version TEXT NOT NULL,
    language TEXT NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL, paragraph INTEGER NOT NULL, role TEXT NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, text TEXT NOT NULL, sentences BLOB NOT NULL, vector BLOB NOT NULL, sentence_vectors BLOB NOT NULL,
    tokens BLOB NOT NULL, seal INTEGER NOT NULL, generation INTEGER NOT NULL);
CREATE INDEX passages_of_article ON passages (article, number, version, sentences);
CREATE INDEX passages_of_language ON passages (language);
CREATE INDEX passages_since ON passages (generation);
CREATE TABLE dropped (generation INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, language TEXT NOT NULL,
    PRIMARY KEY (generation, number)) WITHOUT ROWID;
CREATE TABLE labels (kind TEXT NOT NULL, value TEXT NOT NULL, article TEXT NOT NULL, PRIMARY KEY (kind, value, article)) WITHOUT ROWID;
CREATE INDEX labels_of_article ON labels (article);
CREATE TABLE alignments (article TEXT NOT NULL, first TEXT NOT NULL, second TEXT NOT NULL, sentences TEXT NOT NULL,
    paragraphs TEXT NOT NULL, names TEXT NOT NULL, PRIMARY KEY (article, first, second));
CREATE TABLE seals (article TEXT PRIMARY KEY, seal INTEGER NOT NULL) WITHOUT ROWID;
"""


class Database:
    """The SQLite file at ``path``; None keeps everything in memory. Safe to use from several threads.

    Args:
        path: the file.
        lasting: whether a change is on the disk when it is done; a file that is made and read once needs no such care.

    Raises:
        OtherFormat: the file is of another schema.
        LibraryError: the file cannot be opened.
        DamagedLibrary: the file is no sound SQLite database.
    """

    def __init__(self, path: Path | None, *, lasting: bool = True) -> None:
        self._lock = threading.RLock()
        self.path = path
        self._db = _connect(path, "WAL" if lasting else "OFF")
        if not lasting:
            self._db.execute("PRAGMA synchronous=OFF")
        schema = self.get("schema")
        if schema != str(SCHEMA):
            self.close()
            raise OtherFormat(
                f"{path} has schema {schema or '?'}, this version reads {SCHEMA}: `doichieu index rebuild` makes it anew from the files",
                schema,
            )

    def close(self) -> None:
        """Give back the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def change(self, *, visible: bool = True) -> Iterator[int]:
        """One transaction: all of it, or nothing of it. Gives the generation that it makes.

        Args:
            visible: raises the generation; False for what changes nothing that can be searched.

        Raises:
            LibraryError: the disk is full, or the file cannot be written.
        """
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                generation = self.generation + visible
                self.put("generation", str(generation))
                yield generation
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise LibraryError(f"the library cannot be written: {error} ({self.path}); what it held is intact") from error
                raise

    @contextmanager
    def attached(self, path: Path) -> Iterator[None]:
        """Another file's tables beside these, as ``other``; nobody else reads or writes meanwhile. Not inside ``change``."""
        with self._lock:
            self._db.execute("ATTACH ? AS other", (str(path),))
            try:
                yield
            finally:
                self._db.execute("DETACH other")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several queries that see one state, whatever other processes write meanwhile. Raises ``DamagedLibrary`` as ``rows`` does."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            try:
                self._db.execute("BEGIN")
                try:
                    yield
                finally:
                    self._db.execute("ROLLBACK")
            except sqlite3.DatabaseError as error:
                raise _damaged(self.path, error) from error

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query finds. Raises ``DamagedLibrary`` if the file cannot be read."""
        with self._lock:
            try:
                return self._db.execute(query, values).fetchall()
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                raise _damaged(self.path, error) from error

    def rows_in(self, query: str, values: Sequence[str] | Sequence[int]) -> Iterator[Any]:
        """Rows of a query that ends in ``IN``, for as many values as there are."""
        for begin in range(0, len(values), 500):
            part = values[begin : begin + 500]
            yield from self.rows(f"{query} ({','.join('?' * len(part))})", *part)

    def get(self, key: str) -> str:
        """A value of the meta table; empty if there is none."""
        rows = self.rows("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else ""

    def put(self, key: str, value: str) -> None:
        """Set a value of the meta table, inside ``change``."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        """Raised by every change that a search could notice."""
        return int(self.get("generation") or 0)


def _connect(path: Path | None, journal: str) -> sqlite3.Connection:
    try:
        if path is not None and path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            # Nobody can write here, so the file can be read without the files that a lock would need.
            return sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False, isolation_level=None
            )
        db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None, timeout=30)
        if path is not None:
            db.execute(f"PRAGMA journal_mode={journal}")
            db.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        if not db.execute("SELECT 1 FROM sqlite_master").fetchone():
            db.executescript(
                f"BEGIN IMMEDIATE; {TABLES} INSERT INTO meta VALUES ('schema', '{SCHEMA}'), ('generation', '0'); COMMIT;"
            )
        db.execute("SELECT value FROM meta").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            raise _damaged(path, error) from error
        raise LibraryError(f"the catalogue {path} cannot be opened: {error}") from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # SQLite quotes what is damaged, which may be no text any more.
        raise _damaged(path, error) from error
    return db


def _damaged(path: Path | None, error: Exception) -> DamagedLibrary:
    return DamagedLibrary(f"the catalogue {path} is damaged ({error}): `doichieu index rebuild` makes it anew from the files")
