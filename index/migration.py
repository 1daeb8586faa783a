"""A catalogue of an older schema → one of this, in one transaction: whoever is stopped leaves the old one.

Schema 2: passages' numbers could be given twice, what was dropped was known by id alone, and nothing could be filtered by date,
source or tag. Schema 3: the tokens of passages were not kept. Schema 4: articles had no seals.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from index.database import SCHEMA, TABLES
from index.embedding import Embedder, static_beside
from index.errors import LibraryError
from index.rows import PASSAGE_COLUMNS, pack_tokens, passage_from
from index.scope import labels_of_fields
from index.seals import article_seal, seal
from index.static import StaticEmbedder

OLDER = ("2", "3", "4")
_NOT_KEPT = PASSAGE_COLUMNS.replace("tokens, seal", "x'', 0")
"""What schemas 2 and 3 had of a passage."""
_AS_THEY_ARE = ("meta", "files", "leaving", "articles", "origins", "sources", "versions", "alignments")


def migrate(path: Path, embedder: Embedder) -> None:
    """Bring a catalogue up to this schema; the caller holds the writer's lock. The embedder is the one that the library is opened with.

    Raises:
        LibraryError: it cannot be written.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as db:
            db.execute("BEGIN IMMEDIATE")
            # Another process may have done it while this one waited for the lock.
            (schema,) = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
            if schema != str(SCHEMA):
                if schema == "4":
                    db.execute("ALTER TABLE passages ADD COLUMN seal INTEGER NOT NULL DEFAULT 0")
                    db.execute(next(table for table in TABLES.split(";") if "TABLE seals" in table))
                else:
                    _rebuild(db, embedder)
                _seal(db)
            db.execute("COMMIT")
    except sqlite3.Error as error:
        raise LibraryError(f"the library {path} is of an older format and cannot be brought up to this one: {error}") from error


def _rebuild(db: sqlite3.Connection, embedder: Embedder) -> None:
    for kind, name in db.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall():
        db.execute(f"DROP INDEX {name}" if kind == "index" else f"ALTER TABLE {name} RENAME TO old_{name}")
    for statement in filter(str.strip, TABLES.split(";")):
        db.execute(statement)
    for table in _AS_THEY_ARE:
        db.execute(f"INSERT INTO {table} SELECT * FROM old_{table}")
    db.execute(f"INSERT INTO passages (number, {PASSAGE_COLUMNS}) SELECT number, {_NOT_KEPT} FROM old_passages ORDER BY number")
    _keep_tokens(db, static_beside(embedder))
    for article, date, link, tags in db.execute("SELECT article, date, link, tags FROM versions").fetchall():
        labels = [(kind, value, article) for kind, value in labels_of_fields(date, link, json.loads(tags))]
        db.executemany("INSERT OR IGNORE INTO labels VALUES (?, ?, ?)", labels)
    # What went before is known by id alone, so that an index which is behind is made anew.
    db.execute("INSERT OR REPLACE INTO meta SELECT 'forgotten', value FROM meta WHERE key = 'generation'")
    for table in (*_AS_THEY_ARE, "passages", "dropped"):
        db.execute(f"DROP TABLE old_{table}")


def _seal(db: sqlite3.Connection) -> None:
    for (number,) in db.execute("SELECT number FROM passages").fetchall():
        row = db.execute(f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE number = ?", (number,)).fetchone()
        db.execute("UPDATE passages SET seal = ? WHERE number = ?", (seal(row[:15]), number))
    for (article,) in db.execute("SELECT id FROM articles").fetchall():
        found = article_seal(article, lambda query, name: db.execute(query, (name,)).fetchall())
        db.execute("INSERT INTO seals VALUES (?, ?)", (article, found))
    db.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(SCHEMA),))


def _keep_tokens(db: sqlite3.Connection, embedder: StaticEmbedder) -> None:
    for number, *row in db.execute(f"SELECT number, {_NOT_KEPT} FROM old_passages"):
        tokens = embedder.token_ids([sentence.text for sentence in passage_from(row).sentences])
        db.execute("UPDATE passages SET tokens = ? WHERE number = ?", (pack_tokens(tokens), number))
