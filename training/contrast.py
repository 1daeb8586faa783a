"""Contrastive training of the token table: texts that belong together come closer than all others of their batch."""

import random
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from index.text import bare
from training.material import Pair

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how hard to train.

    Attributes:
        epochs: passes over the material, each with its own sample of it.
        batch: pairs in one step; every other pair of the batch is a wrong answer.
        rate: Adam's first learning rate, falling to nothing along a cosine.
        temperature: divides similarities; lower looks harder at the nearest wrong answers.
        bare: share of the texts that lose their diacritics.
        dropout: share of the tokens left out, so that no text hangs on one word.
        anchor: pull of the rows towards where they began, relative to the loss.
        teaching: weight of the teacher's similarities beside the pairs.
        emphasis: times that questions with their sentences count beside their weight.
    """

    epochs: int = 12
    batch: int = 2048
    rate: float = 3e-3
    temperature: float = 0.05
    bare: float = 0.12
    dropout: float = 0.1
    anchor: float = 0.0
    teaching: float = 1.0
    emphasis: float = 1.0
    seed: int = 13


def without_marks(text: str) -> str:
    """As typed on a phone: no diacritics, capitals kept."""
    return (
        "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")
    )


class Bags:
    """Texts as token ids, made once; a text's form without marks is made when it has one."""

    def __init__(self, tokenizer: Tokenizer, texts: list[str]) -> None:
        self.plain = [np.array(e.ids, dtype=np.int64) for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
        marked = [i for i, text in enumerate(texts) if bare(text) != text.lower()]
        encoded = tokenizer.encode_batch([without_marks(texts[i]) for i in marked], add_special_tokens=False)
        self.bare = {i: np.array(e.ids, dtype=np.int64) for i, e in zip(marked, encoded, strict=True)}

    def batch(self, numbers: NDArray[np.int64], recipe: Recipe, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Ids one after another and where each text begins, for ``EmbeddingBag``."""
        bags = []
        for number, bare_one in zip(numbers, rng.random(len(numbers)) < recipe.bare, strict=True):
            ids = self.bare.get(int(number), self.plain[number]) if bare_one else self.plain[number]
            if len(ids) > 3:
                kept = ids[rng.random(len(ids)) >= recipe.dropout]
                ids = kept if len(kept) else ids
            bags.append(ids if len(ids) else np.zeros(1, dtype=np.int64))
        offsets = np.cumsum([0, *(len(ids) for ids in bags[:-1])])
        return torch.from_numpy(np.concatenate(bags)), torch.from_numpy(offsets)


def epochs(pairs: list[Pair], recipe: Recipe) -> Iterator[list[tuple[int, int]]]:
    """For each epoch, pair numbers in random order; weights above one repeat a pair, below one leave it out now and then."""
    rng = random.Random(recipe.seed)
    for _ in range(recipe.epochs):
        chosen = []
        for number, pair in enumerate(pairs):
            weight = pair.weight * (recipe.emphasis if pair.source == "question" else 1.0)
            times = int(weight) + (rng.random() < weight % 1)
            chosen += [(number, rng.randrange(2))] * times
        rng.shuffle(chosen)
        yield chosen


class Lessons:
    """The teacher's vectors for the pairs whose English is known."""

    def __init__(self, pairs: list[Pair], vectors_of: Callable[[list[str]], FloatArray]) -> None:
        texts = sorted({text for pair in pairs if pair.english for text in pair.english})
        self._row = {text: row for row, text in enumerate(texts)}
        self._vectors = torch.from_numpy(vectors_of(texts)) if texts else torch.zeros((0, 1))
        self._pairs = pairs

    def loss(self, a: Tensor, b: Tensor, numbers: NDArray[np.int64], temperature: float) -> Tensor:
        """How far the pupil's similarities within a batch are from the teacher's: the Kullback-Leibler divergence of their softmax."""
        taught = [(i, self._pairs[n].english) for i, n in enumerate(numbers) if self._pairs[n].english]
        if len(taught) < 2:
            return a.sum() * 0
        rows = [i for i, _ in taught]
        left = self._vectors[[self._row[english[0]] for _, english in taught if english]]
        right = self._vectors[[self._row[english[1]] for _, english in taught if english]]
        wanted = functional.softmax(left @ right.T / temperature, dim=1)
        shown = functional.log_softmax(a[rows] @ b[rows].T / temperature, dim=1)
        return functional.kl_div(shown, wanted, reduction="batchmean")


def train(
    rows: FloatArray, tokenizer: Tokenizer, pairs: list[Pair], recipe: Recipe, lessons: Lessons | None = None
) -> FloatArray:
    """Rows after training, of the same shape. Prints one line an epoch."""
    torch.manual_seed(recipe.seed)
    generator = np.random.default_rng(recipe.seed)
    left = Bags(tokenizer, [pair.a for pair in pairs])
    right = Bags(tokenizer, [pair.b for pair in pairs])
    table = nn.EmbeddingBag.from_pretrained(torch.from_numpy(rows.copy()), freeze=False, mode="mean")
    first = torch.from_numpy(rows.copy())
    optimiser = torch.optim.Adam(table.parameters(), lr=recipe.rate, eps=1e-8)
    plan = list(epochs(pairs, recipe))
    steps = sum(len(epoch) // recipe.batch for epoch in plan)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1.0, (s + 1) / 40) * 0.5 * (1 + np.cos(np.pi * s / steps))
    )
    for number, epoch in enumerate(plan):
        started, losses = time.time(), []
        for begin in range(0, len(epoch) - recipe.batch + 1, recipe.batch):
            numbers = np.array([n for n, _ in epoch[begin : begin + recipe.batch]], dtype=np.int64)
            a = functional.normalize(table(*left.batch(numbers, recipe, generator)), dim=1)
            b = functional.normalize(table(*right.batch(numbers, recipe, generator)), dim=1)
            loss = _contrast(a, b, numbers, pairs, recipe.temperature)
            if lessons is not None:
                loss = loss + recipe.teaching * lessons.loss(a, b, numbers, recipe.temperature)
            if recipe.anchor:
                loss = loss + recipe.anchor * (table.weight - first).pow(2).sum(dim=1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {number + 1:2}: loss {np.mean(losses):.3f}, {time.time() - started:.0f} s", flush=True)
    trained: FloatArray = table.weight.detach().numpy()
    return trained


def _contrast(a: Tensor, b: Tensor, numbers: NDArray[np.int64], pairs: list[Pair], temperature: float) -> Tensor:
    """InfoNCE in both directions (van den Oord et al., 2018); pairs that share a text are no wrong answers to each other."""
    scores = a @ b.T / temperature
    right = np.array([hash(pairs[n].b) for n in numbers])
    left = np.array([hash(pairs[n].a) for n in numbers])
    same = (right[:, None] == right[None, :]) | (left[:, None] == left[None, :])
    np.fill_diagonal(same, False)
    scores = scores.masked_fill(torch.from_numpy(same), -1e4)
    target = torch.arange(len(numbers))
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2
