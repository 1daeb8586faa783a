"""Questions with the sentences that answer them, as the product's own search finds them: what the evidence and the confidence are fitted on.

A question that the articles answer also makes one that they do not: without its answering sentences, what is left is what a reader would be shown
for a near miss.
"""

import json
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Question
from assistant.evidence import EvidenceRanker
from index.article import Place
from index.embedding import Embedder
from index.library import Library
from index.names import find_names
from index.text import fold
from training.bags import without_marks
from training.material import DATA

FloatArray = NDArray[np.float32]
Right = Callable[[Place], bool]
TOGETHER = 4
"""Stories put together to an article of the length that newspapers print."""


@dataclass(frozen=True, slots=True)
class Case:
    """Candidates of one question: ``(n, features)``, which of them answer, how its ``(t,)`` tokens are met by each, ``(n, t)``.

    ``group`` is the kind of question; cases of one ``fold`` are about one article, and are never divided between fitting and measuring.
    """

    table: FloatArray
    right: NDArray[np.bool_]
    met: FloatArray
    weights: FloatArray
    group: str
    fold: str
    answerable: bool = True


@contextmanager
def asked_of(texts: dict[str, str], embedder: Embedder) -> Iterator[tuple[Library, EvidenceRanker]]:
    """A library of these files, by name, and what ranks its sentences."""
    with tempfile.TemporaryDirectory() as name:
        for file, text in texts.items():
            (Path(name) / file).write_text(text, encoding="utf-8")
        with Library.open(name, embedder=embedder) as library:
            yield library, EvidenceRanker(library)


def case_of(
    ranker: EvidenceRanker, text: str, language: str, articles: Sequence[str] | None, right: Right, group: str, fold_: str, answerable: bool = True
) -> Case | None:  # fmt: skip
    """Ask, and say of each candidate whether it answers. None where nothing is found."""
    found = ranker.candidates(Question(text, text, language, (), tuple(articles) if articles else None))
    if not found.units:
        return None
    answers = np.array([answerable and right(place) for place, _ in found.units], dtype=bool)
    return Case(found.table, answers, found.met, found.weights, group, fold_, answerable)


def written(article: dict[str, Any], language: str) -> tuple[str, dict[tuple[int, int], tuple[int, int]]]:
    """A version of one of the project's articles, and where each sentence stands by its paragraph and number."""
    text, spans = "", {}
    for p, paragraph in enumerate(article["paragraphs"]):
        for s, sentence in enumerate(paragraph[language]):
            text += " " if s else ""
            spans[p, s] = (len(text), len(text) + len(sentence))
            text += sentence
        text += "\n"
    return text, spans


def article_texts(told: Mapping[tuple[int, str], tuple[str, object]]) -> dict[str, str]:
    """Files by name out of versions, as ``written`` gives them, by number and language."""
    return {f"n{n:03d}.{language}.txt": text for (n, language), (text, _) in told.items()}


