"""Texts that belong together come closer than all others of their batch, as near as the teacher would have them."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.bags import Bags, Numbers
from training.distil import FloatArray
from training.hard_negatives import Neighbours, gathered
from training.material import Pair

Embed = Callable[[Numbers], Tensor]
"""Numbers of texts → ``(n, d)`` unit vectors that gradients flow through."""


def epochs(pairs: list[Pair], neighbours: Neighbours, count: int, seed: int) -> Iterator[Numbers]:
    """For each epoch, pair numbers in random order but that neighbours stand together; weights above one repeat a pair, below one leave it out now
    and then.
    """
    rng = np.random.default_rng(seed)
    weights = np.array([pair.weight for pair in pairs])
    for _ in range(count):
        times = (weights + rng.random(len(pairs))).astype(np.int64)
        yield gathered(rng.permutation(np.repeat(np.arange(len(pairs)), times)), neighbours)


class Contrast:
    """What a batch of pairs costs: InfoNCE in both directions (van den Oord et al., 2018), and how far the pupil's similarities are from the
    teacher's.

    Pairs that share a meaning on either side, whatever its language, are no wrong answers to each other.
    """

    def __init__(self, pairs: list[Pair], bags: Bags, vectors_of: Callable[[list[str]], FloatArray]) -> None:
        self._left = bags.numbers(pair.a for pair in pairs)
        self._right = bags.numbers(pair.b for pair in pairs)
        meanings = {text: number for number, text in enumerate(sorted({text for pair in pairs for text in pair.english}))}
        self._meanings = np.array([[meanings[text] for text in pair.english] for pair in pairs])
        taught = sorted({text for pair in pairs if pair.taught for text in pair.english})
        rows = {text: row for row, text in enumerate(taught)}
        self._teacher = torch.from_numpy(vectors_of(taught)) if taught else torch.zeros((0, 1))
        self._rows = torch.tensor([[rows[text] for text in pair.english] if pair.taught else [-1, -1] for pair in pairs])

    def loss(self, embed: Embed, batch: Numbers, temperature: float, teaching: float) -> Tensor:
        """One number for the batch. ``teaching`` is the weight of the teacher's similarities beside the pairs."""
        a, b = embed(self._left[batch]), embed(self._right[batch])
        scores = a @ b.T / temperature
        contrast = scores.masked_fill(torch.from_numpy(self._related(batch)), -1e4)
        target = torch.arange(len(batch))
        loss = (functional.cross_entropy(contrast, target) + functional.cross_entropy(contrast.T, target)) / 2
        taught = torch.nonzero(self._rows[batch, 0] >= 0).flatten()
        if not teaching or len(taught) < 2:
            return loss
        rows = self._rows[batch][taught]
        wanted = functional.softmax(self._teacher[rows[:, 0]] @ self._teacher[rows[:, 1]].T / temperature, dim=1)
        shown = functional.log_softmax(scores[taught][:, taught], dim=1)
        return loss + teaching * functional.kl_div(shown, wanted, reduction="batchmean")

    def _related(self, batch: Numbers) -> np.ndarray:
        keys = (self._left[batch], self._right[batch], *self._meanings[batch].T)
        related: np.ndarray = np.logical_or.reduce([key[:, None] == key[None, :] for key in keys])
        np.fill_diagonal(related, False)
        return related
