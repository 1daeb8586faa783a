"""Fits the weights that rank passages: ``python -m training.fusion --eval FOLDER``.

A linear score under a softmax over each query's candidates, as in ``training.evidence``; fitted on XQuAD's dev half in and across languages,
typed with and without diacritics, and on MLQA's dev set; stored as plain numbers in ``index/fusion.json``. The weights for one language and for
two are fitted together, on libraries that tell half of the paragraphs in either language, so that a passage in the query's language does not
outrank the right one in the other. Reported is what weights do on paragraphs that they were not fitted on: all questions of neighbouring
paragraphs, which tell of the same thing, are on one side, in every language and spelling.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index.language import detect_language
from index.library import Library
from index.search import FEATURES
from training.bags import without_marks
from training.evaluate import read_squad
from training.evidence import fit
from training.questions import Case

OUTPUT = Path(__file__).resolve().parent.parent / "index" / "fusion.json"
COLUMNS = [(which, name) for which in ("same", "other") for name in (*FEATURES, "base")]
"""Weights: those of a passage in the query's language, then those of one in another."""


NEIGHBOURS = 5
"""Paragraphs of XQuAD that come from one article."""


def cases(contexts: list[str], queries: list[tuple[str, int]], group: str) -> Iterator[tuple[int, Case]]:
    """The candidates of each query over a library of one paragraph a file, with the paragraph that answers it."""
    with tempfile.TemporaryDirectory() as name:
        for number, context in enumerate(contexts):
            (Path(name) / f"p{number:04d}.txt").write_text(" ".join(context.split()) + "\n", encoding="utf-8")
        with Library.open(name) as library:
            for query, right in queries:
                scored = library.rank(query)
                asked = detect_language(query)
                table = np.zeros((len(scored), len(COLUMNS)), np.float32)
                for row, found in enumerate(scored):
                    begin = 0 if found.passage.language == asked else len(COLUMNS) // 2
                    table[row, begin : begin + len(FEATURES)] = found.features
                    table[row, begin + len(FEATURES)] = 1
                hits = np.array([s.id.startswith(f"p{right:04d}:") for s in scored])
                nothing_met = np.zeros((len(scored), 0), np.float32)
                yield right, Case(table, hits, nothing_met, np.zeros(0, np.float32), group, str(right // NEIGHBOURS))


def gather(folder: Path) -> list[tuple[int, Case]]:
    """Every query of the dev sets, with the paragraph that answers it."""
    found: list[tuple[int, Case]] = []
    sets = {language: read_squad(folder / f"xquad-dev.{language}.json") for language in ("en", "vi")}
    mixed = [
        [sets["en" if (number + shift) % 2 else "vi"][0][number] for number in range(len(sets["en"][0]))] for shift in (0, 1)
    ]
    told = {"en": sets["en"][0], "vi": sets["vi"][0], "both": mixed[0], "both, the other way": mixed[1]}
    for name, contexts in told.items():
        for asked in ("en", "vi"):
            queries = list(zip(sets[asked][1], sets[asked][2].tolist(), strict=True))
            found += cases(contexts, queries, f"{asked}→{name}")
            if asked == "vi":
                found += cases(contexts, [(without_marks(q), n) for q, n in queries], f"{asked} without marks→{name}")
    mlqa = read_squad(folder / "mlqa-dev.vi.json")
    found += cases(mlqa[0], list(zip(mlqa[1], mlqa[2].tolist(), strict=True)), "MLQA vi→vi")
    return found


def gain(chosen: list[Case], weights: np.ndarray) -> float:
    """nDCG@10 summed over the queries; a tie counts against the right one."""
    total = 0.0
    for case in chosen:
        if case.right.any():
            scores = case.table @ weights
            rank = int((scores >= scores[case.right].max()).sum())
            total += 1 / np.log2(rank + 1) if rank <= 10 else 0.0
    return total


def main() -> None:
    """Fit on one half, report on the other, then fit on all and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="folder of evaluation sets")
    found = gather(parser.parse_args().eval)
    halves = [[case for paragraph, case in found if paragraph // NEIGHBOURS % 2 == part] for part in (0, 1)]
    every = halves[0] + halves[1]
    crossed = [learn(half) for half in halves]
    stored = json.loads(OUTPUT.read_text(encoding="utf-8"))
    before = np.array([stored[which].get(name, 0.0) for which, name in COLUMNS])
    for group in sorted({case.group for case in every}):
        mine, other = ([case for case in half if case.group == group] for half in halves)
        held = (gain(mine, crossed[1]) + gain(other, crossed[0])) / len(mine + other)
        now = gain(mine + other, before) / len(mine + other)
        print(f"  {group:40} {len(mine + other):5}  before {now:.4f}  fitted on the other half {held:.4f}")
    values: dict[str, dict[str, float]] = {"same": {}, "other": {}}
    for (which, name), weight in zip(COLUMNS, learn(every), strict=True):
        values[which][name] = round(float(weight), 4)
    OUTPUT.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    print(values)


def learn(chosen: list[Case]) -> np.ndarray:
    """Weights of which those for one language have unit sum, so that scores of different libraries stay comparable."""
    weights = fit([case for case in chosen if case.right.any()], strength=0.3, features=len(COLUMNS))
    weights[len(FEATURES) :: len(FEATURES) + 1] -= weights[len(FEATURES)]
    return weights / weights[: len(FEATURES)].sum()


if __name__ == "__main__":
    main()
