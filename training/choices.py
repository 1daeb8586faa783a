"""The answering sentence comes closer to its question than the other sentences of the article: what retrieval inside an article asks."""

from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

from training.bags import Bags, Numbers
from training.contrast import Embed
from training.distil import FloatArray
from training.material import Choice


class Choices:
    """What it costs to choose wrongly.

    The teacher's opinion of the sentences is mixed with the right answer: a wrong sentence that is nearly right is no plain mistake.
    """

    def __init__(
        self, choices: list[Choice], bags: Bags, vectors_of: Callable[[list[str]], FloatArray], temperature: float, trust: float
    ) -> None:
        most = max(len(choice.sentences) for choice in choices)
        texts = sorted({text for choice in choices for text in (choice.english_question, *choice.english_sentences)})
        row = {text: number for number, text in enumerate(texts)}
        teacher = vectors_of(texts)
        self._questions = bags.numbers(choice.question for choice in choices)
        self._sentences = np.full((len(choices), most), -1)
        self._wanted = torch.zeros((len(choices), most))
        for number, choice in enumerate(choices):
            count = len(choice.sentences)
            self._sentences[number, :count] = bags.numbers(choice.sentences)
            similar = teacher[[row[text] for text in choice.english_sentences]] @ teacher[row[choice.english_question]]
            self._wanted[number, :count] = trust * functional.softmax(torch.from_numpy(similar) / temperature, dim=0)
            self._wanted[number, choice.right] += 1 - trust

    def __len__(self) -> int:
        return len(self._questions)

    def loss(self, embed: Embed, chosen: Numbers, temperature: float) -> torch.Tensor:
        """One number for some choices: the cross-entropy of the softmax over each article's sentences."""
        sentences = self._sentences[chosen]
        texts, places = np.unique(np.concatenate([self._questions[chosen], sentences.ravel()]), return_inverse=True)
        missing = int(texts[0] < 0)
        vectors = embed(texts[missing:])
        places = np.maximum(places - missing, 0)
        asked = vectors[places[: len(chosen)]]
        told = vectors[places[len(chosen) :]].reshape(len(chosen), sentences.shape[1], -1)
        scores = torch.einsum("nd,nmd->nm", asked, told) / temperature
        scores = scores.masked_fill(torch.from_numpy(sentences < 0), -1e4)
        return functional.cross_entropy(scores, self._wanted[chosen])
