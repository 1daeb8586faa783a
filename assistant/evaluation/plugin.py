"""The pytest plugin: an ``assistant`` fixture, and case files collected as tests. Inert until one of them is used.

A file ``test_*.cases.jsonl`` (or ``.yaml``) gives one test a case. Gates from a ``suite.toml`` beside it are checked over all its cases when the
session ends, also under pytest-xdist, as every test reports its scores.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.evaluation.cases import Case
    from assistant.evaluation.gates import GateResult, Suite
    from assistant.evaluation.runner import Evaluator, Outcome

_SUFFIXES = (".cases.jsonl", ".cases.yaml", ".cases.yml")
_PROPERTY = "doichieu:"
_Scored = tuple[tuple[str, ...], dict[str, float]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option, and the same as an ini value."""
    said = "articles that the `assistant` fixture and case files ask about: a bundle, a folder or a built library"
    parser.getgroup("doichieu").addoption("--doichieu-library", metavar="PATH", help=said)
    parser.addini("doichieu_library", said)


def pytest_configure(config: pytest.Config) -> None:
    """Gather scores where reports arrive: in the only process, or in the one that xdist's workers report to."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Gates(), "doichieu-gates")


@pytest.fixture(scope="session")
def assistant(request: pytest.FixtureRequest) -> "Iterator[Assistant]":
    """Doichieu over the library of ``--doichieu-library`` or ``doichieu_library``; without either, over the articles that ship."""
    from assistant.engine import Assistant

    with Assistant.open(_library(request.config)) as opened:
        yield opened


def _library(config: pytest.Config) -> Path | None:
    given = config.getoption("--doichieu-library")
    if given:
        return Path(config.invocation_params.dir, given)
    stored = config.getini("doichieu_library")
    return Path(config.inipath.parent if config.inipath else config.rootpath, stored) if stored else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CaseFile | None":
    """Take up ``test_*.cases.*``."""
    if file_path.name.startswith("test_") and file_path.name.endswith(_SUFFIXES):
        return CaseFile.from_parent(parent, path=file_path)
    return None


class CaseFile(pytest.File):
    """A file of cases."""

    suite: "Suite"
    cases: "list[Case]"
    _evaluator: "Evaluator | None" = None

    def collect(self) -> "Iterator[CaseItem]":
        """One test for each case."""
        from assistant.evaluation.case_files import load_cases
        from assistant.evaluation.gates import find_suite
        from index.errors import InputError

        try:
            self.suite = find_suite(self.path)
            self.cases = load_cases([self.path])
        except InputError as error:
            raise self.CollectError(str(error)) from None
        for case in self.cases:
            yield CaseItem.from_parent(self, name=case.id, case=case)

    def evaluate(self, case: "Case") -> "Outcome":
        """Score a case; the library is opened with the first."""
        if self._evaluator is None:
            from assistant.engine import Assistant
            from assistant.evaluation.runner import Evaluator
            from assistant.evaluation.systems import AssistantSystem

            place = self.suite.libraries.get(self.path.name) or _library(self.config)
            opened = Assistant.open(place)
            self.session.config.add_cleanup(opened.close)
            self._evaluator = Evaluator(AssistantSystem(opened), self.cases)
        return self._evaluator.evaluate(case)


class _Unmet(Exception):
    """A case that does not reach what each single case must."""


class CaseItem(pytest.Item):
    """The test of one case."""

    parent: CaseFile

    def __init__(self, *, case: "Case", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case
        for tag in (case.language, *case.tags):
            self.extra_keyword_matches.add(tag)

    def runtest(self) -> None:
        """Ask, score, report the scores, and hold them to what each case must reach."""
        from assistant.evaluation.assertions import describe_response
        from assistant.evaluation.gates import check_gates

        outcome = self.parent.evaluate(self.case)
        self.user_properties.append((f"{_PROPERTY}groups", [str(self.parent.path), *outcome.groups]))
        if outcome.response.error:
            raise _Unmet(f"no answer: {outcome.response.error}\n  question: {self.case.question}")
        judged = {metric: value for metric, value in outcome.scores.items() if value is not None}
        self.user_properties += [(f"{_PROPERTY}{metric}", round(value, 6)) for metric, value in judged.items()]
        wanted = {metric: least for metric, least in self.parent.suite.case.items() if metric in judged}
        failed = [gate for gate in check_gates({"case": wanted}, lambda _, metric: judged[metric], {"case"}) if not gate.passed]
        if failed:
            said = "; ".join(f"{gate.metric} is {gate.value:.3g}, must be {gate.threshold:g}" for gate in failed)
            raise _Unmet(f"{said}\n{describe_response(self.case.question, outcome.response)}{_missing(outcome)}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was asked, answered and missing, instead of a traceback."""
        return str(excinfo.value) if isinstance(excinfo.value, _Unmet) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands."""
        return self.path, self.case.line - 1, self.name


def _missing(outcome: "Outcome") -> str:
    from assistant.evaluation.answers import facts_found
    from assistant.evaluation.citations import matches

    case, response = outcome.case, outcome.response
    found = facts_found(response.text, case.holds.groups)
    lines = [
        f"\n  not said: {' or '.join(map(repr, group))}" for group, said in zip(case.holds.groups, found, strict=True) if not said
    ]
    uncited = [one for one in case.cites if not any(matches(cited.quote, one) for cited in response.quoted)]
    lines += [f"\n  not cited: {' / '.join(one.forms.values()) or one.span}" for one in uncited]
    return "".join(lines)


class _Gates:
    """Gathers the scores that tests report, and closes the session with the gates of their suites."""

    def __init__(self) -> None:
        self._scored: dict[str, list[_Scored]] = {}
        self._gates: list[GateResult] = []
        self._partial: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the scores of a case's test."""
        properties = dict(report.user_properties)
        groups = properties.pop(f"{_PROPERTY}groups", None)
        if report.when != "call" or not isinstance(groups, list):
            return
        scores = {
            name.removeprefix(_PROPERTY): float(str(value)) for name, value in properties.items() if name.startswith(_PROPERTY)
        }
        self._scored.setdefault(groups[0], []).append((tuple(groups[1:]), scores))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Check the gates of each suite whose case files ran whole; means over a selection of cases say nothing."""
        if not self._scored:
            return
        from assistant.evaluation.case_files import read_cases
        from assistant.evaluation.gates import LATENCY, check_gates, find_suite

        self._partial = [file for file, scored in self._scored.items() if len(scored) < len(read_cases(Path(file)))]
        folders: dict[Path, list[_Scored]] = {}
        for file, scored in self._scored.items():
            folders.setdefault(Path(file).parent, []).extend(scored)
        for folder, scored in folders.items():
            if any(Path(file).parent == folder for file in self._partial):
                continue
            gates = {
                group: {metric: least for metric, least in wanted.items() if metric not in LATENCY}
                for group, wanted in find_suite(folder / "any").gates.items()
            }
            self._gates += check_gates(gates, partial(_mean, scored), {group for groups, _ in scored for group in groups})
        if session.exitstatus == pytest.ExitCode.OK and not all(gate.passed for gate in self._gates):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which gates are closed."""
        if self._gates or self._partial:
            terminalreporter.section("doichieu gates")
        for file in self._partial:
            terminalreporter.line(f"not checked: only some cases of {file} ran")
        for gate in self._gates:
            if not gate.passed:
                terminalreporter.line(f"CLOSED {gate}", red=True)
        if self._gates:
            terminalreporter.line(f"{sum(gate.passed for gate in self._gates)} of {len(self._gates)} open")


def _mean(scored: list[_Scored], group: str, metric: str) -> float | None:
    values = [scores[metric] for groups, scores in scored if group in groups and metric in scores]
    return sum(values) / len(values) if values else None
