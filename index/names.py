"""Names in a text: runs of capitalised words that do not just begin a sentence."""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.text import bare

_CAPITAL = "[A-Z" + "".join(c for c in map(chr, range(0xC0, 0x1EFA)) if c.isupper()) + "]"
_WORD = rf"(?:(?:{_CAPITAL}\.)+|{_CAPITAL}[\w’'-]*)"
# The first capital stands before what is asked of it, so that a search goes from capital to capital.
_FIRST = rf"{_CAPITAL}(?<!\w.)(?:\.(?:{_CAPITAL}\.)*|[\w’'-]*)"
_RUN = re.compile(rf"{_FIRST}(?:(?: (?:of|the|of the|de|van|von|al|bin) |[ -]|&){_WORD})*")
_BEGINS = re.compile(r"(?:^|[.!?…:;]\s+|[\"“”'‘(—–-]\s*|\n\s*)$")
_TITLED = re.compile(r"(?<!\w)(?:Mr|Mrs|Ms|Dr|Prof|Gov|Sen|Rep|Gen)\.\s$")
_JOINT = re.compile("[-’'&]")
_LETTERS = re.compile(r"\w+")
_PUNCTUATED = re.compile(r"[:;/]|\.\s*$")
# Words that begin sentences with a capital and are no names.
_COMMON = frozenset(
    """the a an he she it they we you i his her its their our my your this that these those there here in on at for from by with as when while
    after before since because although though if but and so or yet still however meanwhile according one two three some many most no not all
    each every both such what who why how where which years last next then now today monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december mr mrs ms dr
    ông bà anh chị họ nó đây đó này theo tuy nhiên nhưng và trong ngoài khi sau trước vì do nếu tại ở từ với các những một hai ba năm ngày
    tháng người cô chú em mỗi mọi cả còn thì đến để vào thứ tư sáu bảy chủ nhật vài hệ việc động kết giới chính nhà cuộc điều đối
    hôm khoảng hơn gần dù mặc bởi đồng ngoài được bị rồi lúc cùng đã đang sẽ không có là cũng hiện vẫn nhiều""".split()
)
TITLES = frozenset(
    """ông bà anh chị cô chú mr mrs ms dr sir lord lady president tổng thống chủ tịch bộ trưởng minister professor prof chairman chairwoman
    venerable reverend rev father sister senator congressman congresswoman""".split()
)

LONGER, FEWEST = 4, 6
"""Letters from which on a word has a capital in an English headline, and how many such words make one."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text; ``tokens`` are its words folded without marks, titles left out."""

    start: int
    end: int
    text: str
    tokens: tuple[str, ...]


_ASKS_FOR_ME = frozenset("Am Can Could Might Must Shall Should Will Would".split())
"""Before an "I" they begin a question; before another word some are names: Can Tho, Will Smith."""


@lru_cache(maxsize=2_000)
def find_names(text: str) -> tuple[Name, ...]:
    """Every name, in order. A capitalised common word that begins a sentence is none."""
    found = []
    for match in _RUN.finditer(text):
        start, words = match.start(), match.group().split(" ")
        before = text[max(0, start - 6) : start]
        begins = bool(_BEGINS.search(before)) and not _TITLED.search(before)
        while words and (words[0].lower() in _COMMON or words[0].lower() in TITLES):
            start += len(words.pop(0)) + 1
            begins = False
        if words[1:] == ["I"] and words[0] in _ASKS_FOR_ME:
            continue
        if not words or (begins and len(words) == 1 and not _is_odd(words[0])):
            continue
        kept = text[start : match.end()]
        capitals = [part for word in words for part in _JOINT.split(word) if part[:1].isupper() or len(words) > 1]
        tokens = tuple(token for part in capitals for token in _LETTERS.findall(bare(part)) if len(token) > 1 and token != "s")
        if tokens:
            found.append(Name(start, start + len(kept), kept, tokens))
    return tuple(found)


@lru_cache(maxsize=256)
def is_title_case(text: str) -> bool:
    """Whether a text is no sentence and writes nearly all its longer words with capitals, as English headlines do."""
    longer = [word for word in _LETTERS.findall(text) if len(word) >= LONGER]
    return (
        len(longer) >= FEWEST and not _PUNCTUATED.search(text) and sum(word[0].isupper() for word in longer) >= 0.8 * len(longer)
    )


def _is_odd(word: str) -> bool:
    """A word that would have capitals or digits inside even in mid-sentence: DeepSeek, OpenAI, WSJ."""
    return any(c.isupper() or c.isdigit() for c in word[1:])
