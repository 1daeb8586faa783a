"""Fits the confidence that decides between an answer and a refusal: ``python -m training.confidence --eval FOLDER``.

Answerable questions: XQuAD's dev half in both languages, and half of the articles that the model was not trained on (on the others its
similarities are too good to learn a threshold from). Unanswerable ones: SQuAD 2.0's of the same articles, and every
kind of question asked of an article that it is not about. A wrong answer costs a reader more than a refusal that names the nearest sentence, but
a refusal of what the article does say costs trust in the rest: the threshold lets at most ``REFUSED`` of the answerable ones go.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.answer import Question
from assistant.asked import what_is_asked
from assistant.confidence import SIGNS, signs
from assistant.evidence import EvidenceRanker
from index.library import Library
from index.names import find_names
from training.evidence import OUTPUT, write_articles
from training.material import read_articles

FloatArray = NDArray[np.float64]
REFUSED = 0.03
# Questions about names: the dev sets hold too few of the kind that readers ask, so these were set by reading what they let through.
SET_BY_HAND = {"answer_gap": 0.22, "answer_nameless": 0.35}
Row = tuple[tuple[float, ...], bool, str]


def squad_rows(folder: Path, rng: random.Random, count: int) -> Iterator[Row]:
    """SQuAD 2.0's questions over its articles, answerable and not."""
    data = json.loads((folder / "squad2-dev-half.en.json").read_text(encoding="utf-8"))["data"]
    with tempfile.TemporaryDirectory() as name:
        questions = []
        for number, article in enumerate(data):
            body = "\n".join(" ".join(p["context"].split()) for p in article["paragraphs"]) + "\n"
            (Path(name) / f"s{number:02d}.en.txt").write_text(body, encoding="utf-8")
            questions += [
                (qa["question"], not qa["is_impossible"], f"s{number:02d}") for p in article["paragraphs"] for qa in p["qas"]
            ]
        with Library.open(name) as library:
            ranker = EvidenceRanker(library)
            for text, answerable, _ in rng.sample(questions, min(count, len(questions))):
                yield _row(ranker, text, "en", None, answerable, "squad2")


def xquad_rows(folder: Path, rng: random.Random) -> Iterator[Row]:
    """XQuAD's questions over their own articles, and a third of them over another article."""
    data = {
        language: json.loads((folder / f"xquad-dev.{language}.json").read_text(encoding="utf-8"))["data"]
        for language in ("en", "vi")
    }
    with tempfile.TemporaryDirectory() as name:
        for language, articles in data.items():
            for number, article in enumerate(articles):
                body = "\n".join(" ".join(p["context"].split()) for p in article["paragraphs"]) + "\n"
                (Path(name) / f"a{number:02d}.{language}.txt").write_text(body, encoding="utf-8")
        with Library.open(name) as library:
            ranker = EvidenceRanker(library)
            for language, articles in data.items():
                for number, article in enumerate(articles):
                    for qa in (qa for p in article["paragraphs"] for qa in p["qas"]):
                        yield _row(ranker, qa["question"], language, None, True, f"xquad {language}")
                        if rng.random() < 0.33:
                            other = f"a{rng.choice([n for n in range(len(articles)) if n != number]):02d}"
                            yield _row(ranker, qa["question"], language, (other,), False, f"elsewhere {language}")


def article_rows(articles: list[dict[str, Any]], rng: random.Random) -> Iterator[Row]:
    """The project's questions over their own article, and a third of them over another."""
    with tempfile.TemporaryDirectory() as name:
        write_articles(Path(name), articles, ("en", "vi"))
        with Library.open(name) as library:
            ranker = EvidenceRanker(library)
            for number, article in enumerate(articles):
                for question in article["questions"]:
                    for language in ("en", "vi"):
                        yield _row(ranker, question[language], language, (f"n{number:03d}",), True, f"articles {language}")
                        if rng.random() < 0.33:
                            other = f"n{rng.choice([n for n in range(len(articles)) if n != number]):03d}"
                            yield _row(ranker, question[language], language, (other,), False, f"articles elsewhere {language}")


# What people ask of a person, a firm or a place that an article seldom tells; {x} is a name that it does mention.
ATTRIBUTES = {
    "en": """How old is {x}?|Where was {x} born?|What is the population of {x}?|How many employees does {x} have?|Who is married to {x}?|How tall is {x}?|
        What is the salary of {x}?|When was {x} founded?|Which school did {x} attend?|What is the phone number of {x}?|How much does {x} weigh?|
        What is the capital of {x}?|What religion is {x}?|How many children does {x} have?|What is the share price of {x}?|Who designed the logo of {x}?|
        What is the weather like in {x}?|Which bank lent money to {x}?|What car does {x} drive?|What is the favourite food of {x}?|
        How much rent does {x} pay?|Who is the lawyer of {x}?|What colour is the flag of {x}?|Which football team does {x} support?""",
    "vi": """{x} bao nhiêu tuổi?|{x} sinh ra ở đâu?|Dân số của {x} là bao nhiêu?|{x} có bao nhiêu nhân viên?|Vợ của {x} là ai?|{x} cao bao nhiêu mét?|
        Lương của {x} là bao nhiêu?|{x} được thành lập năm nào?|{x} học trường nào?|Số điện thoại của {x} là gì?|{x} nặng bao nhiêu cân?|
        Thủ đô của {x} là gì?|{x} theo tôn giáo nào?|{x} có mấy con?|Giá cổ phiếu của {x} là bao nhiêu?|Ai thiết kế biểu trưng của {x}?|
        Thời tiết ở {x} thế nào?|Ngân hàng nào cho {x} vay?|{x} đi xe gì?|{x} thích ăn món gì?|{x} trả bao nhiêu tiền thuê nhà?|
        Luật sư của {x} là ai?|Cờ của {x} màu gì?|{x} ủng hộ đội bóng nào?""",
}


