"""Which kinds of thing a sentence holds – names, dates, numbers, reasons – and whether they are what a question asks for."""

import re
from dataclasses import dataclass

from assistant.amounts import has_amount, has_money
from assistant.asked import Asked
from index.dates import find_dates
from index.facts import extract_facts
from index.lexicon import lexicon
from index.names import TITLES, Name, find_names, is_title_case
from index.text import bare, fold, tokenise

_CAUSE = re.compile(
    r"(?<!\w)(?:because|since|due to|owing to|as a result|in order to|so that|to (?:avoid|protect|prevent|keep|help|make)|fear\w*|worr\w+|concern\w*|"
    r"after|amid|blam\w+|caus\w+|reflect\w*|vì|bởi|do|nhằm|để|lo ngại|lo sợ|lo|khiến|nguyên nhân|lý do|sau khi|phản ánh|nhờ|trước)(?!\w)",
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
_TIME = re.compile(
    r"(?<!\w)(?:today|yesterday|tomorrow|last|next|this|ago|hôm|tuần|tháng|năm|mùa|sau|trước|later|morning|night|sáng|tối|week|month|year|summer)(?!\w)",
    re.I,
)
# A day, a month or a year that is told by how far it is from today, or from what was told before.
_CALENDAR = re.compile(
    r"(?<!\w)(?:today|yesterday|tomorrow|tonight|(?:last|next|this|the following|the previous) (?:day|night|week(?:end)?|month|year|decade|century|spring|summer|autumn|fall|winter)|"
    r"(?:days?|weeks?|months?|years?|decades?|centur(?:y|ies)) (?:ago|later|earlier|before|after)|"
    r"hôm (?:qua|nay|kia|sau|trước)|ngày mai|(?:ngày|tuần|tháng|năm|mùa \w+|thập kỷ|thế kỷ) (?:ngoái|trước|qua|nay|này|sau|tới|kế|rồi)|thế kỷ (?:\d+|[IVX]+)|\d\dth century)(?!\w)",
    re.I,
)
_LASTING = re.compile(
    r"(?<!\w)(?:seconds?|minutes?|hours?|days|weeks|months|years|decades|centur(?:y|ies)|giây|phút|tiếng|thập kỷ|thế kỷ|"
    r"(?:an?|one|per|một|mỗi|nhiều|vài|mấy|hàng|suốt|cả|nửa) (?:giờ|ngày|đêm|tuần|tháng|năm|day|week|month|year|night)|"
    r"all (?:day|night|week|month|year|spring|summer|autumn|winter)|"
    r"since|until|till|overnight|throughout|forever|kể từ|từ khi|suốt|mãi|cho đến|cho tới|đến nay|lâu|long)(?!\w)",
    re.I,
)
_PLACED = re.compile(
    r"(?<!\w)(?:in|at|near|from|to|across|outside|off|ở|tại|gần|đến|từ|sang)\s+(?:the\s+|thành phố\s+|tỉnh\s+|nước\s+|bang\s+)?$",
    re.I,
)
_WORD_BEFORE = re.compile(r"(\w+)\.?\s$")
NEARBY = 60
"""Letters before a name that are looked at: it costs the same wherever in a text the name stands."""
# Words of names that no person has. In Vietnamese they stand first in a name or before it; elsewhere some are people's: "Nguyễn Văn Minh", "Lê Hội".
_ORGANISATION = frozenset(
    """group university college bank company corp inc ltd ministry department party council committee court agency association institute union club
    street river park museum hospital school church airport station times post journal news press summit conference robotics holdings commission
    foundation federation league""".split()
)
_VIETNAMESE_ORGANISATION = r"(?<!\w)(?:công ty|tập đoàn|đại học|ngân hàng|ủy ban|liên minh|đảng|viện|hội)"
_BEGINS_WITH_ONE, _BEHIND_ONE = (
    re.compile(rf"{_VIETNAMESE_ORGANISATION}(?!\w)"),
    re.compile(rf"{_VIETNAMESE_ORGANISATION}\s$", re.I),
)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a sentence holds: kinds of thing, its days, and the words of each of its names, of those that persons may have and of those that
    stand behind a word of place, folded without marks.
    """

    kinds: frozenset[str]
    days: frozenset[str]
    names: tuple[frozenset[str], ...]
    persons: tuple[frozenset[str], ...]
    places: tuple[frozenset[str], ...]


def holdings_of(text: str, language: str) -> Holdings:
    """Read a sentence for what it holds."""
    facts = {fact.kind for fact in extract_facts(text, language)}
    dates = find_dates(text)
    dated, amounts = bool(dates), "percent" in facts or has_amount(text, language, dates)
    held = {
        "number": amounts or "date" in facts,
        "count": amounts,
        "percent": "percent" in facts,
        "date": dated or bool(_TIME.search(text)),
        "day": dated,
        "calendar": dated or bool(_CALENDAR.search(text)),
        "money": has_money(text),
        "age": bool(_AGE.search(text)),
        "reason": bool(_CAUSE.search(text)),
        "place": bool(_PLACE.search(text)),
        "list": bool(_LIST.search(text)),
    }
    names = find_names(text)
    return Holdings(
        frozenset(kind for kind, there in held.items() if there),
        frozenset(map(str, dates)),
        tuple(frozenset(name.tokens) for name in names),
        tuple(frozenset(name.tokens) for name in names if may_be_person(name, text)),
        tuple(frozenset(name.tokens) for name in names if is_placed(name, text)),
    )


def may_be_person(name: Name, text: str) -> bool:
    """Whether a name in a text may be a person's: two words that are no country's, or one behind a title. In a headline whose words all have
    capitals no name can be told.
    """
    if is_title_case(text):
        return False
    key = fold(name.text)
    own = [word for word in tokenise(key) if not lexicon().is_place(word)]
    before = text[max(0, name.start - NEARBY) : name.start]
    if lexicon().is_place(key) or not _ORGANISATION.isdisjoint(own) or _BEGINS_WITH_ONE.match(key) or _BEHIND_ONE.search(before):
        return False
    title = _WORD_BEFORE.search(before)
    return len(own) > 1 or (bool(own) and title is not None and title[1].lower() in TITLES)


def is_placed(name: Name, text: str) -> bool:
    """Whether a name in a text stands behind a word of place."""
    return bool(_PLACED.search(text[max(0, name.start - NEARBY) : name.start]))


def tells_how_long(text: str, language: str) -> bool:
    """Whether a sentence may tell how long something takes or is: by an amount, a span of time, or since or until when. A day alone does not."""
    return bool(_LASTING.search(text)) or has_amount(text, language, find_dates(text))


def fits(asked: Asked, holds: Holdings, said: frozenset[str]) -> bool | None:
    """True or False where the kind of answer can be told apart, None where any sentence may do.

    Args:
        asked: what the question asks for.
        holds: what the sentence holds.
        said: the question's own words, folded without marks; a name made of these is no answer.
    """
    if asked.kind == "date" and asked.dated:
        return "calendar" in holds.kinds
    if asked.kind in ("number", "count", "percent", "date", "age"):
        return asked.kind in holds.kinds
    if asked.kind == "money":
        return bool(holds.kinds & {"money", "count"})
    if asked.kind == "place":
        return "place" in holds.kinds or any(name - said for name in holds.names)
    if asked.kind in ("reason", "list"):
        return True if asked.kind in holds.kinds else None
    if asked.kind == "person":
        return any(name - said for name in holds.names)
    return None


def new_name(name: Name, question: str) -> bool:
    """Whether a name is not one that the question itself gives."""
    return bool(set(name.tokens) - set(tokenise(bare(question))))
