"""The library as its users meet it: opened, added to, killed, damaged, shared by processes."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.embedding import load_embedder, made_by
from index.errors import InputError, LibraryError, LibraryLocked, QuestionError, UnknownArticle, UnreadableFile, WrongModel
from index.library import Library
from index.lock import WriterLock
from index.static import FloatArray

BRIDGE_EN = """Harbour bridge opens in March
By Lan Pham
The harbour bridge in Vinh Hoa will open to traffic on March 3, the city said on Monday.
Engineer Lan Pham said the bridge cost 1.8 billion dollars and took six years to build.
Ferries that carried 12,000 people a day will stop at the end of April.
"""
BRIDGE_VI = """Cầu cảng thông xe vào tháng 3
Cây cầu cảng ở Vĩnh Hòa sẽ thông xe ngày 3/3, thành phố cho biết hôm thứ Hai.
Kỹ sư Phạm Lan nói cây cầu tốn 1,8 tỷ USD và mất sáu năm xây dựng.
Những chuyến phà chở 12.000 người mỗi ngày sẽ ngừng chạy vào cuối tháng 4.
"""
MARKET_VI = """Chợ đêm trở lại bến cũ
Chợ đêm ở bến cũ mở lại ngày 4/5 sau hai năm sửa chữa, quận cho biết.
Chợ có 140 gian hàng, mỗi gian trả 2 triệu đồng một tháng.
"""


class Letters:
    """A model that needs no files: a vector counts letters. Another ``name`` makes another model of it."""

    dimension = 32

    def __init__(self, name: str = "letters") -> None:
        self.name = self.fingerprint = name

    def encode_document(self, texts: Sequence[str]) -> FloatArray:
        table = np.zeros((len(texts), 32), np.float32)
        for row, text in enumerate(texts):
            np.add.at(table[row], [ord(c) % 32 for c in text.lower()], 1)
        return table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)

    encode_query = encode_document


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "bridge.en.txt").write_text(BRIDGE_EN, encoding="utf-8")
    (folder / "bridge.vi.txt").write_text(BRIDGE_VI, encoding="utf-8")
    (folder / "market.txt").write_text(MARKET_VI, encoding="utf-8")
    return folder


@pytest.fixture
def built(news: Path, tmp_path: Path) -> Path:
    """A library on disk with two articles."""
    place = tmp_path / "built"
    with Library.open(place, create=True) as library:
        assert library.add([news]) == ["bridge", "market"]
    return place


def texts(library: Library) -> dict[str, list[str]]:
    return {
        name: [v.id + ": " + p.text for v in library.article(name).versions for p in v.passages] for name in library.articles()
    }


# Opening ---------------------------------------------------------------------------------------------------------------------


def test_a_check_finishes_what_an_opening_left_to_another_process(built: Path) -> None:
    (market,) = built.glob("market*")
    with WriterLock(built / ".doichieu"):
        market.write_text(MARKET_VI + "Quận sẽ lát lại con đường ra bến.\n", encoding="utf-8")
        for file in built.glob("bridge*"):
            file.unlink()
        library = Library.open(built)
    with library:
        assert library.articles() == ("bridge", "market"), "somebody else was writing"
        assert library.check() == []
        assert library.articles() == ("market",)
        assert any("lát lại" in text for text in texts(library)["market"])


def test_a_file_or_a_plain_folder_is_indexed_in_memory_and_nothing_is_written(news: Path) -> None:
    before = sorted(news.rglob("*"))
    with Library.open(news) as library:
        assert library.articles() == ("bridge", "market")
        assert library.search("ferries")[0].passage.text.startswith("Ferries")
        assert library.check() == []
    with Library.open(news / "market.txt") as library:
        assert library.articles() == ("market",)
    assert sorted(news.rglob("*")) == before


def test_on_disk_and_in_memory_find_the_same(news: Path, built: Path) -> None:
    with Library.open(news) as memory, Library.open(built) as disk:
        for query in ("how much did the bridge cost", "chợ đêm mở lại khi nào", "pha ngung chay"):
            ours, theirs = memory.search(query), disk.search(query)
            assert [hit.passage.id for hit in ours] == [hit.passage.id for hit in theirs]
            assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=1e-5)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("none.txt", None, "no such file"), ("empty.txt", b"", "empty"), ("binary.txt", bytes(range(256)) * 8, "binary.txt")],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=said) as caught:
        Library.open(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_folder_without_articles_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"put \.txt files there"):
        Library.open(tmp_path)


def test_a_small_library_that_another_release_made_is_made_anew_when_it_is_opened(built: Path) -> None:
    with Library.open(built) as library:
        ids = [hit.passage.id for hit in library.search("bridge")]
        with library._lock, library._catalogue.change():
            library._catalogue.put("fingerprint", "of another release")
    with Library.open(built) as library:
        assert library._catalogue.get("fingerprint") == made_by(library.embedder)
        assert [hit.passage.id for hit in library.search("bridge")] == ids != []
        assert library.check() == []


def test_another_model_is_refused_and_both_are_named(built: Path) -> None:
    with pytest.raises(WrongModel, match=r"'shipped'.*'letters'.*index rebuild .*--embedder letters`"):
        Library.open(built, embedder=Letters())
    with Library.open(built, create=True, anew=True, embedder=Letters()) as library:
        library.rebuild()
        assert library.check() == []
        assert library.articles() == ("bridge", "market")
    with Library.open(built, embedder=Letters()) as library:
        assert library.search("bridge")
    with pytest.raises(WrongModel):
        Library.open(built)


# Searching -------------------------------------------------------------------------------------------------------------------


def test_each_story_is_told_once_in_the_language_of_the_query(built: Path) -> None:
    with Library.open(built) as library:
        for query, language in (("What did the harbour bridge cost?", "en"), ("Cây cầu cảng tốn bao nhiêu tiền?", "vi")):
            hits = library.search(query, k=5)
            cost = [hit.passage for hit in hits if "1.8 billion" in hit.passage.text or "1,8 tỷ" in hit.passage.text]
            assert [passage.language for passage in cost] == [language]
            assert cost[0] in [hit.passage for hit in hits[:2]]


def test_a_question_finds_what_only_the_other_language_says(built: Path) -> None:
    with Library.open(built) as library:
        assert library.search("How many stalls does the night market have?", k=3)[0].passage.article == "market"


def test_filters_hold(built: Path) -> None:
    with Library.open(built) as library:
        assert {h.passage.language for h in library.search("bridge", languages=["vi"])} == {"vi"}
        assert {h.passage.article for h in library.search("bridge", articles=["market"])} == {"market"}
        assert library.search("bridge", articles=[]) == []
        assert library.search("bridge", languages=["fr"]) == []
        assert len(library.search("bridge", k=1)) == 1


def test_scores_fall_and_ties_come_by_id(built: Path) -> None:
    with Library.open(built) as library:
        keys = [(-hit.score, hit.passage.id) for hit in library.search("bridge market March tháng", k=20)]
        assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("query", "k", "error"), [("  \n", 5, QuestionError), ("x" * 20_000, 5, QuestionError), ("bridge", 0, InputError)]
)
def test_what_cannot_be_searched_is_refused(built: Path, query: str, k: int, error: type[Exception]) -> None:
    with Library.open(built) as library, pytest.raises(error):
        library.search(query, k=k)


@pytest.mark.parametrize("query", ["?", "😀", "\ud800", "' OR 1=1 --", "a" * 9_999, "từ " * 3_000, "\x00"])
def test_odd_queries_find_something_or_nothing(built: Path, query: str) -> None:
    with Library.open(built) as library:
        assert all(np.isfinite(hit.score) for hit in library.search(query))


def test_counterparts_lead_to_the_other_version_and_back(built: Path) -> None:
    with Library.open(built) as library:
        sentence = next(s for s in library.article("bridge").version("en").sentences if "1.8 billion" in s.text)
        there = library.counterparts(sentence)
        assert "1,8 tỷ USD" in there[0].text
        assert sentence in library.counterparts(there[0])
        assert library.compare("bridge").pairs


def test_sentence_vectors_are_those_of_the_sentences(built: Path) -> None:
    with Library.open(built) as library:
        passage = library.article("market").versions[0].passages[-1]
        expected = load_embedder().encode_document([s.text for s in passage.sentences])
        np.testing.assert_allclose(library.sentence_vectors(passage), expected, atol=1e-3)


# Adding and removing ---------------------------------------------------------------------------------------------------------


def test_adding_the_same_again_changes_nothing(news: Path, built: Path) -> None:
    with Library.open(built, create=True) as library:
        generation = library._catalogue.generation
        assert library.add([news]) == ["bridge", "market"]
        assert library._catalogue.generation == generation


def test_a_changed_file_replaces_its_article_and_keeps_its_other_version(news: Path, built: Path) -> None:
    (news / "bridge.en.txt").write_text(BRIDGE_EN.replace("1.8 billion", "1.9 billion"), encoding="utf-8")
    with Library.open(built, create=True) as library:
        assert library.add([news / "bridge.en.txt"]) == ["bridge"]
        assert [v.id for v in library.article("bridge").versions] == ["en", "vi"]
        assert "1.9 billion" in library.search("what did the bridge cost")[0].passage.text
        assert not any("1.8 billion" in text for found in texts(library).values() for text in found)
        assert library.check() == []
    assert "1.9 billion" in (built / "bridge.en.txt").read_text(encoding="utf-8")


def test_a_version_that_comes_later_joins_its_article(news: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "late", create=True) as library:
        library.add(news / "bridge.vi.txt")
        assert library.counterparts(library.article("bridge").versions[0].sentences[1]) == ()
        library.add(news / "bridge.en.txt")
        assert len(library.article("bridge").versions) == 2
        assert library.counterparts(library.article("bridge").version("vi").sentences[1])


def test_removing_takes_the_files_along(built: Path) -> None:
    with Library.open(built) as library:
        library.remove(["bridge"])
        assert library.articles() == ("market",)
        assert library.check() == []
    assert sorted(p.name for p in built.glob("*.txt")) == ["market.txt"]
    with Library.open(built) as library:
        assert library.articles() == ("market",)


def test_removing_an_unknown_article_removes_nothing(built: Path) -> None:
    with Library.open(built) as library:
        with pytest.raises(UnknownArticle, match="zeppelin"):
            library.remove(["market", "zeppelin"])
        assert library.articles() == ("bridge", "market")


def test_bad_files_are_named_and_the_good_ones_are_added(news: Path, tmp_path: Path) -> None:
    (news / "broken.txt").write_bytes(bytes(range(256)) * 8)
    (news / "empty.txt").write_bytes(b"")
    with Library.open(tmp_path / "new", create=True) as library:
        with pytest.raises(UnreadableFile, match=r"broken\.txt.*empty\.txt"):
            library.add([news])
        assert library.articles() == ("bridge", "market")
        assert library.check() == []
    assert not (tmp_path / "new" / "broken.txt").exists()


def test_a_bad_new_copy_leaves_the_good_old_one(news: Path, built: Path) -> None:
    (news / "bridge.en.txt").write_bytes(bytes(range(256)) * 8)
    with Library.open(built, create=True) as library:
        before = texts(library)
        with pytest.raises(UnreadableFile, match=r"bridge\.en\.txt"):
            library.add([news / "bridge.en.txt"])
        assert texts(library) == before
        assert library.check() == []


def test_two_files_of_one_name_are_told_apart_by_refusing_the_second(news: Path, tmp_path: Path) -> None:
    (news / "more").mkdir()
    (news / "more" / "market.txt").write_text(MARKET_VI.replace("140", "99"), encoding="utf-8")
    with Library.open(tmp_path / "new", create=True) as library, pytest.raises(UnreadableFile, match="same name"):
        library.add([news])


def test_a_feed_and_a_file_do_not_take_each_others_article(news: Path, tmp_path: Path) -> None:
    feed = [{"id": "1", "text": BRIDGE_EN, "language": "en"}, {"id": "2", "text": MARKET_VI, "language": "vi"}]
    (news / "wire.json").write_text(json.dumps(feed), encoding="utf-8")
    with Library.open(tmp_path / "new", create=True) as library:
        assert library.add(news / "wire.json") == ["wire-1", "wire-2"]
        (news / "wire-2.txt").write_text(MARKET_VI, encoding="utf-8")
        with pytest.raises(UnreadableFile, match="there already"):
            library.add(news / "wire-2.txt")
        (news / "wire.json").write_text(json.dumps(feed[:1]), encoding="utf-8")
        assert library.add(news / "wire.json") == ["wire-1"]
        assert library.articles() == ("wire-1",)
        assert library.check() == []


def test_progress_is_told(news: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    with Library.open(tmp_path / "new", create=True) as library:
        library.add([news], progress=lambda *step: told.append(step))
    assert told == [(1, 2, "bridge"), (2, 2, "market")]


def test_a_library_in_memory_can_grow_and_shrink(news: Path) -> None:
    with Library.open(news / "market.txt") as library:
        assert library.add([news / "bridge.en.txt", news / "bridge.vi.txt"]) == ["bridge"]
        assert library.search("ferries")[0].passage.article == "bridge"
        library.remove(["market"])
        assert library.articles() == ("bridge",)
        assert (news / "market.txt").exists()


# What happens in the folder --------------------------------------------------------------------------------------------------


def test_files_dropped_in_changed_and_deleted_are_taken_up_at_the_next_opening(built: Path) -> None:
    (built / "bridge.en.txt").unlink()
    (built / "market.txt").write_text(MARKET_VI.replace("140", "150"), encoding="utf-8")
    (built / "ferry.txt").write_text("The last ferry left the island at noon on Sunday, its captain said.\n", encoding="utf-8")
    (built / "broken.txt").write_bytes(bytes(range(256)) * 8)
    with Library.open(built) as library:
        assert library.articles() == ("bridge", "ferry", "market")
        assert [v.id for v in library.article("bridge").versions] == ["vi"]
        assert any("150" in text for text in texts(library)["market"])
        assert [p for p in library.check() if "broken.txt" not in p] == []
        generation = library._catalogue.generation
    with Library.open(built) as library:
        assert library._catalogue.generation == generation


def test_a_touched_file_costs_no_new_generation(built: Path) -> None:
    os.utime(built / "market.txt", ns=(1, 1))
    with Library.open(built) as library:
        first = library._catalogue.generation
    with Library.open(built) as library:
        assert library._catalogue.generation == first
        assert library.check() == []


# Damage ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.threat("damaged files of the library")
@pytest.mark.parametrize("part", ["chroma", "lexical", "chroma.generation", "catalogue.sqlite"])
@pytest.mark.parametrize("harm", ["gone", "garbled"])
def test_a_damaged_part_is_made_anew(built: Path, part: str, harm: str) -> None:
    place = built / ".doichieu" / part
    victims = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    for file in victims:
        if harm == "garbled":
            file.write_bytes(b"\x93garbled" * max(1, file.stat().st_size // 8))
    if harm == "gone":
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    with Library.open(built, create=True) as library:
        assert library.search("What did the bridge cost?")[0].passage.article == "bridge"
        assert library.articles() == ("bridge", "market")
        assert library.check() == []


def test_vectors_that_were_lost_in_chroma_are_found_missing_and_rebuilt(built: Path) -> None:
    from index.chroma import ChromaVectors

    store = ChromaVectors(built / ".doichieu" / "chroma")
    store.delete("vi", sorted(store.ids("vi"))[:2])
    store.close()
    with Library.open(built, create=True) as library:
        assert any("2 passages missing" in problem for problem in library.check())
        library.rebuild()
        assert library.check() == []


def test_a_vector_in_chroma_that_is_not_the_catalogues_is_found_by_the_check(built: Path) -> None:
    from index.chroma import ChromaVectors

    store = ChromaVectors(built / ".doichieu" / "chroma")
    name = sorted(store.ids("vi"))[0]
    store.upsert("vi", [name], -store.rows("vi", [name])[name][np.newaxis])
    store.close()
    with Library.open(built, create=True) as library:
        assert any("1 passages wrong" in problem for problem in library.check())
        library.rebuild()
        assert library.check() == []


def test_an_older_schema_is_refused_by_name_and_rebuilt(built: Path) -> None:
    with sqlite3.connect(built / ".doichieu" / "catalogue.sqlite") as db:
        db.execute("UPDATE meta SET value = '0' WHERE key = 'schema'")
    with pytest.raises(LibraryError, match="schema 0"):
        Library.open(built)
    with Library.open(built, create=True, anew=True) as library:
        library.rebuild()
        assert library.articles() == ("bridge", "market")
        assert library.check() == []


def test_a_large_library_is_searched_in_chroma(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(built) as library:
        expected = [hit.passage.id for hit in library.search("What did the bridge cost?")]
    monkeypatch.setattr("index.opening.open_disk.__kwdefaults__", {"anew": False, "exact_up_to": 0})
    with Library.open(built) as library:
        assert type(library._indexes.vectors()).__name__ == "ChromaVectors"
        assert [hit.passage.id for hit in library.search("What did the bridge cost?")] == expected
        library.add(_ferry(built.parent))
        assert library.search("Who left the island at noon on Sunday, said its captain?")[0].passage.article == "ferry"


def _ferry(folder: Path) -> Path:
    (folder / "ferry.txt").write_text("The last ferry left the island at noon on Sunday, its captain said.\n", encoding="utf-8")
    return folder / "ferry.txt"


@pytest.mark.parametrize("place", ["memory", "disk"])
def test_threads_search_while_another_adds_and_removes(news: Path, built: Path, place: str) -> None:
    failures: list[Exception] = []
    done = threading.Event()
    with Library.open(built if place == "disk" else news) as library:

        def read() -> None:
            while not done.is_set():
                try:
                    hits = library.search("What did the bridge cost, and when does the ferry stop?")
                    assert hits[0].passage.article in ("bridge", "ferry")
                    assert library.sentence_vectors(hits[0].passage).shape[0] == len(hits[0].passage.sentences)
                    library.counterparts(hits[0].passage.sentences[0])
                except UnknownArticle:
                    # It went between the two calls.
                    pass
                except Exception as error:
                    failures.append(error)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for _ in range(4):
            library.add(_ferry(built.parent))
            library.remove(["ferry"])
        done.set()
        for reader in readers:
            reader.join()
        assert library.check() == []
    assert failures == []


# Several processes -----------------------------------------------------------------------------------------------------------


def python(code: str, *arguments: object, **options: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **options)  # type: ignore[call-overload, no-any-return]


def test_a_reader_sees_what_another_process_writes(built: Path) -> None:
    with Library.open(built) as library:
        library.search("ferry")
        code = "import sys; from index.library import Library; Library.open(sys.argv[1], create=True).add([sys.argv[2]])"
        assert python(code, built, _ferry(built.parent)).stderr == ""
        assert library.search("Who left the island at noon on Sunday, said its captain?")[0].passage.article == "ferry"
        code = "import sys; from index.library import Library; Library.open(sys.argv[1]).remove(['ferry'])"
        assert python(code, built).stderr == ""
        assert library.articles() == ("bridge", "market")
        assert all(
            hit.passage.article != "ferry" for hit in library.search("Who left the island at noon on Sunday, said its captain?")
        )


def test_a_second_writer_is_told_who_writes_and_readers_go_on(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys; from pathlib import Path; from index.lock import WriterLock\nwith WriterLock(Path(sys.argv[1])): print(flush=True); input()"
    command = [sys.executable, "-c", code, str(built / ".doichieu")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        monkeypatch.setattr(WriterLock.acquire, "__defaults__", (0.2,))
        (built / "new.txt").write_text(MARKET_VI, encoding="utf-8")
        with Library.open(built) as library:
            assert library.articles() == ("bridge", "market")
            with pytest.raises(LibraryLocked, match=rf"process {holder.pid} "):
                library.remove(["market"])
        holder.kill()
    with Library.open(built) as library:
        assert library.articles() == ("bridge", "market", "new")


UPDATE = ["index.folder._write_through", "pathlib.Path.rename", "pathlib.Path.replace", "index.catalogue.Catalogue.put_article",
          "index.catalogue.Catalogue.put_file", "index.indexes.Indexes.refresh", "index.lexical_store.LexicalStore.save",
          "index.chroma.ChromaVectors.delete", "index.chroma.ChromaVectors.upsert", "index.catalogue.Catalogue.forget_dropped"]  # fmt: skip
REMOVE = ["index.catalogue.Catalogue.drop_article", "pathlib.Path.unlink", "index.catalogue.Catalogue.has_left",
          "index.lexical_store.LexicalStore.save", "index.chroma.ChromaVectors.delete"]  # fmt: skip
REBUILD = ["index.catalogue.Catalogue.put_file", "index.catalogue.Catalogue.take_over", "index.indexes.Indexes.remake",
           "index.lexical_store.LexicalStore.save", "index.chroma.ChromaVectors.upsert"]  # fmt: skip
STOPS = [(action, step) for action, steps in (("update", UPDATE), ("remove", REMOVE), ("rebuild", REBUILD)) for step in steps]
KILLED = """
import importlib, os, signal, sys
from pathlib import Path
from index.library import Library
name, at, action, place, *rest = sys.argv[1:]
module, _, attribute = name.rpartition(".")
parts = module.split(".")
try:
    owner = importlib.import_module(module)
