"""Questions about the article itself – its author, date, title, summary, and how its versions differ – and the places that answer them."""

from dataclasses import dataclass

from assistant.answer import Question
from assistant.phrases import phrase
from index.article import Article, Passage, Place, Role, Version
from index.library import Library

_ROLES: dict[str, tuple[Role, ...]] = {
    "byline": ("byline",),
    "updated": ("date",),
    "title": ("headline",),
    "standfirst": ("standfirst",),
    "link": ("link", "tag"),
    "contact": ("contact",),
    "credit": ("credit",),
}
LONGEST_SUMMARY = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What answers: an opening phrase, perhaps empty, and sentences in order. No places mean that the phrase is the answer."""

    opening: str
    places: tuple[Place, ...]


def tell_about(about: str, question: Question, article: Article, library: Library) -> Told | None:
    """What the article shows of itself; None when it does not, and its text must be searched."""
    if about in _ROLES:
        places = [s for v in _ordered(article, question.language) for s in v.sentences if s.role in _ROLES[about]]
        return Told("", tuple(places[:1])) if places else None
    if about == "summary":
        return Told("", tuple(_summary(article, question.language)))
    if about == "left-out":
        return _left_out(question.language, article, library)
    return _differences(question.language, article, library)


def _ordered(article: Article, language: str) -> list[Version]:
    """Versions in the answer's language first, full before digest."""
    return sorted(article.versions, key=lambda v: (v.language != language, v.kind == "digest"))


def _summary(article: Article, language: str) -> list[Place]:
    """The digest's sentences, or the leading ones of the text."""
    versions = sorted(article.versions, key=lambda v: (v.language != language, v.kind != "digest"))
    passages = [passage for passage in versions[0].passages if passage.role in ("body", "dateline")]
    return [passage.sentences[0] for passage in passages[:LONGEST_SUMMARY]]


def _left_out(language: str, article: Article, library: Library) -> Told:
    if not any(version.kind == "digest" for version in article.versions):
        return Told(phrase("no-digest", language), ())
    found = [d.a or d.b for d in library.compare(article.id).differences if d.kind == "left-out"]
    places = [place for place in found if place is not None]
    if not places:
        return Told(phrase("nothing-left-out", language), ())
    return Told(phrase("left-out", language), tuple(_in_language(place, language, library) for place in places[:LONGEST_SUMMARY]))


def _in_language(place: Place, language: str, library: Library) -> Place:
    sentence = place.sentences[0] if isinstance(place, Passage) else place
    if sentence.language == language:
        return sentence
    return next((twin for twin in library.counterparts(sentence) if twin.language == language), sentence)


def _differences(language: str, article: Article, library: Library) -> Told:
    if len(article.versions) < 2:
        return Told(phrase("one-version", language), ())
    found = [d for d in library.compare(article.id).differences if d.kind not in ("missing", "left-out")]
    places = [place for d in found[:2] for place in (d.a, d.b) if place is not None]
    if not places:
        return Told(phrase("no-differences", language), ())
    return Told(phrase("differences", language), tuple(places[:LONGEST_SUMMARY]))
