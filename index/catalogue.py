"""The catalogue: what is indexed, in one SQLite file. Vectors and words of the other indexes are made from it and can be made again.

Each change is one transaction that also raises ``generation``, so that a reader sees the library before or after it, never between.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.alignment import Alignment
from index.article import Article, Pair, Passage, Place, Source, Version
from index.errors import DamagedLibrary, LibraryError, UnknownArticle

FloatArray = NDArray[np.float32]

SCHEMA = 1
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (id TEXT PRIMARY KEY, changed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE removed (id TEXT NOT NULL, language TEXT NOT NULL, generation INTEGER NOT NULL);
CREATE TABLE origins (article TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (article, file)) WITHOUT ROWID;
CREATE TABLE sources (article TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (article, file));
CREATE TABLE versions (article TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL,
    file TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, title TEXT NOT NULL, byline TEXT NOT NULL, date TEXT NOT NULL,
    link TEXT NOT NULL, tags TEXT NOT NULL, PRIMARY KEY (article, id));
CREATE TABLE passages (id TEXT PRIMARY KEY, article TEXT NOT NULL, version TEXT NOT NULL, language TEXT NOT NULL, paragraph INTEGER NOT NULL,
    role TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, sentences BLOB NOT NULL, vector BLOB NOT NULL,
    sentence_vectors BLOB NOT NULL);
CREATE INDEX passages_of_article ON passages (article);
CREATE INDEX passages_of_language ON passages (language);
CREATE TABLE alignments (article TEXT NOT NULL, first TEXT NOT NULL, second TEXT NOT NULL, sentences TEXT NOT NULL, paragraphs TEXT NOT NULL,
    names TEXT NOT NULL, PRIMARY KEY (article, first, second));
"""


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article with everything that indexing computes.

    ``passage_vectors`` are ``(passages, d)`` and ``sentence_vectors`` ``(sentences, d)`` float32 unit rows, in reading order of the versions.
    """

    article: Article
    passage_vectors: FloatArray
    sentence_vectors: FloatArray
    alignments: dict[tuple[str, str], Alignment]
    files: tuple[str, ...] = ()


class Catalogue:
    """Reads and writes the SQLite file; ``None`` keeps everything in memory. Safe to read from several threads.

    Raises:
        LibraryError: the file is of another schema, or cannot be opened.
        DamagedLibrary: the file is no sound SQLite database.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        self._path = path
        try:
            self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None, timeout=30)
            if path is not None:
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=NORMAL")
            if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                self._db.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
                self._put("schema", str(SCHEMA))
                self._put("generation", "0")
            schema = self.get("schema")
        except sqlite3.OperationalError as error:
            raise LibraryError(f"the catalogue {path} cannot be opened: {error}") from error
        except sqlite3.DatabaseError as error:
            raise DamagedLibrary(f"the catalogue {path} is damaged ({error}): `doichieu index rebuild` makes it anew") from error
        if schema != str(SCHEMA):
            raise LibraryError(
                f"the catalogue {path} has schema {schema}, this version reads {SCHEMA}: `doichieu index rebuild` makes it anew"
            )

    def close(self) -> None:
        """Give back the file."""
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction: all of it, or nothing of it; raises the generation.

        Raises:
            LibraryError: the disk is full, or the file cannot be written.
        """
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                self._put("generation", str(self.generation + 1))
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise LibraryError(f"the library cannot be written: {error}; what it held is intact") from error
                raise

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self._lock:
            try:
                return self._db.execute(query, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise DamagedLibrary(
                    f"the catalogue {self._path} is damaged ({error}): `doichieu index rebuild` makes it anew"
                ) from error

    def get(self, key: str) -> str:
        """A value of the meta table; empty if there is none."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else ""

    def _put(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def put(self, key: str, value: str) -> None:
        """Set a value of the meta table, inside ``change``."""
        self._put(key, value)

    @property
    def generation(self) -> int:
        """Raised by every change."""
        return int(self.get("generation"))

    # Files -------------------------------------------------------------------------------------------------------------------

    def files(self) -> dict[str, tuple[str, int, int]]:
        """Names of the files taken up, with sha256, size in bytes and time of change in nanoseconds."""
        return {name: (sha, size, mtime) for name, sha, size, mtime in self._rows("SELECT * FROM files")}

    def put_file(self, name: str, sha256: str, size: int, mtime_ns: int) -> None:
        """Remember a file, inside ``change``."""
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (name, sha256, size, mtime_ns))

    def forget_file(self, name: str) -> None:
        """Forget a file, inside ``change``."""
        self._db.execute("DELETE FROM files WHERE name = ?", (name,))

    def files_of(self, article: str) -> list[str]:
        """Names of the files that an article came from."""
        return [name for (name,) in self._rows("SELECT file FROM origins WHERE article = ? ORDER BY file", article)]

    def articles_of(self, file: str) -> list[str]:
        """Ids of the articles that a file holds."""
        return [name for (name,) in self._rows("SELECT article FROM origins WHERE file = ? ORDER BY article", file)]

    # Articles ----------------------------------------------------------------------------------------------------------------

    def articles(self) -> tuple[str, ...]:
        """Ids, sorted."""
        return tuple(name for (name,) in self._rows("SELECT id FROM articles ORDER BY id"))

    def put_article(self, indexed: Indexed) -> None:
        """Replace an article, inside ``change``."""
        article = indexed.article
        self.drop_article(article.id)
        self._db.execute("INSERT INTO articles VALUES (?, ?)", (article.id, self.generation + 1))
        self._db.executemany("INSERT INTO origins VALUES (?, ?)", [(article.id, file) for file in indexed.files])
        self._db.executemany(
            "INSERT INTO sources VALUES (?, ?, ?, ?)", [(article.id, s.file, s.sha256, s.text) for s in article.sources]
        )
        for position, version in enumerate(article.versions):
            row = (
                article.id,
                version.id,
                position,
                version.language,
                version.kind,
                version.file,
                version.start,
                version.end,
                version.title,
            )
            rest = (version.byline, version.date, version.link, json.dumps(version.tags, ensure_ascii=False))
            self._db.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, *rest))
        self._db.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _passage_rows(indexed))
        self._db.executemany("INSERT INTO alignments VALUES (?, ?, ?, ?, ?, ?)", _alignment_rows(indexed))

    def drop_article(self, article: str) -> None:
        """Forget an article, inside ``change``; its passages are noted for the indexes that must drop them too."""
        self._db.execute(
            "INSERT INTO removed SELECT id, language, ? FROM passages WHERE article = ?", (self.generation + 1, article)
        )
        for table in ("origins", "sources", "versions", "passages", "alignments"):
            self._db.execute(f"DELETE FROM {table} WHERE article = ?", (article,))
        self._db.execute("DELETE FROM articles WHERE id = ?", (article,))

    def clear(self) -> None:
        """Forget everything, inside ``change``."""
        for table in ("files", "articles", "origins", "sources", "versions", "passages", "alignments", "removed"):
            self._db.execute(f"DELETE FROM {table}")

    def article(self, article: str) -> Article:
        """An article as it was indexed.

        Raises:
            UnknownArticle: there is none with that id.
        """
        with self._lock:
            sources = [
                Source(*row)
                for row in self._rows("SELECT file, text, sha256 FROM sources WHERE article = ? ORDER BY rowid", article)
            ]
            if not sources:
                raise UnknownArticle(f"no article {article!r} in this library: `doichieu index list` shows what there is")
            versions = self._rows("SELECT * FROM versions WHERE article = ? ORDER BY position", article)
            passages = self._rows("SELECT * FROM passages WHERE article = ? ORDER BY rowid", article)
        texts = {source.file: source.text for source in sources}
        made = []
        for _, name, _, language, kind, file, start, end, title, byline, date, link, tags in versions:
            own = tuple(_passage(row, kind, file, texts[file]) for row in passages if row[2] == name)
            made.append(
                Version(name, article, language, kind, file, start, end, own, title, byline, date, link, tuple(json.loads(tags)))
            )
        return Article(article, tuple(made), tuple(sources))

    def alignments(self, article: Article) -> dict[tuple[str, str], Alignment]:
        """The alignments of an article's versions."""
        found = {}
        for _, first, second, sentences, paragraphs, names in self._rows(
            "SELECT * FROM alignments WHERE article = ? ORDER BY rowid", article.id
        ):
            a, b = article.version(first), article.version(second)
            pairs = tuple(Pair(a.sentences[i], b.sentences[j], score) for i, j, score in json.loads(sentences))
            whole = tuple(Pair(a.passages[i], b.passages[j], score) for i, j, score in json.loads(paragraphs))
            found[first, second] = Alignment(pairs, whole, tuple((x, y) for x, y in json.loads(names)))
        return found

    def since(self, generation: int) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """What changed after a generation: ids of passages to put and of passages to drop, by language."""
        put: dict[str, list[str]] = {}
        drop: dict[str, list[str]] = {}
        query = "SELECT p.id, p.language FROM passages p JOIN articles a ON a.id = p.article WHERE a.changed > ? ORDER BY p.rowid"
        for name, language in self._rows(query, generation):
            put.setdefault(language, []).append(name)
        for name, language in self._rows("SELECT DISTINCT id, language FROM removed WHERE generation > ?", generation):
            drop.setdefault(language, []).append(name)
        return put, drop

    # Passages ----------------------------------------------------------------------------------------------------------------

    def languages(self) -> list[str]:
        """Languages that there are passages in, sorted."""
        return [name for (name,) in self._rows("SELECT DISTINCT language FROM passages ORDER BY language")]

    def passage_ids(self, language: str) -> list[str]:
        """Ids of the passages in a language, in the order in which they were added."""
        return [name for (name,) in self._rows("SELECT id FROM passages WHERE language = ? ORDER BY rowid", language)]

    def passages(self, ids: Sequence[str] | None = None, *, articles: Iterable[str] | None = None) -> dict[str, Passage]:
        """Passages by id; those of the articles instead when these are given. Ids that are not there are left out."""
        select = (
            "SELECT p.*, v.kind, v.file, substr(s.text, p.start + 1, p.end - p.start) FROM passages p "
            "JOIN versions v ON v.article = p.article AND v.id = p.version JOIN sources s ON s.article = p.article AND s.file = v.file WHERE "
        )
        found = {}
        key, values = ("p.article", list(articles)) if articles is not None else ("p.id", list(ids or ()))
        for begin in range(0, len(values), 500):
            part = values[begin : begin + 500]
            for row in self._rows(f"{select}{key} IN ({','.join('?' * len(part))})", *part):
                found[row[0]] = _passage(row[:11], row[11], row[12], row[13], offset=row[6])
        return found

    def vectors_of(self, ids: Sequence[str]) -> dict[str, tuple[FloatArray, FloatArray]]:
        """For passage ids, the passage's vector ``(d,)`` and its sentences' ``(n, d)``."""
        found = {}
        for begin in range(0, len(ids), 500):
            part = ids[begin : begin + 500]
            marks = ",".join("?" * len(part))
            for name, sentences, vector, inner in self._rows(
                f"SELECT id, sentences, vector, sentence_vectors FROM passages WHERE id IN ({marks})", *part
            ):
                found[name] = (unpack(vector, 1)[0], unpack(inner, len(sentences) // 8))
        return found

    def texts(self, language: str) -> Iterator[tuple[str, str]]:
        """Ids and texts of the passages in a language, in the order of ``passage_ids``."""
        query = (
            "SELECT p.id, substr(s.text, p.start + 1, p.end - p.start) FROM passages p JOIN versions v ON v.article = p.article "
            "AND v.id = p.version JOIN sources s ON s.article = p.article AND s.file = v.file WHERE p.language = ? ORDER BY p.rowid"
        )
        yield from self._rows(query, language)

    def check(self) -> list[str]:
        """What SQLite finds wrong with the file, and places whose text is not what their offsets say."""
        try:
            problems = [row[0] for row in self._rows("PRAGMA integrity_check(10)") if row[0] != "ok"]
        except DamagedLibrary as error:
            return [str(error)]
        for article in self.articles():
            whole = self.article(article)
            for version in whole.versions:
                for passage in version.passages:
                    if not passage.text or not passage.sentences or passage.end > len(whole.text(version.file)):
                        problems.append(f"article {article}: passage {passage.id} does not fit its text")
        return problems


def pack(vectors: FloatArray) -> bytes:
    """Unit rows as float16, half the size for no difference in rank that could be measured."""
    return vectors.astype(np.float16).tobytes()


def unpack(data: bytes, rows: int) -> FloatArray:
    """``(rows, d)`` float32 from ``pack``."""
    found: FloatArray = np.frombuffer(data, dtype=np.float16).reshape(max(rows, 1), -1).astype(np.float32)
    return found


def _passage_rows(indexed: Indexed) -> Iterator[tuple[Any, ...]]:
    at = 0
    passages = [passage for version in indexed.article.versions for passage in version.passages]
    for number, p in enumerate(passages):
        spans = np.array([(s.start, s.end) for s in p.sentences], dtype=np.int32).tobytes()
        inner = pack(indexed.sentence_vectors[at : at + len(p.sentences)])
        at += len(p.sentences)
        vector = pack(indexed.passage_vectors[number])
        yield p.id, p.article, p.version, p.language, p.paragraph, p.role, p.start, p.end, spans, vector, inner


def _alignment_rows(indexed: Indexed) -> Iterator[tuple[Any, ...]]:
    for (first, second), alignment in indexed.alignments.items():
        a, b = indexed.article.version(first), indexed.article.version(second)
        numbers = [{place.id: i for i, place in enumerate(v.sentences)} for v in (a, b)]
        whole = [{place.id: i for i, place in enumerate(v.passages)} for v in (a, b)]
        sentences = [(numbers[0][pair.a.id], numbers[1][pair.b.id], pair.score) for pair in alignment.sentences]
        paragraphs = [(whole[0][pair.a.id], whole[1][pair.b.id], pair.score) for pair in alignment.paragraphs]
        names = json.dumps(alignment.names, ensure_ascii=False)
        yield indexed.article.id, first, second, json.dumps(sentences), json.dumps(paragraphs), names


def _passage(row: Any, kind: Any, file: str, text: str, offset: int = 0) -> Passage:
    """A passage from its row; ``text`` begins at ``offset`` of the file."""
    _, article, version, language, paragraph, role, start, end, spans, _, _ = row
    sentences = tuple(
        Place(article, version, language, kind, file, paragraph, role, int(s), int(e), text[s - offset : e - offset])
        for s, e in np.frombuffer(spans, dtype=np.int32).reshape(-1, 2).tolist()
    )
    whole = text[start - offset : end - offset]
    return Passage(article, version, language, kind, file, paragraph, role, start, end, whole, sentences=sentences)
