"""A passage's words, in two fields: one takes words as they stand, the other forgives.

The first keeps diacritics, and counts neighbours together too, since Vietnamese words are of several syllables and English names of several words.
The second drops diacritics, as people do who type on a phone, and the endings of English words.
"""

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache

from index.bags import Bags
from index.text import bare_token, tokenise

_SUFFIX = re.compile(r"(?<=[a-z]{3})(?:ies|ied|es|ed|ing|s|ly)$")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """An English word without its commonest endings: "companies" and "company", "invited" and "invite" meet."""
    cut = (
        _SUFFIX.sub(lambda m: "y" if m.group() in ("ies", "ied") else "", word) if word.isascii() and not word.isdigit() else word
    )
    return cut.removesuffix("e") if len(cut) > 3 and cut.isascii() else cut


def both_fields(text: str, language: str) -> tuple[list[str], list[str]]:
    """Words of the field with diacritics and of the one without."""
    words = tokenise(text)
    plain = [bare_token(word) for word in words]
    return words + _pairs(words), plain + _pairs(plain) if language == "vi" else [stem(word) for word in plain]


def both_bags(texts: Sequence[str], language: str) -> tuple[Bags, Bags]:
    """Words of both fields of many texts."""
    words = Bags.of([tokenise(text) for text in texts])
    plain = words.changed(bare_token)
    return words.with_pairs(), plain.with_pairs() if language == "vi" else plain.changed(stem)


def marked_words(text: str) -> list[str]:
    """Words of the field with diacritics: as they stand, and each two neighbours."""
    words = tokenise(text)
    return words + _pairs(words)


def bare_words(text: str, language: str) -> list[str]:
    """Words of the field without diacritics: Vietnamese syllables and each two neighbours, stems in other languages."""
    return both_fields(text, language)[1]


def _pairs(words: list[str]) -> list[str]:
    return [f"{a}_{b}" for a, b in itertools.pairwise(words)]
