"""Search keys: folding and tokenising. Stored text is never folded; only what is compared is.

``fold`` keeps diacritics and unifies what readers see as the same letters: NFC, lower case, the two ways of placing
a Vietnamese tone mark (hoà / hòa). ``bare`` also removes diacritics and writes đ as d, as people type on a phone.
"""

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0309\u0303\u0323"
# An open syllable in -oa, -oe, -uy carries its tone on either vowel; keys carry it on the first.
_PLACEMENT = {
    unicodedata.normalize("NFC", pair[0] + pair[1] + tone): unicodedata.normalize("NFC", pair[0] + tone + pair[1])
    for pair in ("oa", "oe", "uy")
    for tone in _TONES
}
_PLACEMENT_AT_END = re.compile("(" + "|".join(_PLACEMENT) + r")(?!\w)")
# Controls, zero-width and bidirectional characters, fillers, variation selectors, tags: what nobody sees.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_EMOJI = "\u00a9\u00ae\u203c\u2049\u2122-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
# Joiners, emoji selectors and the tags of regional flags are part of the emoji that they stand in.
_HIDDEN = re.compile(
    f"(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{2,6}}\U000e007f|(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])|(?<=[{_EMOJI}#*0-9])\ufe0f)"
    f"|{_INVISIBLE.pattern}"
)
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
# Vietnamese stacks two marks on a letter, and no language more than four; a heap of them covers the lines above and below.
_HEAP = re.compile(f"({_MARK}{{4}}){_MARK}+")
_PLAIN_QUOTES = dict(zip("’‘ʼ“”„–—‑−\u00a0", "'''\"\"\"---- ", strict=True))
_QUOTES = str.maketrans(_PLAIN_QUOTES)
# Letters that look like Latin ones: full-width and mathematical ones anywhere, Greek and Cyrillic ones in a word with Latin letters.
_STYLED = {n: unicodedata.normalize("NFKC", chr(n)) for n in (*range(0xFF01, 0xFF5F), *range(0x1D400, 0x1D800))}
_ALIKE = str.maketrans("АВЕЅІЈКМНОРСТХУаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρ", "ABESIJKMHOPCTXYaesijopcyxhdqwABEZHIKMNOPTYXoavp")
_MASKED = re.compile("[\u0370-\u03ff\u0400-\u052f\uff01-\uff5e\U0001d400-\U0001d7ff]")
# Latin letters and common marks, among which nothing is unseen, heaped or posing as another: to see that takes a tenth of looking for each.
_COMMON = re.compile("[ -~\u00a0-\u00ac\u00ae-\u024f\u1e00-\u1eff‘’“”–—…]*")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_FIRST_MARK = "\u0300"
# Latin letters that lose their marks, looked up rather than taken apart.
_BASE_LETTERS = {
    code: "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
} | {ord("đ"): "d"}
_WORD_LENGTH = 32
"""Characters; keys of words and names are remembered, those of paragraphs are not."""
_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+")


def visible(text: str) -> str:
    """A text without the characters that nobody sees, for prompts and pages; emoji stay whole, and the file keeps everything."""
    return _HEAP.sub(r"\1", _HIDDEN.sub(lambda match: match.group(1) or "", text))


def fold(text: str) -> str:
    """The key of a text: NFC, lower case, one tone placement, plain quotes and dashes, nothing invisible, no letter posing as another."""
    return _fold_word(text) if len(text) <= _WORD_LENGTH else _fold(text)


def _fold(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.lower()
    seen = text if _COMMON.fullmatch(text) else unmask(_plain(text))
    text = _with_plain_quotes(unicodedata.normalize("NFC", seen)).lower()
    return _PLACEMENT_AT_END.sub(lambda match: _PLACEMENT[match.group()], text)


@lru_cache(maxsize=100_000)
def _fold_word(text: str) -> str:
    return _fold(text)


def unmask(text: str) -> str:
    """A text with letters that pose as Latin ones replaced by those, one for one; words of other scripts stay."""
    if not _MASKED.search(text):
        return text
    return _WORD.sub(lambda word: word[0].translate(_ALIKE) if _LATIN.search(word[0]) else word[0], text.translate(_STYLED))


def _plain(text: str) -> str:
    seen = _INVISIBLE.sub("", text)
    return seen if len(seen) < 5 or seen.isascii() else _HEAP.sub(r"\1", seen)


def _with_plain_quotes(text: str) -> str:
    """What ``translate(_QUOTES)`` gives, which looks up letter by letter: in a text it takes ten times as long as looking for each quote."""
    for fine, plain in _PLAIN_QUOTES.items():
        text = text.replace(fine, plain)
    return text


def bare(text: str) -> str:
    """The key without diacritics, đ as d: what ``fold(text)`` becomes when typed without marks."""
    return _bare_word(text) if len(text) <= _WORD_LENGTH else _bare(text)


def _bare(text: str) -> str:
    known = fold(text).translate(_BASE_LETTERS)
    if known.isascii():
        return known
    decomposed = unicodedata.normalize("NFD", known)
    return "".join(c for c in decomposed if c < _FIRST_MARK or not unicodedata.combining(c)).replace("đ", "d")


@lru_cache(maxsize=100_000)
def _bare_word(text: str) -> str:
    return _bare(text)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text with white space collapsed, and where each of its characters began in ``text``.

    The list has one entry more than the key has characters, so that ``text[offsets[i]:offsets[j]]`` is what ``key[i:j]``
    was made of.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    text = unmask(text)
    for start, end in _clusters(text):
        cluster = text[start:end]
        key = " " if cluster.isspace() else unicodedata.normalize("NFC", _plain(cluster)).translate(_QUOTES).lower()
        if key == " " and (not pieces or pieces[-1] == " "):
            continue
        pieces.extend(key)
        offsets.extend([start] * len(key))
    joined = "".join(pieces)
    return _PLACEMENT_AT_END.sub(lambda match: _PLACEMENT[match.group()], joined), [*offsets, len(text)]


def _clusters(text: str) -> list[tuple[int, int]]:
    """Base characters with the combining marks that follow them, so that NFD text folds like NFC text; what nobody sees between them too."""
    if not text:
        return []
    unseen = {match.start() for match in _INVISIBLE.finditer(text)}
    starts = [i for i, c in enumerate(text) if i == 0 or not (unicodedata.combining(c) or i in unseen)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def tokenise(text: str) -> list[str]:
    """Folded words and numbers in order, diacritics kept; a number keeps its separators (``1,8`` and ``17/2`` are one token)."""
    return _TOKEN.findall(fold(text))


@lru_cache(maxsize=200_000)
def bare_token(token: str) -> str:
    """A folded token without its diacritics."""
    return bare(token)
