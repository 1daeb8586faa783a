"""What each threat was tried with and how it ended: counted over the tests that carry ``@pytest.mark.threat("name")``.

``pytest tests -m threat --threats=docs/security.md`` writes the table between the marks in that file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

BEGIN, END = "<!-- threats: written by `make threats` -->", "<!-- /threats -->"


@dataclass
class Threat:
    """Tests of one threat, how many inputs they tried, which of them did not hold."""

    files: set[str] = field(default_factory=set)
    tests: int = 0
    inputs: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: int = 0

    def row(self, name: str) -> str:
        files = ", ".join(f"`{file}`" for file in sorted(self.files))
        outcome = f"**failed**: {', '.join(self.failed)}" if self.failed else "held"
        if self.skipped:
            outcome += f" ({self.skipped} skipped)"
        return f"| {name} | {self.inputs:,} | {self.tests} in {files} | {outcome} |"


class Register:
    """Follows a run of the tests."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._found: dict[str, Threat] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        facts = dict(report.user_properties)
        if "threat" not in facts or (report.when != "call" and report.passed):
            return
        threat = self._found.setdefault(str(facts["threat"]), Threat())
        threat.tests += 1
        threat.files.add(report.nodeid.partition("::")[0])
        threat.skipped += report.skipped
        threat.inputs += 0 if report.skipped else int(str(facts.get("tried", 1)))
        if report.failed:
            threat.failed.append(report.nodeid.partition("::")[2])

    def pytest_sessionfinish(self) -> None:
        head, mark, rest = self._target.read_text(encoding="utf-8").partition(BEGIN)
        assert mark, f"{self._target} has no line {BEGIN}"
        rows = [self._found[name].row(name) for name in sorted(self._found)]
        table = "\n".join(["| Threat | Inputs tried | Tests | Outcome |", "| --- | --- | --- | --- |", *rows])
        self._target.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--threats", metavar="FILE", type=Path, help="write what was tried against each threat into this file")


def pytest_configure(config: pytest.Config) -> None:
    if target := config.getoption("--threats"):
        config.pluginmanager.register(Register(target))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if marker := item.get_closest_marker("threat"):
            item.user_properties.append(("threat", marker.args[0]))


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Callable[[int], None]:
    """Counts the inputs that a test tries; a test that counts none tries one."""
    properties = request.node.user_properties

    def count(more: int = 1) -> None:
        so_far = dict(properties).get("tried", 0)
        properties[:] = [pair for pair in properties if pair[0] != "tried"] + [("tried", so_far + more)]

    return count
