"""Dates as people write them in Vietnamese and English, as day, month and year, each where it is given."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MONTHS = {name: i % 12 + 1 for i, name in enumerate("january february march april may june july august september october november december jan feb mar apr may jun jul aug sep oct nov dec".split())}  # fmt: skip
_MONTHS["sept"] = 9
_MONTH = "(?P<name>January|February|March|April|May|June|July|August|September|October|November|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\\b\\.?)"
_WEEKDAYS = {"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7,
             "hai": 1, "ba": 2, "tư": 3, "năm": 4, "sáu": 5, "bảy": 6, "chủ nhật": 7}  # fmt: skip
_VIETNAMESE_MONTHS = {"một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12}  # fmt: skip
_YEAR = r"(?:1[5-9]|20)\d\d"
_PATTERNS = [
    re.compile(rf"(?<![\d/.-])(?P<year>{_YEAR})-(?P<month>\d\d?)-(?P<day>\d\d?)(?!\d)"),
    re.compile(rf"(?<![\d/.,-])(?P<day>\d\d?)[/.-](?P<month>\d\d?)[/.-](?P<year>{_YEAR})(?!\d)"),
    re.compile(r"(?<![\d/.,-])(?P<day>\d\d?)/(?P<month>1[0-2]|0?[1-9])(?![\d/])"),
    re.compile(rf"(?<![\d/.,-])(?P<month>1[0-2]|0?[1-9])/(?P<year>{_YEAR})(?![\d/])"),
    re.compile(rf"(?:ngày |mùng |mồng )?(?<!\d)(?P<day>\d\d?) tháng (?P<month>1[0-2]|0?[1-9])(?!\d)(?:,? năm (?P<year>{_YEAR})|[, /]+(?P<year2>{_YEAR}))?", re.I),
    re.compile(rf"\btháng (?P<month>1[0-2]|0?[1-9])(?!\d)(?:,? năm (?P<year>{_YEAR})|[, /]+(?P<year2>{_YEAR}))?", re.I),
    re.compile(rf"\btháng (?P<monthword>mười một|mười hai|mười|giêng|một|hai|ba|tư|năm|sáu|bảy|tám|chín|chạp)\b(?: năm (?P<year>{_YEAR}))?", re.I),
    re.compile(rf"\b{_MONTH} (?P<day>\d\d?)(?:st|nd|rd|th)?(?!\d)(?:,? (?P<year>{_YEAR}))?"),
    re.compile(rf"(?<!\d)(?P<day>\d\d?)(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?P<year>{_YEAR}))?"),
    re.compile(rf"\b{_MONTH}(?:,? (?P<year>{_YEAR}))?(?!\w)"),
    re.compile(rf"(?:năm |(?<=[IVX]/)|(?<![\d.,/$€£-]))(?P<year>{_YEAR})(?![\d/%]|[.,]\d| (?:người|USD|đô|people|tấn|tons?|km|mét|dollars|đồng|euro))", re.I),
    re.compile(r"\b(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)s?\b"),
    re.compile(r"\b(?:[Tt]hứ|T)[ ](?P<weekday>Hai|Ba|Tư|Năm|Sáu|Bảy)\b|(?P<sunday>[Cc]hủ [Nn]hật)"),
    re.compile(r"\b(?:hôm|sáng|trưa|chiều|tối|đêm) thứ (?P<weekday>hai|ba|tư|năm|sáu|bảy)\b"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Date:
    """A date in a text; what it leaves open is None. ``weekday`` counts from Monday, 1."""

    start: int
    end: int
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None

    def agrees(self, other: "Date") -> bool:
        """Whether both can mean the same time: nothing that both give differs, and they give something in common."""
        mine = (self.day, self.month, self.year, self.weekday)
        theirs = (other.day, other.month, other.year, other.weekday)
        common = [(a, b) for a, b in zip(mine, theirs, strict=True) if a is not None and b is not None]
        return bool(common) and all(a == b for a, b in common)

    def __str__(self) -> str:
        names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        if self.weekday:
            return names[self.weekday - 1]
        return "-".join(str(part) if part else "?" for part in (self.year, self.month, self.day))


def find_dates(text: str) -> list[Date]:
    """Every date, in order; the longest reading of overlapping ones."""
    found = [date for pattern in _PATTERNS for match in pattern.finditer(text) if (date := _read(match)) is not None]
    found.sort(key=lambda date: (date.start, -date.end))
    kept: list[Date] = []
    for date in found:
        if not kept or date.start >= kept[-1].end:
            kept.append(date)
    return kept


def is_dated(place: int, dates: Iterable[Date]) -> bool:
    """Whether a place in a text lies inside one of its dates."""
    return any(date.start <= place < date.end for date in dates)


def _read(match: re.Match[str]) -> Date | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    day = int(groups["day"]) if "day" in groups else None
    year = groups.get("year") or groups.get("year2")
    month = int(groups["month"]) if "month" in groups else None
    if "name" in groups:
        name = groups["name"].rstrip(".").lower()
        if (
            name in ("may", "march")
            and day is None
            and not year
            and re.search(r"(?:^|[.!?“\"]\s*)$", match.string[: match.start()])
        ):
            return None
        month = _MONTHS[name]
    if "monthword" in groups:
        month = _VIETNAMESE_MONTHS[groups["monthword"].lower()]
    weekday = 7 if "sunday" in groups else _WEEKDAYS[groups["weekday"].lower()] if "weekday" in groups else None
    if (day is not None and not 1 <= day <= 31) or (month is not None and not 1 <= month <= 12):
        return None
    return Date(match.start(), match.end(), day, month, int(year) if year else None, weekday)
