import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from index.article import Article, Source
from index.bundle import parse_bundle
from index.catalogue import Catalogue, FileRecord
from index.embedding import load_embedder
from index.errors import DamagedLibrary, LibraryError, UnknownArticle
from index.indexing import index_article
from index.rows import Indexed

ENGLISH = """Night market returns to the old quay
By Minh Tran
The night market on the old quay opens again on May 4 after two years of repairs, the district said.
It has 140 stalls. Each of them pays 2 million dong a month.
"""
VIETNAMESE = """Chợ đêm trở lại bến cảng cũ
Chợ đêm ở bến cảng cũ mở lại ngày 4/5 sau hai năm sửa chữa, quận cho biết.
Chợ có 140 gian hàng. Mỗi gian trả 2 triệu đồng một tháng.
"""


@pytest.fixture(params=["memory", "disk"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Catalogue:
    return Catalogue(None if request.param == "memory" else tmp_path / "catalogue.sqlite")


def market(english: str = ENGLISH, name: str = "market") -> Indexed:
    sources = (Source(f"{name}.en.txt", english, "1"), Source(f"{name}.vi.txt", VIETNAMESE, "2"))
    versions = [v for s in sources for v in parse_bundle(s, name, s.file.split(".")[1])]
    return index_article(Article(name, tuple(versions), sources), load_embedder())


def put(catalogue: Catalogue, indexed: Indexed) -> None:
    with catalogue.change() as generation:
        catalogue.put_article(indexed, [source.file for source in indexed.article.sources], generation)


def test_an_article_comes_back_as_it_went_in(catalogue: Catalogue) -> None:
    indexed = market()
    put(catalogue, indexed)
    assert catalogue.article("market") == indexed.article
    assert catalogue.alignments(indexed.article) == indexed.alignments
    assert catalogue.check() == []


def test_vectors_come_back_nearly_as_they_went_in(catalogue: Catalogue) -> None:
    indexed = market()
    put(catalogue, indexed)
    passages = [p for v in indexed.article.versions for p in v.passages]
    found = catalogue.entries([p.id for p in passages])
    np.testing.assert_allclose([found[p.id].vector for p in passages], indexed.passage_vectors, atol=1e-3)
    inner = np.concatenate([found[p.id].sentence_vectors for p in passages])
    np.testing.assert_allclose(inner, indexed.sentence_vectors, atol=1e-3)
    assert [found[p.id].passage for p in passages] == passages


def test_a_passage_has_the_vector_of_its_own_text() -> None:
    indexed = market()
    texts = [p.text for v in indexed.article.versions for p in v.passages]
    np.testing.assert_allclose(indexed.passage_vectors, load_embedder().encode_document(texts), atol=1e-5)


def test_tokens_come_back_sentence_by_sentence(catalogue: Catalogue) -> None:
    indexed = market()
    put(catalogue, indexed)
    passages = [p for v in indexed.article.versions for p in v.passages]
    found = catalogue.entries([p.id for p in passages])
    numbers = np.concatenate([found[p.id].tokens for p in passages])
    sentences = np.split(numbers, np.flatnonzero(numbers < 0)[1:])
    assert [[~first, *rest] for first, *rest in (s.tolist() for s in sentences)] == [list(s) or [0] for s in indexed.tokens]


def test_passages_that_have_gone_are_left_out(catalogue: Catalogue) -> None:
    indexed = market()
    put(catalogue, indexed)
    passages = [p.id for v in indexed.article.versions for p in v.passages]
    assert list(catalogue.entries(["gone:en:0-9", passages[0]])) == [passages[0]]
    assert catalogue.entries(["gone:en:0-9"]) == {}


def test_putting_an_article_again_replaces_it(catalogue: Catalogue) -> None:
    put(catalogue, market())
    put(catalogue, market(ENGLISH.replace("140", "150")))
    assert catalogue.articles() == ("market",)
    assert "150 stalls" in catalogue.article("market").text("market.en.txt")


def test_a_change_that_fails_leaves_everything_as_it_was(catalogue: Catalogue) -> None:
    put(catalogue, market())
    generation = catalogue.generation
    with pytest.raises(LibraryError, match="what it held is intact"), catalogue.change() as changed:
        catalogue.drop_article("market", changed)
        catalogue._db.execute("INSERT INTO nowhere VALUES (1)")
    assert catalogue.articles() == ("market",)
    assert catalogue.generation == generation


def test_an_index_that_stopped_can_catch_up(catalogue: Catalogue) -> None:
    put(catalogue, market())
    reached = catalogue.generation
    before = {name for batch in catalogue.passages_since(0) for _, name, _, _ in batch}
    put(catalogue, market(ENGLISH.replace("It has 140 stalls.", "It has only 140 stalls.")))
    put(catalogue, market(name="other"))
    came = {name for batch in catalogue.passages_since(reached) for _, name, _, _ in batch}
    went = {name for _, name in catalogue.dropped_since(reached)}
    assert (before - went) | came == {name for batch in catalogue.passages_since(0) for _, name, _, _ in batch}
    assert went
    assert not went & came


def test_an_unknown_article_is_named(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownArticle, match="nowhere"):
        catalogue.article("nowhere")


def test_files_are_remembered_and_forgotten(catalogue: Catalogue) -> None:
    record = FileRecord("ab", 3, 17)
    with catalogue.change():
        catalogue.put_file("a.txt", record)
        catalogue.put_file("b.txt", FileRecord("cd", 4, 18, "b.txt: empty"))
    assert catalogue.files() == {"a.txt": record, "b.txt": FileRecord("cd", 4, 18, "b.txt: empty")}
    with catalogue.change():
        catalogue.forget_file("a.txt", leaving=True)
        catalogue.forget_file("b.txt")
    assert catalogue.files() == {}
    assert catalogue.leaving() == {"a.txt": "ab"}
    catalogue.has_left("a.txt")
    assert catalogue.leaving() == {}


def test_readers_in_several_threads_see_whole_articles(catalogue: Catalogue) -> None:
    put(catalogue, market())
    problems: list[str] = []

    def read() -> None:
        for _ in range(15):
            article = catalogue.article("market")
            text = article.text("market.en.txt")
            problems.extend(
                s.text for v in article.versions if v.id == "en" for s in v.sentences if text[s.start : s.end] != s.text
            )

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(15):
        put(catalogue, market(ENGLISH.replace("140", str(number))))
    for reader in readers:
        reader.join()
    assert problems == []


def test_another_schema_is_refused_by_name(tmp_path: Path) -> None:
    place = tmp_path / "catalogue.sqlite"
    Catalogue(place).close()
    with sqlite3.connect(place) as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    with pytest.raises(LibraryError, match=r"schema 99.*index rebuild"):
        Catalogue(place)


@pytest.mark.parametrize("content", [b"this is no database at all" * 50, b"SQLite format 3\x00" + b"\xff" * 4_000])
def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "catalogue.sqlite"
    place.write_bytes(content)
    with pytest.raises(DamagedLibrary, match=r"catalogue\.sqlite"):
        Catalogue(place).articles()


def test_a_text_that_moved_is_found_by_the_check(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")
    put(catalogue, market())
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as db:
        db.execute("UPDATE sources SET text = 'x' || text WHERE file = 'market.vi.txt'")
    assert any("market:vi:" in problem for problem in catalogue.check())
