"""The short answer inside a sentence, where it can be told: a name, a date, a number, a place."""

import re

from assistant.amounts import CURRENCY_AFTER, amounts, is_age, is_money
from assistant.asked import Asked
from assistant.fit import is_placed, may_be_person, new_name
from index.article import Place
from index.dates import find_dates
from index.facts import extract_facts
from index.names import find_names
from index.text import bare, tokenise

_UNIT = re.compile(
    r"\s?(?:%|percent|phần trăm|USD|dollars?|đô la|đồng|euros?|pounds?|years?|năm|tuổi|months?|tháng|weeks?|tuần|days?|ngày|hours?|giờ|minutes?|phút|people|người|"
    r"km|kilomet(?:re|er)s?|met(?:re|er)s?|mét|miles?|tons?|tonnes?|tấn|times|lần|degrees?|độ|hectares?|ha)(?!\w)",
    re.I,
)
_WHO_IS = frozenset("who is was are s the la ai vay nguoi ong ba".split())
_MONEY_SIGN = re.compile(r"[$€£¥]\s?$")


def find_short_answer(asked: Asked, place: Place, question: str) -> tuple[int, int] | None:
    """Offsets into the file of what answers, or None.

    Args:
        asked: what the question asks for.
        place: the sentence that answers.
        question: its words; what it says itself is no answer.
    """
    spans = _spans(asked, place, question)
    if not spans:
        return None
    start, end = min(spans, key=lambda span: _distance(span, place.text, question))
    return place.start + start, place.start + end


def _spans(asked: Asked, place: Place, question: str) -> list[tuple[int, int]]:
    text = place.text
    if asked.kind == "person":
        # Who somebody is, the whole sentence tells.
        names = () if _asks_who_is_named(question, text) else find_names(text)
        return [(name.start, name.end) for name in names if may_be_person(name, text) and new_name(name, question)]
    if asked.kind == "date":
        known = {str(date) for date in find_dates(question)}
        return [(date.start, date.end) for date in find_dates(text) if str(date) not in known]
    if asked.kind == "place":
        return [(name.start, name.end) for name in find_names(text) if is_placed(name, text) and new_name(name, question)]
    if asked.kind in ("number", "count", "percent", "money", "age"):
        return _numbers(asked, place, question)
    return []


def _asks_who_is_named(question: str, text: str) -> bool:
    """Whether a question asks who somebody is whom the sentence names."""
    named = set(tokenise(bare(question))) - _WHO_IS
    return bool(named) and any(named <= set(tokenise(bare(name.text))) for name in find_names(text))


def _numbers(asked: Asked, place: Place, question: str) -> list[tuple[int, int]]:
    text, said = place.text, set(tokenise(question))
    counted = {number.start for number in amounts(text, place.language, find_dates(text))}
    facts = [fact for fact in extract_facts(text, place.language) if fact.kind in ("number", "percent")]
    chosen = [fact for fact in facts if fact.start in counted]
    if asked.kind in ("age", "money"):
        is_wanted = is_age if asked.kind == "age" else is_money
        chosen = [fact for fact in facts if is_wanted(text, fact.start, fact.end)] or chosen
    spans = []
    for fact in chosen:
        if text[fact.start : fact.end].lower() in said:
            continue
        unit = _UNIT.match(text, fact.end) or CURRENCY_AFTER.match(text, fact.end)
        sign = _MONEY_SIGN.search(text[: fact.start])
        spans.append((sign.start() if sign else fact.start, unit.end() if unit else fact.end))
    return spans


def _distance(span: tuple[int, int], text: str, question: str) -> float:
    """How far a span is, in characters on average, from the question's words in the sentence."""
    wanted = {word for word in tokenise(bare(question)) if len(word) > 2}
    places = [match.start() for match in re.finditer(r"\w+", text) if bare(match.group()) in wanted]
    return sum(min(abs(at - span[0]), 60) for at in places) / len(places) if places else float(span[0])
