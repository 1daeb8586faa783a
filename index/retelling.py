"""Where a text begins to tell its story a second time, in the same language.

Paragraphs of one article have little in common with one another. Those of a digest have much in common with the paragraphs that they shorten,
and little among themselves. So a cut between two tellings is where lines are far closer to lines across it than to those on their own side.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.text import tokenise

MOST_LINES = 300
"""A longer text is no bundle of one article."""
_FLOOR = 0.02
"""Similarity that unrelated lines reach by their commonest words."""
_MARGIN = 0.05
"""How much closer a line must be across for its side to be better off with it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What speaks for a second telling from line ``at`` on.

    Attributes:
        at: the line that would begin it.
        ratio: how many times closer the shorter side's lines are to the other side than lines are to their own, at least 0; about 1 within one
            article and 2 to 4 between a text and its digest.
        across: mean cosine of the shorter side's lines to their nearest lines across, in [0, 1].
        share: part of the shorter side's lines that are closer across than at home, in [0, 1].
        gain: sum over the shorter side of what is closer across, less a little for each line; highest for the true cut or
            one beside it, between which the layout may tell.
    """

    at: int
    ratio: float
    across: float
    share: float
    gain: float


def find_cuts(lines: Sequence[str]) -> list[Cut]:
    """Every cut that leaves two lines or more on either side, in order; none for a text of more than ``MOST_LINES`` lines."""
    if not 4 <= len(lines) <= MOST_LINES:
        return []
    similar = _similarities(lines)
    sizes = np.array([len(line) for line in lines]).cumsum()
    before = np.maximum.accumulate(similar, axis=1)
    after = np.maximum.accumulate(similar[:, ::-1], axis=1)[:, ::-1]
    return [_cut(at, before[:, at - 1], after[:, at], 2 * sizes[at - 1] <= sizes[-1]) for at in range(2, len(lines) - 1)]


def _cut(at: int, before: npt.NDArray[np.float32], after: npt.NDArray[np.float32], first_is_shorter: bool) -> Cut:
    """Judge one cut by each line's nearest line before it and after it, ``(n,)`` each."""
    home = np.concatenate([before[:at], after[at:]])
    across = np.concatenate([after[:at], before[at:]])
    shorter = slice(0, at) if first_is_shorter else slice(at, None)
    usual = max(home[:at].mean(), home[at:].mean())
    closer = across[shorter] - home[shorter]
    mean = float(across[shorter].mean())
    return Cut(at, mean / float(usual + _FLOOR), mean, float((closer > 0).mean()), float((closer - _MARGIN).sum()))


def _similarities(lines: Sequence[str]) -> npt.NDArray[np.float32]:
    """Cosines ``(n, n)`` of the lines' words and word pairs, weighted by rarity; a line is not compared with itself."""
    features = []
    for line in lines:
        words = tokenise(line)
        features.append({*words, *(f"{a} {b}" for a, b in pairwise(words))})
    counts = Counter(feature for found in features for feature in found)
    columns = {feature: i for i, feature in enumerate(f for f, n in counts.items() if n > 1)}
    table = np.zeros((len(lines), max(1, len(columns))), np.float32)
    for row, found in enumerate(features):
        weights = {feature: math.log(len(lines) / counts[feature]) for feature in found}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        for feature in found & columns.keys():
            table[row, columns[feature]] = weights[feature] / norm
    similar: npt.NDArray[np.float32] = table @ table.T
    np.fill_diagonal(similar, 0)
    return similar
