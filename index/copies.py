"""Copies of a text, so that whoever plants one story many times over does not fill an answer with it.

Two texts are near copies when they share most of their words. One that has the very words of another adds nothing. One that differs in a word may
be the true one or the forged one, which nobody can tell from here, so that two of a kind are shown, and no more.
"""

from collections.abc import Iterable
from functools import lru_cache

from index.text import bare_token, tokenise

NEAR = 0.8
"""Share of their words that near copies have in common (Jaccard); paragraphs of different stories stay far below."""
MOST = 2


@lru_cache(maxsize=20_000)
def _words(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words and numbers of a text, and the words alone."""
    found = frozenset(map(bare_token, tokenise(text)))
    return found, frozenset(word for word in found if not word[0].isdigit())


def crowds(text: str, others: Iterable[str]) -> bool:
    """Whether a text adds nothing to others: one has its very words and numbers, or two have nearly its words."""
    (whole, words), near = _words(text), 0
    for other, others_words in map(_words, others):
        if whole == other:
            return True
        near += bool(words) and len(words & others_words) >= NEAR * len(words | others_words)
    return near >= MOST
