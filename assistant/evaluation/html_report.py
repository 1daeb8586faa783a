"""A run as one HTML page that needs nothing else: no script, no picture, no address outside it."""

import html
from collections.abc import Sequence
from pathlib import Path
from string import Template

from assistant.evaluation.comparing import RunComparison
from assistant.evaluation.gates import EVERY, LATENCY, GateResult
from assistant.evaluation.intervals import Estimate
from assistant.evaluation.plots import histogram, interval_plot
from assistant.evaluation.report import worst
from assistant.evaluation.response import Cited
from assistant.evaluation.runner import Outcome, Run
from assistant.evaluation.scoring import METRICS


def write_html(run: Run, gates: Sequence[GateResult], comparison: RunComparison | None, path: Path) -> None:
    """Write the page. Whatever comes from cases, answers and articles is escaped."""
    template = Template((Path(__file__).parent / "report.html").read_text(encoding="utf-8"))
    page = template.substitute(
        system=_e(run.system),
        cases=len(run.outcomes),
        crashed=len(run.crashed),
        gates=_gates(gates),
        by_language=_plots(run, [EVERY, *run.languages]),
        by_tag=_plots(run, run.tags),
        latency=_latency(run),
        confusion=_confusion(run),
        comparison=_comparison(comparison),
        worst="".join(_case(outcome) for outcome, _ in worst(run)) or "<p>Every judged score is 1.</p>",
    )
    path.write_text(page, encoding="utf-8")


def _e(text: object) -> str:
    return html.escape(str(text))


def _plots(run: Run, groups: Sequence[str]) -> str:
    """A plot for each group, with every metric that could be judged."""
    parts = []
    for group in groups:
        rows: list[tuple[str, Estimate]] = [(metric, one) for metric in METRICS if (one := run.estimate(group, metric))]
        parts.append(f"<figure><figcaption>{_e(group)} · {len(run.of(group))} cases</figcaption>{interval_plot(rows)}</figure>")
    return "".join(parts) or "<p>None.</p>"


def _latency(run: Run) -> str:
    shown = " · ".join(
        f"{name.removeprefix('latency_')} {value:.1f} ms" for name in LATENCY if (value := run.mean(EVERY, name)) is not None
    )
    return f"<p>{shown}</p>{histogram(run.latencies(), 'ms')}"


def _confusion(run: Run) -> str:
    counts = {(right, done): 0 for right in (True, False) for done in (True, False)}
    for outcome in run.outcomes:
        if not outcome.response.error:
            counts[outcome.case.answerable, outcome.response.answered] += 1
    rows = "".join(
        f"<tr><th>{name}</th>"
        + "".join(f'<td class="{"right" if right == done else "wrong"}">{counts[right, done]}</td>' for done in (True, False))
        + "</tr>"
        for name, right in (("answerable", True), ("not answerable", False))
    )
    return f'<table class="confusion"><tr><th></th><th>answered</th><th>refused</th></tr>{rows}</table>'


def _gates(gates: Sequence[GateResult]) -> str:
    if not gates:
        return "<p>None are set.</p>"
    rows = "".join(
        f'<tr class="{"open" if gate.passed else "closed"}"><td>{"open" if gate.passed else "closed"}</td><td>{_e(gate)}</td></tr>'
        for gate in sorted(gates, key=lambda gate: gate.passed)
    )
    return f"<table>{rows}</table>"


def _comparison(comparison: RunComparison | None) -> str:
    if comparison is None:
        return "<p>No earlier run was given.</p>"
    rows = "".join(
        f'<tr class="{change.verdict.replace(" ", "-")}"><td>{_e(change.metric)}</td><td>{_e(change.group)}</td>'
        f"<td>{change.before:.3f} → {change.after:.3f}</td>"
        f"<td>{change.difference.low:+.3f} … {change.difference.high:+.3f}</td><td>{change.verdict}</td></tr>"
        for change in comparison.changes
    )
    head = "<tr><th>metric</th><th>over</th><th>means</th><th>difference, 95 %</th><th></th></tr>"
    left_out = f"<p>{comparison.unpaired} cases could not be paired.</p>" if comparison.unpaired else ""
    return f"<table>{head}{rows}</table>{left_out}"


def _case(outcome: Outcome) -> str:
    low = {metric: value for metric, value in outcome.scores.items() if value is not None and value < 1}
    scores = " · ".join(f"{metric} {value:.2f}" for metric, value in low.items())
    return (
        f'<article lang="{_e(outcome.response.language)}"><h3>{_e(outcome.case.question)}</h3>'
        f'<p class="meta">{_e(outcome.case.id)} · {_e(scores)}</p><p>{_e(outcome.response.text)}</p>'
        + "".join(_quote(cited) for cited in outcome.response.citations or ())
        + _expected(outcome)
        + "</article>"
    )


def _quote(cited: Cited) -> str:
    quotes = (cited.quote, *cited.counterparts)
    cells = "".join(f'<td lang="{_e(q.language)}">{_e(q.text)}<small>{_e(q.file)} {q.start}–{q.end}</small></td>' for q in quotes)
    return f"<table class='quotes'><tr><th>{cited.marker}{' nearest' if cited.nearest else ''}</th>{cells}</tr></table>"


def _expected(outcome: Outcome) -> str:
    case = outcome.case
    if not case.answerable:
        return '<p class="expected">Expected: a refusal.</p>'
    said = "; ".join(" or ".join(group) for group in case.holds.groups)
    cited = "".join(f"<li>{_e(' / '.join(one.forms.values()) or one.span)}</li>" for one in case.cites)
    return f'<div class="expected">Expected: {_e(said)}<ul>{cited}</ul></div>'
