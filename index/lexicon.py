"""English words and what Vietnamese says for them, looked up both ways: what in one language may stand for what in the other.

``lexicon.tsv`` has the common words, ``places.tsv`` countries, peoples and whatever else Vietnamese has a name of its own for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from index.text import fold

FILE = Path(__file__).resolve().parent / "lexicon.tsv"
PLACES = FILE.with_name("places.tsv")
LONGEST = 4
"""Syllables of a Vietnamese phrase that is looked up."""

_WORD = re.compile(r"[^\W_]+")
_ENDINGS = (
    ("ies", "y"),
    ("es", ""),
    ("s", ""),
    ("ied", "y"),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
    ("er", ""),
    ("er", "e"),
    ("ier", "y"),
    ("woman", ""),
    ("woman", "man"),
)


def read_entries(file: Path) -> list[tuple[str, list[str]]]:
    """English head words with their Vietnamese equivalents, as written."""
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return [(english, [word.strip() for word in vietnamese.split(";")]) for english, vietnamese in rows]


class Lexicon:
    """A two-way dictionary over folded words; ``places`` are those of its entries that name places and peoples."""

    def __init__(self, entries: Sequence[tuple[str, Sequence[str]]], places: Sequence[tuple[str, Sequence[str]]] = ()) -> None:
        vietnamese: defaultdict[str, list[str]] = defaultdict(list)
        for head, words in entries:
            vietnamese[fold(head)] += map(fold, words)
        self._vietnamese = {head: tuple(dict.fromkeys(words)) for head, words in vietnamese.items()}
        english: defaultdict[str, list[str]] = defaultdict(list)
        for head, words in self._vietnamese.items():
            for word in words:
                english[word].append(head)
        self._english = {word: tuple(heads) for word, heads in english.items()}
        # "Đức" is a name and "đức" virtue: what is written with a capital first is no common word.
        self._names = {fold(head) for head, words in entries if words[0][:1].isupper()}
        self._places = {fold(head) for head, _ in places}
        self._placed = {fold(word) for _, words in places for word in words}
        self._named = {fold(word) for head, words in entries for word in words if word[:1].isupper()}

    def vietnamese(self, word: str) -> tuple[str, ...]:
        """What Vietnamese says for a folded English word, whatever its ending; empty for one that is not here."""
        return next((self._vietnamese[form] for form in _forms(word) if form in self._vietnamese), ())

    def english(self, phrase: str) -> tuple[str, ...]:
        """Heads of which a folded Vietnamese phrase is an equivalent."""
        return self._english.get(phrase, ())

    def forms(self, word: str) -> Iterator[str]:
        """A folded English word without its endings, as it may be looked up."""
        return _forms(word)

    def is_name(self, word: str) -> bool:
        """Whether a folded English word is a name whose Vietnamese form is here: Germany, Danish."""
        return any(form in self._names for form in _forms(word))

    def is_vietnamese_name(self, phrase: str) -> bool:
        """Whether a folded Vietnamese phrase is the name of something that English calls otherwise: Đức, Hà Lan."""
        return phrase in self._named

    def is_place(self, word: str) -> bool:
        """Whether a folded word, English or Vietnamese, names a country, its people or another place that Vietnamese has a name for."""
        return word in self._placed or any(form in self._places for form in _forms(word))

    def renders(self, word: str, words: str) -> bool:
        """Whether one of a word's Vietnamese equivalents stands in a text, given as ``spaced`` makes it."""
        return any(spaced(equivalent) in words for equivalent in self.vietnamese(word))

    def phrases(self, words: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Stretches ``[i, j)`` of Vietnamese words that are here, with their English heads."""
        for i in range(len(words)):
            for j in range(min(len(words), i + LONGEST), i, -1):
                if heads := self.english(" ".join(words[i:j])):
                    yield i, j, heads


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that ships, read once."""
    places = read_entries(PLACES)
    return Lexicon([*places, *read_entries(FILE)], places)


def spaced(text: str) -> str:
    """Folded words with a space before and behind each."""
    return f" {' '.join(_WORD.findall(fold(text)))} "


def _forms(word: str) -> Iterator[str]:
    yield word
    word = word.removesuffix("'s")
    yield word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            yield word.removesuffix(ending) + instead
            doubled = word.removesuffix(ending)
            if doubled[-1] == doubled[-2]:
                yield doubled[:-1]
