"""One contract for every store of vectors: exact in memory, Chroma in a folder, Chroma behind a server, Milvus."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from chroma_server import chroma_server
from extras import need

from index.chroma import ChromaVectors
from index.errors import DoichieuError, InputError, LibraryError, MissingExtra
from index.stores import SharedStore, open_store
from index.vectors import ExactVectors, VectorStore

Open = Callable[[], VectorStore]
MILVUS = pytest.param("milvus", marks=pytest.mark.slow)
SHARED = ["server", MILVUS]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(params=["exact", "folder", *SHARED])
def open_store_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same store, again and again."""
    opened: list[VectorStore] = []
    name = "t" + "".join(filter(str.isalnum, tmp_path.name))[:40]

    def open_again() -> VectorStore:
        if request.param == "exact":
            opened.append(opened[0] if opened else ExactVectors())
        elif request.param == "folder":
            opened.append(ChromaVectors(tmp_path / "chroma"))
        elif request.param == "server":
            opened.append(open_store(request.getfixturevalue("server"), name))
        else:
            need("pymilvus", "milvus_lite")
            opened.append(open_store(f"milvus+file:{tmp_path}/milvus.db", name))
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def rows(*vectors: np.ndarray) -> np.ndarray:
    return np.stack(vectors)


def test_the_nearest_come_first_with_their_cosine(open_store_again: Open) -> None:
    store = open_store_again()
    store.upsert("en", ["far", "near", "nearest"], rows(unit(-1, 0, 0), unit(1, 1, 0), unit(1, 0.1, 0)))
    found = store.query("en", unit(1, 0, 0), 2)
    assert [name for name, _ in found] == ["nearest", "near"]
    assert found[0][1] == pytest.approx(1 / np.sqrt(1.01), abs=1e-4)
    assert found[1][1] == pytest.approx(np.sqrt(0.5), abs=1e-4)


def test_each_language_has_a_list_of_its_own(open_store_again: Open) -> None:
    store = open_store_again()
    store.upsert("en", ["a"], rows(unit(1, 0)))
    store.upsert("vi", ["b"], rows(unit(1, 0)))
    assert [name for name, _ in store.query("vi", unit(1, 0), 5)] == ["b"]
    assert store.query("fr", unit(1, 0), 5) == []
    assert store.ids("fr") == set()
    assert store.languages() == ["en", "vi"]


def test_an_id_that_is_there_gets_the_new_row(open_store_again: Open) -> None:
    store = open_store_again()
    store.upsert("en", ["a", "b"], rows(unit(1, 0), unit(0, 1)))
    store.upsert("en", ["a"], rows(unit(-1, 0)))
    assert store.query("en", unit(1, 0), 1)[0][0] == "b"
    np.testing.assert_allclose(store.rows("en", ["a", "none"])["a"], unit(-1, 0), atol=1e-6)
    assert store.ids("en") == {"a", "b"}


def test_deleted_ids_are_gone_and_unknown_ones_are_no_error(open_store_again: Open) -> None:
    store = open_store_again()
    store.upsert("en", ["a", "b"], rows(unit(1, 0), unit(0, 1)))
    store.delete("en", ["a", "never there"])
    store.delete("fr", ["a"])
    assert store.ids("en") == {"b"}
    assert [name for name, _ in store.query("en", unit(1, 0), 5)] == ["b"]
    store.delete("en", ["b"])
    assert store.languages() == []
    assert store.query("en", unit(1, 0), 5) == []


def test_ties_come_in_the_order_of_ids(open_store_again: Open) -> None:
    store = open_store_again()
    names = ["c", "a", "d", "b"]
    store.upsert("en", names, rows(*[unit(3, 4)] * 4))
    assert [name for name, _ in store.query("en", unit(3, 4), 4)] == sorted(names)


def test_a_query_without_words_finds_nothing_wrong(open_store_again: Open) -> None:
    store = open_store_again()
    store.upsert("en", ["a", "empty"], rows(unit(1, 0), np.zeros(2, np.float32)))
    assert len(store.query("en", unit(1, 0), 0)) == 0
    assert "a" in {name for name, _ in store.query("en", unit(1, 0), 9)}
    assert all(np.isfinite(score) for _, score in store.query("en", unit(1, 0), 9))


def test_ids_of_any_letters_are_kept(open_store_again: Open) -> None:
    store = open_store_again()
    names = ["báo: số 1/2:vi:0-9", "a b\tc:en:0-1", "😀:en:0-1", "'quote\":en:3-4"]
    store.upsert("vi", names, rows(*[unit(1, i) for i in range(4)]))
    assert store.ids("vi") == set(names)


