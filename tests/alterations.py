"""Faults planted in sentences: one thing a reader would mind is changed, everything else stays. Tests and benchmarks draw from these.

Nothing here knows how the checks work: numbers, dates, names and negations are found by patterns of their own.
"""

import random
import re
from collections.abc import Callable, Sequence

Alteration = Callable[[str, str, random.Random], str | None]
"""``(sentence, language, rng)`` → the sentence with one fault, or None where it has nothing of the kind."""

MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "vi": ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"],
}
STRANGERS = {
    "en": "Hartwell Okafor Lindqvist Moreno Tanaka Dubois Kowalski Petrov Haddad Silva Novak Eriksen Banerjee Castillo Osei".split(),
    "vi": "Khánh Thảo Dũng Hạnh Quyên Hartwell Okafor Lindqvist Moreno Tanaka Dubois Kowalski Petrov Haddad Osei".split(),
}
COUNTRIES = {
    "en": "Germany France Spain Italy Japan Russia India Brazil Mexico Canada Egypt Turkey Sweden Poland Thailand Kenya Norway Peru".split(),
    "vi": ["Đức", "Pháp", "Tây Ban Nha", "Ý", "Nhật Bản", "Nga", "Ấn Độ", "Brazil", "Mexico", "Canada", "Ai Cập", "Thổ Nhĩ Kỳ",
           "Thụy Điển", "Ba Lan", "Thái Lan", "Kenya", "Na Uy", "Peru"],
}  # fmt: skip
_DIGITS = r"(?<![\w.,/:$€£-])\d+(?:[.,]\d+)?(?![\w/:%-]|[.,]\d)"
_WORDS = {
    "en": "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty".split(),
    "vi": ["hai", "ba", "bốn", "sáu", "bảy", "tám", "chín", "mười"],
}
_UNITS = {
    "en": [["kilometers", "meters", "miles"], ["kilometres", "metres", "miles"], ["million", "billion"], ["tons", "kilograms"],
           ["hours", "minutes", "days"], ["days", "weeks"], ["weeks", "months"], ["months", "years"], ["degrees", "percent"],
           ["dollars", "euros"], ["hectares", "acres"]],
    "vi": [["km", "m"], ["kilômét", "mét"], ["kilomet", "mét"], ["ki lô mét", "mét"], ["triệu", "tỷ"], ["tấn", "kg"],
           ["giờ", "phút"], ["ngày", "tuần"], ["tuần", "tháng"], ["năm", "tháng"], ["tháng", "năm"], ["độ", "phần trăm"],
           ["đô la", "euro"], ["USD", "euro"], ["héc ta", "mét vuông"]],
}  # fmt: skip
_CAPITAL = "[" + "".join(c for c in map(chr, range(0x41, 0x1EFA)) if c.isupper()) + "]"
# No name is looked for at the beginning of a sentence.
_NAME = re.compile(rf"(?<=[\w,] )(?!(?:Mr|Mrs|Ms|Dr|Prof|The|I|Ông|Bà)\b){_CAPITAL}[\w’'-]{{2,}}(?: {_CAPITAL}[\w’'-]+)*")
_NO_NAME = {*MONTHS, *WEEKDAYS["en"], "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Chủ", "Nhật", "English", "Internet"}
_AUXILIARY = r"will|would|can|could|should|must|may|might|was|were|is|are|has|had|have"
_NO_NEGATION = r"(?! (?:only|chỉ|những|gian|khí|quân|tặc|kém|trung|ít|phải chỉ|ngừng))"
_NEGATIONS = {
    "en": re.compile(rf" (?:(?:did|does|do) (?:not|n['’]t) (?=\w)|not{_NO_NEGATION} |never )| (?:{_AUXILIARY})n['’]t ", re.I),
    "vi": re.compile(rf"(?<!hàng)(?<!hay)(?<! có) (?:không|chưa|chẳng){_NO_NEGATION} (?=\w)"),
}


