"""A library whose files are damaged in every way answers soundly or says what is damaged; no quote is ever wrong."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from samples import BUNDLE

import index.opening
from assistant import Assistant
from index.embedding import Embedder
from index.errors import DamagedLibrary
from index.library import Library
from index.static import SHIPPED

ROOT = Path(__file__).resolve().parent.parent
TRIALS = int(os.environ.get("FAULTS", "12"))
"""For each file; `make threats` tries 300."""
IN_USE = max(12, TRIALS // 10)
"""Damages while the library is open; opened again, the same file is one of the above."""
ARRAYS = ("keys", "starts", "documents", "counts", "lengths", "common", "heads")
PARTS = {
    "catalogue": "catalogue.sqlite",
    "chroma's catalogue": "chroma/chroma.sqlite3",
    "chroma's vectors": "chroma/*/data_level0.bin",
    "chroma's header": "chroma/*/header.bin",
    "chroma's lengths": "chroma/*/length.bin",
    "chroma's upper levels": "chroma/*/link_lists.bin",
    "what chroma has reached": "chroma.generation",
    "list of words": "lexical/segments.json",
    **{f"{name} of words": f"lexical/*/marked/{name}.npy" for name in ARRAYS},
    **{f"{name} of words without diacritics": f"lexical/*/bare/{name}.npy" for name in ARRAYS},
    "vocabulary": "lexical/*/vocabulary/data.npy",
    "ends of the vocabulary": "lexical/*/vocabulary/ends.npy",
    "numbers of passages": "lexical/*/numbers.npy",
}


@pytest.fixture
def built(tmp_path: Path, embedder: Embedder) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "bridge.txt").write_text(BUNDLE, encoding="utf-8")
    Library.open(folder, create=True, embedder=embedder).close()
    return folder


def outcomes(library: Path, file: str, count: int, *how: str) -> Counter[str]:
    """How each trial ended; a process that dies counts as a crash, and the next goes on behind it."""
    found: Counter[str] = Counter()
    while (done := sum(found.values())) < count:
        command = [sys.executable, str(ROOT / "tests" / "faults.py"), str(library), file, str(done), str(count - done), *how]
        ran = subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
        )
        lines = [json.loads(line) for line in ran.stdout.splitlines()]
        found.update(line["outcome"] for line in lines)
        for line in lines:
            assert line["outcome"] in ("same", "told", "refused"), line
        if ran.returncode:
            found["crash"] += 1
            assert ran.returncode < 0, ran.stderr[-2000:]
    return found


def test_every_file_of_a_library_is_among_those_that_are_damaged(built: Path) -> None:
    home = built / ".doichieu"
    known = {file for pattern in PARTS.values() for file in home.glob(pattern)}
    assert {file.name for file in home.rglob("*") if file.is_file()} - {file.name for file in known} == {"lock", "holder"}


@pytest.mark.slow
@pytest.mark.threat("damaged files of the library")
@pytest.mark.parametrize("part", PARTS)
def test_damage_to_a_file_is_repaired_or_told_and_makes_no_answer_wrong(
    part: str, built: Path, tried: Callable[[int], None]
) -> None:
    file = sorted((built / ".doichieu").glob(PARTS[part]))[0]
    found = outcomes(built, str(file.relative_to(built)), TRIALS)
    tried(TRIALS)
    assert not found["crash"], found


@pytest.mark.slow
@pytest.mark.threat("damaged files of the library")
@pytest.mark.parametrize("part", ["catalogue", "chroma's catalogue", "chroma's vectors", "keys of words", "list of words"])
def test_damage_to_a_file_in_use_is_repaired_or_told_and_makes_no_answer_wrong(
    part: str, built: Path, tried: Callable[[int], None]
) -> None:
    file = sorted((built / ".doichieu").glob(PARTS[part]))[0]
    found = outcomes(built, str(file.relative_to(built)), IN_USE, "use")
    tried(IN_USE)
    assert not found["crash"], found


@pytest.mark.slow
@pytest.mark.threat("damaged files of the library")
@pytest.mark.parametrize(("how", "count"), [("before", TRIALS), ("use", IN_USE)])
@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_no_damage_to_the_model_makes_an_answer_wrong(
    name: str, how: str, count: int, built: Path, tried: Callable[[int], None]
) -> None:
    found = outcomes(built, str(SHIPPED / name), count, how)
    tried(count)
    assert not found["crash"], found


@pytest.mark.threat("damaged files of the library")
@pytest.mark.parametrize(
    ("what", "sql"),
    [
        ("a quote", "UPDATE passages SET text = replace(text, '1.8', '9.8')"),
        ("the source", "UPDATE sources SET text = replace(text, '1.8', '9.8')"),
        ("an offset", "UPDATE passages SET start = start + 1, end = end + 1"),
        ("sentences", "UPDATE passages SET sentences = x'ffffff7f00000000'"),
        ("the name of a file", "UPDATE passages SET file = 'other.txt'"),
        ("a pair beyond the end", "UPDATE alignments SET sentences = '[[0, 999, 1.0]]'"),
        ("half a pair", "UPDATE alignments SET sentences = '[[0, 1'"),
        ("how sure a pair is", "UPDATE alignments SET sentences = replace(sentences, '0.', '0.1')"),
        ("a date", "UPDATE versions SET date = '2024-01-01'"),
        ("a vector", "UPDATE passages SET vector = sentence_vectors"),
        ("a passage less", "DELETE FROM passages WHERE number = (SELECT max(number) FROM passages)"),
        ("what it is found by", "DELETE FROM labels"),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused_by_the_articles_name_and_rebuilt(
    what: str, sql: str, built: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.opening, "VERIFIED_AT_ONCE", 0)
    with sqlite3.connect(built / ".doichieu" / "catalogue.sqlite") as db:
        db.execute(sql)
    db.close()
    with Library.open(built, embedder=embedder) as library:
        with pytest.raises(DamagedLibrary, match=r"article bridge is damaged.*rebuild"):
            Assistant(library).ask("How much did the bridge cost?")
        assert any("bridge" in problem for problem in library.check())
        library.rebuild()
        answer = Assistant(library).ask("How much did the bridge cost?")
        assert all(BUNDLE[c.start : c.end] == c.quote for c in answer.citations)
        assert library.check() == []


@pytest.mark.threat("damaged files of the library")
def test_a_small_catalogue_that_was_damaged_is_made_anew_when_it_is_opened(
    built: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite3.connect(built / ".doichieu" / "catalogue.sqlite") as db:
        db.execute("UPDATE passages SET text = replace(text, '1.8', '9.8')")
    db.close()
    with Library.open(built, embedder=embedder) as library:
        assert "article bridge is damaged" in caplog.text
        assert any(
            "1.8 billion" in passage.text for version in library.article("bridge").versions for passage in version.passages
        )
        assert library.check() == []


@pytest.mark.threat("a clock that goes back")
def test_a_file_with_a_time_in_the_past_is_taken_up_all_the_same(built: Path, embedder: Embedder) -> None:
    file = built / "bridge.txt"
    file.write_text(BUNDLE.replace("six years", "nine years"), encoding="utf-8")
    os.utime(file, (0, 0))
    with Library.open(built, embedder=embedder) as library:
        assert any("nine years" in passage.text for version in library.article("bridge").versions for passage in version.passages)
