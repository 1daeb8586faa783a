"""Sentence boundaries of Vietnamese and English news text, as exact spans.

A stop ends a sentence unless what stands around it says otherwise: an abbreviation before it, a small letter or a digit after it. Nothing is
rewritten; every character that is not white space lies in exactly one span.
"""

import re

# After these a full stop is part of the word, whatever follows.
_TITLES = frozenset(
    """mr mrs ms dr v prof rev hon sen sens rep reps gov govs gen gens lt col sgt capt cmdr adm maj pres supt st mt ft messrs
    mme mlle gs ts ths pgs bs ks tp q p h tt tx ubnd ths cn ncs nsnd nsut đ/c vs fig eq no nos vol pp ed eds art sec cf
    approx e.g i.e viz dept univ assn bros ls kts gđ pgđ nxb cty bs.ckii bs.cki ds lm hlv đhqg""".split()
)
_TITLES_BEHIND_STOPS = _TITLES - {"p", "q", "h", "v"}
# After these a full stop ends the sentence only before a capital that does not go on with a name or a date.
_MAYBE = frozenset(
    """inc corp ltd co llc plc jr sr esq ph.d m.d b.a m.a jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu
    thurs fri sat sun a.m p.m u.s u.k u.n e.u d.c u.s.a etc v.v st ave blvd rd tr""".split()
)
_BEFORE_NUMBER = frozenset("""jan feb mar apr jun jul aug sep sept oct nov dec no nos st ave tr""".split())
_BESIDE_TIME = frozenset(
    """et est edt pt gmt utc eastern local on monday tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sept
    oct nov dec january february march april june july august september october november december""".split()
)
_FIRMS = frozenset("co corp inc ltd llc plc".split())
# An ordinal's stop, as in German dates.
_ORDINAL_BEFORE = frozenset("januar februar märz april mai juni juli august september oktober november dezember".split())
_NOTES = re.compile(r"(?:\[\d{1,3}\])+")
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_LINE_BREAK = re.compile(r"[\n\r\u2028\u2029]")
_ALNUMS = re.compile(r"[^\W_]+")
_STOP = re.compile(r"[.!?…。！？]+")
_CLOSERS = "\"'”’»)]}›*_"
_OPENERS = "\"'“‘«([{‹*_–—-"
_LAST_WORD = re.compile(r"(?:[^\W\d_]\.)*[^\W_]+$")
# Characters before a stop in which its word is looked for; a sentence that never ends would be read again at each stop.
_LONGEST_WORD = 100
# A lone letter with a tone mark is a word (Á, Ý), not an initial.
_INITIALS = re.compile(r"(?:^|[\s(“\"'])(?:[A-ZĐ][a-zh]?\.)*[A-ZĐ]$")
_REPORTED = re.compile(r"(?:[^\W\d_]+[ ]){1,4}?(?:said|says|asked|asks|added|told|replied|wrote|nói|hỏi|cho biết|kể|viết|đáp)\b")
# Words that go on after an abbreviation with a capital of their own: they never begin what a full stop before them ended.
_STARTERS = frozenset(
    """the a an he she it they we you i his her its their our this that these those there in on at for from by with as when
    while after before since because although though if but and so or yet still however meanwhile according one two some
    many most no not ông bà anh chị họ nó đây đó này theo tuy nhiên nhưng và trong ngoài khi sau trước vì do nếu tại ở từ
    với các những một hai ba năm ngày tháng người cô chú em mỗi mọi cả còn thì đến để vào""".split()
)


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Half-open spans of the sentences in ``text[start:end]``, in order, without white space at their ends."""
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _STOP.finditer(text, start, end):
        after = match.end()
        while after < end and text[after] in _CLOSERS:
            after += 1
        notes = _NOTES.match(text, after, end)
        after = notes.end() if notes else after
        if after < end and _ends_sentence(text, begin, match, after, end):
            _append(spans, text, begin, after)
            begin = after
        elif after >= end:
            break
    _append(spans, text, begin, end)
    if _LINE_BREAK.search(text, start, end):
        spans = [span for whole in spans for span in _at_line_breaks(text, *whole)]
    return _with_stray_marks(spans, text)


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def _at_line_breaks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Paragraphs end sentences, stop or not."""
    spans: list[tuple[int, int]] = []
    for piece in _LINE.finditer(text, start, end):
        _append(spans, text, *piece.span())
    return spans


