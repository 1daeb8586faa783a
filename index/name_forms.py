"""Whether a name of one text stands in another, in its own letters or in the form of the other language.

Vietnamese writes most foreign names as they are, has forms of its own for many countries and cities, reads Chinese names its own way, and
translates what is made of words. So a name is *there*; or made of words, *translated* perhaps; or *unknown*, as a Vietnamese or Chinese name may be
that is spelt otherwise; or *strange*: in letters that any translator would have kept, or known to the lexicon by a form that is not there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from index.chinese_names import SYLLABLE
from index.dates import find_dates, is_dated
from index.lexicon import lexicon, spaced
from index.names import Name, find_names
from index.text import bare, fold

NamePairs = Sequence[tuple[str, str]]
"""Names in one language with their form in the other."""

ALIKE = 4
"""Letters that words of one root share at their beginning: Scotland, Scottish."""
_WORD = re.compile(r"[^\W_]+")
_CHINESE = re.compile(rf"(?:{SYLLABLE}){{1,2}}")
_VIETNAMESE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvxđ])?(?:[ie]u|i?e|i?a|oa|oe|uo|ua|ue|uu|uy|uye|[aeiouy])(?:ch|ng|nh|[cmnptiyou])?"
)


class Presence(IntEnum):
    """Whether a name of one text is in another; higher is surer."""

    STRANGE = 0
    UNKNOWN = 1
    TRANSLATED = 2
    THERE = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as names are looked up in it: its words without marks, and the folded ones in order."""

    language: str
    bare: frozenset[str]
    spaced: str
    names: tuple[Name, ...]

    @classmethod
    def of(cls, text: str, language: str) -> "Reading":
        """Read a text."""
        return cls(language, frozenset(_WORD.findall(bare(text))), spaced(text), tuple(_names(text, language)))


def _names(text: str, language: str) -> list[Name]:
    """The names of a text, and single words that begin its sentences and are no words of the language.

    In Vietnamese one capital syllable is rather the beginning of an office or a body ("Ngoại trưởng", "Quốc hội"), unless it is a place or a title
    stands before it.
    """
    dates = find_dates(text)
    found = [
        name
        for name in find_names(text)
        if not (language == "vi" and _is_half_a_word(name, text)) and not is_dated(name.start, dates)
    ]
    for match in _BEGINNING.finditer(text):
        word = bare(match.group(1))
        common = lexicon().vietnamese(word) or word in _COMMON if language == "en" else _VIETNAMESE.fullmatch(word)
        common = common or word.endswith(_PLURAL)
        if not common and len(word) > 3 and not any(name.start <= match.start(1) < name.end for name in found):
            found.append(Name(match.start(1), match.end(1), match.group(1), (word,)))
    return sorted(found, key=lambda name: name.start)


def _is_half_a_word(name: Name, text: str) -> bool:
    if len(name.tokens) > 1 or not _VIETNAMESE.fullmatch(name.tokens[0]):
        return False
    begun = spaced(text[name.start :]).split()[:3]
    if any(lexicon().english(" ".join(begun[:length])) for length in (2, 3)) or text[: name.start].endswith(("sao ", "Sao ")):
        return True
    if _TITLE.search(text[: name.start]):
        return False
    alone = not text[name.end :].strip() or not text[name.end :].startswith(" ") or set(begun[1:2]) <= _BEHIND_NAMES
    return not lexicon().is_vietnamese_name(fold(name.text)) and not alone


def presence(name: Name, language: str, other: Reading, pairs: NamePairs = ()) -> Presence:
    """Whether a name of a text in ``language`` is in the other text."""
    missing = _missing(name, other) if language == other.language else [t for t in name.tokens if not _has_root_of(other, t)]
    if not missing or _has_pair(name, other, pairs):
        return Presence.THERE
    if language == other.language:
        return Presence.TRANSLATED if len(missing) < len(name.tokens) and set(missing) <= _PARTICLES else Presence.STRANGE
    if len(name.tokens) > 2 and missing == [name.tokens[0]] and name.tokens[0].endswith(_CALLING):
        return Presence.THERE
    judge = _of_english if language == "en" else _of_vietnamese
    return min(judge(token, name, other) for token in missing)


def keeps_its_letters(name: Name) -> bool:
    """Whether a name in a Vietnamese text is foreign, so that English spells it alike."""
    return (
        not any(_VIETNAMESE.fullmatch(token) for token in name.tokens) and not _ACRONYM.search(name.text) and name.text.isascii()
    )


def may_be_one_name(a: str, b: str) -> bool:
    """Whether two names that share no letters may be one all the same: a Chinese one in Latin letters and as Vietnamese says it."""

    def pair(chinese: str, vietnamese: str) -> bool:
        syllables, words = _WORD.findall(bare(vietnamese)), _WORD.findall(bare(chinese))
        # What shares a syllable is rather Vietnamese too, typed without its marks.
        return (
            set(syllables).isdisjoint(words)
            and all(map(_VIETNAMESE.fullmatch, syllables))
            and bool(re.fullmatch(rf"(?:{SYLLABLE}){{{len(syllables)}}}", "".join(words)))
        )

    return (not b.isascii() and pair(a, b)) or (not a.isascii() and pair(b, a))


