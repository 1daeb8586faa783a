"""Further questions about the project's articles, as readers of them wrote them: in few words, in other words, for a yes or a no, and for what an
article leaves untold.

``data/readers.jsonl`` has a line for each: the article by its line in ``articles.jsonl``, from 0, the question in both languages, whether the article
answers, and each sentence that does, as paragraph and number, from 0.
"""

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from index.article import Place
from index.embedding import Embedder
from training.material import DATA
from training.questions import Case, Right, article_texts, asked_of, case_of, kept, nothing, overlaps, stories, typed, written


def with_readers(articles: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Articles from the first on, each with its readers' questions."""
    found: list[dict[str, Any]] = [article | {"readers": []} for article in articles]
    for line in (DATA / "readers.jsonl").read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        if question["article"] < len(found):
            found[question["article"]]["readers"].append(question)
    return found


def with_readers_questions(articles: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The articles, each with those that it answers beside its own questions, and in the same form."""
    return [article | {"questions": article["questions"] + _answered(article["readers"])} for article in with_readers(articles)]


def _answered(asked: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of several sentences that answer, the first."""
    places = [(question, *question["sentences"][0]) for question in asked if question["answerable"]]
    return [{"en": q["en"], "vi": q["vi"], "paragraph": paragraph, "sentence": sentence} for q, paragraph, sentence in places]


def reader_cases(articles: Sequence[dict[str, Any]], embedder: Embedder, group: str) -> Iterator[Case]:
    """Each such question asked of its own article, in both languages, now and then typed without marks."""
    rng = random.Random(19)
    told = {(n, language): written(a, language) for n, a in enumerate(articles) for language in ("en", "vi")}
    with asked_of(article_texts(told), embedder) as (_, ranker):
        for n, article in enumerate(articles):
            for question in article["readers"]:
                spans = [{language: told[n, language][1][tuple(s)] for language in ("en", "vi")} for s in question["sentences"]]
                right = _any_of([overlaps(one) for one in spans]) if spans else nothing
                for language in ("en", "vi"):
                    asks = typed(question[language], language, rng)
                    name, fold = f"{group} {language}", stories(n, articles)
                    yield from kept(case_of(ranker, asks, language, [f"n{n:03d}"], right, name, fold, question["answerable"]))


def _any_of(rights: Sequence[Right]) -> Right:
    """Whether one of several says that a sentence answers."""

    def right(place: Place) -> bool:
        return any(one(place) for one in rights)

    return right
