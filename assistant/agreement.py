"""Whether a quote bears a statement out: numbers, dates, names, negation, direction, each in words of the statement's language.

Between languages much is worded otherwise: a jubilee is fifty years, "fewer than" is "chưa đến", names are spelt anew. So a statement in another
language than its quote is also held against the quote's twin, the sentence that says the same in a version of the statement's own language.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.facts import Fact, extract_facts, supports
from index.name_forms import NamePairs, Presence, Reading, presence
from index.names import Name
from index.negation import negations_agree, opposite_directions, same_negators
from index.text import fold

NEARLY_THE_SAME = 80.0
"""Similarity in percent from which a statement is a sentence of its own language but for a few words, and must deny with the same ones."""

_DIGITS = re.compile(r"\d+")


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
        Disagreement("name", name.text) for name in _strange_names(said, language, quote, quote_language, names, twin, claim)
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
    said: Sequence[Fact], language: str, quote: str, quote_language: str, names: NamePairs, twin: str, claim: str
) -> list[Name]:
    """Names of the claim that neither the quote nor its twin has."""
    own = [fact.value for fact in said if isinstance(fact.value, Name)]
    if language == quote_language or twin:
        both = Reading.of(f"{quote} {twin}", language)
        return [name for name in own if presence(name, language, both, names) is Presence.STRANGE]
    shown, told = Reading.of(quote, quote_language), Reading.of(claim, language)
    # A name that may be the other language's for one of the quote's, unless the quote has none that the claim leaves out.
    left_out = any(presence(name, quote_language, told, names) <= Presence.UNKNOWN for name in shown.names)
    most = Presence.UNKNOWN if left_out else Presence.STRANGE
    return [name for name in told.names if presence(name, language, shown, names) <= most]


def _denies(claim: str, language: str, quote: str, quote_language: str, twin: str) -> bool:
    """Whether the claim denies what is affirmed or the other way round; with a twin, what both it and the quote do not."""
    from rapidfuzz import fuzz

    beside = quote if language == quote_language else twin
    if beside and fuzz.ratio(fold(claim), fold(beside)) >= NEARLY_THE_SAME:
        return not same_negators(claim, beside, language)
    if not twin or language == quote_language:
        return not negations_agree(claim, language, quote, quote_language)
    return not (negations_agree(claim, language, twin, language) or negations_agree(claim, language, quote, quote_language))
