"""The plugin in an empty project: a folder that holds nothing but what the test puts there."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ENGLISH = """The harbour bridge in Vinh Hoa will open to traffic on March 3, the city said on Monday.
Engineer Lan Pham said the bridge cost 1.8 billion dollars and took six years to build.
Ferries that carried 12,000 people a day will stop at the end of April.
"""
VIETNAMESE = """Cây cầu cảng ở Vĩnh Hòa sẽ thông xe ngày 3/3, thành phố cho biết hôm thứ Hai.
Kỹ sư Phạm Lan nói cây cầu tốn 1,8 tỷ USD và mất sáu năm xây dựng.
Những chuyến phà chở 12.000 người mỗi ngày sẽ ngừng chạy vào cuối tháng 4.
"""
COST = {"en": ENGLISH.splitlines()[1], "vi": VIETNAMESE.splitlines()[1]}
CASES: list[dict[str, Any]] = [
    {"id": "cost-en", "question": "How much did the bridge cost?", "language": "en", "holds": ["1.8 billion"], "cites": [COST]},
    {"id": "cost-vi", "question": "Cây cầu tốn bao nhiêu tiền?", "language": "vi", "holds": ["1,8 tỷ"], "cites": [COST]},
    {"id": "cost-wrong", "question": "How much did the bridge cost?", "language": "en", "holds": ["seven billion"]},
    {"id": "pho", "question": "How is pho cooked in Hanoi?", "language": "en", "answerable": False},
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "bridge.en.txt").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "news" / "bridge.vi.txt").write_text(VIETNAMESE, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\ndoichieu_library = news\n", encoding="utf-8")
    return tmp_path


def write_cases(project: Path, gates: str = "") -> None:
    text = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in CASES)
    (project / "test_bridge.cases.jsonl").write_text(text, encoding="utf-8")
    if gates:
        (project / "suite.toml").write_text(gates, encoding="utf-8")


def pytest_in(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DOICHIEU_"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, check=False, encoding="utf-8")


def test_nothing_heavy_is_imported_at_pytest_start(project: Path) -> None:
    (project / "test_inert.py").write_text(
        "import sys\n\n\ndef test_inert():\n"
        "    heavy = {'torch', 'gradio', 'chromadb', 'sentence_transformers', 'assistant.engine', 'assistant.evaluation.cases', 'index.library'}\n"
        "    assert heavy & set(sys.modules) == set()\n"
        "    assert 'assistant.evaluation.plugin' in sys.modules\n",
        encoding="utf-8",
    )
    done = pytest_in(project, "-q")
    assert done.returncode == 0, done.stdout
    assert "doichieu gates" not in done.stdout


def test_a_case_file_gives_one_test_a_case_that_says_what_was_missing(project: Path) -> None:
    write_cases(project)
    done = pytest_in(project, "-v", "--junitxml=junit.xml")
    assert done.returncode == 1
    assert "1 failed, 3 passed" in done.stdout
    for said in (
        "fact_coverage is 0, must be 1",
        "question: How much did the bridge cost?",
        "quote [1]: bridge.en.txt:89-176",
        "↔ bridge.vi.txt:",
        "not said: 'seven billion'",
    ):
        assert said in done.stdout
    root = ElementTree.parse(project / "junit.xml").getroot()
    case = root.find(".//testcase[@name='cost-en']")
    assert case is not None
    properties = {one.attrib["name"]: one.attrib["value"] for one in case.iter("property")}
    assert float(properties["doichieu:citation_validity"]) == 1
    assert float(properties["doichieu:counterpart_recall"]) == 1


def test_gates_are_held_over_all_cases_and_by_language(project: Path) -> None:
    write_cases(project, "[gates]\nfact_coverage = 0.6\ncitation_validity = 1.0\n[gates.vi]\nfact_coverage = 1.0\n")
    done = pytest_in(project, "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 of 3 open" in done.stdout


@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_closed_gate_fails_the_session_in_one_process_and_in_several(project: Path, processes: tuple[str, ...]) -> None:
    write_cases(project, "[gates]\nfact_coverage = 0.9\n[gates.vi]\nfact_coverage = 1.0\n")
    done = pytest_in(project, "-q", *processes)
    assert done.returncode == 1
    assert "4 passed" in done.stdout
    assert "CLOSED fact_coverage (all): 0.6667, at least 0.9" in done.stdout
    assert "1 of 2 open" in done.stdout


def test_gates_say_nothing_about_a_selection_of_cases(project: Path) -> None:
    write_cases(project, "[gates]\nfact_coverage = 0.9\n")
    done = pytest_in(project, "-q", "-k", "cost-wrong")
    assert done.returncode == 0
    assert "not checked" in done.stdout


def test_cases_are_selected_by_language_and_a_bad_case_file_is_a_clear_error(project: Path) -> None:
    write_cases(project)
    assert "1 passed, 3 deselected" in pytest_in(project, "-q", "-k", "vi and not pho and not en").stdout
    (project / "test_bridge.cases.jsonl").write_text(
        '{"id": "x", "question": "?", "language": "en", "nope": 1}\n', encoding="utf-8"
    )
    done = pytest_in(project, "-q")
    assert done.returncode == 2
    assert "test_bridge.cases.jsonl:1: unknown key 'nope'" in done.stdout


ASSERTIONS = f"""
import pytest
from assistant.evaluation import assert_answers, assert_cites, assert_refuses, assert_twins_agree

COST = {COST!r}


def test_all_that_holds(assistant):
    english, vietnamese = assistant.ask("How much did the bridge cost?"), assistant.ask("Cây cầu tốn bao nhiêu tiền?")
    assert_answers(english, "1.8 billion", ["6 years", "six years"], without=["ferries"], language="en")
    assert_cites(english, COST)
    assert_cites(vietnamese, COST["vi"])
    assert_twins_agree(english, vietnamese)
    assert_refuses(assistant.ask("How is pho cooked in Hanoi?"))


def test_says(assistant):
    assert_answers(assistant.ask("How much did the bridge cost?"), ["seven billion", "7 billion"])


def test_cites(assistant):
    assert_cites(assistant.ask("How much did the bridge cost?"), "The tunnel was dear.")


def test_refuses(assistant):
    assert_refuses(assistant.ask("How much did the bridge cost?"))


def test_twins(assistant):
    assert_twins_agree(assistant.ask("How much did the bridge cost?"), assistant.ask("Khi nào phà ngừng chạy?"))
"""


def test_assertions_show_question_answer_quotes_and_what_was_missing(project: Path) -> None:
    (project / "pytest.ini").unlink()
    (project / "test_answers.py").write_text(ASSERTIONS, encoding="utf-8")
    done = pytest_in(project, "-q", "--doichieu-library", "news")
    assert "4 failed, 1 passed" in done.stdout, done.stdout
    for said in (
        "it does not say 'seven billion' or '7 billion'",
        "it does not cite 'The tunnel was dear.'",
        "it was answered, and should have been refused",
        "the twins share 0% of their evidence",
        "question: How much did the bridge cost?",
        "quote [1]: bridge.en.txt:89-176 Engineer Lan Pham",
    ):
        assert said in done.stdout
    assert "assertions.py" not in done.stdout
