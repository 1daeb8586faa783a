import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from assistant import Assistant
from assistant.cli import main
from assistant.evaluation import runner
from assistant.evaluation.case_files import load_cases
from assistant.evaluation.comparing import compare_runs
from assistant.evaluation.response import Response
from assistant.evaluation.runner import read_run, run_cases
from assistant.evaluation.scoring import Sources
from assistant.evaluation.systems import AssistantSystem

ENGLISH = """The harbour bridge in Vinh Hoa will open to traffic on March 3, the city said on Monday.
Engineer Lan Pham said the bridge cost 1.8 billion dollars and took six years to build.
Ferries that carried 12,000 people a day will stop at the end of April.
"""
VIETNAMESE = """Cây cầu cảng ở Vĩnh Hòa sẽ thông xe ngày 3/3, thành phố cho biết hôm thứ Hai.
Kỹ sư Phạm Lan nói cây cầu tốn 1,8 tỷ USD và mất sáu năm xây dựng.
Những chuyến phà chở 12.000 người mỗi ngày sẽ ngừng chạy vào cuối tháng 4.
"""
COST = {"en": ENGLISH.splitlines()[1], "vi": VIETNAMESE.splitlines()[1]}
COSTS: dict[str, Any] = {"cites": [COST], "tags": ["cost"]}
CASES: list[dict[str, Any]] = [
    {
        "id": "cost-en",
        "question": "How much did the bridge cost?",
        "language": "en",
        "holds": ["1.8 billion"],
        "twin": "cost-vi",
        **COSTS,
    },
    {
        "id": "cost-vi",
        "question": "Cây cầu tốn bao nhiêu tiền?",
        "language": "vi",
        "holds": ["1,8 tỷ"],
        "twin": "cost-en",
        **COSTS,
    },
    {"id": "ferries", "question": "When will the ferries stop?", "language": "en", "holds": ["April"]},
    {"id": "pho", "question": "How is pho cooked in Hanoi?", "language": "en", "answerable": False},
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    news = tmp_path / "news"
    news.mkdir()
    (news / "bridge.en.txt").write_text(ENGLISH, encoding="utf-8")
    (news / "bridge.vi.txt").write_text(VIETNAMESE, encoding="utf-8")
    write_cases(tmp_path, CASES)
    return tmp_path


def write_cases(project: Path, cases: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    (project / "bridge.cases.jsonl").write_text(text, encoding="utf-8")


def run(project: Path, *arguments: object) -> int:
    library = ["--library", str(project / "news")]
    return main(["eval", str(project / "bridge.cases.jsonl"), *library, *map(str, arguments)])


def test_a_table_on_stdout_and_progress_on_stderr(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project) == 0
    printed = capsys.readouterr()
    assert "4 cases, 0 crashed" in printed.out
    assert re.search(r"citation_validity +1\.000 \[1\.000, 1\.000\]", printed.out)
    assert "4/4" in printed.err
    assert sorted(path.name for path in project.iterdir()) == ["bridge.cases.jsonl", "news"]


def test_figures_are_the_same_twice(project: Path) -> None:
    stored = []
    for name in ("one", "two"):
        assert run(project, "--report", project / name) == 0
        stored.append(json.loads((project / name / "run.json").read_text(encoding="utf-8")))
    assert stored[0]["figures"] == stored[1]["figures"]
    for one, two in zip(stored[0]["cases"], stored[1]["cases"], strict=True):
        assert one["scores"] == two["scores"]
        assert one["response"]["text"] == two["response"]["text"]


def test_a_closed_gate_gives_exit_code_1_and_a_failure_in_junit(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "suite.toml").write_text("[gates]\ncitation_validity = 1\n[gates.cost]\nfact_coverage = 1.5\n", encoding="utf-8")
    assert run(project, "--report", project / "report") == 1
    assert "CLOSED fact_coverage (cost): 1, at least 1.5" in capsys.readouterr().out
    suite = ElementTree.parse(project / "report" / "junit.xml").getroot()
    assert suite.attrib["tests"] == "6"
    assert suite.attrib["failures"] == "1"
    case = suite.find("testcase[@name='cost-en']")
    assert case is not None
    properties = {one.attrib["name"]: float(one.attrib["value"]) for one in case.iter("property")}
    assert properties["citation_validity"] == 1


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]


def test_the_page_needs_nothing_else_and_escapes_everything(project: Path) -> None:
    hostile = {
        "id": "<b>x</b>",
        "question": "<img src=x onerror=alert(1)> bridge?",
        "language": "en",
        "tags": ["<script>"],
        "holds": ["</html>"],
    }
    write_cases(project, [*CASES, hostile])
    run(project, "--report", project / "report")
    text = (project / "report" / "report.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert "svg" in page.tags
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert page.addresses == []
    assert "&lt;img src=x" in text


def test_a_page_compares_with_an_earlier_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(project, "--report", project / "earlier")
    capsys.readouterr()
    assert run(project, "--report", project / "later", "--baseline", project / "earlier" / "run.json") == 0
    assert "no difference" in capsys.readouterr().out
    assert "no difference" in (project / "later" / "report.html").read_text(encoding="utf-8")


def test_a_run_that_got_worse_is_told_from_chance() -> None:
    here = Path(__file__).parent
    cases = [c for c in load_cases([here / "cases" / "test_news.cases.jsonl"]) if "one-sentence" in c.tags][:30]
    with Assistant.open(here / "library") as assistant:
        before = run_cases(AssistantSystem(assistant), cases)
    worse = runner.Run(
        "x", tuple(runner.Outcome(o.case, o.response, {**o.scores, "citation_validity": 0.0}) for o in before.outcomes)
    )
    changes = {(c.group, c.metric): c.verdict for c in compare_runs(before, worse).changes}
    assert changes["all", "citation_validity"] == "worse"
    assert changes["all", "recall@10"] == "no difference"
    assert {c.verdict for c in compare_runs(worse, before).changes if c.metric == "citation_validity"} == {"better"}
    changed = runner.Run(
        "x", tuple(runner.Outcome(o.case.model_copy(update={"question": "?"}), o.response, o.scores) for o in before.outcomes)
    )
    assert compare_runs(before, changed).changes == ()
    assert compare_runs(before, changed).unpaired == 60


def test_a_run_comes_back_from_its_file(project: Path) -> None:
    run(project, "--report", project / "report")
    stored = read_run(project / "report" / "run.json")
    assert [outcome.case.id for outcome in stored.outcomes] == [case["id"] for case in CASES]
    assert [o.case.fingerprint for o in stored.outcomes] == [c.fingerprint for c in load_cases([project / "bridge.cases.jsonl"])]


class Counting:
    """A system that counts how often it is asked, and is interrupted at its third question."""

    name = "counting"
    sources = Sources()

    def __init__(self, fingerprint: str, stop_at: int) -> None:
        self.fingerprint, self.asked, self._stop_at = fingerprint, 0, stop_at

    def respond(self, case: Any) -> Response:
        self.asked += 1
        if self.asked == self._stop_at:
            raise KeyboardInterrupt
        return Response(f"Answer to {case.id}.", case.language, True)


def test_an_interrupted_run_goes_on_and_asks_nothing_twice(project: Path) -> None:
    cases, keep = load_cases([project / "bridge.cases.jsonl"]), project / "answers.jsonl"
    first = Counting("same", stop_at=3)
    with pytest.raises(KeyboardInterrupt):
        run_cases(first, cases, keep=keep)
    with keep.open("a", encoding="utf-8") as file:
        file.write('{"key": "cut o')
    second = Counting("same", stop_at=99)
    done = run_cases(second, cases, keep=keep)
    assert second.asked == 2
    assert [outcome.response.text for outcome in done.outcomes] == [f"Answer to {case.id}." for case in cases]
    changed = [case.model_copy(update={"question": case.question + "!"}) for case in cases[:1]]
    third = Counting("same", stop_at=99)
    run_cases(third, changed, keep=keep)
    other_model = Counting("other", stop_at=99)
    run_cases(other_model, cases, keep=keep)
    assert (third.asked, other_model.asked) == (1, 4)


def test_answers_that_cost_nothing_are_asked_anew(project: Path) -> None:
    run(project, "--report", project / "report")
    assert sorted(path.name for path in (project / "report").iterdir()) == ["junit.xml", "report.html", "run.json"]


def test_each_export_is_written(project: Path) -> None:
    run(project, "--report", project / "report", "--export", "ragas")
    rows = json.loads((project / "report" / "ragas.json").read_text(encoding="utf-8"))
    assert rows[0]["user_input"] == "How much did the bridge cost?"
    assert rows[0]["reference_contexts"] == [COST["en"]]


def test_evidence_that_no_article_holds_is_an_error_with_its_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_cases(project, [CASES[2], {**CASES[2], "id": "x", "cites": ["The bridge fell down."]}])
    assert run(project) == 2
    assert "bridge.cases.jsonl:2: the article does not hold 'The bridge fell down.'" in capsys.readouterr().err
    write_cases(project, [{**CASES[2], "articles": ["tunnel"]}])
    assert run(project) == 2
    assert "no article 'tunnel'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name the case files"),
        (("none.jsonl",), "no such file"),
        (("{cases}", "--baseline", "{cases}"), "no run of `doichieu eval"),
        (("{cases}", "--export", "ragas"), "--report"),
        (("--draft", "{cases}"), "bridge.cases.jsonl:1"),
    ],
)
def test_bad_arguments_get_one_line_and_exit_code_2(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    given = [argument.replace("{cases}", str(project / "bridge.cases.jsonl")) for argument in arguments]
    assert main(["eval", *given, "--library", str(project / "news")]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_a_liked_chat_becomes_a_case_that_passes_and_a_disliked_one_a_question(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = []
    for question, liked in (("How much did the bridge cost?", True), ("When will the ferries stop?", False)):
        assert main(["ask", question, "--json", "--library", str(project / "news")]) == 0
        rows.append({"question": question, "liked": liked, "answer": json.loads(capsys.readouterr().out)})
    chats = project / "chats.jsonl"
    chats.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["eval", "--draft", str(chats)]) == 0
    (project / "bridge.cases.jsonl").write_text(capsys.readouterr().out, encoding="utf-8")
    liked, disliked = load_cases([project / "bridge.cases.jsonl"])
    assert COST["vi"] in liked.cites[0].forms.values()
    assert (disliked.cites, disliked.tags) == ((), ("draft", "disliked"))
    assert run(project) == 0


def test_articles_suggest_questions_that_load_as_cases(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "--draft", "--library", str(project / "news")]) == 0
    (project / "bridge.cases.jsonl").write_text(capsys.readouterr().out, encoding="utf-8")
    cases = load_cases([project / "bridge.cases.jsonl"])
    assert {case.language for case in cases} == {"en", "vi"}
    assert any("Vinh Hoa" in case.question for case in cases)
    assert run(project) == 0


Judge = Callable[[str], Any]


class Verdict:
    """A chat model that always replies with the same text."""

    def __init__(self, said: str) -> None:
        self._said = said

    def invoke(self, input: str) -> Any:
        if self._said == "raise":
            raise ConnectionError
        return type("Message", (), {"content": self._said})()


@pytest.mark.parametrize(
    ("said", "value"), [("4", 1.0), ("1.", 0.25), ("?", None), ("I think 3", None), ("", None), ("raise", None)]
)
def test_what_a_judge_leaves_unclear_is_not_zero(project: Path, said: str, value: float | None) -> None:
    from assistant.evaluation.judged import judge_run, judged_means

    run(project, "--report", project / "report")
    judged = judge_run(read_run(project / "report" / "run.json"), Verdict(said))
    answered, refused = judged.outcomes[0], judged.outcomes[3]
    assert answered.scores["judged:faithfulness"] == value
    assert refused.scores["judged:relevance"] is None or refused.response.answered
    assert dict((name, mean) for name, mean, _ in judged_means(judged))["judged:relevance"] == value