def change_number(text: str, language: str, rng: random.Random) -> str | None:
    """Another value for a number in digits, now and then for one in words."""
    if found := list(re.finditer(_DIGITS, text)):
        match = rng.choice(found)
        if re.search(r"(?:tháng|ngày|năm|" + "|".join(MONTHS) + r")\W+$", text[: match.start()]):
            return None
        old = match.group()
        new = f"{old[:-1]}{(int(old[-1]) + rng.randint(1, 9)) % 10}" if rng.random() < 0.5 else old.replace(
            re.split("[.,]", old)[0], str(int(re.split("[.,]", old)[0]) + rng.choice((1, 3, 7, 20))), 1)  # fmt: skip
        return text[: match.start()] + new + text[match.end() :]
    words = [w for w in _WORDS[language] if re.search(rf"(?<!thứ )(?<!tháng )(?<!mươi )(?<!mười )\b{w}\b(?! mươi)", text)]
    if not words or language == "vi":
        return None
    old = rng.choice(words)
    return re.sub(rf"\b{old}\b", rng.choice([w for w in _WORDS[language] if w != old]), text, count=1)


def change_percent(text: str, language: str, rng: random.Random) -> str | None:
    """Another share."""
    return _bump(text, rng, r"(\d+)(?=(?:[.,]\d+)?\s?(?:%|percent|per cent|phần trăm))")


def change_money(text: str, language: str, rng: random.Random) -> str | None:
    """Another sum."""
    scale = r"(?:[.,]\d+)*\s?(?:million|billion|thousand|nghìn|triệu|tỷ|tỉ)?\s?"
    return _bump(
        text, rng, rf"(?<=[$€£])(\d+)|(?<![\d.,])(\d+)(?={scale}(?:USD|đô la|euro|đồng|dollars|bảng|yên|yuan|nhân dân tệ))"
    )


def _bump(text: str, rng: random.Random, pattern: str) -> str | None:
    found = list(re.finditer(pattern, text))
    if not found:
        return None
    match = rng.choice(found)
    return f"{text[: match.start()]}{int(match.group()) + rng.choice((1, 2, 5, 10, 30))}{text[match.end() :]}"


def change_date(text: str, language: str, rng: random.Random) -> str | None:
    """Another weekday, month, day of a month or year."""
    ways = [change for change in (_weekday, _month, _day, _year) if change(text, language, random.Random(0)) is not None]
    return rng.choice(ways)(text, language, rng) if ways else None


def _weekday(text: str, language: str, rng: random.Random) -> str | None:
    return _another(text, WEEKDAYS[language], rng)


def _month(text: str, language: str, rng: random.Random) -> str | None:
    if language == "en":
        return _another(text, [month for month in MONTHS if month not in ("May", "March")], rng)
    match = re.search(r"(?<=tháng )\d+\b", text)
    return f"{text[: match.start()]}{int(match.group()) % 12 + 1}{text[match.end() :]}" if match else None


def _day(text: str, language: str, rng: random.Random) -> str | None:
    months = "|".join(f"{month}|{month[:3]}\\." for month in MONTHS)
    match = re.search(rf"(?<=ngày )\d+\b|\b\d+(?=/\d+\b)|(?<!\d)\d+(?= tháng)|(?:(?<=\s)|^)\d+(?= (?:{months}))", text)
    match = match or next((m for m in re.finditer(r"\b\d\d?\b", text) if re.search(rf"(?:{months}) $", text[: m.start()])), None)
    return f"{text[: match.start()]}{int(match.group()) % 28 + 1}{text[match.end() :]}" if match else None


def _year(text: str, language: str, rng: random.Random) -> str | None:
    match = re.search(r"(?:(?<=in )|(?<=since )|(?<=năm )|(?<=từ ))(?:19|20)\d\d\b", text)
    return f"{text[: match.start()]}{int(match.group()) + rng.choice((-3, -1, 1, 2, 10))}{text[match.end() :]}" if match else None


def _another(text: str, group: Sequence[str], rng: random.Random) -> str | None:
    here = [name for name in group if re.search(rf"\b{name}\b", text)]
    if not here:
        return None
    old = rng.choice(here)
    return re.sub(rf"\b{old}\b", rng.choice([name for name in group if name != old]), text, count=1)


