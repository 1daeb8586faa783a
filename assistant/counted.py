"""What a question wants counted – "how many people", "bao lâu" – and what stands beside a text's numbers."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.dates import find_dates, is_dated
from index.numbers import find_numbers
from index.text import bare_token, tokenise

FOLLOWING = 3
"""Words behind a number among which is what it counts."""

_ASKS: tuple[tuple[str, ...], ...] = (("how", "many"), ("how", "much"), ("bao", "nhieu"), ("may",))
_MEASURES = {
    ("how", "long"): "years months weeks days hours minutes",
    ("bao", "lau"): "năm tháng tuần ngày giờ phút",
    ("how", "far"): "kilometres miles metres",
    ("bao", "xa"): "kilômét mét",
    ("how", "tall"): "metres centimetres feet",
    ("how", "high"): "metres feet",
    ("how", "deep"): "metres feet",
    ("how", "wide"): "metres centimetres",
    ("how", "heavy"): "kilograms tonnes",
}
# What follows "how many" without being counted: a verb, or a word that says how much more.
_NOT_COUNTED = frozenset(
    """did do does is are was were has have had will would can could should of the a an more other others else new in per percent at for from
    la cua da se dang thi ma cac nhung nua khac moi trong vay the duoc bi va""".split()
)
_SOME = frozenset("sau truoc nay qua gan lien".split())
_BESIDE = re.compile(rf"[$€£¥%]?(?:\W*\w+){{0,{FOLLOWING}}}")


@lru_cache(maxsize=2_048)
def noun_of(question: str) -> str:
    """What is to be counted, in the question's words or as its units; empty where the question does not say."""
    words = tokenise(question)
    plain = [bare_token(word) for word in words]
    for at in range(len(words)):
        measured = next((units for asks, units in _MEASURES.items() if _stand_at(asks, plain, at)), "")
        if measured:
            return measured
        asks = next((asks for asks in _ASKS if _stand_at(asks, plain, at)), None)
        # "Mấy năm sau" is some years later.
        if asks is not None and not (asks == ("may",) and _SOME.intersection(plain[at + 2 : at + 3])):
            return " ".join(_nouns(words[at + len(asks) :]))
    return ""


def _stand_at(asks: Sequence[str], words: Sequence[str], at: int) -> bool:
    return tuple(words[at : at + len(asks)]) == tuple(asks)


def _nouns(words: Sequence[str]) -> Iterator[str]:
    """The first two words that may be a noun."""
    for word in words[:2]:
        if bare_token(word) in _NOT_COUNTED:
            return
        yield word


def beside_numbers(text: str, language: str) -> str:
    """What a text's numbers may count: the words behind each that is no part of a date."""
    dates = find_dates(text)
    found = []
    for number in find_numbers(text, language):
        behind = _BESIDE.match(text, number.end)
        if behind and not is_dated(number.start, dates):
            found.append(behind.group())
    return " ".join(found)
