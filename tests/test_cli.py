import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli import main

ENGLISH = """The harbour bridge in Vinh Hoa will open to traffic on March 3, the city said on Monday.
Engineer Lan Pham said the bridge cost 1.8 billion dollars and took six years to build.
Ferries that carried 12,000 people a day will stop at the end of April.
"""
VIETNAMESE = """Cây cầu cảng ở Vĩnh Hòa sẽ thông xe ngày 3/3, thành phố cho biết hôm thứ Hai.
Kỹ sư Phạm Lan nói cây cầu tốn 1,8 tỷ USD và mất sáu năm xây dựng.
Những chuyến phà chở 12.000 người mỗi ngày sẽ ngừng chạy vào cuối tháng 4.
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "bridge.en.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "bridge.vi.txt").write_text(VIETNAMESE, encoding="utf-8")
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_ask_prints_a_cited_answer_as_json(capsys: pytest.CaptureFixture[str], library: Path) -> None:
    code, out, _ = run(capsys, "ask", "How much did the bridge cost?", "--library", library, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["answered"]
    assert answer["language"] == "en"
    assert "1.8 billion" in answer["text"]
    citation = answer["citations"][0]
    assert ENGLISH[citation["start"] : citation["end"]] == citation["quote"]
    counterpart = citation["counterparts"][0]
    assert VIETNAMESE[counterpart["start"] : counterpart["end"]] == counterpart["quote"]
    assert "1,8 tỷ USD" in counterpart["quote"]


def test_ask_answers_a_vietnamese_question_typed_without_marks(capsys: pytest.CaptureFixture[str], library: Path) -> None:
    code, out, _ = run(capsys, "ask", "cay cau ton bao nhieu tien", "--library", library, "--json")
    answer = json.loads(out)
    assert (code, answer["language"]) == (0, "vi")
    assert "1,8 tỷ USD" in answer["text"]


def test_a_batch_is_answered_in_order_line_by_line(capsys: pytest.CaptureFixture[str], library: Path, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    rows = [
        {"id": "b", "question": "When will the bridge open?"},
        {"id": "a", "question": "Cầu mất bao lâu để xây?", "articles": ["bridge"]},
        {"id": "c", "question": "And what did it cost?", "history": [["When will the bridge open?", "On March 3."]]},
    ]
    questions.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    code, out, _ = run(capsys, "ask", "--batch", questions, "--library", library)
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [answer["id"] for answer in answers] == ["b", "a", "c"]
    assert [answer["language"] for answer in answers] == ["en", "vi", "en"]


def test_search_ranks_passages_of_the_languages_asked_for(capsys: pytest.CaptureFixture[str], library: Path) -> None:
    code, out, _ = run(capsys, "search", "ferries stop", "--library", library, "--json", "--k", 2, "--languages", "en")
    hits = json.loads(out)["hits"]
    assert code == 0
    assert "Ferries" in hits[0]["text"]
    assert {hit["language"] for hit in hits} == {"en"}
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_compare_aligns_sentences_with_exact_offsets(capsys: pytest.CaptureFixture[str], library: Path) -> None:
    code, out, _ = run(capsys, "compare", "bridge", "--library", library, "--json")
    comparison = json.loads(out)
    assert code == 0
    assert len(comparison["pairs"]) == 3
    for pair in comparison["pairs"]:
        for end in (pair["a"], pair["b"]):
            text = ENGLISH if end["language"] == "en" else VIETNAMESE
            assert text[end["start"] : end["end"]] == end["text"]


def test_index_builds_lists_checks_and_removes(capsys: pytest.CaptureFixture[str], library: Path, tmp_path: Path) -> None:
    built = tmp_path / "built"
    assert run(capsys, "index", "add", library, "--library", built)[:2] == (0, "bridge\n")
    assert "bridge (en, vi)" in run(capsys, "index", "list", "--library", built)[1]
    assert run(capsys, "index", "check", "--library", built)[:2] == (0, "sound\n")
    assert run(capsys, "index", "remove", "bridge", "--library", built)[0] == 0
    assert run(capsys, "index", "list", "--library", built)[1] == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask",), "one question or --batch"),
        (("ask", "   ", "--library", "{library}"), "empty"),
        (("ask", "x" * 100_000, "--library", "{library}"), "100,000 characters"),
        (("ask", "why", "--library", "{tmp}/none.txt"), "none.txt"),
        (("ask", "why", "--library", "{tmp}/empty.txt"), "empty"),
        (("ask", "why", "--library", "{tmp}/binary.txt"), "binary.txt"),
        (("ask", "why", "--library", "{tmp}"), "binary.txt"),
        (("ask", "--batch", "{tmp}/bad.jsonl", "--library", "{library}"), "bad.jsonl:2"),
        (("compare", "nothing", "--library", "{library}"), "nothing"),
        (("search", "q", "--k", "0", "--library", "{library}"), "1 to 1000"),
        (("index", "add", "--library", "{tmp}/new"), "name the files"),
        (("index", "add", "{tmp}/none.txt", "--library", "{tmp}/new"), "none.txt"),
        (("fly",), "invalid choice"),
    ],
)
def test_bad_input_gets_one_clear_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], library: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "bad.jsonl").write_text('{"id": 1, "question": "why?"}\n{"id": 2}\n', encoding="utf-8")
    code, out, err = run(capsys, *(a.replace("{tmp}", str(tmp_path)).replace("{library}", str(library)) for a in arguments))
    assert code == 2
    assert out == ""
    assert err.startswith("doichieu: ")
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_reader_that_leaves_the_pipe_early_causes_no_trace(library: Path) -> None:
    command = f'"{sys.executable}" -m assistant search bridge --json --library "{library}" | head -c 1'
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False, env=dict(os.environ))
    assert "Traceback" not in done.stderr
