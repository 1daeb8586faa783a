"""Many files added by several processes: the same library as one process makes, whatever happens on the way."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.bulk import Processes
from index.errors import UnreadableFile
from index.library import Library

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Forty stories in two languages each, and a feed of two."""
    folder = tmp_path / "news"
    folder.mkdir()
    for n in range(40):
        (folder / f"story{n:02}.en.txt").write_text(
            f"Ferry number {n} left the harbour at noon, its captain said.\n", encoding="utf-8"
        )
        (folder / f"story{n:02}.vi.txt").write_text(
            f"Chuyến phà số {n} rời cảng lúc trưa, thuyền trưởng cho biết.\n", encoding="utf-8"
        )
    feed = [{"id": f"{n}", "text": f"Wire {n} says that the lighthouse was lit again."} for n in range(2)]
    (folder / "wire.json").write_text(json.dumps(feed), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.bulk.SHARD_GROUPS", 7)


def held(library: Library) -> dict[str, object]:
    return {name: library.article(name) for name in library.articles()}


def test_several_processes_make_the_library_that_one_makes(news: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "one", create=True) as one, Library.open(tmp_path / "two", create=True) as two:
        assert one.add([news], processes=0) == two.add([news], processes=2)
        assert held(one) == held(two)
        assert two.check() == []
        for query in ("Which ferry left, number 17?", "chuyến phà số 17", "lighthouse"):
            assert [(h.passage.id, pytest.approx(h.score, abs=1e-4)) for h in two.search(query)] == [
                (h.passage.id, h.score) for h in one.search(query)
            ]
    assert not (tmp_path / "two" / ".doichieu" / "shards").exists()


def test_words_are_on_disk_when_the_files_are_in(news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        library.add([news], processes=2)

    def remade(self: object) -> None:
        raise AssertionError("the words were made anew")

    monkeypatch.setattr("index.kept_words.KeptWords._made", remade)
    with Library.open(tmp_path / "library") as library:
        assert library.search("chuyến phà số 17")


def test_what_changed_replaces_what_was_there(news: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        library.add([news], processes=2)
        for n in range(0, 40, 2):
            (news / f"story{n:02}.en.txt").write_text(
                f"Ferry number {n} stayed in the harbour, its captain said.\n", encoding="utf-8"
            )
        library.add([news], processes=2)
        assert "stayed" in library.article("story08").version("en").passages[0].text
        assert library.check() == []


def test_bad_files_and_taken_names_are_told_and_the_rest_is_in(news: Path, tmp_path: Path) -> None:
    (news / "broken.txt").write_bytes(bytes(range(256)) * 8)
    (news / "wire-1.txt").write_text("A story whose name a feed's article has taken.\n", encoding="utf-8")
    with Library.open(tmp_path / "library", create=True) as library:
        with pytest.raises(UnreadableFile, match=r"broken\.txt") as caught:
            library.add([news], processes=2)
        assert "'wire-1' is there already" in str(caught.value)
        assert len(library.articles()) == 42
        assert library.check() == []


def test_a_process_that_dies_costs_nothing_but_time(news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = Processes.shards

    def killed(self: Processes, work: Iterator[list]) -> Iterator[tuple]:
        self._processes[0].kill()
        yield from shards(self, work)

    monkeypatch.setattr(Processes, "shards", killed)
    with Library.open(tmp_path / "library", create=True) as library:
        library.add([news], processes=2)
        assert len(library.articles()) == 42
        assert library.check() == []


def test_rebuilding_uses_them_too(news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.bulk.MANY", 1)
    with Library.open(tmp_path / "library", create=True) as library:
        library.add([news])
        before = held(library)
        library.rebuild()
        assert held(library) == before
        assert library.check() == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_addition_leaves_a_good_library_and_goes_on_when_told_again(
    news: Path, tmp_path: Path, how: signal.Signals
) -> None:
    code = """
import signal, sys
from index import bulk
from index.library import Library
bulk.SHARD_GROUPS = 5
signal.signal(signal.SIGINT, signal.default_int_handler)
with Library.open(sys.argv[1], create=True) as library:
    library.add([sys.argv[2]], progress=lambda *step: print(step[0], flush=True), processes=2)
"""
    command = [sys.executable, "-c", code, str(tmp_path / "library"), str(news)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT) as adding:
        assert adding.stdout is not None
        while int(adding.stdout.readline()) < 12:
            pass
        os.kill(adding.pid, how)
        adding.communicate()
    with Library.open(tmp_path / "library", create=True) as library:
        assert library.check() == []
        there = set(library.articles())
        assert there
        assert len(library.add([news], processes=2)) == 42
        assert there < set(library.articles())
        assert library.check() == []
