"""Typing errors in questions: a word that neither the model nor the articles know gives way to one a keystroke away."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.language import is_syllable, is_vietnamese_without_marks
from index.library import Library
from index.text import bare
from index.words import stem

SPELT = ("en", "vi")
"""Languages whose words the shipped model knows; a word of another would be taken for an error of these."""
SHORTEST, LONGEST = 3, 24
"""Letters; a shorter word is near too many others, and a longer one is none."""
MOST = 64
"""Words of a question that are looked at."""
JOINED, TOLD, EASILY = 1.5, 0.5, 0.5
"""What speaks for a word beside how common it is: it makes a compound with a neighbour, the articles have it, or a hand errs so easily – letters
swapped, doubled or left out, a mark forgotten. Set by mistyping questions about the project's articles."""
RARE = 1.0
"""About what a word is worth that only the articles know."""

_BRITISH = re.compile(r"(?<=\w\w)(?:our|[iy]s(?=e[sdr]?$|ers$|ing$|ations?$))")
_INFLECTED = re.compile(r"([a-z]{3,})(?:ing|ed)")
# A letter may bring its marks as characters of their own.
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_PLAIN = "abcdefghijklmnopqrstuvwxyz"
_MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
# Of letters that no article is written in: its rarity is that of a word that no passage has.
_UNHEARD = "ꙮꙮꙮꙮ"


def speller_of(library: Library) -> "Speller":
    """A speller with the words of the static model and of the library's articles."""

    def in_articles(word: str) -> Iterator[str]:
        # An English word says nothing about one that is written with marks.
        for language in SPELT if word.isascii() else ("vi",):
            unheard = max(library.query_words(_UNHEARD, language).values(), default=0.0)
            for told, rarity in library.query_words(word, language).items():
                if rarity < unheard:
                    yield bare(word) if told in (bare(word), stem(bare(word))) else told

    return Speller(library.static.worth, in_articles)


class Speller:
    """Mends questions with the words of a vocabulary and those of the articles."""

    def __init__(self, worth: Callable[[str], float | None], in_articles: Callable[[str], Iterable[str]]) -> None:
        """A speller.

        Args:
            worth: how much a lower-case word or Vietnamese compound says, with or without marks; common ones say little. None for no word.
            in_articles: a word as the articles have it, itself or one a keystroke away, without marks; none if there is none.
        """
        self._worth, self._in_articles = worth, in_articles

    def mend(self, question: str, language: str) -> str:
        """The question, in English or Vietnamese, with its unknown words mended; everything else stays to the letter."""
        found = list(islice(_WORD.finditer(question), MOST))
        words = [match.group() for match in found]
        letters = _PLAIN if language == "en" or is_vietnamese_without_marks(question) else _PLAIN + _MARKED
        parts, end = [], 0
        for number, match in enumerate(found):
            words[number] = self._mended(words, number, language, letters)
            parts += [question[end : match.start()], words[number]]
            end = match.end()
        return "".join([*parts, question[end:]])

    def _mended(self, words: Sequence[str], number: int, language: str, letters: str) -> str:
        written, word = words[number], _composed(words[number])
        if not SHORTEST <= len(word) <= LONGEST or self._is_right(word) or _is_initials(written):
            return written
        before, after = (list(map(_composed, words[max(0, n) : n + 1])) for n in (number - 1, number + 1))
        typed, may_be_name = _Typed(word, before, after, frozenset(self._in_articles(word))), written[0].isupper()
        if bare(word) in typed.told and (word.isascii() or may_be_name):
            return written
        found = max(self._meant(typed, language, letters), key=lambda known: self._fitness(typed, known), default=None)
        # A name that nothing tells may be a name that there is, unless two of its letters changed places; so may a short foreign word.
        may_be_right = may_be_name or (language == "vi" and word.isascii() and len(word) == SHORTEST)
        if found is None or (may_be_right and not self._backing(typed, found) and sorted(found) != sorted(word)):
            return written
        return found.capitalize() if may_be_name else found

    def _meant(self, typed: "_Typed", language: str, letters: str) -> list[str]:
        """What a word may have been meant to be: words of the question's language, and what the articles tell."""
        word, told = typed.word, typed.told
        meant = [known for known in one_keystroke_away(word, letters) if self._knows(known)]
        if bare(word) in told:
            meant = [known for known in meant if bare(known) == bare(word)]
        elif language == "vi":
            meant = [known for known in meant if is_syllable(known) or (word.isascii() and self._backing(typed, known))]
        if word.isascii():
            meant += [name for name in told if not any(name in (bare(known), stem(bare(known))) for known in meant)]
        return sorted(meant)

    def _fitness(self, typed: "_Typed", known: str) -> tuple[float, bool]:
        """How likely a word was meant, higher is likelier; a form without marks is worth what the full one is, and comes after it."""
        word = typed.word
        easily = len(known) > len(word) or set(known) == set(word) or bare(known) == bare(word)
        return self._backing(typed, known) + EASILY * easily - (self._worth(known) or RARE), not known.isascii()

    def _backing(self, typed: "_Typed", known: str) -> float:
        joined = (*(f"{other} {known}" for other in typed.before), *(f"{known} {other}" for other in typed.after))
        is_told = not typed.told.isdisjoint((bare(known), stem(bare(known))))
        return JOINED * any(map(self._knows, joined)) + TOLD * is_told

    def _is_right(self, word: str) -> bool:
        return any(map(self._knows, (word, word.removesuffix("s"), _american(word), *_uninflected(word))))

    def _knows(self, word: str) -> bool:
        return self._worth(word) is not None


@dataclass(frozen=True, slots=True)
class _Typed:
    """A word that is none, the word before and behind it, and what the articles have that is near."""

    word: str
    before: list[str]
    after: list[str]
    told: frozenset[str]


def one_keystroke_away(word: str, letters: str) -> set[str]:
    """What a word may have been meant to be: a letter of it left out, changed or swapped with the next, or one more put in (Norvig, 2007)."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + letter + b[1:] for a, b in cuts if b for letter in letters}
    one_more = {a + letter + b for a, b in cuts for letter in letters}
    return (left_out | swapped | changed | one_more) - {word}


def _composed(text: str) -> str:
    """As the model writes its words."""
    return unicodedata.normalize("NFC", text).lower()


def _american(word: str) -> str:
    """A British word as Americans spell it: "summarise", "neighbour"."""
    return _BRITISH.sub(lambda match: "or" if match.group() == "our" else f"{match.group()[0]}z", word)


def _uninflected(word: str) -> Iterator[str]:
    """What "bumping", "stirred" and "priced" come from."""
    found = _INFLECTED.fullmatch(word)
    if found:
        root = found[1]
        yield f"{root}e"
        if root[-1] == root[-2]:
            yield root[:-1]
        # A short one would have doubled its last letter: "wating" is no form of "wat".
        if len(root) > SHORTEST:
            yield root


def _is_initials(written: str) -> bool:
    return written.isupper() and len(written) < 5
