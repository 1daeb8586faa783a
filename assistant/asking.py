"""What is worked out of a question once: what it asks for, and its words, tokens, names and numbers that sentences are compared with."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Question
from assistant.asked import Asked, what_is_asked
from assistant.conversation import MARKED_WORDS, standalone
from assistant.counted import noun_of
from assistant.focus import focus_of
from assistant.reading import Readings
from index.dates import find_dates
from index.library import Library
from index.names import find_names
from index.numbers import find_numbers
from index.text import bare, fold, tokenise

FloatArray = NDArray[np.float32]

_STOPWORDS = frozenset(
    """the a an of to in on at for by with from as is are was were be been do does did has have had it its this that these those he she they his
    her their what who whom whose when where why how which and or not no so than then there any some about can could will would should
    la va cua nhung duoc cho trong voi mot da khi nao gi ai dau sao vi bao nhieu nhu the co cac tai ra den tu ve bi se thi ma hay o do nay
    khong phai dieu viec bai theo may""".split()
)
_MARKED = MARKED_WORDS | {"điều", "việc", "bài", "mấy"}

LENT = 0.5
"""What a word counts for that a follow-up takes from the turn before it. Set by hand."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a question asks for, its ``(d,)`` vector by the static model and by the one that searches, its tokens' ``(t, d)`` unit rows and ``(t,)``
    weights, the first ``own`` of them not lent to it, its words that carry meaning with their rarity in each language, its numbers and days, its
    words folded without marks, those of its own names, the ``(m, d)`` unit rows of what it wants counted and of the kind of thing it asks for, and
    whether it was typed without marks.
    """

    asked: Asked
    language: str
    vector: FloatArray
    search_vector: FloatArray
    tokens: FloatArray
    weights: FloatArray
    own: int
    words: Mapping[str, Mapping[str, float]]
    numbers: frozenset[float]
    days: frozenset[str]
    said: frozenset[str]
    names: frozenset[str]
    noun: FloatArray
    focus: FloatArray
    bare: bool

    @classmethod
    def of(cls, question: Question, own: str, lent: str, library: Library, readings: Readings, languages: set[str]) -> "Asking":
        """Read a question for sentences in these languages: its ``own`` words and those ``lent`` to it, names as the articles write them."""
        text = standalone(own, lent)
        vector = library.static.encode_query([text])[0]
        (tokens, weights), (added, theirs) = readings.tokens(own), readings.tokens(lent)
        return cls(
            what_is_asked(text),
            question.language,
            vector,
            vector if library.static is library.embedder else library.embedder.encode_query([text])[0],
            np.concatenate([tokens, added]),
            np.concatenate([weights, LENT * theirs]),
            len(weights),
            {language: _content(_rarities(own, lent, library, language), _meant(text)) for language in languages},
            frozenset(number.value for number in find_numbers(text, question.language) if number.digits),
            frozenset(map(str, find_dates(text))),
            frozenset(tokenise(bare(text))),
            frozenset(token for name in find_names(own) for token in name.tokens),
            readings.tokens(noun_of(text))[0],
            readings.tokens(focus_of(text))[0],
            question.language == "vi" and fold(question.searched) == bare(question.searched),
        )


def _rarities(own: str, lent: str, library: Library, language: str) -> Mapping[str, float]:
    """The words of a question with what they count for; those lent to it count less."""
    added = {word: LENT * rarity for word, rarity in library.query_words(lent, language).items()} if lent else {}
    return {**added, **library.query_words(own, language)}


def _content(found: Mapping[str, float], meant: frozenset[str]) -> dict[str, float]:
    """Words that carry meaning; all of them where none does."""
    return {word: rarity for word, rarity in found.items() if word not in _STOPWORDS or word in meant} or dict(found)


def _meant(text: str) -> frozenset[str]:
    """Words, without their marks, that carry others than a stopword: "đầu" is no "đâu"."""
    return frozenset(bare(word) for word in tokenise(fold(text)) if word != bare(word) and word not in _MARKED)