def joined(articles: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each ``TOGETHER`` stories as one article."""
    found = []
    for begin in range(0, len(articles), TOGETHER):
        paragraphs: list[Any] = []
        questions: list[Any] = []
        readers: list[Any] = []
        for article in articles[begin : begin + TOGETHER]:
            before = len(paragraphs)
            questions += [q | {"paragraph": q["paragraph"] + before} for q in article["questions"]]
            readers += [q | {"sentences": [[p + before, s] for p, s in q["sentences"]]} for q in article.get("readers", ())]
            paragraphs += article["paragraphs"]
        found.append({"paragraphs": paragraphs, "questions": questions, "readers": readers, "together": True})
    return found


def article_cases(articles: Sequence[dict[str, Any]], embedder: Embedder, group: str) -> Iterator[Case]:
    """Each question asked of its own article, in and across languages and without marks; and of another article, where nothing answers."""
    told = {(n, language): written(a, language) for n, a in enumerate(articles) for language in ("en", "vi")}
    for languages in (("en", "vi"), ("en",), ("vi",)):
        with asked_of(article_texts({key: text for key, text in told.items() if key[1] in languages}), embedder) as (_, ranker):
            for n, article in enumerate(articles):
                for number, question in enumerate(article["questions"]):
                    for asked in [language for language in ("en", "vi") if languages != (language,)]:
                        name = f"{group} {asked}" if len(languages) == 2 else f"{group} {asked} over {languages[0]}"
                        where = (question["paragraph"], question["sentence"])
                        spans = {language: told[n, language][1][where] for language in languages}
                        yield from kept(
                            case_of(
                                ranker,
                                question[asked],
                                asked,
                                [f"n{n:03d}"],
                                overlaps(spans),
                                name,
                                stories(n, articles),
                            )
                        )
                        if len(languages) == 2 and asked == "vi":
                            bare = without_marks(question["vi"])
                            right, name = overlaps(spans), f"{name} without marks"
                            yield from kept(case_of(ranker, bare, "vi", [f"n{n:03d}"], right, name, stories(n, articles)))
                        if len(languages) == 2 and number % 2 == 0:
                            other = f"n{(n + 7) % len(articles):03d}"
                            yield from kept(
                                case_of(
                                    ranker,
                                    question[asked],
                                    asked,
                                    [other],
                                    nothing,
                                    f"{group} elsewhere",
                                    stories(n, articles),
                                    False,
                                )
                            )


def attribute_cases(articles: Sequence[dict[str, Any]], embedder: Embedder) -> Iterator[Case]:
    """Attributes asked of names that an article mentions without telling them: ages, prices, spouses."""
    templates: dict[str, list[str]] = json.loads((DATA / "attributes.json").read_text(encoding="utf-8"))
    rng = random.Random(7)
    told = {(n, language): written(a, language) for n, a in enumerate(articles) for language in ("en", "vi")}
    with asked_of(article_texts(told), embedder) as (library, ranker):
        for n in range(len(articles)):
            sentences = library.article(f"n{n:03d}").version("en").sentences
            names = sorted({name.text for s in sentences for name in find_names(s.text) if name.text.isascii()})
            for language, wordings in templates.items():
                for subject in rng.sample(names, min(several(articles[n]), len(names))):
                    text = rng.choice(wordings).format(x=subject)
                    yield from kept(
                        case_of(
                            ranker,
                            text,
                            language,
                            [f"n{n:03d}"],
                            nothing,
                            "attributes",
                            stories(n, articles),
                            False,
                        )
                    )


def foreign_cases(articles: Sequence[dict[str, Any]], folder: Path, embedder: Embedder) -> Iterator[Case]:
    """An encyclopedia's questions asked of an article about something else, typed with and without marks."""
    rng = random.Random(11)
    told = {(n, language): written(a, language) for n, a in enumerate(articles) for language in ("en", "vi")}
    with asked_of(article_texts(told), embedder) as (_, ranker):
        for language in ("en", "vi"):
            asked = [qa["question"] for _, _, qa in _questions(read_squad(folder / f"xquad-dev.{language}.json"))]
            for n in range(len(articles)):
                for text in rng.sample(asked, several(articles[n])):
                    typed = without_marks(text) if rng.random() < 0.3 else text
                    yield from kept(
                        case_of(ranker, typed, language, [f"n{n:03d}"], nothing, "foreign", stories(n, articles), False)
                    )


def everyday_cases(articles: Sequence[dict[str, Any]], embedder: Embedder, group: str = "everyday") -> Iterator[Case]:
    """What people ask a machine on any day – weather, recipes, jokes – asked of a news story, typed with and without marks."""
    everyday: dict[str, list[str]] = json.loads((DATA / "everyday.json").read_text(encoding="utf-8"))
    rng = random.Random(17)
    told = {(n, language): written(a, language) for n, a in enumerate(articles) for language in ("en", "vi")}
    with asked_of(article_texts(told), embedder) as (_, ranker):
        for n, article in enumerate(articles):
            for language, asked in everyday.items():
                for text in rng.sample(asked, several(article)):
                    asks = typed(text, language, rng)
                    yield from kept(case_of(ranker, asks, language, [f"n{n:03d}"], nothing, group, stories(n, articles), False))


def xquad_cases(folder: Path, embedder: Embedder) -> Iterator[Case]:
    """XQuAD's dev articles: in both languages, typed without marks, and told in one language alone."""
    data = {told: read_squad(folder / f"xquad-dev.{told}.json") for told in ("en", "vi")}
    answers = {told: {qa["id"]: _answers(qa) for _, _, qa in _questions(data[told])} for told in data}
    for languages in (("en", "vi"), ("en",), ("vi",)):
        bodies = {(n, told): squad_text(data[told][n]) for n in range(len(data["en"])) for told in languages}
        with asked_of({f"a{n:02d}.{told}.txt": text for (n, told), (text, _) in bodies.items()}, embedder) as (_, ranker):
            for asked in ("en", "vi"):
                group = f"xquad {asked}" if len(languages) == 2 else f"xquad {asked} over {languages[0]}"
                for n, p, qa in _questions(data[asked]):
                    spans = {told: bodies[n, told][1][p] for told in languages}
                    wanted = {told: answers[told][qa["id"]] for told in languages}
                    right = _holds(f"a{n:02d}", spans, wanted)
                    title = data["en"][n]["title"]
                    yield from kept(case_of(ranker, qa["question"], asked, None, right, group, title))
                    if asked == "vi" and len(languages) == 2:
                        bare = without_marks(qa["question"])
                        yield from kept(case_of(ranker, bare, "vi", None, right, f"{group} without marks", title))


def squad_cases(path: Path, language: str, group: str, embedder: Embedder) -> Iterator[Case]:
    """A file in SQuAD's form as one library, with its unanswerable questions where it has any."""
    data = read_squad(path)
    bodies = [squad_text(article) for article in data]
    with asked_of({f"s{n:03d}.{language}.txt": text for n, (text, _) in enumerate(bodies)}, embedder) as (_, ranker):
        for n, p, qa in _questions(data):
            right = _holds(f"s{n:03d}", {language: bodies[n][1][p]}, {language: _answers(qa)})
            answerable = not qa.get("is_impossible", False)
            fold_ = data[n].get("title", str(n))
            yield from kept(case_of(ranker, qa["question"], language, None, right, group, fold_, answerable))


def read_squad(path: Path) -> list[dict[str, Any]]:
    """The articles of a file in SQuAD's form."""
    data: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["data"]
    return data


def squad_text(article: dict[str, Any]) -> tuple[str, list[tuple[int, int]]]:
    """One paragraph a line, and where each stands."""
    text, spans = "", []
    for paragraph in article["paragraphs"]:
        line = " ".join(paragraph["context"].split())
        spans.append((len(text), len(text) + len(line)))
        text += line + "\n"
    return text, spans


def _questions(data: list[dict[str, Any]]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    for n, article in enumerate(data):
        for p, paragraph in enumerate(article["paragraphs"]):
            for qa in paragraph["qas"]:
                yield n, p, qa


def stories(n: int, articles: Sequence[dict[str, Any]]) -> str:
    """The fold: the same for an article and for those that it was put together with."""
    return f"stories {n if 'together' in articles[n] else n // TOGETHER}"


def typed(text: str, language: str, rng: random.Random) -> str:
    """A question as it may be typed on a phone: in Vietnamese now and then without marks and capitals."""
    return without_marks(text).lower() if language == "vi" and rng.random() < 0.3 else text


def several(article: dict[str, Any]) -> int:
    """How many questions of a kind are asked of an article, by its length."""
    return 2 + len(article["questions"]) // 3


def _answers(qa: dict[str, Any]) -> list[str]:
    return [fold(answer["text"]) for answer in qa["answers"]]


def _holds(article: str, spans: dict[str, tuple[int, int]], answers: dict[str, list[str]]) -> Right:
    """Whether a sentence of the right paragraph has one of the answers in it."""

    def right(place: Place) -> bool:
        start, end = spans[place.language]
        return (
            place.article == article
            and start <= place.start < end
            and any(a in fold(place.text) for a in answers[place.language])
        )

    return right


def overlaps(spans: dict[str, tuple[int, int]]) -> Right:
    """Whether a sentence stands where one answers, by language."""

    def right(place: Place) -> bool:
        start, end = spans[place.language]
        return place.start < end and start < place.end

    return right


def nothing(place: Place) -> bool:
    """What answers a question that nothing answers."""
    return False


def kept(case: Case | None) -> Iterator[Case]:
    """The case, if anything was found."""
    if case is not None:
        yield case
