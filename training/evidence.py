"""Fits what chooses sentences and what refuses: ``python -m training.evidence --eval FOLDER --crossed MODEL``.

First a linear score, then a network beside it (``assistant/learnt/``). Neither may be fitted on questions that the embedding model was trained on:
its similarities are better there than anywhere else. Hence the dev halves of public sets, and articles seen through a model that was trained
without them (``python -m training --half``). The confidence is fitted on scores of networks that have not seen their article.
"""

import argparse
import json
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.confidence import SIGNS
from assistant.features import ALONE, FEATURES, LINEAR, compared
from assistant.network import FOLDER, Network
from index.embedding import load_embedder
from index.static import StaticEmbedder
from training.confidence import confidence_rows, draw_lines, report_confidence
from training.fitting import fit_odds, fit_ranking
from training.material import DATA, FIRST_HALF, FIRST_STORIES, HELD_OUT, read_stories
from training.questions import (
    Case,
    article_cases,
    attribute_cases,
    everyday_cases,
    foreign_cases,
    joined,
    squad_cases,
    xquad_cases,
)
from training.readers import reader_cases, with_readers
from training.reworded import who_cases, yes_no_cases
from training.untold import untold_cases

FloatArray = NDArray[np.float32]
# The material has no headlines, bylines or digests to learn from: a headline tells a question's topic and seldom its answer.
SET_BY_HAND = {"meta": -1.5, "digest": -0.3}
FOLDS = 4


def fold_of(case: Case) -> int:
    """Which part of the folds an article falls in, the same at every run."""
    return zlib.crc32(case.fold.encode()) % FOLDS


