"""Whether a quote bears a statement out: numbers, dates, names, negation, direction, each in words of the statement's language.

Between languages much is worded otherwise: a jubilee is fifty years, "fewer than" is "chưa đến", names are spelt anew. So a statement in another
language than its quote is also held against the quote's twin, the sentence that says the same in a version of the statement's own language.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.facts import Fact, NamePairs, extract_facts, names_agree, supports
from index.names import Name, find_names
from index.negation import denies, negations_agree, opposite_directions
from index.text import bare, fold

NEARLY_THE_TWIN = 80.0
"""Similarity in percent from which a statement is the twin but for a few words, and must deny what it denies."""

_DIGITS = re.compile(r"\d+")
# Names that Vietnamese spells without marks and otherwise than English does.
_RESPELT = frozenset("campuchia moskva matxcova roma praha geneva kinh hong phan trung quoc nhat viet nam".split())


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something that a statement says and its quote does not; ``said`` is the number, date or name, empty for the rest."""

    kind: Literal["number", "date", "name", "denies", "opposes"]
    said: str = ""


def disagreements(
    claim: str, language: str, quote: str, quote_language: str, names: NamePairs = (), twin: str = ""
) -> list[Disagreement]:
    """What a claim says that its quote does not bear out; empty when it agrees.

    Args:
        claim: a statement that rests on the quote.
        language: the language of the claim.
        quote: the text of the article.
        quote_language: the language of the quote.
        names: names in one language with their form in the other.
        twin: the same in the claim's language, from another version of the article; empty where there is none.
    """
    said, shown = extract_facts(claim, language), extract_facts(quote, quote_language)
    other = extract_facts(twin, language)
    wrong = [fact for fact in said if _unsupported(fact, shown, quote, quote_language, other, twin, language)]
    if not wrong and (language == quote_language or twin):
        wrong = _swapped(said, shown, claim, quote)
        # Versions may give other figures; a statement may follow either.
        wrong = [fact for fact in _swapped(said, other, claim, twin) if wrong] if twin and language != quote_language else wrong
    found = [Disagreement("date" if fact.kind == "date" else "number", claim[fact.start : fact.end]) for fact in wrong]
    found += [
        Disagreement("name", name.text) for name in _strange_names(said, claim, language, quote, quote_language, names, twin)
    ]
    if _denies(claim, language, quote, quote_language, twin):
        found.append(Disagreement("denies"))
    if opposite_directions(claim, twin if twin and language != quote_language else quote):
        found.append(Disagreement("opposes"))
    return found


def _unsupported(
    fact: Fact, shown: Sequence[Fact], quote: str, quote_language: str, other: Sequence[Fact], twin: str, language: str
) -> bool:
    """Whether a number or date is not in the quote; the twin vouches for one only where the quote has no other in its place."""
    if fact.kind == "name" or not fact.sure or supports(fact, shown, quote, quote_language):
        return False
    if not supports(fact, other, twin, language):
        return True
    values = {f.value for f in other}
    same = [f for f in shown if f.sure and (f.kind == "date") == (fact.kind == "date") and f.kind != "name"]
    return any(f.value not in values and not supports(f, other, twin, language) for f in same)


def _swapped(said: Sequence[Fact], shown: Sequence[Fact], claim: str, quote: str) -> list[Fact]:
    """Numbers and dates of a claim that stand in the place of others: each of the quote's vouches for one alone."""
    said, left = [*_counted(said), *_digits(claim, said)], [*_counted(shown), *_digits(quote, shown)]
    over = []
    for fact in said:
        same = next((f for f in left if (f.kind, _value(f)) == (fact.kind, _value(fact))), None)
        if same is None:
            over.append(fact)
        else:
            left.remove(same)
    return [
        fact
        for fact in over
        if not supports(fact, left, "", "") and any((f.kind == "date") == (fact.kind == "date") for f in left)
    ]


def _counted(facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.kind != "name"]


def _digits(text: str, facts: Sequence[Fact]) -> list[Fact]:
    """Figures that are no numbers of their own: scores and times."""
    taken = {i for fact in facts if fact.kind != "name" and fact.sure for i in range(fact.start, fact.end)}
    return [
        Fact("number", float(match.group()), *match.span(), False)
        for match in _DIGITS.finditer(text)
        if match.start() not in taken
    ]


def _value(fact: Fact) -> object:
    """What of a fact compares: a date without its place in the text."""
    return str(fact.value) if fact.kind == "date" else fact.value


def _strange_names(
    said: Sequence[Fact], claim: str, language: str, quote: str, quote_language: str, names: NamePairs, twin: str
) -> list[Name]:
    """Names of the claim that neither the quote nor its twin has."""
    own = [fact.value for fact in said if isinstance(fact.value, Name)]
    if language == quote_language or twin:
        return [name for name in own if not names_agree(name, f"{quote} {twin}", names, True)]
    words, told = set(bare(quote).split()), set(bare(claim).split())
    replaced = any(
        _keeps_its_letters(name) and len(name.tokens) > 1 and not told & set(name.tokens) for name in find_names(quote)
    )
    return [name for name in own if _is_strange(name, language, quote, quote_language, names, words, replaced)]


def _is_strange(
    name: Name, language: str, quote: str, quote_language: str, names: NamePairs, words: set[str], replaced: bool
) -> bool:
    """Whether a name of another language than the quote's cannot be any of the quote's; a translated one may well be."""
    if not names_agree(name, quote, names, False):
        return True
    # Scotland is there where "Scottish" is.
    there = {word[:4] for word in words} & {token[:4] for token in name.tokens if len(token) > 3}
    if names_agree(name, quote, names, True) or there or not _keeps_its_letters(name):
        return False
    # Vietnamese writes foreign names as English does; English translates many, unless another stands in its place.
    return quote_language == "en" if language == "vi" else replaced and len(name.tokens) > 1


def _keeps_its_letters(name: Name) -> bool:
    """Whether a name is spelt alike in English and Vietnamese: no marks, and none that Vietnamese respells."""
    return name.text.isascii() and max(map(len, name.tokens)) > 4 and not set(name.tokens) <= _RESPELT


def _denies(claim: str, language: str, quote: str, quote_language: str, twin: str) -> bool:
    """Whether the claim denies what is affirmed or the other way round; with a twin, what both it and the quote do not."""
    from rapidfuzz import fuzz

    if not twin or language == quote_language:
        return not negations_agree(claim, language, quote, quote_language)
    own = denies(claim, language)
    if own % 2 == denies(twin, language) % 2:
        return False
    return fuzz.ratio(fold(claim), fold(twin)) >= NEARLY_THE_TWIN or own % 2 != denies(quote, quote_language) % 2