def test_what_was_written_is_there_after_opening_again(open_store_again: Open) -> None:
    store = open_store_again()
    store.upsert("vi", [f"p{i}" for i in range(50)], rows(*[unit(np.cos(i), np.sin(i)) for i in range(50)]))
    store.close()
    again = open_store_again()
    assert len(again.ids("vi")) == 50
    assert again.query("vi", unit(np.cos(7), np.sin(7)), 1)[0][0] == "p7"


def test_more_rows_than_one_call_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.chroma.BATCH", 7)
    store = ChromaVectors(tmp_path / "chroma")
    store.upsert("en", [f"p{i:02}" for i in range(30)], rows(*[unit(1, i) for i in range(30)]))
    store.delete("en", [f"p{i:02}" for i in range(20)])
    assert len(store.rows("en", sorted(store.ids("en")))) == 10
    store.close()


def test_bad_rows_are_refused_before_anything_is_written(open_store_again: Open) -> None:
    store = open_store_again()
    store.upsert("en", ["a"], rows(unit(1, 0)))
    for ids, vectors in ((["b", "c"], rows(unit(1, 0))), (["b"], np.array([[np.nan, 1]], np.float32)), (["b"], unit(1, 0))):
        with pytest.raises(ValueError, match="rows"):
            store.upsert("en", ids, vectors)
    with pytest.raises(LibraryError):
        store.upsert("en", ["b"], rows(unit(1, 0, 0)))
    with pytest.raises(LibraryError):
        store.query("en", unit(1, 0, 0), 1)
    assert store.ids("en") == {"a"}
    assert store.query("en", unit(1, 0), 1)[0][0] == "a"


def test_writing_the_same_twice_changes_nothing(open_store_again: Open) -> None:
    store = open_store_again()
    for _ in range(2):
        store.upsert("vi", ["a", "b"], rows(unit(1, 0), unit(0, 1)), ["một", "hai"])
    assert store.ids("vi") == {"a", "b"}
    assert [name for name, _ in store.query("vi", unit(1, 0.5), 9)] == ["a", "b"]


# Stores that others share ----------------------------------------------------------------------------------------------------


@pytest.fixture(params=SHARED)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "server":
        return str(request.getfixturevalue("server"))
    need("pymilvus", "milvus_lite")
    return f"milvus+file:{tmp_path}/milvus.db"


@pytest.fixture
def shared_store(address: str, tmp_path: Path) -> Iterator[SharedStore]:
    store = open_store(address, "s" + "".join(filter(str.isalnum, tmp_path.name))[:40])
    yield store
    store.close()


def test_how_far_it_has_come_is_noted_in_the_store_and_goes_with_what_it_holds(shared_store: SharedStore) -> None:
    assert shared_store.reached() == 0
    shared_store.upsert("en", ["a"], rows(unit(1, 0)), ["a word"])
    for generation in (3, 8):
        shared_store.note(generation)
        assert shared_store.reached() == generation
    assert shared_store.languages() == ["en"]
    shared_store.clear()
    assert (shared_store.reached(), shared_store.languages(), shared_store.query("en", unit(1, 0), 3)) == (0, [], [])
    shared_store.upsert("en", ["b"], rows(unit(1, 0, 0)), ["rows of another length now"])
    assert shared_store.ids("en") == {"b"}


def test_libraries_that_share_a_server_do_not_meet(address: str, shared_store: SharedStore) -> None:
    other = open_store(address, "another")
    shared_store.upsert("en", ["a"], rows(unit(1, 0)))
    other.upsert("en", ["b"], rows(unit(1, 0)))
    other.clear()
    assert shared_store.ids("en") == {"a"}
    other.close()


# Addresses -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["", "chroma", "http://127.0.0.1:8000", "chroma+ftp://x:1", "chroma+http://", "chroma+http://x:port", "milvus+file:x"],
)
def test_what_is_no_address_is_refused_with_the_forms_that_are(address: str) -> None:
    with pytest.raises(InputError, match=r"chroma\+http://HOST:PORT|ends in \.db"):
        open_store(address, "name")


def test_a_password_is_never_said() -> None:
    with pytest.raises(DoichieuError) as caught:
        open_store("chroma+http://reader:s3cret@127.0.0.1:9", "name")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(InputError) as caught:
        open_store("other+http://reader:s3cret@127.0.0.1:9", "name")
    assert "s3cret" not in str(caught.value)


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(LibraryError, match=r"http://127\.0\.0\.1:9 does not answer"):
        open_store("chroma+http://127.0.0.1:9", "name")


def test_a_missing_client_names_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.milvus.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pip install 'doichieu\[milvus\]'"):
        open_store("milvus+http://127.0.0.1:9", "name")
