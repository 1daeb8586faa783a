"""Texts as bags of token ids, drawn afresh at every step: some without their diacritics, all without some of their tokens."""

import unicodedata
from collections.abc import Iterable
from itertools import chain

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

Numbers = NDArray[np.int64]


def without_marks(text: str) -> str:
    """As typed on a phone: no diacritics, capitals kept."""
    return (
        "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")
    )


class Bags:
    """Distinct texts by number, and the token ids of each, made once: as it stands, and without diacritics.

    Attributes:
        texts: in the order of their numbers.
        bare: share of the texts drawn without diacritics.
        dropout: share of the tokens left out of a text of more than three, so that no text hangs on one word.
    """

    def __init__(self, tokenizer: Tokenizer, texts: Iterable[str], *, bare: float = 0.0, dropout: float = 0.0) -> None:
        self.texts = list(dict.fromkeys(texts))
        self.bare, self.dropout = bare, dropout
        self._number = {text: number for number, text in enumerate(self.texts)}
        forms = [*self.texts, *(without_marks(text) for text in self.texts)]
        bags = [encoding.ids or [0] for encoding in tokenizer.encode_batch_fast(forms, add_special_tokens=False)]
        self._ids = np.fromiter(chain.from_iterable(bags), dtype=np.int64)
        self._ends = np.cumsum([0, *(len(bag) for bag in bags)])

    def numbers(self, texts: Iterable[str]) -> Numbers:
        """Each text's number."""
        return np.array([self._number[text] for text in texts], dtype=np.int64)

    def draw(self, numbers: Numbers, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Token ids of the numbered texts one after another, and where each text begins, as ``EmbeddingBag`` takes them."""
        forms = numbers + len(self.texts) * (rng.random(len(numbers)) < self.bare)
        sizes = self._ends[forms + 1] - self._ends[forms]
        owner = np.repeat(np.arange(len(forms)), sizes)
        places = np.arange(len(owner)) + np.repeat(self._ends[forms + 1] - np.cumsum(sizes), sizes)
        kept = (sizes[owner] <= 3) | (rng.random(len(owner)) >= self.dropout)
        kept |= np.bincount(owner, kept, len(forms))[owner] == 0
        left = np.bincount(owner[kept], minlength=len(forms))
        return torch.from_numpy(self._ids[places[kept]]), torch.from_numpy(np.cumsum(left) - left)
