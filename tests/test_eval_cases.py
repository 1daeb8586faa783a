import json
from pathlib import Path

import pytest

from assistant.evaluation.case_files import load_cases
from assistant.evaluation.cases import Case
from assistant.evaluation.gates import check_gates, find_suite, read_suite
from index.errors import InputError

GOOD = {"id": "a", "question": "How much?", "language": "en"}


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_jsonl_and_yaml_read_the_same(tmp_path: Path) -> None:
    row = {
        **GOOD,
        "holds": ["1.8 billion", ["six years", "6 years"]],
        "cites": [{"en": "It cost.", "vi": "Nó tốn."}],
        "tags": ["cost"],
    }
    jsonl = write(tmp_path / "x.cases.jsonl", row)
    yaml = tmp_path / "x.cases.yaml"
    yaml.write_text(
        """# comments are welcome
- id: a
  question: How much?
  language: en
  holds: ["1.8 billion", [six years, 6 years]]
  cites: [{en: It cost., vi: Nó tốn.}]
  tags: [cost]
""",
        encoding="utf-8",
    )
    one, other = load_cases([jsonl])[0], load_cases([yaml])[0]
    assert one.fingerprint == other.fingerprint
    assert one.holds.groups == (("1.8 billion",), ("six years", "6 years"))
    assert (one.line, other.line) == (1, 2)


def test_what_is_held_may_be_all_of_some_and_any_of_others(tmp_path: Path) -> None:
    row = {**GOOD, "holds": {"all": ["Paris"], "any": ["February", "tháng 2"]}}
    assert load_cases([write(tmp_path / "x.cases.jsonl", row)])[0].holds.groups == (("Paris",), ("February", "tháng 2"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**GOOD, "id": "b", "holdz": ["x"]}, "unknown key 'holdz'"),
        ({**GOOD, "id": "b", "line": 3}, "unknown key 'line'"),
        ({**GOOD, "id": "b", "holds": {"some": ["x"]}}, "unknown key 'holds.some'"),
        ({**GOOD, "id": "b", "cites": [{"quote": "x"}]}, "cites.0: unknown key 'quote'"),
        ({**GOOD, "id": "b", "cites": [{"article": "x", "version": "en", "start": 4}]}, "the key 'cites.0.span.end' is missing"),
        ({"id": "b", "language": "en"}, "the key 'question' is missing"),
        ({**GOOD, "id": "b", "language": "English"}, "language"),
        ({**GOOD, "id": "b", "answerable": False, "holds": ["x"]}, "not answerable"),
        ({**GOOD}, "is taken by"),
        ({**GOOD, "id": "b", "twin": "c"}, "the twin 'c' is no case"),
        ({**GOOD, "id": "b", "twin": "a"}, "whose twin is None"),
    ],
)
def test_what_is_wrong_with_a_case_is_said_with_file_and_line(tmp_path: Path, row: dict[str, object], said: str) -> None:
    path = write(tmp_path / "x.cases.jsonl", GOOD, row)
    with pytest.raises(InputError) as error:
        load_cases([path])
    assert said in str(error.value)
    assert f"{path}:2: " in str(error.value)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.cases.jsonl", "{\n", "x.cases.jsonl:1: "),
        ("x.cases.jsonl", '{"id": "a", "id": "b"}\n', "stands twice"),
        ("x.cases.jsonl", "[1]\n", "must be an object"),
        ("x.cases.yaml", "a: 1\n", "list of cases"),
        ("x.cases.yaml", "- id: [\n", "not YAML"),
        ("x.cases.yaml", "- id: a\n- {id: b, id: c}\n", "x.cases.yaml:1: the key 'question'"),
        ("x.cases.yaml", "# two\n- {id: b, id: c}\n", "x.cases.yaml:2: a key stands twice"),
        ("x.cases.yaml", "- id: a\n  question: q\n  language: en\n  extra: 1\n", "x.cases.yaml:1: unknown key 'extra'"),
        ("x.csv", "", "JSONL or YAML"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load_cases([tmp_path / name])


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no case files"):
        load_cases([tmp_path])


def test_the_fingerprint_is_of_the_content_and_not_of_the_place() -> None:
    one, moved = Case(**GOOD, file="a", line=1), Case(**GOOD, file="b", line=9)  # type: ignore[arg-type]
    assert one.fingerprint == moved.fingerprint
    assert one.fingerprint != one.model_copy(update={"question": "Why?"}).fingerprint


def test_a_suite_names_libraries_and_gates_by_group(tmp_path: Path) -> None:
    (tmp_path / "suite.toml").write_text(
        '[library]\n"x.cases.jsonl" = "../news"\n[gates]\nfact_coverage = 0.8\n[gates.vi]\nfact_coverage = 0.7\n',
        encoding="utf-8",
    )
    suite = find_suite(tmp_path / "x.cases.jsonl")
    assert suite.libraries["x.cases.jsonl"].resolve() == (tmp_path.parent / "news")
    assert suite.gates == {"all": {"fact_coverage": 0.8}, "vi": {"fact_coverage": 0.7}}
    assert suite.case == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[gates]\nfacts = 1\n", "unknown metric 'facts'"),
        ("[gates]\nfact_coverage = '1'\n", "must be a number"),
        ("[gate]\nfact_coverage = 1\n", "unknown key 'gate'"),
        ("gates = 1\n", "must be a table"),
        ("[gates\n", "suite.toml"),
    ],
)
def test_a_suite_with_something_unknown_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "suite.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_suite(tmp_path / "suite.toml")


def test_a_gate_with_nothing_to_judge_is_closed_and_one_without_cases_is_not_there() -> None:
    gates = {"all": {"refusal_precision": 0.5, "latency_p95": 100.0}, "fr": {"fact_coverage": 1.0}}
    results = check_gates(gates, lambda group, metric: 80.0 if metric == "latency_p95" else None, {"all", "en"})
    assert [(gate.metric, gate.passed) for gate in results] == [("refusal_precision", False), ("latency_p95", True)]
    assert "nothing to judge" in str(results[0])
