"""One contract for every vector store: exact in memory, Chroma in a folder, Chroma behind a server."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index.chroma import ChromaVectors
from index.errors import LibraryError
from index.vectors import ExactVectors, VectorStore

Open = Callable[[], VectorStore]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Chroma server on loopback; its log goes to a file, since an unread pipe would stop it."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        Path(sys.executable).with_name("chroma"),
        "run",
        "--path",
        folder / "data",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([str(part) for part in command], stdout=log, stderr=subprocess.STDOUT, cwd=folder)
        try:
            wait_for(port, process, folder / "log")
            yield f"chroma://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"chroma run did not start: {log.read_text(errors='replace')[-500:]}")


@pytest.fixture(params=["exact", "folder", "server"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    opened: list[VectorStore] = []

    def open_again() -> VectorStore:
        if request.param == "exact":
            opened.append(opened[0] if opened else ExactVectors())
        elif request.param == "folder":
            opened.append(ChromaVectors(tmp_path / "chroma"))
        else:
            opened.append(ChromaVectors(request.getfixturevalue("server"), prefix=tmp_path.name.replace("_", "-")[:40]))
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def rows(*vectors: np.ndarray) -> np.ndarray:
    return np.stack(vectors)


def test_the_nearest_come_first_with_their_cosine(open_store: Open) -> None:
    store = open_store()
    store.upsert("en", ["far", "near", "nearest"], rows(unit(-1, 0, 0), unit(1, 1, 0), unit(1, 0.1, 0)))
    found = store.query("en", unit(1, 0, 0), 2)
    assert [name for name, _ in found] == ["nearest", "near"]
    assert found[0][1] == pytest.approx(1 / np.sqrt(1.01), abs=1e-4)
    assert found[1][1] == pytest.approx(np.sqrt(0.5), abs=1e-4)


def test_each_language_has_a_list_of_its_own(open_store: Open) -> None:
    store = open_store()
    store.upsert("en", ["a"], rows(unit(1, 0)))
    store.upsert("vi", ["b"], rows(unit(1, 0)))
    assert [name for name, _ in store.query("vi", unit(1, 0), 5)] == ["b"]
    assert store.query("fr", unit(1, 0), 5) == []
    assert store.ids("fr") == set()
    assert store.languages() == ["en", "vi"]


def test_an_id_that_is_there_gets_the_new_row(open_store: Open) -> None:
    store = open_store()
    store.upsert("en", ["a", "b"], rows(unit(1, 0), unit(0, 1)))
    store.upsert("en", ["a"], rows(unit(-1, 0)))
    assert store.query("en", unit(1, 0), 1)[0][0] == "b"
    np.testing.assert_allclose(store.rows("en", ["a", "none"])["a"], unit(-1, 0), atol=1e-6)
    assert store.ids("en") == {"a", "b"}


def test_deleted_ids_are_gone_and_unknown_ones_are_no_error(open_store: Open) -> None:
    store = open_store()
    store.upsert("en", ["a", "b"], rows(unit(1, 0), unit(0, 1)))
    store.delete("en", ["a", "never there"])
    store.delete("fr", ["a"])
    assert store.ids("en") == {"b"}
    assert [name for name, _ in store.query("en", unit(1, 0), 5)] == ["b"]
    store.delete("en", ["b"])
    assert store.languages() == []
    assert store.query("en", unit(1, 0), 5) == []


def test_ties_come_in_the_order_of_ids(open_store: Open) -> None:
    store = open_store()
    names = ["c", "a", "d", "b"]
    store.upsert("en", names, rows(*[unit(3, 4)] * 4))
    assert [name for name, _ in store.query("en", unit(3, 4), 4)] == sorted(names)


def test_a_query_without_words_finds_nothing_wrong(open_store: Open) -> None:
    store = open_store()
    store.upsert("en", ["a", "empty"], rows(unit(1, 0), np.zeros(2, np.float32)))
    assert len(store.query("en", unit(1, 0), 0)) == 0
    assert "a" in {name for name, _ in store.query("en", unit(1, 0), 9)}
    assert all(np.isfinite(score) for _, score in store.query("en", unit(1, 0), 9))


def test_ids_of_any_letters_are_kept(open_store: Open) -> None:
    store = open_store()
    names = ["báo: số 1/2:vi:0-9", "a b\tc:en:0-1", "😀:en:0-1", "'quote\":en:3-4"]
    store.upsert("vi", names, rows(*[unit(1, i) for i in range(4)]))
    assert store.ids("vi") == set(names)


def test_what_was_written_is_there_after_opening_again(open_store: Open) -> None:
    store = open_store()
    store.upsert("vi", [f"p{i}" for i in range(50)], rows(*[unit(np.cos(i), np.sin(i)) for i in range(50)]))
    store.close()
    again = open_store()
    assert len(again.ids("vi")) == 50
    assert again.query("vi", unit(np.cos(7), np.sin(7)), 1)[0][0] == "p7"


def test_more_rows_than_one_call_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.chroma.BATCH", 7)
    store = ChromaVectors(tmp_path / "chroma")
    store.upsert("en", [f"p{i:02}" for i in range(30)], rows(*[unit(1, i) for i in range(30)]))
    store.delete("en", [f"p{i:02}" for i in range(20)])
    assert len(store.rows("en", sorted(store.ids("en")))) == 10
    store.close()


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(LibraryError, match=r"chroma://127\.0\.0\.1:9"):
        ChromaVectors("chroma://127.0.0.1:9")
