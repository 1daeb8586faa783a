"""Numbers as people write them in Vietnamese and English, as values: digits with either language's separators, words, and scales."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ONES = {
    "en": dict(zip("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), range(20), strict=True)),
    "vi": {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9},
}  # fmt: skip
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_SCALES = {
    "en": {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "mn": 1e6, "dozen": 12},
    "vi": {"trăm": 1e2, "nghìn": 1e3, "ngàn": 1e3, "vạn": 1e4, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9},
}
_DIGITS = re.compile(
    r"(?<![\w.,/–-])[$€£¥]?\s?(\d{1,3}(?:[.,\u00a0]\d{3})+(?:[.,]\d{1,2})?|\d+[.,]\d+|\d+)(?:st|nd|rd|th|s)?"
    r"(?:(?=(?:k|m|bn|mn|tr|km|kg|ha|cm|mm)(?!\w))|(?![\w/]|[.,–-]\d))",
    re.I,
)
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_EN_WORDS = "|".join([*_ONES["en"], *_TENS])
_ORDINALS = {
    "tenth": 10,
    "eleventh": 11,
    "thirteenth": 13,
    "fourteenth": 14,
    "twentieth": 20,
    "thirtieth": 30,
    "fortieth": 40,
    "fiftieth": 50,
    "sixtieth": 60,
    "hundredth": 100,
    "twelfth": 12,
    "fifteenth": 15,
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
}
_EN_ORDINALS = "|".join(_ORDINALS)
_BEHIND_TENS = dict(zip("first second third fourth fifth sixth seventh eighth ninth".split(), range(1, 10), strict=True))
# Where no such letter is, no word is tried: most of the time of a search goes to places where nothing begins.
_EN_FIRST = "".join(sorted({word[0] for word in (*_ONES["en"], *_TENS, *_ORDINALS, "a")}))
_ENGLISH = re.compile(
    rf"\b(?=[{_EN_FIRST}])(?:(?:{_EN_WORDS})(?:[ -](?:and )?(?:{_EN_WORDS}|hundred|thousand|million|billion|trillion|dozen))*(?:(?<=ty)-(?:{'|'.join(_BEHIND_TENS)}))?|an? (?:hundred|thousand|million|billion|dozen)(?: and (?:{_EN_WORDS})(?:-(?:{_EN_WORDS}))?)?|(?:{_EN_ORDINALS})s?)(?:-odd)?\b"
)
_VI_WORDS = "|".join([*_ONES["vi"], "mười", "mươi", "trăm", "nghìn", "ngàn", "vạn", "triệu", "tỷ", "tỉ", "linh", "lẻ"])
_VIETNAMESE = re.compile(rf"(?<!\w)(?:{_VI_WORDS})(?: (?:{_VI_WORDS}))*(?!\w)")
_SCALE_AFTER = {
    language: re.compile(rf"[ -]?((?:{'|'.join(scales)})(?: (?:{'|'.join(scales)}))*)(?!\w)", re.I)
    for language, scales in _SCALES.items()
}
_LETTER_SCALE = re.compile(r"\s?(k|m|bn|tr)(?!\w)", re.I)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text. ``digits`` tells whether it was written with digits; a small number in words may be no number at all."""

    value: float
    start: int
    end: int
    digits: bool

    @property
    def sure(self) -> bool:
        """Whether it is certainly meant as a number: "năm" is five and year, "one" is often a pronoun."""
        return self.digits or self.value >= 10


def find_numbers(text: str, language: str) -> list[Number]:
    """Every number, in order; ``language`` decides what a point and a comma mean."""
    language = language if language in _SCALES else "en"
    found = [*_digits(text, language), *_words(text, language)]
    found.sort(key=lambda number: (number.start, -number.end))
    kept: list[Number] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return kept


