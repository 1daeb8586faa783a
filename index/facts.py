"""What a sentence commits itself to – numbers, dates, names – in a form that compares across languages."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from index.dates import Date, find_dates
from index.names import Name, find_names
from index.numbers import find_numbers
from index.text import bare

NamePairs = Sequence[tuple[str, str]]

_PERCENT = re.compile(r"\s?(?:%|percent\b|per cent\b|phần trăm\b|percentage points?\b|điểm phần trăm\b)", re.I)
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})(?::\d\d\b|(?:[:.]\d\d)?\s?(?:[ap]\.?m\b|h\d{0,2}\b|g\d{0,2}\b|o['’]clock|giờ (?:sáng|trưa|chiều|tối|đêm)))",
    re.I,
)

Kind = Literal["number", "percent", "date", "name"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One commitment of a text: ``text[start:end]`` says it, ``value`` is what compares."""

    kind: Kind
    value: float | Date | Name
    start: int
    end: int
    sure: bool = True


def extract_facts(text: str, language: str) -> list[Fact]:
    """Dates, numbers, percentages and names, in order; offsets are into ``text``."""
    dates = find_dates(text)
    facts = [Fact("date", date, date.start, date.end) for date in dates]
    for number in find_numbers(text, language):
        if any(m.start() <= number.start < m.end() for m in _CLOCK.finditer(text)):
            continue
        if any(date.start <= number.start < date.end or number.start <= date.start < number.end for date in dates):
            continue
        percent = _PERCENT.match(text, number.end)
        end = percent.end() if percent else number.end
        facts.append(Fact("percent" if percent else "number", number.value, number.start, end, number.sure))
    facts += [Fact("number", float(int(m.group(1)) % 12), m.start(), m.end(), False) for m in _CLOCK.finditer(text)]
    facts += [Fact("name", name, name.start, name.end) for name in find_names(text)]
    return sorted(facts, key=lambda fact: (fact.start, fact.end))


def supports(fact: Fact, shown: Iterable[Fact], quote: str, quote_language: str) -> bool:
    """Whether a number or date is among the facts shown."""
    if isinstance(fact.value, Date):
        return _supports_date(fact.value, list(shown))
    for other in shown:
        if other.kind in ("number", "percent") and _same_number(fact.value, other.value):
            return fact.kind == other.kind or not other.sure or not fact.sure or "percent" not in (fact.kind, other.kind)
        if isinstance(other.value, Date) and fact.value in (other.value.year, other.value.day):
            return True
    return False


def _supports_date(date: Date, shown: list[Fact]) -> bool:
    dates = [fact.value for fact in shown if isinstance(fact.value, Date)]
    numbers = {fact.value for fact in shown if isinstance(fact.value, float)}
    if any(_same_date(date, other) for other in dates):
        return True
    if date.month is None and date.year is not None:
        return float(date.year) in numbers
    # "between February 10 and 17" gives one month for two days.
    return (
        date.day is not None
        and any(other.month == date.month for other in dates)
        and (float(date.day) in numbers or any(other.day == date.day for other in dates))
    )


def _same_number(a: object, b: object) -> bool:
    return isinstance(a, float) and isinstance(b, float) and abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1)


def _same_date(claim: Date, shown: Date) -> bool:
    if not claim.agrees(shown):
        return False
    # What the claim adds beyond the quote is not borne out by it: a day needs a day.
    return claim.day is None or shown.day == claim.day


def names_agree(name: Name, quote: str, names: NamePairs, same_language: bool) -> bool:
    """Whether a name is in the quote, in its own form or in a known one of the other language.

    Across languages a name that has no known form may be translated word by word, so only names that keep their letters are held to it.
    """
    words = set(re.findall(r"\w+", bare(quote)))
    present = [token for token in name.tokens if token in words]
    if len(present) == len(name.tokens):
        return True
    flat = bare(name.text)
    for a, b in names:
        for one, other in ((bare(a), bare(b)), (bare(b), bare(a))):
            if one in flat and set(other.split()) & words:
                return True
    if same_language:
        return bool(present) and set(name.tokens) - set(present) <= _FILLERS
    return not present or not _is_another(name, quote)


def _is_another(name: Name, quote: str) -> bool:
    """Whether the quote has a name that shares a word with this one and sets another, of the same spelling, in place of the rest."""
    if not name.text.isascii() or len(name.tokens) > 3:
        return False
    for other in find_names(quote):
        rest = set(other.tokens) - set(name.tokens)
        if (
            len(rest) == 1
            and len(other.tokens) == len(name.tokens)
            and other.text.isascii()
            and set(other.tokens) & set(name.tokens)
        ):
            return True
    return False


_FILLERS = frozenset("of the and de von van".split())
