"""Typing errors in questions: a word that neither the model nor the articles know gives way to one a keystroke away."""

import re
from collections.abc import Callable, Iterable

from index.embedding import StaticEmbedder
from index.library import Library
from index.text import bare, fold
from index.words import stem

SPELT = ("en", "vi")
"""Languages whose words the shipped model knows; a word of another would be taken for an error of these."""
SHORTEST = 4
"""Letters; a shorter word is near too many others."""

_WORD = re.compile(r"[^\W\d_]+")
# Of letters that no article is written in: its rarity is that of a word that no passage has.
_UNHEARD = "ꙮꙮꙮꙮ"


def speller_of(library: Library) -> "Speller | None":
    """A speller for the library's model and articles; None for a model that keeps no words."""
    embedder = library.embedder
    if not isinstance(embedder, StaticEmbedder):
        return None

    def in_articles(word: str) -> str | None:
        for language in SPELT:
            unheard = max(library.query_words(_UNHEARD, language).values(), default=0.0)
            for told, rarity in library.query_words(word, language).items():
                if rarity < unheard:
                    return bare(word) if told in (bare(word), stem(bare(word))) else told
        return None

    return Speller(embedder.knows, embedder.vocabulary, in_articles)


class Speller:
    """Mends questions with the words of a vocabulary, the most common first, and those of the articles."""

    def __init__(
        self, known: Callable[[str], bool], vocabulary: Callable[[], Iterable[str]], in_articles: Callable[[str], str | None]
    ) -> None:
        """A speller that lists its words only when it meets one that it does not know.

        Args:
            known: whether a folded word is one, with or without diacritics.
            vocabulary: the words to mend with.
            in_articles: a word as the articles have it, itself or one a keystroke away, without diacritics; None if there is none.
        """
        self._known, self._vocabulary, self._in_articles = known, vocabulary, in_articles
        self._rank: dict[str, int] = {}
        self._near: dict[tuple[str, int], list[str]] = {}

    def mend(self, question: str) -> str:
        """The question with its unknown words mended; everything else stays to the letter."""
        return _WORD.sub(lambda match: self._mended(match.group()), question)

    def _mended(self, written: str) -> str:
        word = fold(written)
        if len(word) < SHORTEST or self._known(word) or self._known(word.removesuffix("s")):
            return written
        told = self._in_articles(word)
        if told is not None and told == bare(word):
            return written
        found = self._nearest(word, told)
        # A name that nothing tells may be a name that there is: it is no error unless two of its letters changed places.
        if found is None or (written[0].isupper() and told is None and sorted(found) != sorted(word)):
            return written
        return found.capitalize() if written[0].isupper() else found

    def _nearest(self, word: str, told: str | None) -> str | None:
        """One insertion, deletion, change or swap away: a word of the articles before others, the commonest before rarer ones."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if not self._near:
            self._rank = {known: number for number, known in enumerate(self._vocabulary())}
            near: dict[tuple[str, int], list[str]] = {}
            for known in self._rank:
                near.setdefault((known[0], len(known)), []).append(known)
            # Whole, and last: other threads may be asking.
            self._near = near
        firsts = {word[0], word[1]}
        choices = [
            known for first in firsts for length in (-1, 0, 1) for known in self._near.get((first, len(word) + length), ())
        ]
        found = [str(match[0]) for match in process.extract(word, choices, scorer=OSA.distance, score_cutoff=1, limit=12)]
        if told is not None:
            return min(
                (known for known in found if bare(known).startswith(told)), key=lambda known: self._rank[known], default=told
            )
        return min(found, key=lambda known: self._rank[known], default=None)
