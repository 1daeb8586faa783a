"""A run as a table, as JSON and as JUnit XML."""

import json
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from assistant.evaluation.assertions import describe_response
from assistant.evaluation.comparing import RunComparison
from assistant.evaluation.gates import EVERY, LATENCY, GateResult
from assistant.evaluation.runner import Outcome, Run, run_to_json
from assistant.evaluation.scoring import METRICS
from assistant.rendering import plain_text

WORST = 10


def table(run: Run, gates: Sequence[GateResult] = (), comparison: RunComparison | None = None) -> str:
    """Means with their 95 % intervals over all cases and by language, latency, gates, and what changed."""
    groups = (EVERY, *run.languages)
    lines = [f"{run.system}: {len(run.outcomes)} cases, {len(run.crashed)} crashed", ""]
    lines.append(f"{'':20}" + "".join(f"{group:>26}" for group in groups))
    for metric in METRICS:
        cells = [_cell(run, group, metric) for group in groups]
        if any(cells):
            lines.append(f"{metric:20}" + "".join(f"{cell or '-':>26}" for cell in cells))
    for name in LATENCY:
        times = [run.mean(group, name) for group in groups]
        lines.append(f"{name + ' ms':20}" + "".join(f"{'-' if time is None else format(time, '.1f'):>26}" for time in times))
    for outcome in run.crashed:
        lines.append(f"CRASHED {outcome.case.id}: {plain_text(outcome.response.error)}")
    if gates:
        lines += ["", f"gates: {sum(gate.passed for gate in gates)} of {len(gates)} open"]
        lines += [f"CLOSED {gate}" for gate in gates if not gate.passed]
    return "\n".join(lines + (_changes(comparison) if comparison else []))


def _cell(run: Run, group: str, metric: str) -> str:
    found = run.estimate(group, metric)
    return f"{found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]" if found else ""


def _changes(comparison: RunComparison) -> list[str]:
    lines = ["", "against the earlier run (paired bootstrap, 95 %):"]
    for change in comparison.changes:
        if change.group == EVERY or change.verdict != "no difference":
            low, high = change.difference.low, change.difference.high
            figures = f"{change.before:.3f} → {change.after:.3f} [{low:+.3f}, {high:+.3f}]"
            lines.append(f"{change.metric:20}{change.group:6}{figures:36}{change.verdict}")
    if comparison.unpaired:
        lines.append(f"{comparison.unpaired} cases stand in one run only, or were changed, and are left out")
    return lines


def worst(run: Run) -> list[tuple[Outcome, float]]:
    """The cases whose judged scores are lowest on average, with that average; perfect ones are left out."""
    scored = []
    for outcome in run.outcomes:
        judged = [value for value in outcome.scores.values() if value is not None]
        if judged and min(judged) < 1:
            scored.append((outcome, sum(judged) / len(judged)))
    return sorted(scored, key=lambda item: (item[1], item[0].case.id))[:WORST]


def write_json(run: Run, path: Path) -> None:
    """The whole run, for a later comparison."""
    path.write_text(json.dumps(run_to_json(run), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_junit(run: Run, gates: Sequence[GateResult], path: Path) -> None:
    """One test case for each case, with its scores as properties, and one for each gate; a crash is an error, a closed gate a failure."""
    closed = [gate for gate in gates if not gate.passed]
    counts = {"tests": len(run.outcomes) + len(gates), "failures": len(closed), "errors": len(run.crashed)}
    suite = ElementTree.Element("testsuite", {"name": "doichieu eval", **{name: str(count) for name, count in counts.items()}})
    for outcome in run.outcomes:
        seconds = outcome.response.timings_ms.get("total", 0.0) / 1000
        case = _element(suite, "testcase", classname=Path(outcome.case.file).stem, name=outcome.case.id, time=f"{seconds:.4f}")
        properties = _element(case, "properties")
        for metric, value in outcome.scores.items():
            if value is not None:
                _element(properties, "property", name=metric, value=f"{value:.6g}")
        said = describe_response(outcome.case.question, outcome.response)
        _element(case, "system-out").text = _xml_text(said)
        if outcome.response.error:
            _element(case, "error", message=_xml_text(outcome.response.error))
    for gate in gates:
        case = _element(suite, "testcase", classname="gates", name=f"{gate.metric} ({gate.group})")
        if not gate.passed:
            _element(case, "failure", message=str(gate))
    ElementTree.indent(suite)
    ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _element(parent: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, attributes)


def _xml_text(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"))
