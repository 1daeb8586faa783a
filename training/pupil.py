"""Training of the token table: a text's vector is the mean of its tokens' rows."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from training.bags import Bags, Numbers
from training.choices import Choices
from training.contrast import Contrast, epochs
from training.distil import FloatArray
from training.hard_negatives import Neighbours
from training.material import Choice, Pair


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how hard to train.

    Attributes:
        epochs: passes over the pairs, each with its own sample of them.
        batch: pairs in one step; every other pair of the batch is a wrong answer.
        rate: Adam's first learning rate, falling to nothing along a cosine.
        temperature: divides similarities; lower looks harder at the nearest wrong answers.
        bare: share of the texts that lose their diacritics.
        dropout: share of the tokens left out, so that no text hangs on one word.
        teaching: weight of the teacher's similarities beside the pairs.
        choosing: weight of the choices inside articles beside the pairs.
        choices: of one step.
        trust: how much the teacher's opinion counts in a choice beside the right answer, in [0, 1].
    """

    epochs: int = 12
    batch: int = 2048
    rate: float = 3e-3
    temperature: float = 0.05
    bare: float = 0.12
    dropout: float = 0.1
    teaching: float = 1.0
    choosing: float = 0.3
    choices: int = 96
    trust: float = 0.3
    seed: int = 13


def train(
    rows: FloatArray,
    tokenizer: Tokenizer,
    pairs: list[Pair],
    choices: list[Choice],
    neighbours: Neighbours,
    recipe: Recipe,
    vectors_of: Callable[[list[str]], FloatArray],
) -> FloatArray:
    """Rows after training, of the same shape. Prints one line an epoch."""
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    texts = [text for pair in pairs for text in (pair.a, pair.b)] + [t for c in choices for t in (c.question, *c.sentences)]
    bags = Bags(tokenizer, texts, bare=recipe.bare, dropout=recipe.dropout)
    contrast = Contrast(pairs, bags, vectors_of)
    inside = Choices(choices, bags, vectors_of, recipe.temperature, recipe.trust) if choices else None
    table = nn.Parameter(torch.from_numpy(rows.copy()))
    gradient = torch.zeros_like(table)
    optimiser = torch.optim.Adam([table], lr=recipe.rate, fused=True)

    def embed(numbers: Numbers) -> Tensor:
        ids, starts = bags.draw(numbers, rng)
        used, places = torch.unique(ids, return_inverse=True)
        few = functional.embedding(used, table, sparse=True)
        return functional.normalize(functional.embedding_bag(places, few, starts, mode="mean"), dim=1)

    plan = list(epochs(pairs, neighbours, recipe.epochs, recipe.seed))
    steps = sum(len(epoch) // recipe.batch for epoch in plan)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1.0, (s + 1) / 40) * 0.5 * (1 + np.cos(np.pi * s / steps))
    )
    for number, epoch in enumerate(plan):
        started, losses = time.time(), []
        for begin in range(0, len(epoch) - recipe.batch + 1, recipe.batch):
            loss = contrast.loss(embed, epoch[begin : begin + recipe.batch], recipe.temperature, recipe.teaching)
            losses.append(loss.item())
            if inside and recipe.choosing:
                loss = loss + recipe.choosing * inside.loss(
                    embed, rng.integers(len(inside), size=recipe.choices), recipe.temperature
                )
            table.grad = None
            loss.backward()  # type: ignore[no-untyped-call]
            _spread(table, gradient)
            optimiser.step()
            schedule.step()
        print(f"epoch {number + 1:2}: loss {np.mean(losses):.3f}, {time.time() - started:.0f} s", flush=True)
    trained: FloatArray = table.detach().numpy()
    return trained


def _spread(table: nn.Parameter, gradient: Tensor) -> None:
    """Give the table its gradient as Adam wants it, in memory that is used again: making an array of this size anew takes longer than the step."""
    found = table.grad
    assert found is not None
    gradient.zero_().index_add_(0, found._indices()[0], found._values())
    table.grad = gradient