def attribute_rows(articles: list[dict[str, Any]], rng: random.Random) -> Iterator[Row]:
    """Attributes asked of names that an article mentions without telling them."""
    templates = {language: [t.strip() for t in text.split("|")] for language, text in ATTRIBUTES.items()}
    with tempfile.TemporaryDirectory() as name:
        write_articles(Path(name), articles, ("en", "vi"))
        with Library.open(name) as library:
            ranker = EvidenceRanker(library)
            for number in range(len(articles)):
                article = library.article(f"n{number:03d}")
                names = sorted({n.text for s in article.version("en").sentences for n in find_names(s.text) if n.text.isascii()})
                for language, wordings in templates.items():
                    for subject in rng.sample(names, min(2, len(names))):
                        text = rng.choice(wordings).format(x=subject)
                        yield _row(ranker, text, language, (article.id,), False, f"attributes {language}")


def _row(ranker: EvidenceRanker, text: str, language: str, articles: tuple[str, ...] | None, answerable: bool, group: str) -> Row:
    question = Question(text, text, language, (), articles)
    return signs(question, what_is_asked(text), ranker.rank(question), ranker), answerable, group


def fit_logistic(table: FloatArray, right: NDArray[np.bool_], strength: float = 1.0) -> FloatArray:
    """Logistic regression with a ridge of ``strength``; both classes weigh the same."""
    weight = np.where(right, 0.5 / right.mean(), 0.5 / (1 - right.mean()))

    def loss(w: FloatArray) -> tuple[float, FloatArray]:
        z = table @ w
        p = 1 / (1 + np.exp(-z))
        value = float((weight * np.logaddexp(0, np.where(right, -z, z))).sum()) + 0.5 * strength * float(w @ w)
        return value, table.T @ (weight * (p - right)) + strength * w

    found: FloatArray = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B").x
    return found


def auc(scores: FloatArray, right: NDArray[np.bool_]) -> float:
    """Area under the ROC curve: the chance that an answerable question scores above an unanswerable one."""
    order = np.argsort(np.argsort(scores)) + 1
    n, m = int(right.sum()), int((~right).sum())
    return float((order[right].sum() - n * (n + 1) / 2) / (n * m))


def main() -> None:
    """Fit, report by group, store weights and threshold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="folder of evaluation sets")
    options = parser.parse_args()
    rng = random.Random(7)
    rows = [
        *squad_rows(options.eval, rng, 1_600),
        *xquad_rows(options.eval, rng),
        *article_rows(read_articles(held_out=True)[::2], rng),
    ]
    rows += attribute_rows(read_articles(), rng)
    table = np.array([row[0] for row in rows])
    right = np.array([row[1] for row in rows])
    groups = np.array([row[2] for row in rows])
    squad = groups == "squad2"
    # SQuAD 2.0's unanswerable questions were written to look like its answerable ones, word for word: measured, not fitted on.
    weights = fit_logistic(table[~squad], right[~squad])
    words, sure = table[:, SIGNS.index("supported")], table @ weights
    print(
        f"SQuAD 2.0 AUC: {auc(sure[squad], right[squad]):.3f} (support of the words alone: {auc(words[squad], right[squad]):.3f})"
    )
    scores = 1 / (1 + np.exp(-(table @ weights)))
    # The same share of each kind may go, so that long questions of an encyclopedia do not decide for short ones of the news.
    threshold = min(float(np.quantile(scores[right & (groups == g)], REFUSED)) for g in sorted(set(groups[right & ~squad])))
    for group in sorted(set(groups)):
        for answerable in (True, False):
            mine = (groups == group) & (right == answerable)
            if mine.any():
                print(
                    f"  {group:24} {'answerable' if answerable else 'unanswerable':13} {mine.sum():5}  refused {(scores[mine] < threshold).mean():.3f}"
                )
    stored = json.loads(OUTPUT.read_text(encoding="utf-8"))
    stored["confidence"] = {name: round(float(w), 4) for name, w in zip(SIGNS, weights, strict=True)}
    stored["thresholds"] |= {"answer": round(threshold, 4)} | SET_BY_HAND
    OUTPUT.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    print(stored["confidence"], threshold)


if __name__ == "__main__":
    main()
