"""Two runs over the same cases → better, worse or no difference, by the paired bootstrap.

Source: Koehn, *Statistical Significance Tests for Machine Translation Evaluation* (EMNLP 2004); twins are drawn together.
"""

from dataclasses import dataclass
from typing import Literal

from assistant.evaluation.gates import EVERY
from assistant.evaluation.intervals import Estimate, paired_difference
from assistant.evaluation.runner import Outcome, Run
from assistant.evaluation.scoring import METRICS

Verdict = Literal["better", "worse", "no difference"]


@dataclass(frozen=True, slots=True)
class Change:
    """How a metric's mean over a group changed; ``difference`` is later minus earlier with its 95 % interval."""

    group: str
    metric: str
    before: float
    after: float
    difference: Estimate

    @property
    def verdict(self) -> Verdict:
        """Better or worse where the interval leaves out zero."""
        if self.difference.low > 0:
            return "better"
        return "worse" if self.difference.high < 0 else "no difference"


@dataclass(frozen=True, slots=True)
class RunComparison:
    """The changes, the cases that got worse in some metric, and how many cases could not be paired."""

    changes: tuple[Change, ...]
    worse: tuple[tuple[str, str, float, float], ...]
    unpaired: int


def compare_runs(earlier: Run, later: Run) -> RunComparison:
    """Compare metric by metric, over all cases and each language.

    Only cases that both runs judged and that did not change count. ``worse`` holds ``(case, metric, before, after)``.
    """
    known = {(o.case.id, o.case.fingerprint): o for o in earlier.outcomes}
    pairs = [(known[key], o) for o in later.outcomes if (key := (o.case.id, o.case.fingerprint)) in known]
    changes = [
        change
        for group in (EVERY, *later.languages)
        for metric in METRICS
        if (change := _change([pair for pair in pairs if group in pair[1].groups], group, metric))
    ]
    worse = tuple(
        (after.case.id, metric, old, new)
        for before, after in pairs
        for metric in METRICS
        if (old := before.scores.get(metric)) is not None and (new := after.scores.get(metric)) is not None and new < old
    )
    return RunComparison(tuple(changes), worse, len(earlier.outcomes) + len(later.outcomes) - 2 * len(pairs))


def _change(pairs: list[tuple[Outcome, Outcome]], group: str, metric: str) -> Change | None:
    judged = [
        (old, new, after.cluster)
        for before, after in pairs
        if (old := before.scores.get(metric)) is not None and (new := after.scores.get(metric)) is not None
    ]
    olds, news, clusters = [o for o, _, _ in judged], [n for _, n, _ in judged], [c for _, _, c in judged]
    difference = paired_difference(olds, news, clusters)
    if difference is None:
        return None
    return Change(group, metric, sum(olds) / len(olds), sum(news) / len(news), difference)
