"""Fits the weights that choose sentences, and the confidence that decides on refusing: ``python -m training.evidence --eval FOLDER``.

The weights are a linear score trained so that, among the candidates of a question, the answering sentence comes first (a softmax
over the list, Cao et al., 2007). They must not be fitted on questions that the embedding model was trained on: its similarities
are better there than anywhere else. Hence XQuAD's dev half, and articles seen through a model that was trained without them.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.answer import Question
from assistant.evidence import FEATURES, EvidenceRanker
from index.embedding import Embedder, StaticEmbedder, load_embedder
from index.library import Library
from index.text import fold
from training.material import DATA, HELD_OUT

FloatArray = NDArray[np.float32]
# The material has no headlines, bylines or digests to learn from: a headline tells a question's topic and seldom its answer.
SET_BY_HAND = {"meta": -1.5, "digest": -0.3}
OUTPUT = Path(__file__).resolve().parent.parent / "assistant" / "evidence.json"


@dataclass(frozen=True, slots=True)
class Case:
    """Candidates of one question: features, which of them answer, and the coverage of each."""

    table: FloatArray
    right: NDArray[np.bool_]
    covered: FloatArray
    group: str
    answerable: bool = True


def write_articles(
    folder: Path, articles: list[dict[str, Any]], languages: tuple[str, ...]
) -> dict[tuple[int, str, int, int], tuple[int, int]]:
    """Articles as files; gives the span of each sentence."""
    spans = {}
    for number, article in enumerate(articles):
        for language in languages:
            text = ""
            for p, paragraph in enumerate(article["paragraphs"]):
                for s, sentence in enumerate(paragraph[language]):
                    text += " " if s else ""
                    spans[number, language, p, s] = (len(text), len(text) + len(sentence))
                    text += sentence
                text += "\n"
            (folder / f"n{number:03d}.{language}.txt").write_text(text, encoding="utf-8")
    return spans


def article_cases(articles: list[dict[str, Any]], embedder: Embedder, group: str) -> Iterator[Case]:
    """Each question asked of its own article, in and across languages."""
    for languages in (("en", "vi"), ("en",), ("vi",)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            spans = write_articles(folder, articles, languages)
            with Library.open(folder, embedder=embedder) as library:
                ranker = EvidenceRanker(library)
                for number, article in enumerate(articles):
                    for question in article["questions"]:
                        for asked in ("en", "vi"):
                            if len(languages) == 1 and asked == languages[0]:
                                continue
                            ranked = ranker.rank(Question(question[asked], question[asked], asked, (), (f"n{number:03d}",)))
                            right = [
                                _overlaps(
                                    e.place, spans.get((number, e.place.language, question["paragraph"], question["sentence"]))
                                )
                                for e in ranked
                            ]
                            kind = f"{group} {asked}" if len(languages) == 2 else f"{group} {asked} over {languages[0]}"
                            if any(right):
                                yield _case(ranked, right, kind)


def squad_cases(folder: Path, embedder: Embedder) -> Iterator[Case]:
    """XQuAD's dev articles in two versions, each question asked of all of them."""
    data = {
        language: json.loads((folder / f"xquad-dev.{language}.json").read_text(encoding="utf-8"))["data"]
        for language in ("en", "vi")
    }
    for languages in (("en", "vi"), ("en",), ("vi",)):
        with tempfile.TemporaryDirectory() as name:
            for number in range(len(data["en"])):
                for language in languages:
                    body = "\n".join(p["context"].replace("\n", " ") for p in data[language][number]["paragraphs"]) + "\n"
                    (Path(name) / f"a{number:02d}.{language}.txt").write_text(body, encoding="utf-8")
            with Library.open(name, embedder=embedder) as library:
                ranker = EvidenceRanker(library)
                for asked in ("en", "vi"):
                    if len(languages) == 1 and asked == languages[0]:
                        continue
                    golds = {
                        qa["id"]: {told: _answer(data[told], qa["id"]) for told in ("en", "vi")}
                        for a in data[asked]
                        for p in a["paragraphs"]
                        for qa in p["qas"]
                    }
                    for number, article in enumerate(data[asked]):
                        for qa in (qa for p in article["paragraphs"] for qa in p["qas"]):
                            ranked = ranker.rank(Question(qa["question"], qa["question"], asked))
                            right = [
                                e.place.article == f"a{number:02d}"
                                and fold(golds[qa["id"]][e.place.language]) in fold(e.place.text)
                                for e in ranked
                            ]
                            if any(right):
                                yield _case(
                                    ranked,
                                    right,
                                    f"xquad {asked}" if len(languages) == 2 else f"xquad {asked} over {languages[0]}",
                                )


def _answer(data: list[Any], name: str) -> str:
    return next((qa["answers"][0]["text"] for a in data for p in a["paragraphs"] for qa in p["qas"] if qa["id"] == name), "\0")


def _overlaps(place: Any, span: tuple[int, int] | None) -> bool:
    return span is not None and place.start < span[1] and span[0] < place.end


def _case(ranked: list[Any], right: list[bool], group: str) -> Case:
    return Case(
        np.array([e.features for e in ranked], np.float32),
        np.array(right),
        np.array([e.covered for e in ranked], np.float32),
        group,
    )


def fit(cases: list[Case], strength: float = 2.0, features: int = len(FEATURES)) -> FloatArray:
    """Weights that make the answering sentences likely under a softmax over each question's candidates, kept small by ``strength``."""

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = 0.5 * strength * float(weights @ weights), strength * weights
        for case in cases:
            scores = case.table @ weights
            p = np.exp(scores - scores.max())
            p /= p.sum()
            q = np.where(case.right, p, 0)
            mass = max(float(q.sum()), 1e-12)
            total -= np.log(mass)
            gradient = gradient + case.table.T @ (p - q / mass)
        return total, gradient

    found = minimize(loss, np.zeros(features), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    weights: FloatArray = found.x.astype(np.float32)
    return weights


def report(cases: list[Case], weights: FloatArray) -> None:
    """First right, and any of the first three right, for each group."""
    for group in sorted({case.group for case in cases}):
        chosen = [case for case in cases if case.group == group]
        orders = [np.argsort(-(case.table @ weights), kind="stable") for case in chosen]
        first, two, three = (
            np.mean([case.right[order[:k]].any() for case, order in zip(chosen, orders, strict=True)]) for k in (1, 2, 3)
        )
        print(f"  {group:24} {len(chosen):5}  top-1 {first:.3f}  top-2 {two:.3f}  top-3 {three:.3f}")


def main() -> None:
    """Fit, report on what was not fitted, store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="folder of evaluation sets")
    parser.add_argument("--crossed", type=Path, help="model folder trained without the second half of the articles")
    options = parser.parse_args()
    articles = [json.loads(line) for line in (DATA / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    train = list(squad_cases(options.eval, load_embedder()))
    if options.crossed:
        train += list(article_cases(articles[150:-HELD_OUT], StaticEmbedder(options.crossed), "articles"))
    held_out = list(article_cases(articles[-HELD_OUT:], load_embedder(), "held out"))
    weights = fit(train)
    print("fitted on"), report(train, weights)
    print("held out"), report(held_out, weights)
    stored = json.loads(OUTPUT.read_text(encoding="utf-8")) if OUTPUT.exists() else {}
    stored["weights"] = {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)} | SET_BY_HAND
    OUTPUT.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    print(stored["weights"])


if __name__ == "__main__":
    main()
