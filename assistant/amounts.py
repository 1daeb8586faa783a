"""Which numbers of a text are amounts – no dates, no ages, no words that are oftener another – and which of them are sums of money."""

import re
from collections.abc import Iterator, Sequence

from index.dates import Date, is_dated
from index.numbers import Number, find_numbers

_OFTEN_OTHER = frozenset("năm tư second".split())
# What counts without a number word of its own: a part, a score.
_PART = re.compile(
    r"(?<!\w)(?:\d+[-–:]\d+|twice|half|(?:a|one|two|three) (?:third|quarter|fifth|sixth|tenth)s?|một phần \w+|một nửa|gấp đôi|gấp rưỡi)(?!\w)",
    re.I,
)
# "Ana Ruiz, 39, a nurse": newspapers set an age behind a name.
_BEHIND_NAME = re.compile(r"(?:[A-ZÀ-ỸĐ][\w’'-]*|[A-Z]\.), $")
_AGE_BEFORE, _AGE_AFTER = re.compile(r"(?<!\w)aged? $", re.I), re.compile(r"(?:[- ]years?[- ]old| tuổi)(?!\w)", re.I)
OLDEST = 120
NEARBY = 60
"""Letters before a number that are looked at."""

_SIGN = r"[$€£¥₫₩₹₽₺₴]"
_CURRENCY = (
    r"usd|eur|vnd|dollars?|euros?|yuan|renminbi|rupees?|rupiah|ringgit|baht|kron[aeo]r?s?|zlot(?:ys?|ych|e)|złot(?:ych|y|e)|forints?|shekels?|dirhams?|"
    r"dinars?|riyals?|naira|shillings?|hryvnias?|rou?bles?|pesos?|francs?|reais|tugrik|tenge|koruna|đô la|đôla|nhân dân tệ|rúp"
)
# Words that mean other things too are money only behind a number.
_BEHIND_NUMBER = (
    r"won|real|rand|pounds?|crowns?|lira|liras|yen|yên|cents?|pence|kip|riel|kyat|lei|lev|leu|dong|đồng|đô|bảng|tệ|xu|"
    r"quan|phrăng|rial|taka|som|bucks"
)
_COUNTS = (
    r"(?:\d|(?<!\w)(?:hundred|thousand|million|billion|one|two|five|ten|trăm|nghìn|ngàn|triệu|tỷ|tỉ|mươi|mười|một|hai|năm|chục))"
)
_MONEY = re.compile(rf"{_SIGN}|(?<!\w)(?:{_CURRENCY})(?!\w)|{_COUNTS}[\s-]?(?:{_BEHIND_NUMBER})(?!\w)", re.I)
_SIGN_BEFORE = re.compile(rf"{_SIGN}\s?$")
CURRENCY_AFTER = re.compile(rf"[\s-]?(?:{_CURRENCY}|{_BEHIND_NUMBER})(?!\w)", re.I)


def is_age(text: str, start: int, end: int) -> bool:
    """Whether the number ``text[start:end]`` tells how old somebody or something is."""
    before = text[max(0, start - NEARBY) : start]
    if _AGE_AFTER.match(text, end) or _AGE_BEFORE.search(before):
        return True
    digits = text[start:end]
    alone = (
        len(digits) <= 3 and digits.isdecimal() and 0 < int(digits) <= OLDEST and text[end : end + 1] in (",", ";", ")", ".", "")
    )
    return alone and bool(_BEHIND_NAME.search(before))


def amounts(text: str, language: str, dates: Sequence[Date]) -> Iterator[Number]:
    """The numbers of a text that count something: in digits, or from two on and no word that is oftener another ("năm" a year)."""
    for number in find_numbers(text, language):
        if is_dated(number.start, dates) or is_age(text, number.start, number.end):
            continue
        if number.digits or (number.value >= 2 and text[number.start : number.end].lower() not in _OFTEN_OTHER):
            yield number


def has_amount(text: str, language: str, dates: Sequence[Date]) -> bool:
    """Whether something is counted, by a number, a part or a score."""
    parts = (part for part in _PART.finditer(text) if not is_dated(part.start(), dates))
    return next(amounts(text, language, dates), None) is not None or next(parts, None) is not None


def is_money(text: str, start: int, end: int) -> bool:
    """Whether the number ``text[start:end]`` is a sum of money."""
    return bool(_SIGN_BEFORE.search(text[max(0, start - 2) : start]) or CURRENCY_AFTER.match(text, end))


def has_money(text: str) -> bool:
    """Whether a sum of money is told."""
    return bool(_MONEY.search(text))