def fit(cases: Sequence[Case], strength: float = 2.0, features: int = len(LINEAR)) -> FloatArray:
    """Linear weights that make the answering sentences likely under a softmax over each question's candidates, kept small by ``strength``."""
    lists = [(case.table[:, :features].astype(np.float64), case.right) for case in cases]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = 0.5 * strength * float(weights @ weights), strength * weights
        for table, right in lists:
            scores = table @ weights
            p = np.exp(scores - scores.max())
            p /= p.sum()
            q = np.where(right, p, 0)
            mass = max(float(q.sum()), 1e-12)
            total -= np.log(mass)
            gradient = gradient + table.T @ (p - q / mass)
        return total, gradient

    found = minimize(loss, np.zeros(features), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    weights: FloatArray = found.x.astype(np.float32)
    return weights


def learn_network(cases: Sequence[Case]) -> Network:
    """The network over all features, begun at the linear score."""
    start = np.zeros(len(FEATURES), dtype=np.float32)
    start[FEATURES.index("linear")] = 1.0
    usable = [case for case in cases if case.answerable and case.right.any()]
    return _by_hand(fit_ranking([c.table for c in usable], [c.right for c in usable], start, FEATURES))


def _by_hand(network: Network) -> Network:
    """What no case shows must not sway: the network leaves alone what the linear score has from hand."""
    for name in SET_BY_HAND:
        network.direct[FEATURES.index(name)] = 0.0
        network.hidden[FEATURES.index(name)] = 0.0
    return network


def report(cases: Sequence[Case], scores: Sequence[FloatArray]) -> None:
    """First right, and any of the first two and three right, for each group."""
    for group in sorted({case.group for case in cases}):
        chosen = [
            (c.right, np.argsort(-s, kind="stable"))
            for c, s in zip(cases, scores, strict=True)
            if c.group == group and c.answerable
        ]
        if chosen:
            tops = " ".join(f"top-{k} {np.mean([right[order[:k]].any() for right, order in chosen]):.3f}" for k in (1, 2, 3))
            print(f"  {group:28} {len(chosen):5}  {tops}")


def gather(folder: Path, crossed: Path | None) -> tuple[list[Case], list[Case]]:
    """What is fitted on, and the held-out articles."""
    articles = with_readers([json.loads(line) for line in (DATA / "articles.jsonl").read_text(encoding="utf-8").splitlines()])
    shipped = load_embedder()
    cases = list(xquad_cases(folder, shipped))
    cases += squad_cases(folder / "mlqa-dev.vi.json", "vi", "mlqa", shipped)
    cases += squad_cases(folder / "squad2-dev-half.en.json", "en", "squad2", shipped)
    if crossed:
        unseen = StaticEmbedder(crossed)
        for told in (articles[FIRST_HALF:-HELD_OUT], joined(articles[FIRST_HALF:-HELD_OUT])):
            cases += article_cases(told, unseen, "articles")
            cases += attribute_cases(told, unseen)
            cases += untold_cases(told, unseen)
            cases += everyday_cases(told, unseen)
            cases += foreign_cases(told, folder, unseen)
            cases += yes_no_cases(told, unseen, "yes-no")
            cases += who_cases(told, unseen, "who")
            cases += reader_cases(told, unseen, "readers")
        # A fifth of them: as many questions as the articles have.
        cases += article_cases(joined(read_stories()[FIRST_STORIES::5]), unseen, "stories")
    held_out = list(article_cases(articles[-HELD_OUT:], shipped, "held out"))
    held_out += yes_no_cases(articles[-HELD_OUT:], shipped, "held out yes-no")
    held_out += who_cases(articles[-HELD_OUT:], shipped, "held out who")
    held_out += untold_cases(articles[-HELD_OUT:], shipped, "held out untold")
    held_out += reader_cases(articles[-HELD_OUT:], shipped, "held out readers")
    held_out += everyday_cases(articles[-HELD_OUT:], shipped, "held out everyday")
    held_out += article_cases(joined(read_stories(held_out=True)), shipped, "held out stories")
    return cases, held_out


def rescored(cases: Sequence[Case]) -> list[Case]:
    """The cases with the linear score of the stored weights in their tables."""
    return [Case(compared(c.table[:, :ALONE]), c.right, c.met, c.weights, c.group, c.fold, c.answerable) for c in cases]


def learn(cases: list[Case], held_out: list[Case]) -> None:
    """Fit, report on what was not fitted, store."""
    weights = fit([case for case in cases if case.answerable and case.right.any()])
    stored = {name: round(float(w), 4) for name, w in zip(LINEAR, weights, strict=True)} | SET_BY_HAND
    (FOLDER / "linear.json").write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    from assistant.features import linear_weights

    linear_weights.cache_clear()
    cases, held_out = rescored(cases), rescored(held_out)
    parts = [learn_network([case for case in cases if fold_of(case) != part]) for part in range(FOLDS)]
    scores = [parts[fold_of(case)].scores(case.table) for case in cases]
    network = learn_network(cases)
    (FOLDER / "evidence.json").write_text(network.to_json(), encoding="utf-8")
    held_scores = [network.scores(case.table) for case in held_out]
    print("on articles that were not fitted on"), report(cases, scores), report(held_out, held_scores)
    learn_confidence(cases, scores, parts, held_out, network)


def learn_confidence(
    cases: list[Case], scores: list[FloatArray], parts: list[Network], held_out: list[Case], network: Network
) -> None:
    """Fit the confidence on crossed scores, report on what was not fitted, store it with its threshold."""
    rows = [row for c, s in zip(cases, scores, strict=True) for row in confidence_rows(c, s, parts[fold_of(c)], fold_of(c))]
    held = [row for c in held_out for row in confidence_rows(c, network.scores(c.table), network, -1)]

    def learnt_on(chosen: list[tuple[FloatArray, bool, float, str, int]]) -> Network:
        table, right, weight, _, _ = zip(*chosen, strict=True)
        return fit_odds(np.array(table), np.array(right), np.array(weight, dtype=np.float32), SIGNS)

    crossed = [learnt_on([row for row in rows if row[4] != part]) for part in range(FOLDS)]
    whole = learnt_on(rows)
    sure = [float(crossed[row[4]].scores(row[0][None])[0]) for row in rows]
    held_sure = [float(whole.scores(row[0][None])[0]) for row in held]
    lines = draw_lines(rows, sure)
    report_confidence([*rows, *held], [*sure, *held_sure], lines)
    (FOLDER / "confidence.json").write_text(whole.to_json(), encoding="utf-8")
    stored = json.loads((FOLDER / "thresholds.json").read_text(encoding="utf-8"))
    (FOLDER / "thresholds.json").write_text(
        json.dumps({name: v for name, v in stored.items() if not name.startswith("answer")} | lines, indent=2) + "\n",
        encoding="utf-8",
    )


def main() -> None:
    """Gather the questions, then learn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="folder of evaluation sets")
    parser.add_argument("--crossed", type=Path, help="model folder trained without the second half of the articles")
    options = parser.parse_args()
    learn(*gather(options.eval, options.crossed))


if __name__ == "__main__":
    main()
