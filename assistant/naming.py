"""A question's names as the articles write them: "vuong hung hung" and, in English, "Vương Hưng Hưng" both mean Wang Xingxing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from index.names import find_names
from index.text import bare_token

Words = tuple[str, ...]
"""Of a name, folded without diacritics."""

_WORD = re.compile(r"\w+")


def names_written(text: str) -> dict[Words, str]:
    """The names of a text by their words."""
    return {_words(name.text): name.text for name in find_names(text)}


def name_as_written(
    question: str, own: Sequence[Mapping[Words, str]], others: Sequence[Mapping[Words, str]], pairs: Iterable[tuple[str, str]]
) -> str:
    """The question with each name of two words or more as the articles write it.

    Names typed without capitals or diacritics get those of the articles, and a name in another language's form gives way to that of the
    question's own language, where sentences in this language have it.

    Args:
        question: as it is searched.
        own: names of the sentences in the question's language.
        others: names of those in other languages.
        pairs: names in one language with their form in the other.
    """
    written = {words: name for names in (*others, *own) for words, name in names.items() if len(words) > 1}
    there, told = _listed(own), _listed((*own, *others))
    for one, other in ((x, y) for pair in pairs for x, y in (pair, pair[::-1])):
        one_is, other_is = _words(one), _words(other)
        if _in_row(other_is) in there and _in_row(one_is) not in there:
            written[one_is] = other
        if _in_row(other_is) in told and len(other_is) > 1:
            written.setdefault(other_is, other)
    return _replaced(question, written) if written else question


def _listed(names: Iterable[Mapping[Words, str]]) -> str:
    """The words of names, in which those of a part of one are found too: an office or a country may stand before a person."""
    return "|".join(_in_row(words) for one in names for words in one)


def _in_row(words: Words) -> str:
    return f" {' '.join(words)} "


@lru_cache(maxsize=2_000)
def _words(text: str) -> Words:
    return tuple(bare_token(word) for word in _WORD.findall(text))


def _replaced(question: str, written: Mapping[Words, str]) -> str:
    matches = list(_WORD.finditer(question))
    said = _words(question)
    longest = max(map(len, written))
    parts, at, end = [], 0, 0
    while at < len(said):
        length = next((n for n in range(min(longest, len(said) - at), 0, -1) if said[at : at + n] in written), 0)
        if length:
            parts += [question[end : matches[at].start()], written[said[at : at + length]]]
            end = matches[at + length - 1].end()
        at += max(length, 1)
    return "".join([*parts, question[end:]])