except ImportError:
    owner = getattr(importlib.import_module(".".join(parts[:-1])), parts[-1])
whole, left = getattr(owner, attribute), int(at)
def step(*arguments, **options):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(*arguments, **options)
library = Library.open(place, create=True)
setattr(owner, attribute, step)
library.remove(rest) if action == "remove" else library.rebuild() if action == "rebuild" else library.add(rest)
print("done")
"""


@pytest.mark.parametrize(("action", "step"), STOPS)
def test_a_process_killed_at_any_step_leaves_the_old_article_or_the_new(news: Path, built: Path, action: str, step: str) -> None:
    for name, text in (("bridge.en.txt", BRIDGE_EN), ("bridge.vi.txt", BRIDGE_VI)):
        (news / name).write_text(text.replace("1.8", "1.95").replace("1,8", "1,95"), encoding="utf-8")
    rest = {"update": [news / "bridge.en.txt", news / "bridge.vi.txt"], "remove": ["bridge"], "rebuild": []}[action]
    for at in (0, 1) if step in ("pathlib.Path.replace", "pathlib.Path.unlink", "index.folder._write_through") else (0,):
        done = python(KILLED, step, at, action, built, *rest)
        assert done.returncode == -signal.SIGKILL or at, done.stderr
        with Library.open(built) as library:
            assert library.check() == []
            assert "market" in library.articles()
            if "bridge" in library.articles():
                told = " ".join(texts(library)["bridge"])
                assert [v.id for v in library.article("bridge").versions] == ["en", "vi"]
                assert ("1.8 billion" in told) == ("1,8 tỷ" in told)
                assert ("1.95 billion" in told) == ("1,95 tỷ" in told)
            else:
                assert action == "remove"
                break


@pytest.mark.threat("a full disk")
def test_a_full_disk_is_one_clear_line_and_loses_nothing(news: Path, built: Path) -> None:
    (news / "long.txt").write_text(
        "\n".join(f"Line {i} of a long story about the harbour." for i in range(4_000)), encoding="utf-8"
    )
    code = """
