"""How a question's tokens meet those of sentences: late interaction (Khattab and Zaharia, 2020) and what can be read off its similarities."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.reading import Reading

FloatArray = NDArray[np.float32]

SAME = 0.8
"""Cosine from which two tokens count as the same word in another form or language."""
NEAR = 3
"""Tokens that two neighbours of the question may stand apart in a sentence and still count as neighbours."""


@dataclass(frozen=True, slots=True)
class Match:
    """One sentence against the question; all values in [0, 1] but ``best``.

    ``best`` is ``(t,)``: for each token of the question the highest cosine in the sentence. ``late`` is their mean by weight, ``firm`` the weight of
    those that are the same word, ``weakest`` the lowest of the weighty ones, ``dense`` how close together the met tokens stand, ``ordered`` the share
    of the question's neighbours that are neighbours there too.
    """

    best: FloatArray
    late: float
    firm: float
    weakest: float
    dense: float
    ordered: float


def match(tokens: FloatArray, weights: FloatArray, readings: Mapping[str, Reading]) -> dict[str, Match]:
    """Match a question's ``(t, d)`` unit rows of weight ``(t,)`` with each sentence."""
    empty = Match(np.zeros(len(tokens), dtype=np.float32), 0.0, 0.0, 0.0, 0.0, 0.0)
    found = dict.fromkeys(readings, empty)
    filled = [name for name, reading in readings.items() if len(reading.tokens)]
    if not filled or not len(tokens):
        return found
    sizes = np.array([len(readings[name].tokens) for name in filled])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    cosines = tokens @ np.concatenate([readings[name].tokens for name in filled]).T
    best = np.maximum.reduceat(cosines, starts, axis=1).clip(0, 1)
    share = weights / weights.sum()
    weighty = weighty_of(weights)
    same = (cosines >= SAME) & weighty[:, None]
    late, firm = share @ best, share @ (best >= SAME)
    weakest = best[weighty].min(axis=0)
    dense, ordered = _density(same, starts, sizes), _order(same, starts, sizes)
    for column, name in enumerate(filled):
        found[name] = Match(
            best[:, column], float(late[column]), float(firm[column]), float(weakest[column]), float(dense[column]), float(ordered[column])
        )  # fmt: skip
    return found


def said_anew(question: FloatArray, tokens: FloatArray, weights: FloatArray) -> float:
    """Share of a sentence's meaning, in [0, 1], that the question does not have: its tokens by weight, each as far as none of the question's is near.

    Args:
        question: ``(q, d)`` unit rows of the question's tokens.
        tokens: ``(t, d)`` unit rows of the sentence's.
        weights: ``(t,)``, of these.
    """
    if not len(question) or not len(tokens):
        return 1.0
    met = (tokens @ question.T).max(axis=1).clip(0, 1)
    return float(weights @ (1 - met) / weights.sum())


def weighty_of(weights: FloatArray) -> NDArray[np.bool_]:
    """``(t,)`` which of a question's tokens carry most of its meaning."""
    return np.asarray(weights >= 0.6 * weights.max(), dtype=np.bool_)


def _density(same: NDArray[np.bool_], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> FloatArray:
    """Met tokens of each sentence over the stretch from the first to the last of them; 0 where fewer than two are met."""
    met = np.asarray(same.any(axis=0))
    place = np.arange(len(met)) - np.repeat(starts, sizes)
    first = np.minimum.reduceat(np.where(met, place, 10_000), starts)
    last = np.maximum.reduceat(np.where(met, place, -1), starts)
    count = np.add.reduceat(met.astype(np.int64), starts)
    return np.where(count > 1, count / (last - first + 1).clip(1), 0.0).astype(np.float32)


def _order(same: NDArray[np.bool_], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> FloatArray:
    """Share of the question's neighbouring tokens that follow one another within ``NEAR`` tokens in each sentence."""
    if len(same) < 2:
        return np.zeros(len(starts), dtype=np.float32)
    sentence: NDArray[np.int64] = np.repeat(np.arange(len(starts)), sizes)
    followed = np.zeros((len(same) - 1, same.shape[1]), dtype=bool)
    for step in range(1, min(NEAR, same.shape[1] - 1) + 1):
        together = sentence[step:] == sentence[:-step]
        followed[:, :-step] |= same[:-1, :-step] & same[1:, step:] & together
    return np.asarray(np.logical_or.reduceat(followed, starts, axis=1).mean(axis=0), dtype=np.float32)
