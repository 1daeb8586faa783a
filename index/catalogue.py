"""The catalogue: what is indexed. Vectors and words of the other indexes are made from it and can be made again.

Passages carry the generation that brought them and leave a trace when they go, so that an index that stopped at some generation can catch up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.alignment import Alignment
from index.article import Article, Version
from index.database import Database
from index.errors import DamagedLibrary, UnknownArticle
from index.rows import (
    PASSAGE_COLUMNS,
    Counterparts,
    Entry,
    FloatArray,
    Indexed,
    alignment_from,
    alignment_rows,
    article_from,
    entries_from,
    passage_rows,
    vectors_from,
    version_from,
    version_rows,
)
from index.scope import Filter, Scope, labels_of
from index.seals import article_seal, seal_of
from index.text import fold

_OF_ARTICLE = ("origins", "sources", "versions", "labels", "passages", "alignments", "seals")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was when it was taken up; ``problem`` says why it could not be."""

    sha256: str
    size: int
    mtime_ns: int
    problem: str = ""


class Catalogue(Database):
    """Articles, what indexing computed of them, and the files that they came from. Raises what ``Database`` raises."""

    # Files -------------------------------------------------------------------------------------------------------------------

    def files(self) -> dict[str, FileRecord]:
        """Names of the files that were taken up or found unreadable."""
        return {row[0]: FileRecord(*row[1:]) for row in self.rows("SELECT name, sha256, size, mtime_ns, problem FROM files")}

    def put_file(self, name: str, record: FileRecord) -> None:
        """Remember a file, inside ``change``."""
        values = (name, record.sha256, record.size, record.mtime_ns, record.problem)
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", values)

    def forget_file(self, name: str, *, leaving: bool = False) -> None:
        """Forget a file, inside ``change``; ``leaving`` notes that it is to be deleted from the folder."""
        if leaving:
            self._db.execute("INSERT OR REPLACE INTO leaving SELECT name, sha256 FROM files WHERE name = ?", (name,))
        self._db.execute("DELETE FROM files WHERE name = ?", (name,))

    def leaving(self) -> dict[str, str]:
        """Files that are to be deleted from the folder, with their sha256."""
        return dict(self.rows("SELECT name, sha256 FROM leaving"))

    def has_left(self, name: str) -> None:
        """A leaving file has been deleted."""
        with self.change(visible=False):
            self._db.execute("DELETE FROM leaving WHERE name = ?", (name,))

    def files_of(self, article: str) -> list[str]:
        """Names of the files that an article came from."""
        return [name for (name,) in self.rows("SELECT file FROM origins WHERE article = ? ORDER BY file", article)]

    def articles_of(self, file: str) -> list[str]:
        """Ids of the articles that a file holds."""
        return [name for (name,) in self.rows("SELECT article FROM origins WHERE file = ? ORDER BY article", file)]

    # Articles ----------------------------------------------------------------------------------------------------------------

    def articles(self) -> tuple[str, ...]:
        """Ids, sorted."""
        return tuple(name for (name,) in self.rows("SELECT id FROM articles ORDER BY id"))

    def contents(self) -> dict[str, tuple[Version, ...]]:
        """The versions of every article by its id, sorted, without their text."""
        found: dict[str, tuple[Version, ...]] = {}
        for row in self.rows("SELECT * FROM versions ORDER BY article, position"):
            found[row[0]] = (*found.get(row[0], ()), version_from(row))
        return found

    def linked(self, link: str) -> list[tuple[str, str]]:
        """Articles that have a link, with the language of each version."""
        return list(self.rows("SELECT article, language FROM versions WHERE link = ?", link))

    def text_of(self, article: str, file: str) -> str | None:
        """The text of one of an article's files; None if it has no such file."""
        rows = self.rows("SELECT text FROM sources WHERE article = ? AND file = ?", article, file)
        return str(rows[0][0]) if rows else None

    def put_article(self, indexed: Indexed, files: Iterable[str], generation: int) -> None:
        """Replace an article, inside ``change``."""
        article = indexed.article
        self.drop_article(article.id, generation)
        origins = sorted((article.id, file) for file in files)
        sources = [(article.id, s.file, s.sha256, s.text) for s in article.sources]
        versions = list(version_rows(article))
        labels = [(kind, value, article.id) for kind, value in sorted(labels_of(article))]
        passages = list(passage_rows(indexed, generation))
        alignments = list(alignment_rows(indexed))
        seals = [(row[0], row[15]) for row in passages]
        sealed = seal_of((origins, sorted(sources), sorted(versions), labels, sorted(alignments), seals))
        insert = self._db.executemany
        insert("INSERT INTO articles VALUES (?)", [(article.id,)])
        insert("INSERT INTO origins VALUES (?, ?)", origins)
        insert("INSERT INTO sources VALUES (?, ?, ?, ?)", sources)
        insert(f"INSERT INTO versions VALUES ({','.join('?' * 13)})", versions)
        insert("INSERT INTO labels VALUES (?, ?, ?)", labels)
        insert(f"INSERT INTO passages ({PASSAGE_COLUMNS}) VALUES ({','.join('?' * 17)})", passages)
        insert("INSERT INTO alignments VALUES (?, ?, ?, ?, ?, ?)", alignments)
        insert("INSERT INTO seals VALUES (?, ?)", [(article.id, sealed)])

    def drop_article(self, article: str, generation: int) -> None:
        """Forget an article, inside ``change``."""
        self._db.execute(
            "INSERT OR IGNORE INTO dropped SELECT ?, number, id, language FROM passages WHERE article = ?", (generation, article)
        )
        for table in _OF_ARTICLE:
            self._db.execute(f"DELETE FROM {table} WHERE article = ?", (article,))
        self._db.execute("DELETE FROM articles WHERE id = ?", (article,))

    def article(self, article: str) -> Article:
        """An article as it was indexed.

        Raises:
            UnknownArticle: there is none with that id.
            DamagedLibrary: it is not what was indexed.
        """
        with self.snapshot():
            sources = self.rows("SELECT file, text, sha256 FROM sources WHERE article = ? ORDER BY rowid", article)
            versions = self.rows("SELECT * FROM versions WHERE article = ? ORDER BY position", article)
            passages = self.rows(f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE article = ? ORDER BY number", article)
            sealed = self.rows("SELECT seal FROM seals WHERE article = ?", article)
            sound = sealed == [(article_seal(article, self.rows),)]
        if not sources:
            raise UnknownArticle(f"no article {article!r} in this library: `doichieu index list` shows what there is")
        return article_from(article, sources, versions, passages, sound=sound)

    def alignments(self, article: Article) -> dict[tuple[str, str], Alignment]:
        """The alignments of an article's versions."""
        rows = self.rows("SELECT * FROM alignments WHERE article = ? ORDER BY rowid", article.id)
        return {(row[1], row[2]): alignment_from(article, row) for row in rows}

    def counterparts(self, article: str) -> Counterparts:
        """Which sentences of an article say the same; none for an unknown article."""
        passages = self.rows("SELECT version, sentences FROM passages WHERE article = ? ORDER BY number", article)
        pairs = self.rows("SELECT first, second, sentences FROM alignments WHERE article = ?", article)
        return Counterparts(article, passages, pairs)

    # Passages ----------------------------------------------------------------------------------------------------------------

    def count(self) -> int:
        """How many passages there are."""
        return int(self.rows("SELECT count(*) FROM passages")[0][0])

    def languages(self) -> list[str]:
        """Languages that there are passages in, sorted."""
        return [name for (name,) in self.rows("SELECT DISTINCT language FROM passages ORDER BY language")]

    def entries(self, ids: Sequence[str]) -> dict[str, Entry]:
        """Passages with their vectors by id; ids that are not there are left out."""
        found = entries_from(list(self.rows_in(f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE id IN", ids)))
        return {entry.passage.id: entry for entry in found}

    def chosen(self, where: Filter) -> set[str]:
        """Ids of the articles that a filter lets through. Raises ``InputError`` for what is no date."""
        first, last = where.days()
        found = []
        if where.since or where.until:
            found.append(self.rows("SELECT article FROM labels WHERE kind = 'day' AND value BETWEEN ? AND ?", first, last))
        for kind, values in (("source", where.sources), ("tag", where.tags)):
            if values:
                keys = [fold(value) for value in values]
                found.append(list(self.rows_in(f"SELECT article FROM labels WHERE kind = '{kind}' AND value IN", keys)))
        return set.intersection(*({article for (article,) in rows} for rows in found)) if found else set(self.articles())

    def scopes(self, articles: frozenset[str], most: int) -> dict[str, Scope] | None:
        """The passages of some articles by language, as a scope of few; None if there are more than ``most``."""
        held: dict[str, list[tuple[int, str, bytes]]] = {}
        query = "SELECT language, number, id, vector FROM passages WHERE article IN"
        for count, (language, *row) in enumerate(self.rows_in(query, sorted(articles)), 1):
            if count > most:
                return None
            held.setdefault(language, []).append((row[0], row[1], row[2]))
        scopes = {}
        for language, rows in held.items():
            numbers, ids, _ = zip(*sorted(rows), strict=True)
            table = vectors_from([(name, vector) for _, name, vector in sorted(rows)])
            scopes[language] = Scope(articles, 1.0, ids, np.array(numbers, dtype=np.int64), table)
        return scopes

    def counts(self) -> dict[str, int]:
        """How many passages there are in each language."""
        return dict(self.rows("SELECT language, count(*) FROM passages GROUP BY language"))

    def passages_since(self, generation: int = 0, *, batch: int = 2_000) -> Iterator[list[tuple[str, str, str, FloatArray]]]:
        """Batches of (language, id, text, vector) of the passages that came after a generation, in the order in which they came."""
        for rows in self._since(generation, "language, id, text, vector", batch):
            table = vectors_from([(name, vector) for _, _, name, _, vector in rows])
            yield [(language, name, text, row) for (_, language, name, text, _), row in zip(rows, table, strict=True)]

    def texts_since(self, generation: int = 0, *, batch: int = 10_000) -> Iterator[list[tuple[int, str, str]]]:
        """Batches of (number, language, text) of the passages that came after a generation, in the order in which they came."""
        yield from self._since(generation, "language, text", batch)

    def _since(self, generation: int, columns: str, batch: int) -> Iterator[list[Any]]:
        # Numbers rise with generations and none is given twice, so that the first one is all that has to be looked for.
        first = self.rows("SELECT min(number) FROM passages WHERE generation > ?", generation)[0][0]
        query = f"SELECT number, {columns} FROM passages WHERE number >= ? ORDER BY number LIMIT ?"
        while first is not None and (rows := self.rows(query, first, batch)):
            first = rows[-1][0] + 1
            yield rows

    def dropped_since(self, generation: int) -> list[tuple[str, str]]:
        """Language and id of passages that went after a generation and are not there now."""
        query = "SELECT DISTINCT language, id FROM dropped WHERE generation > ? AND id NOT IN (SELECT id FROM passages)"
        return list(self.rows(query, generation))

    def numbers_dropped_since(self, generation: int) -> list[tuple[str, int]]:
        """Language and number of passages that went after a generation; what came again came under another number."""
        return list(self.rows("SELECT language, number FROM dropped WHERE generation > ?", generation))

    def numbers_of(self, ids: Sequence[str]) -> dict[str, int]:
        """The numbers of passages; ids that are not there are left out."""
        return dict(self.rows_in("SELECT id, number FROM passages WHERE id IN", ids))

    def ids_numbered(self, numbers: Sequence[int]) -> dict[int, str]:
        """The ids of passages by number; those that are not there are left out."""
        return dict(self.rows_in("SELECT number, id FROM passages WHERE number IN", numbers))

    def forget_dropped(self) -> None:
        """Forget what went: every index has caught up."""
        with self.change(visible=False):
            self._db.execute("DELETE FROM dropped")
            self.put("forgotten", str(self.generation))

    def take_over(self, path: Path) -> None:
        """Replace everything by another catalogue's articles and files, in one transaction.

        Raises:
            LibraryError: the disk is full, or the file cannot be written.
        """
        with self.attached(path), self.change() as generation:
            self._db.execute("INSERT OR IGNORE INTO dropped SELECT ?, number, id, language FROM passages", (generation,))
            for table in ("files", "articles", *_OF_ARTICLE):
                self._db.execute(f"DELETE FROM main.{table}")
            self._db.execute("INSERT INTO main.files SELECT * FROM other.files")
            self.copy_attached(generation)
            self._db.execute("INSERT OR REPLACE INTO main.meta SELECT * FROM other.meta WHERE key IN ('fingerprint', 'model')")

    def copy_attached(self, generation: int) -> int:
        """Add the attached catalogue's articles, which are not here, inside ``change``; gives what their passages' numbers rose by."""
        highest = self.rows("SELECT coalesce(max(seq), 0) FROM main.sqlite_sequence WHERE name = 'passages'")[0][0]
        for table in ("articles", *_OF_ARTICLE):
            if table != "passages":
                self._db.execute(f"INSERT INTO main.{table} SELECT * FROM other.{table}")
        self._db.execute(
            f"INSERT INTO main.passages (number, {PASSAGE_COLUMNS}) "
            f"SELECT number + ?, {PASSAGE_COLUMNS.replace('generation', '?')} FROM other.passages ORDER BY number",
            (highest, generation),
        )
        return int(highest)

    def check(self) -> list[str]:
        """What SQLite finds wrong with the file, and articles that are not what was indexed."""
        with self.snapshot():
            problems = [f"catalogue: {row[0]}" for row in self.rows("PRAGMA integrity_check(10)") if row[0] != "ok"]
            names = set(self.articles()) if not problems else set()
            names |= {name for table in _OF_ARTICLE for (name,) in self.rows(f"SELECT DISTINCT article FROM {table}")}
            for name in sorted(names):
                try:
                    self.alignments(self.article(name))
                except (DamagedLibrary, UnknownArticle) as error:
                    problems.append(str(error))
        return problems