import resource, signal, sys
from index.library import Library
from index.errors import LibraryError
library = Library.open(sys.argv[1], create=True)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    library.add([sys.argv[2]])
except LibraryError as error:
    print(error)
"""
    done = python(code, built, news / "long.txt")
    assert "cannot be written" in done.stdout, done.stderr
    assert len(done.stdout.splitlines()) == 1
    with Library.open(built) as library:
        assert {"bridge", "market"} <= set(library.articles())
        assert library.check() == []


# Offsets ---------------------------------------------------------------------------------------------------------------------

lines = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), min_size=1, max_size=60)
stories = st.lists(st.one_of(lines, st.sampled_from([*BRIDGE_EN.splitlines(), *BRIDGE_VI.splitlines()])), min_size=1, max_size=8)


@given(stories, st.sampled_from(["\n", "\r\n", "\n\n"]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_place_says_what_its_file_says_there(tmp_path: Path, story: list[str], end: str) -> None:
    file = tmp_path / "story.txt"
    file.write_bytes((end.join(story) + end).encode())
    try:
        library = Library.open(file)
    except UnreadableFile:
        return
    with library:
        article = library.article("story")
        for version in article.versions:
            for passage in version.passages:
                for place in (passage, *passage.sentences):
                    assert article.text(place.file)[place.start : place.end] == place.text
        for hit in library.search("harbour bridge cây cầu", k=50):
            assert article.text(hit.passage.file)[hit.passage.start : hit.passage.end] == hit.passage.text
