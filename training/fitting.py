"""Fits the small networks that choose sentences and decide on refusals."""

import random
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from assistant.network import Network

FloatArray = NDArray[np.float32]
HIDDEN = 24
ENDLESS = 1e9
SEEDS = (1, 2, 3)
"""One network is learnt from each beginning; their mean is surer than any of them."""
RAREST = 0.005
"""Share of the rows below which a column that they have is left out."""


class _Net(nn.Module):
    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.direct, self.hidden, self.out = nn.Linear(inputs, 1), nn.Linear(inputs, hidden), nn.Linear(hidden, 1, bias=False)
        self.drop = nn.Dropout(0.2)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.direct.weight)
        nn.init.zeros_(self.direct.bias)

    def forward(self, z: Tensor) -> Tensor:
        hidden = torch.tanh(self.hidden(self.drop(z)))
        scores: Tensor = self.direct(z)[:, 0] + self.out(self.drop(hidden))[:, 0]
        return scores


def fit_ranking(
    tables: Sequence[FloatArray], right: Sequence[NDArray[np.bool_]], start: FloatArray, names: Sequence[str], epochs: int = 8
) -> Network:
    """A network whose softmax over each ``(n, d)`` list makes the right rows likely (Cao et al., 2007).

    ``start`` are ``(d,)`` weights of the table's columns that it begins from.
    """
    mean, scale = _spread(np.vstack(tables))
    begun = np.where(scale < ENDLESS, start * scale, 0).astype(np.float32)
    lists = [(torch.from_numpy((t - mean) / scale), torch.from_numpy(r)) for t, r in zip(tables, right, strict=True)]

    def learnt(seed: int) -> Network:
        torch.manual_seed(seed)
        net = _Net(len(mean), HIDDEN)
        with torch.no_grad():
            net.direct.weight.copy_(torch.from_numpy(begun)[None])
        optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
        rng, shuffled = random.Random(seed), list(lists)
        for _ in range(epochs):
            rng.shuffle(shuffled)
            for begin in range(0, len(shuffled), 32):
                batch = shuffled[begin : begin + 32]
                scores = net(torch.cat([z for z, _ in batch])).split([len(z) for z, _ in batch])
                losses = [s.logsumexp(0) - s[r].logsumexp(0) for s, (_, r) in zip(scores, batch, strict=True)]
                optimiser.zero_grad()
                torch.stack(losses).mean().backward()
                optimiser.step()
        return _frozen(net, names, mean, scale)

    return _mean([learnt(seed) for seed in SEEDS])


def fit_odds(table: FloatArray, right: NDArray[np.bool_], weights: FloatArray, names: Sequence[str], epochs: int = 20) -> Network:
    """A network whose sigmoid is the chance that a row of the ``(n, d)`` table is right; rows count by their weight."""
    mean, scale = _spread(table)
    z, y, w = (torch.from_numpy(a) for a in ((table - mean) / scale, right.astype(np.float32), weights.astype(np.float32)))

    def learnt(seed: int) -> Network:
        torch.manual_seed(seed)
        net = _Net(len(mean), HIDDEN)
        optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.1)
        rng = torch.Generator().manual_seed(seed)
        for _ in range(epochs):
            for rows in torch.randperm(len(z), generator=rng).split(64):
                loss = nn.functional.binary_cross_entropy_with_logits(net(z[rows]), y[rows], w[rows])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
        return _frozen(net, names, mean, scale)

    return _mean([learnt(seed) for seed in SEEDS])


def _mean(networks: Sequence[Network]) -> Network:
    """One network that gives the mean of the scores of several over the same columns."""
    first, share = networks[0], 1 / len(networks)
    return Network(
        first.inputs,
        first.mean,
        first.scale,
        np.mean([n.direct for n in networks], axis=0, dtype=np.float32),
        np.concatenate([n.hidden for n in networks], axis=1),
        np.concatenate([n.bias for n in networks]),
        np.concatenate([n.out * np.float32(share) for n in networks]),
        share * sum(n.base for n in networks),
    )


def _spread(table: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and scale of each column. What hardly any row has shows nothing to learn from: its scale is endless, so that it sways nothing."""
    scale = table.std(axis=0)
    rare = (np.abs(table - np.median(table, axis=0)) > 1e-6).mean(axis=0) < RAREST
    return table.mean(axis=0).astype(np.float32), np.where(rare, ENDLESS, scale).astype(np.float32)


def _frozen(net: _Net, names: Sequence[str], mean: FloatArray, scale: FloatArray) -> Network:
    with torch.no_grad():
        direct, hidden, bias, out = (
            t.numpy() for t in (net.direct.weight[0], net.hidden.weight.T, net.hidden.bias, net.out.weight[0])
        )
        return Network(tuple(names), mean, scale, direct, hidden, bias, out, float(net.direct.bias))