def change_name(text: str, language: str, rng: random.Random) -> str | None:
    """Somebody else, or another first or last name, or another country."""
    found = [m for m in _NAME.finditer(text) if not set(m.group().split()) & _NO_NAME]
    countries = [m for m in found if m.group() in COUNTRIES[language]]
    if countries and rng.random() < 0.7:
        match = rng.choice(countries)
        new = rng.choice([name for name in COUNTRIES[language] if name not in text])
    elif found:
        match = rng.choice(found)
        words = match.group().split()
        at = rng.randrange(len(words)) if rng.random() < 0.5 else None
        strange = [w for w in STRANGERS[language] if w not in text]
        new = " ".join(
            rng.choice(strange) if at in (None, i) else word for i, word in enumerate(words[:3] if at is None else words)
        )
    else:
        return None
    return text[: match.start()] + new + text[match.end() :]


def add_negation(text: str, language: str, rng: random.Random) -> str | None:
    """A negation where there is none."""
    if _NEGATIONS[language].search(text) or re.search(
        r"\b(?:no|not|never|nobody|nothing|none|without|neither|nor|không|chưa|chẳng)\b|n['’]t", text, re.I
    ):
        return None
    ways = _NEGATE[language]
    order = rng.sample(range(len(ways)), len(ways))
    for pattern, new in (ways[i] for i in order):
        altered = re.sub(pattern, new, text, count=1)
        if altered != text:
            return altered
    return None


_NEGATE = {
    "en": [
        (rf"(?<=\w) ({_AUXILIARY}) (?!to |a lot )", r" \1 not "),
        (rf"(?<=\w) ({_AUXILIARY}) (?!to |a lot )", r" \1 never "),
        (r"(?<=\w) (will|would|can|could|was|were|is|are) (?!to )", lambda m: f" {'wo' if m.group(1) == 'will' else 'ca' if m.group(1) == 'can' else m.group(1)}n't "),
        (r"(?<=[a-z]) ([a-z]{3,}[^e\W])ed (?=(?:the|a|an|that|to|its|his|her|their|in|on|for) )", r" did not \1 "),
        (r"(?<=[a-z]) said (?=that |the |it |he |she |they )", " did not say "),
    ],
    "vi": [
        (r" đã (?=[a-zà-ỹđ])", " không "),
        (r" đã (?=[a-zà-ỹđ])", " chưa "),
        (r" (sẽ|có thể|được|bị|có|cần|phải|muốn) (?=[a-zà-ỹđ])", r" không \1 "),
        (r" là (?=[a-zà-ỹđ])", " không phải là "),
        (r" (đang) (?=[a-zà-ỹđ])", r" không \1 "),
    ],
}  # fmt: skip


def remove_negation(text: str, language: str, rng: random.Random) -> str | None:
    """One negation fewer."""
    found = list(_NEGATIONS[language].finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    kept = re.match(
        r" (will|would|can|could|should|must|may|might|was|were|is|are|has|had|have|wo|ca)n['’]t ", match.group(), re.I
    )
    verb = {"wo": "will", "ca": "can"}.get(kept.group(1).lower(), kept.group(1)) if kept else ""
    return f"{text[: match.start()]} {f'{verb} ' if verb else ''}{text[match.end() :]}"


def change_unit(text: str, language: str, rng: random.Random) -> str | None:
    """Another unit or scale behind a number."""
    for group in rng.sample(_UNITS[language], len(_UNITS[language])):
        old = rng.choice(group)
        altered = re.sub(
            rf"(\d )({old})\b", lambda m, g=group, o=old: m.group(1) + rng.choice([u for u in g if u != o]), text, count=1
        )
        if altered != text:
            return altered
    return None


ALTERATIONS: dict[str, Alteration] = {
    "number": change_number,
    "percent": change_percent,
    "money": change_money,
    "unit": change_unit,
    "date": change_date,
    "name": change_name,
    "negation added": add_negation,
    "negation removed": remove_negation,
}
