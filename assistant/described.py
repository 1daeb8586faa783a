"""How an article describes whom and what it names, so that a question about "the captain" finds the sentences that have only his name."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from assistant.fit import may_be_person
from index.article import Place
from index.names import Name, find_names
from index.text import bare

Tokens = frozenset[str]

BEFORE, BEHIND, NEARBY = 4, 9, 120
"""Words of a description before a name, and behind it; letters before a name that are looked at."""
NAMES = 500
"""Names of one text that are told apart; a text of nothing but names has no use for more."""

_BEFORE = re.compile(rf"(?:[^\W\d_][\w’'-]* ){{1,{BEFORE}}}$")
_APART = {
    "en": re.compile(rf"(?<!\w)(?:the|an?|its|his|her|their)\s((?:[^\W\d_][\w’'-]* ){{0,{BEFORE}}}[^\W\d_][\w’'-]*), $", re.I),
    "vi": re.compile(rf"(?:^|[.;:,“\"]\s)((?:[^\W\d_]+ ){{1,{BEFORE}}}[^\W\d_]+), (?:ông|bà|anh|chị|cô|chú|em|cụ) $", re.I),
}
"""A description before a name with a comma between: "The captain, Ana Ruiz"."""
_BEHIND = re.compile(
    r"(?:,\s*(?:aged )?(?:\d{1,3}(?: tuổi| years old)?,\s*)?| is (?=an? |the )| was (?=an? |the )| là (?=người|nhà|một|con|em|chị|anh))"
    r"([^,.;:!?“”\"()—–]{3,120})(?=[,.;:!?)—–]|$)"
)
_BEGINS = re.compile(r"(?:^|[.!?…:;]\s+)[\"“”'‘(—–-]*([^\W\d_]\w{2,})(?:['’]s)?(?!\w)")
# Behind these a description before a name begins.
_JOINS = frozenset(
    """the a an of by with and or to from for in on at as that which who whom whose said says told asked met is was were are be been has had have his
    her their its our my but than like when while after before because if against about into over under between also
    của với và hoặc do bởi cho là tại ở trong ngoài từ đến khi vì nên mà thì bị được đã đang sẽ nói rằng theo cùng như gặp về vào có không này kia ấy
    nhưng gồm dự""".split()
)
_ADDRESS = frozenset("ông bà anh chị cô chú em cụ mr mrs ms dr".split())
_ENGLISH = re.compile(
    r"(?:the|an?|who|whose|his|her|its)\s|[a-z-]+ (?:of|at|for)\s|(?:co-)?(?:founder|chief|head|owner|president|director)\b"
)
# Verbs and words of time, with which no description begins.
_VIETNAMESE_OTHER = re.compile(
    r"(?:đã|đang|sẽ|vẫn|cũng|là|được|bị|có|từng|không|chưa|và|nhưng|bao gồm|gồm|thì|nên|vì|do|nói|cho|kể|ra|nằm|hứa|cảnh báo|"
    r"khiến|khi|sau|trước|trong|với|theo|để|hôm|năm|ngày|tháng|tuần|lúc|tại|ở|từ|đến|nếu|dù|tuy|hiện|nay|đây|đó)(?!\w)",
    re.I,
)


@lru_cache(maxsize=256)
def descriptions_of(sentences: tuple[Place, ...]) -> Mapping[Tokens, str]:
    """What stands beside each name in a text, by the words of the name; one that is part of a single longer one is the same."""
    found: dict[Tokens, list[str]] = {}
    for sentence in sentences:
        for name in find_names(sentence.text):
            words = frozenset(name.tokens)
            if may_be_person(name, sentence.text) and (words in found or len(found) < NAMES):
                found.setdefault(words, []).extend(_beside(name, sentence))
    for short in sorted(found, key=len):
        longer = [full for full in found if short < full]
        if len(longer) == 1:
            found[longer[0]] += found.pop(short)
    return {words: " ".join(dict.fromkeys(told)) for words, told in found.items()}


def described(sentence: str, known: Mapping[Tokens, str]) -> str:
    """What a text says elsewhere of those whom a sentence names by a part of their names, as news does once it has told who they are; nothing where a
    name may be one of several's.
    """
    told = []
    named = [frozenset(name.tokens) for name in find_names(sentence)]
    # A surname that begins a sentence could be any word; here it is looked up among names.
    named += [frozenset([bare(word)]) for word in _BEGINS.findall(sentence)]
    for words in dict.fromkeys(named):
        meant = [text for full, text in known.items() if words < full]
        if len(meant) == 1:
            told += meant
    return " ".join(told)


def _beside(name: Name, sentence: Place) -> Iterator[str]:
    text = sentence.text
    before = text[max(0, name.start - NEARBY) : name.start]
    if (apart := _APART.get(sentence.language, _APART["en"]).search(before)) and not _VIETNAMESE_OTHER.match(apart.group(1)):
        yield apart.group(1)
    elif joined := _BEFORE.search(before):
        words = joined.group().split()
        cut = max((at + 1 for at, word in enumerate(words) if word.lower() in _JOINS), default=0)
        if kept := [word for word in words[cut:] if word.lower() not in _ADDRESS]:
            yield " ".join(kept)
    behind = _BEHIND.match(text, name.end)
    if behind and (
        _ENGLISH.match(behind.group(1)) if sentence.language == "en" else not _VIETNAMESE_OTHER.match(behind.group(1))
    ):
        yield " ".join(behind.group(1).split()[:BEHIND])
