"""A library whose vectors are in a store that others share: a real Chroma server, and Milvus."""

import json
import os
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from chroma_server import chroma_server, free_port, wait_for
from extras import need

from index.embedding import Embedder
from index.errors import InputError, LibraryError
from index.library import Library
from index.scope import Filter

QUERIES = (
    "what the bridge cost",
    "chợ đêm mở lại khi nào",
    "pha ngung chay",
    "Lan Pham 1.8 billion",
    "squid",
    "12.000 người",
)
DATED = """---
title: The lighthouse is lit again
date: 2026-03-15
source: https://news.example.com/lighthouse
tags: [harbour]
---
The lighthouse was lit again on Sunday, its keeper said.
"""
MARKET = """Chợ đêm trở lại bến cũ
Chợ đêm ở bến cũ mở lại ngày 4/5 sau hai năm sửa chữa, quận cho biết.
Chợ có 140 gian hàng, mỗi gian trả 2 triệu đồng một tháng.
"""


@pytest.fixture(params=["chroma", pytest.param("milvus", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest, tmp_path: Path, chroma: str) -> str:
    if request.param == "chroma":
        return chroma
    need("pymilvus", "milvus_lite")
    return f"milvus+file:{tmp_path}/milvus.db"


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as address:
        yield address


def shared_library(folder: Path, embedder: Embedder, address: str) -> Library:
    return Library.open(folder, create=True, embedder=embedder, store=address)


def doichieu(*arguments: str, store: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=os.environ | {"DOICHIEU_STORE": store},
        cwd=Path(__file__).parent.parent,
        check=False,
    )


def ranked(library: Library) -> list[tuple[str, float]]:
    return [(hit.passage.id, hit.score) for query in QUERIES for hit in library.search(query)]


def test_it_answers_as_a_library_on_its_own_does(folder: Path, embedder: Embedder, address: str) -> None:
    (folder / "market.txt").write_text(MARKET, encoding="utf-8")
    with Library.open(folder, embedder=embedder) as own:
        wanted = ranked(own)
    with shared_library(folder, embedder, address) as library:
        got = ranked(library)
        assert [name for name, _ in got] == [name for name, _ in wanted]
        assert [score for _, score in got] == pytest.approx([score for _, score in wanted], abs=1e-3)
        assert library.check() == []
        assert not (folder / ".doichieu" / "chroma").exists()
        among = library.search("cầu cảng", articles=["market"])
        assert {hit.passage.article for hit in among} == {"market"}
        assert set(library.query_words("cầu cảng", "vi")) == {"cau", "cang"}


def test_filters_confine_it_as_they_do_a_library_on_its_own(folder: Path, embedder: Embedder, address: str) -> None:
    (folder / "lighthouse.txt").write_text(DATED, encoding="utf-8")
    filters = [
        Filter(since="2026-03", until="2026-03"),
        Filter(until="2026-02"),
        Filter(sources=("example.com",)),
        Filter(tags=("harbour",)),
        Filter(tags=("market",)),
    ]

    def found(library: Library) -> list[list[str]]:
        return [[hit.passage.id for hit in library.search("who lit the lighthouse", where=where)] for where in filters]

    with Library.open(folder, embedder=embedder) as own:
        wanted = found(own)
    lighthouse, earlier, *others = wanted
    assert lighthouse
    assert {name.split(":")[0] for name in lighthouse} == {"lighthouse"}
    assert {name.split(":")[0] for name in earlier} == {"bridge"}
    assert others == [lighthouse, lighthouse, []]
    with shared_library(folder, embedder, address) as library:
        assert found(library) == wanted


def test_a_rebuild_never_empties_the_store_and_leaves_nothing_else_in_it(
    folder: Path, embedder: Embedder, chroma: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shared_library(folder, embedder, chroma) as library:
        store = library._indexes.vectors()
        held = {language: store.ids(language) for language in store.languages()}
        store.upsert("en", ["left:en:0-1"], library.embedder.encode_document(["what nobody knows of"]))
        store.delete("vi", sorted(held["vi"])[:1])
        with monkeypatch.context() as patched:
            patched.setattr("index.chroma.ChromaVectors.clear", lambda self: pytest.fail("the store was emptied"))
            library.rebuild()
        assert {language: store.ids(language) for language in store.languages()} == held
        assert library.check() == []


def test_what_comes_changes_and_goes_is_followed(folder: Path, embedder: Embedder, address: str) -> None:
    with shared_library(folder, embedder, address) as library:
        late = folder.parent / "market.txt"
        late.write_text(MARKET, encoding="utf-8")
        library.add(late)
        assert library.search("chợ đêm")[0].passage.article == "market"
        late.write_text(MARKET.replace("140", "150"), encoding="utf-8")
        library.add(late)
        assert "150" in library.search("gian hàng")[0].passage.text
        assert library.check() == []
        library.remove(["market"])
        assert {hit.passage.article for hit in library.search("chợ đêm gian hàng")} == {"bridge"}
        assert library.check() == []
        library.rebuild()
        assert library.check() == []
    with shared_library(folder, embedder, address) as again:
        assert again.check() == []
        assert again.search("ferries")[0].passage.article == "bridge"


def test_a_process_finds_at_once_what_another_has_added(folder: Path, embedder: Embedder, chroma: str) -> None:
    late = folder.parent / "market.txt"
    late.write_text(MARKET, encoding="utf-8")
    with shared_library(folder, embedder, chroma) as library:
        assert {hit.passage.article for hit in library.search("chợ đêm")} == {"bridge"}
        added = doichieu("index", "add", str(late), "--library", str(folder), store=chroma)
        assert (added.returncode, added.stdout, added.stderr) == (0, "market\n", "")
        assert library.search("chợ đêm")[0].passage.article == "market"
        assert library.check() == []


def test_a_server_that_lost_everything_is_filled_again(
    folder: Path, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.served.LOOK_EVERY", 0.0)
    port = free_port()
    with chroma_server(tmp_path / "one", port) as address:
        library = shared_library(folder, embedder, address)
        before = [hit.passage.id for hit in library.search("ferries")]
    with pytest.raises(LibraryError, match=f"127.0.0.1:{port} does not answer") as caught:
        library.search("ferries")
    assert "\n" not in str(caught.value)
    with chroma_server(tmp_path / "two", port):
        assert [hit.passage.id for hit in library.search("ferries")] == before
        assert library.check() == []
        library.close()


def test_a_change_made_while_the_server_is_away_is_kept_and_follows(folder: Path, embedder: Embedder, tmp_path: Path) -> None:
    port = free_port()
    late = folder.parent / "market.txt"
    late.write_text(MARKET, encoding="utf-8")
    with chroma_server(tmp_path / "data", port) as address, shared_library(folder, embedder, address) as library:
        library.search("ferries")
    added = doichieu("index", "add", str(late), "--library", str(folder), store=address)
    assert added.returncode == 1
    assert "does not answer" in added.stderr
    assert added.stderr.count("\n") == 1
    with chroma_server(tmp_path / "data", port), shared_library(folder, embedder, address) as library:
        assert library.search("chợ đêm")[0].passage.article == "market"
        assert library.check() == []


def test_an_older_copy_reads_on_and_does_not_write_over_the_newer(folder: Path, embedder: Embedder, chroma: str) -> None:
    late = folder.parent / "market.txt"
    late.write_text(MARKET, encoding="utf-8")
    with shared_library(folder, embedder, chroma) as library:
        shutil.copytree(folder, folder.with_name("copy"))
        library.add(late)
        with shared_library(folder.with_name("copy"), embedder, chroma) as copy:
            assert copy.search("ferries")[0].passage.article == "bridge"
            other = folder.parent / "other.txt"
            other.write_text("A lighthouse was lit again.\n", encoding="utf-8")
            with pytest.raises(LibraryError, match="an older copy"):
                copy.add(other)
        assert library.check() == []
        assert library.search("chợ đêm")[0].passage.article == "market"


def test_only_a_built_library_can_be_shared(bundle: Path, embedder: Embedder, chroma: str) -> None:
    with pytest.raises(InputError, match="index rebuild"):
        Library.open(bundle, embedder=embedder, store=chroma)


@pytest.mark.slow
def test_web_processes_share_the_store_and_what_one_adds_the_other_answers(folder: Path, tmp_path: Path, chroma: str) -> None:
    late = tmp_path / "market.txt"
    late.write_text(MARKET, encoding="utf-8")
    with web_process(folder, tmp_path / "one.log", chroma) as one, web_process(folder, tmp_path / "two.log", chroma) as two:
        assert [first_hit(address, "ferries") for address in (one, two)] == ["bridge", "bridge"]
        assert doichieu("index", "add", str(late), "--library", str(folder), store=chroma).returncode == 0
        assert [first_hit(address, "chợ đêm mở lại khi nào") for address in (one, two)] == ["market", "market"]


@contextmanager
def web_process(library: Path, log: Path, store: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "assistant", "serve", "--library", str(library), "--port", str(port), "--store", store]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=Path(__file__).parent.parent)
        try:
            wait_for(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def first_hit(address: str, query: str) -> str:
    with urllib.request.urlopen(f"{address}/search?q={urllib.parse.quote(query)}", timeout=60) as answer:
        return str(json.load(answer)["hits"][0]["article"])


@pytest.mark.slow
def test_milvus_lite_listens_on_loopback_alone(tmp_path: Path) -> None:
    need("pymilvus", "milvus_lite")
    if not Path("/proc/self/net/tcp").exists():
        pytest.skip("this system does not tell which ports a process listens on")
    code = """
import os, sys
from pathlib import Path
from index.stores import open_store
store = open_store("milvus+file:" + sys.argv[1] + "/milvus.db", "loopback")
own = {os.readlink(fd) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink() and os.path.lexists(fd)}
for table in ("tcp", "tcp6"):
    for line in Path("/proc/self/net", table).read_text().splitlines()[1:]:
        cells = line.split()
        if cells[3] == "0A" and f"socket:[{cells[9]}]" in own:
            print(cells[1].partition(":")[0])
store.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    # 127.0.0.1 in the kernel's byte order, alone or mapped into IPv6; ::1.
    loopback = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
    assert done.stdout.split()
    assert set(done.stdout.split()) <= loopback
