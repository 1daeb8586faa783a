"""What the confidence is fitted on, and where the line between answer and refusal is drawn.

Unanswerable are: SQuAD 2.0's own, questions asked of an article that is about something else, what people ask on any day, attributes asked of names that an
article mentions without telling them, near misses of the same kind (``training.untold``), those that readers wrote (``training.readers``), and every
answerable question once its answering sentences are taken away. A wrong answer costs a reader more than a refusal that names the nearest sentence, but a
refusal of what the article does say costs trust in the rest: the line lets at most ``REFUSED`` of the answerable questions about news go.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.confidence import signs
from assistant.features import ALONE, compared
from assistant.network import Network
from training.questions import Case

FloatArray = NDArray[np.float32]
Row = tuple[FloatArray, bool, float, str, int]
"""Signs, whether the articles answer, how much the row counts, its group, its fold."""

REFUSED = 0.015
# Short questions about one news story are what readers ask; an encyclopedia's long ones count little. What is asked of a name and not told counts as
# much as all that is asked of names and told, and what has nothing to do with any news more: nobody forgives an answer to that. More of what readers
# wrote would teach how near misses are worded. Those in far other words are chosen by and not counted here: they would teach to let anything pass.
COUNTS = {
    "squad2": 0.03,
    "xquad": 0.1,
    "mlqa": 0.1,
    "attributes": 4.0,
    "untold": 2.0,
    "foreign": 2.0,
    "everyday": 32.0,
    "readers": 1.0,
    "stories": 0.0,
}
LINES = {
    "answer_en": "articles en",
    "answer_vi": "articles vi",
    "answer_bare": "articles vi without marks",
    "answer_across": "articles en over vi",
}
"""For each line the group whose answerable questions draw it: a question in another language than the articles is matched less surely."""


def confidence_rows(case: Case, scores: FloatArray, network: Network, fold: int) -> Iterator[Row]:
    """A question as it is, and, where it has an answer, as it would be without its answering sentences."""
    counts = COUNTS.get(case.group.split()[0], 1.0)
    if not counts:
        return
    order = np.argsort(-scores, kind="stable")
    if not case.answerable or case.right[order[:3]].any():
        yield signs(case.table[order], scores[order], case.met[order], case.weights), case.answerable, counts, case.group, fold
    if case.answerable and case.right.any() and not case.right.all():
        left = ~case.right
        table, met = compared(case.table[left][:, :ALONE]), case.met[left]
        again = network.scores(table)
        order = np.argsort(-again, kind="stable")
        yield (
            signs(table[order], again[order], met[order], case.weights),
            False,
            0.5 * counts,
            f"{case.group}, answer taken away",
            fold,
        )


def draw_lines(rows: Sequence[Row], sure: Sequence[float]) -> dict[str, float]:
    """For each line the confidence below which ``REFUSED`` of its group's answerable questions lie; of all, where the group is missing."""
    answered = [(row[3], s) for row, s in zip(rows, sure, strict=True) if row[1]]
    lines = {}
    for name, group in LINES.items():
        chosen = [s for told, s in answered if told == group] or [s for _, s in answered]
        lines[name] = round(float(1 / (1 + np.exp(-np.quantile(chosen, REFUSED)))), 4)
    return lines


def line_of(group: str, lines: dict[str, float]) -> float:
    """The line that questions of a group are measured by."""
    if " over " in group and group.split(" over ")[0][-2:] != group.split(" over ")[1][:2]:
        return lines["answer_across"]
    if "without marks" in group:
        return lines["answer_bare"]
    return lines["answer_vi" if " vi" in group or group.startswith("mlqa") else "answer_en"]


def report_confidence(rows: Sequence[Row], sure: Sequence[float], lines: dict[str, float]) -> None:
    """How many of each group are refused, and how well SQuAD 2.0's are told apart."""
    chance = 1 / (1 + np.exp(-np.array(sure)))
    groups = [row[3] for row in rows]
    print(lines)
    for group in sorted(set(groups)):
        mine = np.array([g == group for g in groups])
        for answerable in (True, False):
            some = mine & np.array([row[1] == answerable for row in rows])
            if some.any():
                print(
                    f"  {group:44} {'answerable' if answerable else 'unanswerable':13} {some.sum():5}  refused {(chance[some] < line_of(group, lines)).mean():.3f}"
                )
    squad = np.array([g == "squad2" for g in groups])
    if squad.any():
        right = np.array([row[1] for row in rows])[squad]
        words = np.array([row[0][4] for row in rows])[squad]
        print(
            f"SQuAD 2.0, area under the ROC curve: {auc(chance[squad], right):.3f} (share of the words alone: {auc(words, right):.3f})"
        )


def auc(scores: FloatArray, right: NDArray[np.bool_]) -> float:
    """The chance that an answerable question scores above an unanswerable one."""
    order = np.argsort(np.argsort(scores)) + 1
    n, m = int(right.sum()), int((~right).sum())
    return float((order[right].sum() - n * (n + 1) / 2) / (n * m))
