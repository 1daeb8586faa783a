"""What a sentence commits itself to – numbers, dates, names – in a form that compares across languages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from index.dates import Date, find_dates, is_dated
from index.names import Name, find_names
from index.numbers import find_numbers
from index.units import find_unit

_SHARE = r"\s?(?:%|percent\b|per cent\b|phần trăm\b|percentage points?\b|điểm phần trăm\b)"
# In "from 31 to 68 percent" both are shares.
_PERCENT = re.compile(rf"{_SHARE}|(?= (?:to|and|or|đến|tới|và|lên|xuống) [\d.,]+{_SHARE})", re.I)
_CLOCK = re.compile(
    r"(?<![\d.,])(\d{1,2})(?:[:.h](\d\d)\b(?:\s?[ap]\.?m\b| giờ)?|\s?(?:[ap]\.?m\b|o['’]clock|h\b|g\b|giờ (?:sáng|trưa|chiều|tối|đêm))|"
    r"(?:\s?giờ |g)(\d{1,2})\b(?: phút(?! \d))?(?! (?:giờ|phút)))(?! (?:phần trăm|percent|million|billion|triệu|tỷ|tỉ|nghìn|ngàn|km|mét|điểm|points)|%)",
    re.I,
)

Kind = Literal["number", "percent", "time", "date", "name"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One commitment of a text: ``text[start:end]`` says it, ``value`` is what compares, ``unit`` what a number counts."""

    kind: Kind
    value: float | Date | Name
    start: int
    end: int
    sure: bool = True
    unit: str = ""


def extract_facts(text: str, language: str) -> list[Fact]:
    """Dates, numbers, percentages and names, in order; offsets are into ``text``."""
    dates, clocks = find_dates(text), [match for match in _CLOCK.finditer(text) if _is_time(match)]
    facts = [Fact("date", date, date.start, date.end) for date in dates]
    for number in find_numbers(text, language):
        if any(clock.start() <= number.start < clock.end() for clock in clocks):
            continue
        if is_dated(number.start, dates) or any(number.start <= date.start < number.end for date in dates):
            continue
        percent = _PERCENT.match(text, number.end)
        end = percent.end() if percent else number.end
        unit = "" if percent else find_unit(text, number.start, number.end, language)
        # "Two years" is a number where "two" alone may be a pronoun.
        sure = number.sure or (bool(unit) and number.value > 1)
        facts.append(Fact("percent" if percent else "number", number.value, number.start, end, sure, unit))
    facts += [_time(match) for match in clocks]
    facts += [Fact("name", name, name.start, name.end) for name in find_names(text)]
    return sorted(facts, key=lambda fact: (fact.start, fact.end))


def _is_time(match: re.Match[str]) -> bool:
    """Whether it can be a time of day; "5.30" alone is rather a number, and so is "6:45" behind a comma of a score."""
    hour, minute = int(match.group(1)), int(match.group(2) or match.group(3) or 0)
    told = re.search(r"[ap]\.?m\b|giờ|o['’]clock|[hg:]", match.group(), re.I)
    return hour <= 24 and minute < 60 and bool(told)


def _time(match: re.Match[str]) -> Fact:
    """Minutes since noon or midnight: versions count the hours to twelve or to twenty-four."""
    minutes = int(match.group(1)) % 12 * 60 + int(match.group(2) or match.group(3) or 0)
    return Fact("time", float(minutes), match.start(), match.end())


def supports(fact: Fact, shown: Iterable[Fact], quote: str, quote_language: str) -> bool:
    """Whether a number or date is among the facts shown."""
    if isinstance(fact.value, Date):
        return _supports_date(fact.value, list(shown))
    shown = list(shown)
    if fact.kind == "time":
        times = [other for other in shown if other.kind == "time"]
        return not times or any(same_number(fact, other) for other in times)
    for other in shown:
        if other.kind in ("number", "percent") and same_number(fact, other):
            if fact.unit and other.unit and fact.unit != other.unit:
                continue
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


def same_number(a: Fact, b: Fact) -> bool:
    """Whether two facts have one value, whatever it counts."""
    x, y = a.value, b.value
    return isinstance(x, float) and isinstance(y, float) and abs(x - y) <= 1e-9 * max(abs(x), abs(y), 1)


def _same_date(claim: Date, shown: Date) -> bool:
    if not claim.agrees(shown):
        return False
    # What the claim adds beyond the quote is not borne out by it: a day needs a day.
    return claim.day is None or shown.day == claim.day
