"""A library that an older version wrote is brought up to date when it is opened, or left as it was."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

import index.migration
from index.database import TABLES
from index.errors import LibraryError
from index.library import Library
from index.rows import PASSAGE_COLUMNS
from index.scope import Filter
from index.search import FEATURES

TOKENS = FEATURES.index("tokens")
SCHEMA_2 = Path(__file__).with_name("schema2.sql")
TABLES_4 = TABLES.replace("seal INTEGER NOT NULL, generation", "generation").partition("CREATE TABLE seals")[0]
TABLES_3 = TABLES_4.replace("tokens BLOB NOT NULL, ", "")
OLDER = {"2": SCHEMA_2.read_text(encoding="utf-8"), "3": TABLES_3, "4": TABLES_4}
STORY = "---\ntitle: The ferry returns\ndate: 2026-03-15\ntags: [harbour]\n---\nThe last ferry left the island at noon, its captain said.\n"


@pytest.fixture(params=["2", "3", "4"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A library as an older schema had it: three articles, one of which has been removed."""
    place = tmp_path / "library"
    with Library.open(place, create=True) as library:
        for name, text in (
            ("ferry", STORY),
            ("gone", "A story that is removed.\n"),
            ("market", "Chợ đêm mở lại ngày 4/5, quận cho biết.\n"),
        ):
            (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
            library.add(tmp_path / f"{name}.txt")
        library.remove(["gone"])
    home = place / ".doichieu"
    (home / "catalogue.sqlite").rename(home / "new.sqlite")
    with sqlite3.connect(home / "catalogue.sqlite") as db:
        db.executescript(OLDER[request.param])
        db.execute("ATTACH ? AS new", (str(home / "new.sqlite"),))
        kept = ("meta", "files", "leaving", "articles", "origins", "sources", "versions", "alignments")
        for table in (*kept, "labels", "dropped") if request.param == "4" else kept:
            db.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
        columns = PASSAGE_COLUMNS.replace("seal, " if request.param == "4" else "tokens, seal, ", "")
        db.execute(f"INSERT INTO passages (number, {columns}) SELECT number, {columns} FROM new.passages")
        db.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (request.param,))
    shutil.rmtree(home / "lexical")
    (home / "new.sqlite").unlink()
    return place


def test_it_is_brought_up_to_date_and_everything_is_there(older: Path) -> None:
    with Library.open(older) as library:
        assert library.articles() == ("ferry", "market")
        assert library.check() == []
        assert library.search("who said that the ferry left?")[0].passage.article == "ferry"
        candidates = library.rank("the last ferry left the island", languages=["en"])
        assert max(candidate.features[TOKENS] for candidate in candidates) > 0.5
        assert {hit.passage.article for hit in library.search("ferry", where=Filter(since="2026", tags=("harbour",)))} == {
            "ferry"
        }
        library.remove(["market"])
        assert library.check() == []
    with Library.open(older) as library:
        assert library.articles() == ("ferry",)


def test_one_that_is_stopped_leaves_the_old_one(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(article: str, rows: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(index.migration, "article_seal", broken)
        Library.open(older)
    with sqlite3.connect(older / ".doichieu" / "catalogue.sqlite") as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0] in OLDER
    with Library.open(older) as library:
        assert library.check() == []


def test_one_that_cannot_be_written_is_said_to_be_older(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = older / ".doichieu" / "catalogue.sqlite"

    def unwritable(path: object, mode: int) -> bool:
        return mode != os.W_OK

    monkeypatch.setattr("os.access", unwritable)
    with pytest.raises(LibraryError, match=r"schema [234], this version reads"):
        Library.open(older)
    assert place.exists()