def _missing(name: Name, other: Reading) -> list[str]:
    """Words of a name that a text of the same language does not have; one with marks is not there without them."""
    words = [word for word in spaced(name.text).split() if bare(word) in name.tokens]
    return [bare(w) for w in words if f" {w} " not in other.spaced and (not w.isascii() or w.removesuffix("s") not in other.bare)]


def _has_root_of(other: Reading, token: str) -> bool:
    """Whether a text of another language has a word, or another of its root."""
    if token in other.bare or token.removesuffix("s") in other.bare:
        return True
    return any(_of_one_root(token, word) for word in other.bare)


@lru_cache(maxsize=100_000)
def _of_one_root(a: str, b: str) -> bool:
    """Whether words of a place and its people begin alike and end as such words do."""
    if a[:ALIKE] != b[:ALIKE] or min(len(a), len(b)) < ALIKE:
        return False
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return any(a[at:] in _OF_A_PEOPLE and b[at:] in _OF_A_PEOPLE for at in range(ALIKE, shared + 1))


def _has_pair(name: Name, other: Reading, pairs: NamePairs) -> bool:
    flat = f" {bare(name.text)} "
    return any(
        f" {one} " in flat and set(_WORD.findall(two)) & other.bare
        for a, b in pairs
        for one, two in ((bare(a), bare(b)), (bare(b), bare(a)))
    )


def _of_english(token: str, name: Name, other: Reading) -> Presence:
    """A word of an English name that a Vietnamese text does not have in its letters."""
    heads = [head for head in _stretches(name.tokens, token) if lexicon().vietnamese(head)]
    if any(lexicon().renders(head, other.spaced) for head in heads):
        return Presence.THERE
    if any(lexicon().is_name(head) for head in heads):
        return Presence.STRANGE
    if heads or len(token) < 3 or token in _PARTICLES or _ACRONYM.search(name.text):
        return Presence.TRANSLATED
    apart = other.bare.isdisjoint(name.tokens)
    if apart and _CHINESE.fullmatch(token) and any(_is_vietnamese(found) for found in other.names):
        return Presence.TRANSLATED
    return Presence.STRANGE


def _stretches(tokens: Sequence[str], token: str) -> list[str]:
    """A word of a name, and every stretch of its words that has it, as the lexicon may know them."""
    return [
        " ".join(tokens[i:j])
        for i in range(len(tokens))
        for j in range(i + 1, min(len(tokens), i + 4) + 1)
        if token in tokens[i:j]
    ]


def _of_vietnamese(token: str, name: Name, other: Reading) -> Presence:
    """A word of a Vietnamese name that an English text does not have in its letters."""
    words = _WORD.findall(fold(name.text))
    found = [(" ".join(words[i:j]), heads) for i, j, heads in lexicon().phrases(words) if token in map(bare, words[i:j])]
    known = [heads for _, heads in found]
    if any(
        not other.bare.isdisjoint(part for head in heads for part in head.split()) or _has_root(other, heads) for heads in known
    ):
        return Presence.THERE
    # "Mỹ-Trung": in a pair, countries are cut to their first syllable.
    if _ACRONYM.search(name.text) or "-" in name.text:
        return Presence.TRANSLATED
    if any(lexicon().is_vietnamese_name(phrase) for phrase, _ in found):
        return Presence.STRANGE
    if known:
        return Presence.TRANSLATED
    return Presence.UNKNOWN if _VIETNAMESE.fullmatch(token) else Presence.STRANGE


def _has_root(other: Reading, heads: Sequence[str]) -> bool:
    return any(form in heads for word in other.bare for form in lexicon().forms(word))


def _is_vietnamese(name: Name) -> bool:
    """Whether a name is made of Vietnamese syllables with marks."""
    return not name.text.isascii() and all(_VIETNAMESE.fullmatch(token) for token in name.tokens)


_ACRONYM = re.compile(r"\b[A-ZĐ\d]{2,}s?\b|\b(?:[A-Z]\.){2,}")
_BEGINNING = re.compile(r"(?:^|[.!?…:]\s+[\"“‘']?|[\"“‘])([A-Z][a-z]{3,})(?!\w)")
_COMMON = frozenset(
    "this that these those they there then than when what where which while with without after before since from into".split()
)
_TITLE = re.compile(r"(?:ông|bà|anh|chị|cô|chú|em|cụ|tướng|sĩ|sư|viên|người|ở|tại|thành phố|tỉnh|huyện|làng|sông) $", re.I)
_OF_A_PEOPLE = frozenset(
    (
        "",
        *"a e i o s y ans an ian ians n ns ese is ish land lands lander landers en ic ia ria sh ch man men er ers ite ites stan".split(),
    )
)
_BEHIND_NAMES = frozenset(
    """hôm đã sẽ đang có là và hoặc để trước sau với cho bị được không chưa tới đến ở tại vào từ nói trong ngoài vì do khi mà thì cũng vẫn bằng
    theo của rồi nhưng hay nên qua về bên cùng lần này đó""".split()
)
_CALLING = ("ist", "er", "or", "ian", "man", "woman", "ant", "ess")
"""Endings of what people are by calling; "Geologist Ann Lee" begins with no name."""
_PLURAL = ("s", "men", "ren")
_PARTICLES = frozenset("of the and de van von der la le el al bin ibn da di du".split())
