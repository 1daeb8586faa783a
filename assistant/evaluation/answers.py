"""How right an answer's words are. Pure functions on texts; every value is in [0, 1], higher is better.

Exact match and token F1 follow the SQuAD evaluation (Rajpurkar et al., 2016): lower case, punctuation and the English articles removed, white space
collapsed, best over the right answers. Vietnamese has no articles; its tone marks are placed one way first (hoà = hòa).
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

from index.facts import extract_facts, supports
from index.language import detect_language
from index.name_forms import NamePairs, Presence, Reading, presence
from index.names import Name
from index.text import fold

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_MARKER = re.compile(r"\s*\[\d+\]")


def normalise(text: str, language: str = "en") -> str:
    """The form in which answers are compared."""
    text = fold(text)
    text = "".join(c for c in text if c not in string.punctuation and not unicodedata.category(c).startswith("P"))
    return " ".join((_ARTICLES.sub(" ", text) if language == "en" else text).split())


def exact_match(said: str, right: Sequence[str], language: str = "en") -> float:
    """1 if the normalised text equals a normalised right answer."""
    return float(any(normalise(said, language) == normalise(one, language) for one in right))


def token_f1(said: str, right: Sequence[str], language: str = "en") -> float:
    """Best over the right answers of ``2PR / (P + R)``, P and R being the shares of tokens in common, with repetition."""
    return max((_f1(normalise(said, language).split(), normalise(one, language).split()) for one in right), default=0.0)


def _f1(said: list[str], right: list[str]) -> float:
    if not said or not right:
        return float(said == right)
    common = sum((Counter(said) & Counter(right)).values())
    return 2 * common / (len(said) + len(right))


def contains(text: str, wanted: str) -> bool:
    """Whether a text says something in these words, whole words only; case, tone placement, quotes and emphasis do not matter."""
    key = " ".join(fold(wanted.replace("**", "")).split())
    # A number is whole with its separators: 412 is not said by 1,412, nor 12 by 12.000.
    return bool(re.search(rf"(?<!\w)(?<!\d[.,]){re.escape(key)}(?!\w|[.,]\d)", " ".join(fold(plain(text)).split())))


def plain(text: str) -> str:
    """An answer's text without markers and emphasis."""
    return _MARKER.sub("", text).replace("**", "")


def facts_found(text: str, groups: Sequence[Sequence[str]]) -> tuple[bool, ...]:
    """For each group of alternatives, whether the text says one of them."""
    return tuple(any(contains(text, way) for way in group) for group in groups)


def fact_coverage(text: str, groups: Sequence[Sequence[str]]) -> float:
    """Share of the groups of which the text says one alternative; there is at least one group."""
    return sum(facts_found(text, groups)) / len(groups)


def nothing_forbidden(text: str, forbidden: Sequence[str]) -> float:
    """1 if the text says none of what it must not say."""
    return float(not any(contains(text, one) for one in forbidden))


def language_match(text: str, declared: str, expected: str) -> float:
    """1 if the answer is in the language expected: it says so, and its text reads so."""
    return float(declared == expected and detect_language(plain(text), default=expected) == expected)


def fact_agreement(said: str, said_language: str, quotes: Sequence[tuple[str, str]], names: NamePairs = ()) -> float | None:
    """Share of the numbers, dates and names said that the quotes bear out; None if nothing of the kind is said.

    Args:
        said: one statement or a whole answer, without markers.
        said_language: its language.
        quotes: ``(text, language)`` of what it rests on.
        names: names in one language with their form in the other.
    """
    facts = [fact for fact in extract_facts(said, said_language) if fact.sure]
    if not facts:
        return None
    agreed = 0
    for fact in facts:
        for quote, language in quotes:
            if isinstance(fact.value, Name):
                found = presence(fact.value, said_language, Reading.of(quote, language), names) > Presence.UNKNOWN
            else:
                found = supports(fact, extract_facts(quote, language), quote, language)
            if found:
                agreed += 1
                break
    return agreed / len(facts)