def _with_stray_marks(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Marks without a word are no sentence: a quote that closes behind a space belongs to what it closes."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and not _ALNUMS.search(text, start, end) and not _LINE_BREAK.search(text, joined[-1][1], start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _ends_sentence(text: str, begin: int, stop: re.Match[str], after: int, end: int) -> bool:
    """Whether the stop ends the sentence that began at ``begin``; ``after`` is behind the quotes and brackets that close with it."""
    mark, closed = stop.group(), after > stop.end()
    if mark[0] in "。！？":
        return True
    following = _next(text, after, end)
    if not following:
        return True
    gap = text[after].isspace()
    if not gap:
        return _runs_on(text, stop, after, mark)
    if mark in ("…", "...") or (len(mark) > 1 and set(mark) <= set(".…")):
        return following[0].isupper() or following[0] in _OPENERS
    if mark[-1] in "!?":
        return _starts(following) and not (closed and _REPORTED.match(following))
    if following[0].islower():
        return False
    return _starts(following) and not _abbreviates(text, begin, stop.start(), following, closed)


def _next(text: str, at: int, end: int) -> str:
    """What comes next, to a few words' length, without the white space before it."""
    return text[at : min(end, at + 60)].lstrip()


def _starts(following: str) -> bool:
    first = following.lstrip(_OPENERS + " ")[:1]
    return not first or not first.islower()


def _runs_on(text: str, stop: re.Match[str], after: int, mark: str) -> bool:
    """A stop without a space behind it ends a sentence only between a word of small letters and a capital."""
    before, behind = text[max(0, stop.start() - 2) : stop.start()], text[after : after + 2]
    if mark != "." and mark[-1] in "!?":
        return behind[:1].isupper()
    # "công bố.Ông nói" is sloppy typing; "Node.js", "a.m.", "3.5" and addresses are not.
    return (
        len(before) == 2
        and before.isalpha()
        and before.islower()
        and len(behind) == 2
        and behind[0].isupper()
        and (behind[1].islower() or behind[1] == " ")
    )


def _abbreviates(text: str, begin: int, stop: int, following: str, closed: bool) -> bool:
    """Whether the full stop at ``stop`` belongs to an abbreviation in mid-sentence."""
    before = text[max(begin, stop - _LONGEST_WORD) : stop]
    match = _LAST_WORD.search(before, before.rfind(" ") + 1)
    if match is None:
        return _is_list_number(before)
    word = match.group().lower()
    if word.isdigit():
        return _is_list_number(before) or (len(word) <= 2 and _first_word(following) in _ORDINAL_BEFORE)
    if closed:
        return False
    if word in _MAYBE:
        return _goes_on(word, following, _first_word(following))
    if word in _TITLES or word.rpartition(".")[2] in _TITLES_BEHIND_STOPS:
        return True
    if match.group()[-1].isupper() and _INITIALS.search(before):
        # "J. K. Rowling" and "ông N.V.A. nói"; a lone letter before a common first word did end its sentence.
        return _first_word(following) not in _STARTERS or len(before.strip()) <= 2
    return False


def _first_word(following: str) -> str:
    first = _ALNUMS.match(following.lstrip(_OPENERS))
    return first.group().lower() if first else ""


def _goes_on(word: str, following: str, following_word: str) -> bool:
    if word in _BEFORE_NUMBER:
        return following[0].isdigit() or (word in ("no", "nos", "st", "ave") and following_word not in _STARTERS)
    if following[0].isdigit():
        return word not in ("etc", "v.v")
    if following[0] in _OPENERS:
        return False
    if "." in word and word not in ("v.v", "a.m", "p.m"):
        # "U.S. President", "U.N. Security Council", but "left the U.S. He said".
        return following_word not in _STARTERS
    return following_word in (_BESIDE_TIME if word in ("a.m", "p.m") else _FIRMS if word in _FIRMS else ())


def _is_list_number(before: str) -> bool:
    """``1. First`` begins a list; ``in 2017. Then`` ends a sentence."""
    return bool(re.fullmatch(r"\s*\(?\d{1,3}", before))
