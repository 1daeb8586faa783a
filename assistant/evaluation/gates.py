"""Gates: the least that a mean may be, for all cases, for a language or for a tag. They stand in a ``suite.toml`` beside the cases.

[library]                       # what a case file asks about; one that is not named asks the library given, or the articles that ship
"news.cases.jsonl" = "../library"

[gates]                         # least means over all cases
citation_validity = 1.0
latency_p95 = 500               # the most, in milliseconds

[gates.vi]                      # over the cases of a language or of a tag
fact_coverage = 0.85

[case]                          # least values of each single case, when cases are collected as tests
language_match = 1.0
"""

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.evaluation.scoring import METRICS
from index.errors import InputError

LATENCY = ("latency_p50", "latency_p95")
EVERY = "all"
STRICT: Mapping[str, float] = {
    "fact_coverage": 1.0,
    "nothing_forbidden": 1.0,
    "language_match": 1.0,
    "citation_validity": 1.0,
    "citation_recall": 1.0,
    "answer_rate": 1.0,
    "refusal_recall": 1.0,
}
"""What each single case must reach where nobody has set anything."""


@dataclass(frozen=True, slots=True)
class Suite:
    """What a ``suite.toml`` says. ``gates`` maps a group (``all``, a language, a tag) to metrics with their thresholds."""

    libraries: Mapping[str, Path] = field(default_factory=dict)
    gates: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    case: Mapping[str, float] = field(default_factory=lambda: STRICT)


@dataclass(frozen=True, slots=True)
class GateResult:
    """How a gate came out; ``value`` is None where nothing could be judged, and then it is closed."""

    group: str
    metric: str
    threshold: float
    value: float | None

    @property
    def passed(self) -> bool:
        """Whether the value is good enough."""
        if self.value is None:
            return False
        # Means of thirds and the like must not fail by the last bit.
        return self.value <= self.threshold if self.metric in LATENCY else self.value >= self.threshold - 1e-9

    def __str__(self) -> str:
        said = "nothing to judge" if self.value is None else f"{self.value:.4g}"
        return f"{self.metric} ({self.group}): {said}, {'at most' if self.metric in LATENCY else 'at least'} {self.threshold:g}"


def find_suite(case_file: Path) -> Suite:
    """The suite of the folder that a case file stands in. Raises ``InputError`` like ``read_suite``."""
    path = case_file.parent / "suite.toml"
    return read_suite(path) if path.is_file() else Suite()


def read_suite(path: Path) -> Suite:
    """Read a ``suite.toml``.

    Raises:
        InputError: it is no TOML, or holds an unknown key or a threshold that is no number.
    """
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: {error}") from None
    unknown = stored.keys() - {"library", "gates", "case"}
    if unknown:
        raise InputError(f"{path}: unknown key {min(unknown)!r} (known: library, gates, case)")
    for name in stored:
        if not isinstance(stored[name], dict):
            raise InputError(f"{path}: [{name}] must be a table")
    libraries = {name: _folder(path, name, place) for name, place in stored.get("library", {}).items()}
    gates = _gates(path, stored.get("gates", {}))
    case = _thresholds(path, "case", stored["case"]) if "case" in stored else {} if gates else STRICT
    return Suite(libraries, gates, case)


def _folder(path: Path, name: str, place: Any) -> Path:
    if not isinstance(place, str):
        raise InputError(f"{path}: library {name!r} must be a path")
    return path.parent / place


def _gates(path: Path, table: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    groups = {name: value for name, value in table.items() if isinstance(value, dict)}
    everywhere = {name: value for name, value in table.items() if name not in groups}
    gates = {EVERY: _thresholds(path, "gates", everywhere)} if everywhere else {}
    return gates | {name: _thresholds(path, f"gates.{name}", value) for name, value in groups.items()}


def _thresholds(path: Path, where: str, table: Mapping[str, Any]) -> dict[str, float]:
    for name, value in table.items():
        if name not in METRICS and name not in LATENCY:
            raise InputError(f"{path}: [{where}] has the unknown metric {name!r} (known: {', '.join([*METRICS, *LATENCY])})")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"{path}: [{where}] {name} must be a number")
    return {name: float(value) for name, value in table.items()}


def check_gates(
    gates: Mapping[str, Mapping[str, float]], mean: Callable[[str, str], float | None], groups: Collection[str]
) -> list[GateResult]:
    """Every gate of the groups that had cases, with its value; ``mean(group, metric)`` gives a mean or a latency."""
    return [
        GateResult(group, metric, threshold, mean(group, metric))
        for group, thresholds in gates.items()
        if group in groups
        for metric, threshold in thresholds.items()
    ]
