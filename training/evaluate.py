"""How well vectors find translations and passages; a tie counts against them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.material import read_articles, read_stories

FloatArray = NDArray[np.float32]
Encode = Callable[[list[str]], FloatArray]


def top1(a: FloatArray, b: FloatArray) -> tuple[float, float]:
    """Share of rows whose own counterpart is nearer than every other, from a to b and back."""
    scores = a @ b.T
    own = np.diag(scores)
    return float(((scores >= own[:, None]).sum(1) == 1).mean()), float(((scores >= own[None, :]).sum(0) == 1).mean())


def ndcg(scores: FloatArray, right: NDArray[np.int64], k: int = 10) -> float:
    """nDCG@k with one right answer a query: 1 / log2(rank + 1) (Järvelin and Kekäläinen, 2002)."""
    rank = (scores >= scores[np.arange(len(right)), right][:, None]).sum(1)
    return float(np.where(rank <= k, 1 / np.log2(rank + 1), 0).mean())


def read_pairs(path: Path) -> tuple[list[str], list[str]]:
    """English and Vietnamese columns of a table of translations."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row["en"] for row in rows], [row["vi"] for row in rows]


def read_squad(path: Path) -> tuple[list[str], list[str], NDArray[np.int64]]:
    """Contexts, questions, and which context each question is about."""
    paragraphs = [p for article in json.loads(path.read_text(encoding="utf-8"))["data"] for p in article["paragraphs"]]
    questions = [(qa["question"], number) for number, p in enumerate(paragraphs) for qa in p["qas"]]
    return [p["context"] for p in paragraphs], [q for q, _ in questions], np.array([n for _, n in questions])


def evaluate(encode: Encode, folder: Path | None) -> dict[str, float]:
    """Every figure there is data for; higher is better in each."""
    results: dict[str, float] = {}
    for name, file in (("Tatoeba", "tatoeba-dev.tsv"), ("NTREX", "ntrex-dev.tsv")):
        if folder and (folder / file).exists():
            english, vietnamese = (encode(texts) for texts in read_pairs(folder / file))
            results[f"{name} en→vi"], results[f"{name} vi→en"] = top1(english, vietnamese)
    if folder and (folder / "xquad-dev.en.json").exists():
        sets = {language: read_squad(folder / f"xquad-dev.{language}.json") for language in ("en", "vi")}
        contexts = {language: encode(found[0]) for language, found in sets.items()}
        questions = {language: encode(found[1]) for language, found in sets.items()}
        for asked in ("en", "vi"):
            for told in ("en", "vi"):
                results[f"XQuAD {asked}→{told}"] = ndcg(questions[asked] @ contexts[told].T, sets[asked][2])
    results |= choosing(encode, read_articles(held_out=True), "articles")
    return results | choosing(encode, read_stories(held_out=True), "stories")


def choosing(encode: Encode, articles: list[dict[str, Any]], name: str) -> dict[str, float]:
    """Is the answering sentence the nearest, or among the two nearest, of its article?"""
    results = {}
    for asked in ("en", "vi"):
        for told in ("en", "vi"):
            ranks = []
            for article in articles:
                places = [(p, s) for p, paragraph in enumerate(article["paragraphs"]) for s in range(len(paragraph[told]))]
                sentences = encode([article["paragraphs"][p][told][s] for p, s in places])
                for question, scores in zip(
                    article["questions"], encode([q[asked] for q in article["questions"]]) @ sentences.T, strict=True
                ):
                    right = places.index((question["paragraph"], question["sentence"]))
                    ranks.append(int((scores >= scores[right]).sum()))
            results[f"{name} {asked}→{told} top-1"] = float(np.mean(np.array(ranks) == 1))
            results[f"{name} {asked}→{told} top-2"] = float(np.mean(np.array(ranks) <= 2))
    return results
