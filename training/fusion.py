"""Fits the weights that rank passages: ``python -m training.fusion --eval FOLDER``.

A linear score under a softmax over each query's candidates, as in ``training.evidence``; fitted on XQuAD's dev half in and across languages,
typed with and without diacritics, and on MLQA's dev set; stored as plain numbers in ``index/fusion.json``.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index.library import Library
from index.search import FEATURES, Scored
from training.contrast import without_marks
from training.evaluate import read_squad
from training.evidence import Case, fit

OUTPUT = Path(__file__).resolve().parent.parent / "index" / "fusion.json"


def cases(contexts: list[str], queries: list[tuple[str, int]], group: str) -> Iterator[Case]:
    """The candidates of each query over a library of one paragraph a file."""
    with tempfile.TemporaryDirectory() as name:
        for number, context in enumerate(contexts):
            (Path(name) / f"p{number:04d}.txt").write_text(" ".join(context.split()) + "\n", encoding="utf-8")
        with Library.open(name) as library:
            for query, right in queries:
                scored: list[Scored] = library.rank(query)
                table = np.array([s.features for s in scored], np.float32)
                found = np.array([s.id.startswith(f"p{right:04d}:") for s in scored])
                yield Case(table, found, np.zeros(len(scored), np.float32), group)


def gather(folder: Path) -> list[Case]:
    """Every query of the dev sets."""
    found: list[Case] = []
    sets = {language: read_squad(folder / f"xquad-dev.{language}.json") for language in ("en", "vi")}
    for told in ("en", "vi"):
        for asked in ("en", "vi"):
            queries = list(zip(sets[asked][1], sets[asked][2].tolist(), strict=True))
            found += cases(sets[told][0], queries, f"{asked}→{told}")
            if asked == "vi":
                found += cases(sets[told][0], [(without_marks(q), n) for q, n in queries], f"{asked} without marks→{told}")
    mlqa = read_squad(folder / "mlqa-dev.vi.json")
    found += cases(mlqa[0], list(zip(mlqa[1], mlqa[2].tolist(), strict=True)), "MLQA vi→vi")
    return found


def ndcg(chosen: list[Case], weights: np.ndarray) -> float:
    """nDCG@10; a tie counts against the right one."""
    total = 0.0
    for case in chosen:
        if case.right.any():
            scores = case.table @ weights
            rank = int((scores >= scores[case.right].max()).sum())
            total += 1 / np.log2(rank + 1) if rank <= 10 else 0.0
    return total / len(chosen)


def kind(case: Case) -> str:
    """Whether a case's question and passages are in one language."""
    asked, _, told = case.group.rpartition("→")
    return "same" if asked.split()[-1] == told or asked.split()[0] == told else "other"


def main() -> None:
    """Fit on one half, report on the other, then fit on all and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="folder of evaluation sets")
    found = gather(parser.parse_args().eval)
    order = list(range(len(found)))
    random.Random(3).shuffle(order)
    halves = [[found[i] for i in order[part::2]] for part in (0, 1)]
    crossed = [{k: learn([c for c in half if kind(c) == k]) for k in ("same", "other")} for half in halves]
    stored = json.loads(OUTPUT.read_text(encoding="utf-8"))
    for group in sorted({case.group for case in found}):
        mine = [case for case in found if case.group == group]
        which = kind(mine[0])
        held = np.mean([ndcg([c for c in halves[1 - k] if c.group == group], crossed[k][which]) for k in (0, 1)])
        before = ndcg(mine, np.array([stored[which][name] for name in FEATURES]))
        print(f"  {group:24} {len(mine):5}  before {before:.4f}  fitted on the other half {held:.4f}")
    values = {}
    for which in ("same", "other"):
        weights = learn([case for case in found if kind(case) == which])
        values[which] = {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)}
    OUTPUT.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    print(values)


def learn(chosen: list[Case]) -> np.ndarray:
    """Weights of unit sum, so that scores of different libraries stay comparable."""
    weights = fit([case for case in chosen if case.right.any()], strength=0.3, features=len(FEATURES))
    return weights / weights.sum()


if __name__ == "__main__":
    main()
