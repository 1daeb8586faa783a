"""The project's questions as they might be asked otherwise: for a yes or a no, and who somebody is that an article tells of."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.embedding import Embedder
from index.names import find_names
from index.text import bare
from training.questions import Case, article_texts, asked_of, case_of, kept, nothing, overlaps, stories, typed, written

_AUXILIARY = "is are was were did does do has have had will would can could should may might".split()
_ASKED = re.compile(
    rf"(?P<asks>what|whom|who|when|where|why|how many|how much|how long|which)\b(?P<thing>.*?)\b(?P<auxiliary>{'|'.join(_AUXILIARY)}) (?P<rest>.+)\?",
    re.I,
)
_REASON = re.compile(r"(?:vì|tại) sao (.+)\?", re.I)
_COUNT = re.compile(r"(?:có )?bao nhiêu (.+)\?", re.I)
_PERSON = re.compile(r"ai (.+)\?", re.I)
_AT_END = re.compile(r"(.+?) (?:là gì|những gì|điều gì|gì|(?<=ở )đâu|khi nào|bao lâu|bao nhiêu|là bao nhiêu)\?", re.I)
_WHO = {
    "en": ("Who is {x}?", "Who's {x}?", "Tell me who {x} is", "What does the article say about {x}?"),
    "vi": ("{x} là ai?", "{x} là ai vậy?", "Ai là {x}?", "Bài viết nói gì về {x}?"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in a language, the paragraph and the sentence that answer it, and whether another article is asked too."""

    text: str
    language: str
    where: tuple[int, int]
    elsewhere: bool


def as_yes_no(question: dict[str, Any], language: str) -> str | None:
    """A question with its answer in it; None for one whose wording does not let itself be turned."""
    return (
        _english(question["en"], question["answer_en"])
        if language == "en"
        else _vietnamese(question["vi"], question["answer_vi"])
    )


def _english(text: str, answer: str) -> str | None:
    found = _ASKED.fullmatch(text)
    if found is None:
        return None
    auxiliary, rest, asks = found["auxiliary"].capitalize(), found["rest"], found["asks"].lower()
    return f"{auxiliary} {rest}?" if asks in ("why", "how long") else f"{auxiliary} {rest} {answer}?"


def _vietnamese(text: str, answer: str) -> str | None:
    if found := _REASON.fullmatch(text):
        return f"Có phải {found[1]} không?"
    if found := _PERSON.fullmatch(text):
        return f"{answer} {found[1]} phải không?"
    if (found := _COUNT.fullmatch(text)) and (thing := answer.split()[-1]) in found[1].split():
        return f"Có phải {answer} {found[1].split(thing, 1)[1].strip()} không?"
    if found := _AT_END.fullmatch(text):
        return f"{found[1]} {answer} phải không?"
    return None


def yes_no_cases(articles: Sequence[dict[str, Any]], embedder: Embedder, group: str) -> Iterator[Case]:
    """Each question that can be turned."""

    def turned(article: dict[str, Any]) -> Iterator[Wording]:
        for number, question in enumerate(article["questions"]):
            for language in ("en", "vi"):
                if text := as_yes_no(question, language):
                    yield Wording(text, language, (question["paragraph"], question["sentence"]), number % 2 == 0)

    return _cases(articles, embedder, group, turned)


def who_cases(articles: Sequence[dict[str, Any]], embedder: Embedder, group: str) -> Iterator[Case]:
    """Names asked of the article that tells them, whose first sentence about them answers."""
    rng = random.Random(13)

    def named(article: dict[str, Any]) -> Iterator[Wording]:
        for language, wordings in _WHO.items():
            firsts = _first_told(article, language)
            for name in rng.sample(sorted(firsts), min(2, len(firsts))):
                text = typed(rng.choice(wordings).format(x=name), language, rng)
                yield Wording(text, language, firsts[name], True)

    return _cases(articles, embedder, group, named)


def _cases(
    articles: Sequence[dict[str, Any]], embedder: Embedder, group: str, wordings: Callable[[dict[str, Any]], Iterator[Wording]]
) -> Iterator[Case]:
    """Questions asked of their own article, and some of another one, where nothing answers."""
    told = {(n, language): written(a, language) for n, a in enumerate(articles) for language in ("en", "vi")}
    with asked_of(article_texts(told), embedder) as (_, ranker):
        for n, article in enumerate(articles):
            for wording in wordings(article):
                right = overlaps({language: told[n, language][1][wording.where] for language in ("en", "vi")})
                text, language, fold_ = wording.text, wording.language, stories(n, articles)
                yield from kept(case_of(ranker, text, language, [_name(n)], right, f"{group} {language}", fold_))
                if wording.elsewhere:
                    other = [_name((n + 7) % len(articles))]
                    yield from kept(case_of(ranker, text, language, other, nothing, f"{group} elsewhere", fold_, False))


def _first_told(article: dict[str, Any], language: str) -> dict[str, tuple[int, int]]:
    """Names of two words or more with the paragraph and the sentence that tells them first in both languages."""
    found: dict[str, tuple[int, int]] = {}
    for p, paragraph in enumerate(article["paragraphs"]):
        for s, (sentence, other) in enumerate(
            zip(paragraph[language], paragraph["en" if language == "vi" else "vi"], strict=True)
        ):
            for name in find_names(sentence):
                if len(name.tokens) > 1 and bare(name.text) in bare(other):
                    found.setdefault(name.text, (p, s))
    return found


def _name(n: int) -> str:
    return f"n{n:03d}"
