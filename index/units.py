"""What a number counts – metres, weeks, dollars – under one name for both languages."""

import re

_FORMS = {
    "millimetre": ("millimet(?:re|er)s?", "milimét|milimet|mm"),
    "centimetre": ("centimet(?:re|er)s?|cm", "xăng ?ti ?mét|xentimét|centimet|cm|phân"),
    "metre": ("met(?:re|er)s?|m", "mét|m"),
    "kilometre": ("kilomet(?:re|er)s?|km", "kilômét|kilomet|kilômet|ki lô mét|cây số|km"),
    "mile": ("miles?", "dặm"),
    "foot": ("feet|foot|ft", "feet|foot"),
    "inch": ("inch(?:es)?", "inch|inches"),
    "hectare": ("hectares?|ha", "héc ta|hécta|hecta|hec ta|ha"),
    "acre": ("acres?", "mẫu(?: Anh)?|acre"),
    "gram": ("grams?|grammes?", "gam|gram"),
    "kilogram": ("kilogram(?:me)?s?|kilos?|kgs?", "kilôgam|ki lô gam|kilogram|ký|kg|cân"),
    "ton": ("tons?|tonnes?", "tấn"),
    "litre": ("lit(?:re|er)s?", "lít"),
    "second": ("seconds?", "giây"),
    "minute": ("minutes?|mins?", "phút"),
    "hour": ("hours?|hrs?", "giờ(?! \\d)|tiếng(?: đồng hồ)?"),
    "day": ("days?", "ngày"),
    "week": ("weeks?", "tuần"),
    "month": ("months?", "tháng(?! \\d)"),
    "year": ("years?", "năm|tuổi"),
    "decade": ("decades?", "thập (?:niên|kỷ)"),
    "century": ("centur(?:y|ies)", "thế kỷ"),
    "dollar": ("dollars?|USD|bucks", "đô la|đô|USD|đôla"),
    "euro": ("euros?|EUR", "euro|EUR"),
    "pound": ("pounds?(?: sterling)?|quid|GBP", "bảng(?: Anh)?|GBP|pao"),
    "dong": ("dong|VND", "đồng|VND"),
    "yen": ("yen", "yên|yen"),
    "yuan": ("yuan|renminbi|RMB", "nhân dân tệ|tệ"),
    "franc": ("francs?", "franc|phrăng"),
    "peso": ("pesos?", "peso"),
    "rupee": ("rupees?", "rupee|rupi"),
    "rouble": ("roubles?|rubles?", "rúp|rouble|ruble"),
}
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
_POWERS = {"square": "²", "sq": "²", "vuông": "²", "cubic": "³", "khối": "³"}


def _pattern(language: int) -> re.Pattern[str]:
    named = "|".join(f"(?P<{name}>{forms[language]})" for name, forms in _FORMS.items())
    return re.compile(rf"(?:[ -]|(?<=\d))(?P<power>square |sq |cubic )?(?:{named})(?P<behind> vuông| khối)?(?!\w)", re.I)


_ENGLISH, _VIETNAMESE = _pattern(0), _pattern(1)


def find_unit(text: str, start: int, end: int, language: str) -> str:
    """The unit of the number ``text[start:end]``; empty where none is known."""
    sign = text[max(0, start - 1) : start]
    if sign in _SIGNS and sign:
        return _SIGNS[sign]
    match = (_VIETNAMESE if language == "vi" else _ENGLISH).match(text, end)
    if match is None:
        return ""
    name = next(name for name in _FORMS if match.group(name))
    power = f"{match.group('power') or ''}{match.group('behind') or ''}".strip().lower()
    return name + _POWERS.get(power, "")
