"""Whether a sentence holds the kind of thing that a question asks for, and where in it."""

import re
from functools import lru_cache

from assistant.asked import Asked
from index.article import Place
from index.dates import find_dates
from index.facts import extract_facts
from index.names import Name, find_names
from index.text import bare, tokenise

_CAUSE = re.compile(
    r"(?<!\w)(?:because|since|due to|owing to|as a result|in order to|so that|to (?:avoid|protect|prevent|keep|help|make)|fear\w*|worr\w+|concern\w*|"
    r"after|amid|blam\w+|caus\w+|reflect\w*|vì|bởi|do|nhằm|để|lo ngại|lo sợ|lo|khiến|nguyên nhân|lý do|sau khi|phản ánh|nhờ|trước)(?!\w)",
    re.I,
)
_MONEY = re.compile(
    r"[$€£¥]|(?<!\w)(?:usd|dollars?|euros?|pounds?|yen|yuan|rupees?|đô la|đô|đồng|vnd|bảng|nhân dân tệ|won|baht|real|peso\w*|francs?|rand|ringgit|krona)(?!\w)",
    re.I,
)
_AGE = re.compile(
    r"\d+[- ]year[- ]old|aged \d+|, \d{1,3},|\d+ years old|\d+ tuổi|(?:mười|mươi|một|hai|ba|bốn|năm|lăm|sáu|bảy|tám|chín) tuổi|born (?:in|on)|sinh (?:năm|ngày)|at \w+teen",
    re.I,
)
_PLACE = re.compile(
    r"(?<!\w)(?:in|at|near|from|to|across|outside|inside|along|off|ở|tại|gần|đến|từ|sang|trên|ngoài|trong|dọc)\s+(?:the\s+)?(?:\w+\s+){0,3}?[A-ZÀ-ỸĐ]"
)
_LIST = re.compile(r",|;|\b(?:and|và|cùng|như|including|bao gồm|gồm)\b", re.I)


@lru_cache(maxsize=50_000)
def _facts(text: str, language: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((fact.kind, fact.start, fact.end) for fact in extract_facts(text, language))


def holds_what_is_asked(asked: Asked, place: Place, question: str) -> bool | None:
    """True or False where the kind can be told apart, None where any sentence may do."""
    kind, text = asked.kind, place.text
    if kind in ("number",):
        return any(k in ("number", "percent", "date") for k, _, _ in _facts(text, place.language))
    if kind == "date":
        return bool(find_dates(text)) or bool(
            re.search(
                r"(?<!\w)(?:today|yesterday|tomorrow|last|next|this|ago|hôm|tuần|tháng|năm|mùa|sau|trước|later|morning|night|sáng|tối|week|month|year|summer)(?!\w)",
                text,
                re.I,
            )
        )
    if kind == "money":
        return bool(_MONEY.search(text)) and any(k in ("number", "percent") for k, _, _ in _facts(text, place.language))
    if kind == "age":
        return bool(_AGE.search(text))
    if kind == "reason":
        return True if _CAUSE.search(text) else None
    if kind == "person":
        return any(new_name(name, question) for name in find_names(text))
    if kind == "place":
        return bool(_PLACE.search(text))
    if kind == "list":
        return True if _LIST.search(text) else None
    return None


def new_name(name: Name, question: str) -> bool:
    """Whether a name is not one that the question itself gives."""
    return bool(set(name.tokens) - set(tokenise(bare(question))))