def parse_digits(digits: str, language: str) -> float:
    """The value of digits with separators: groups of three are thousands where the language writes them so."""
    thousands, decimal = (".", ",") if language == "vi" else (",", ".")
    digits = digits.replace("\u00a0", "")
    if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+", digits):
        return float(digits.replace(thousands, ""))
    if digits.count(decimal) == 1 and digits.count(thousands) == 0:
        return float(digits.replace(decimal, "."))
    if digits.count(thousands) == 1 and digits.count(decimal) == 0:
        return float(digits.replace(thousands, "."))
    # Both are there, as in 1,234.5 and, written as others write it, 1.234,5: the last is the decimal one unless it comes again.
    last = max(thousands, decimal, key=digits.rfind)
    if digits.count(last) == 1:
        whole, _, fraction = digits.partition(last)
        return float(f"{re.sub(r'[.,]', '', whole)}.{fraction}")
    return float(re.sub(r"[.,]", "", digits))


def _digits(text: str, language: str) -> Iterator[Number]:
    first = _DIGIT.search(text)
    if first is None:
        return
    # No more than a currency and a space stand before the digits.
    for match in _DIGITS.finditer(text, max(0, first.start() - 2)):
        value, end = parse_digits(match.group(1), language), match.end()
        scale = _SCALE_AFTER[language].match(text, end)
        if scale:
            for word in scale.group(1).lower().split():
                value *= _SCALES[language][word]
            end = scale.end()
        elif letter := _LETTER_SCALE.match(text, end):
            unit = letter.group(1)
            if unit != "m" or match.group().startswith(("$", "€", "£")):
                value *= {"k": 1e3, "m": 1e6, "bn": 1e9, "tr": 1e6}[unit.lower()]
                end = letter.end()
        yield Number(value, match.start(1), end, True)


def _words(text: str, language: str) -> Iterator[Number]:
    pattern = _VIETNAMESE if language == "vi" else _ENGLISH
    for match in pattern.finditer(_lower(text)):
        words, end = _WORD.findall(match.group()), match.end()
        if language == "vi" and len(words) > 1 and words[-1] == "năm" and words[-2] not in ("linh", "lẻ"):
            # Behind a ten five is "lăm": "mười năm" is ten years.
            end -= len(words.pop()) + 1
        start = match.start()
        if language == "vi" and len(words) > 1 and words[0] == "năm" and words[1] in (*_ONES["vi"], "mười"):
            # "Năm bảy tuổi" is the year of being seven.
            start += len(words.pop(0)) + 1
        if words == ["năm"] and text[: match.start()].rstrip()[-1:].isdigit():
            continue
        value = _vietnamese(words) if language == "vi" else _english(words)
        if value is not None:
            yield Number(value, start, end, False)


def _lower(text: str) -> str:
    """A text in small letters, one for one: a pattern that takes either case looks each letter up, and takes twice the time."""
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


def _english(words: list[str]) -> float | None:
    total = current = 0.0
    for word in words:
        if word.removesuffix("s") in _ORDINALS:
            current += _ORDINALS[word.removesuffix("s")]
        elif word in _ONES["en"] or word in _BEHIND_TENS:
            current += _ONES["en"].get(word, _BEHIND_TENS.get(word, 0))
        elif word in _TENS:
            current += _TENS[word]
        elif word in _SCALES["en"]:
            scale = _SCALES["en"][word]
            current = max(current, 1) * scale
            if scale >= 1e3:
                total, current = total + current, 0.0
    return total + current


def _vietnamese(words: list[str]) -> float | None:
    """``hai trăm linh năm`` → 205; None for words that only look like a number, as "tỷ" or "năm năm" (five years)."""
    total = current = 0.0
    last: float | None = None
    for word in words:
        if word in ("linh", "lẻ"):
            last = None
        elif word in ("mười", "mươi"):
            current += 10 if word == "mười" or last is None else last * 9
            last = None
        elif word in _ONES["vi"]:
            if last is not None:
                break
            last = float(_ONES["vi"][word])
            current += last
        else:
            scale = _SCALES["vi"][word]
            if not current and not total:
                return None
            if scale == 1e2:
                current = current - (last or 0) + (last or 1) * scale
            elif current:
                total, current = total + current * scale, 0.0
            else:
                total *= scale
            last = None
    return total + current if total + current or words == ["không"] else None
