"""The lines of one file → blocks of one version each.

A version goes on while the language does. Within one language a new version begins where a new article does: behind links and tags at a
headline with a byline or a date below it, or where the story is told again. No separator line is needed; one is understood.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from index.language import detect_language
from index.retelling import Cut, find_cuts
from index.roles import Line, looks_like_headline

_SMALL = ("link", "tag", "byline", "date", "credit", "contact")
_TOLD = ("body", "dateline")
_SMALL_PART = 0.12
"""Of a file's text: what is in another language and less than this is a quotation, unless the layout makes it a version."""
_CLOSING = ("link", "tag", "contact")
DIGEST_LABEL = re.compile(
    r"\W*(?:(?:bản )?tóm (?:tắt|lược)|điểm tin|(?:những )?(?:ý|nội dung|điểm) chính"
    r"|tl;?dr|summary|digest|in brief|key points|highlights)\W*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one version, before its kind is known; ``fields`` are those of the file's front matter."""

    language: str
    lines: list[Line]
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Characters of running text."""
        return sum(len(line.text) for line in self.lines if line.role in _TOLD)


def _languages(lines: list[Line]) -> list[str]:
    """A language for each line: its own where it has enough words and the file has enough of that language, else its neighbours'."""
    found = [
        detect_language(line.text, default="") if line.role not in _SMALL and (len(line.text) > 25 or " " in line.text) else ""
        for line in lines
    ]
    weight: Counter[str] = Counter()
    for line, language in zip(lines, found, strict=True):
        if language:
            weight[language] += len(line.text)
    total = sum(weight.values())
    common = {language for language, n in weight.items() if n >= _SMALL_PART * total} | _short_versions(lines, found)
    found = [language if language in common else "" for language in found]
    main = weight.most_common(1)[0][0] if weight else detect_language(" ".join(line.text for line in lines))
    following: list[str] = []
    for language in reversed(found):
        following.append(language or (following[-1] if following else ""))
    before = ""
    for i, after in enumerate(reversed(following)):
        if not found[i]:
            # Links, tags and contacts close what stands before them; headlines, bylines and dates open what comes.
            closes = lines[i].role in _CLOSING or _same_language_name(lines[i], before, after)
            found[i] = (before or after if closes else after or before) or main
        before = found[i]
    return found


def _short_versions(lines: list[Line], found: list[str]) -> set[str]:
    """Languages of a digest that is short beside the rest: the first two lines of a file, or its last two above a link or tag."""
    told = [language for line, language in zip(lines, found, strict=True) if line.role in _TOLD]
    ends = [told[:2]] + ([told[-2:]] if lines and lines[-1].role in ("link", "tag") else [])
    return {pair[0] for pair in ends if len(pair) == 2 and pair[0] and pair[0] == pair[1]}


def _same_language_name(line: Line, before: str, after: str) -> bool:
    own = detect_language(line.text, default="")
    return own == before != after


def is_mixed(lines: list[Line]) -> bool:
    """Whether the lines are of more than one language."""
    return len(set(_languages(lines))) > 1


def split_versions(lines: list[Line]) -> list[Block]:
    """The versions in their order; every line is in exactly one."""
    runs: list[Block] = []
    for line, language in zip(lines, _languages(lines), strict=True):
        if runs and runs[-1].language == language:
            runs[-1].lines.append(line)
        else:
            runs.append(Block(language, [line]))
    return [part for run in _absorb(runs) for part in _articles_in(run)]


def _absorb(runs: list[Block]) -> list[Block]:
    """A line or two in another language inside an article is a quotation, not a version: it stays where it stands."""
    largest = max((run.size for run in runs), default=0)
    kept: list[Block] = []
    for run in runs:
        small = not _stands_alone(run) and (run.size < _SMALL_PART * largest or (len(run.lines) == 1 and len(runs) > 2))
        if kept and (small or kept[-1].language == run.language):
            kept[-1].lines.extend(run.lines)
        else:
            kept.append(run)
    if len(kept) > 1 and kept[0].size < _SMALL_PART * largest and len(kept[0].lines) < 2:
        first = kept.pop(0)
        kept[0].lines[:0] = first.lines
    return kept


def _stands_alone(run: Block) -> bool:
    """Whether a short run is a version all the same: a few lines that a link or tag closes."""
    return run.lines[-1].role in ("link", "tag") and sum(line.role in _TOLD for line in run.lines) > 1


def _articles_in(run: Block) -> list[Block]:
    """Cut one language's lines where a new article begins."""
    parts, told = [Block(run.language, [])], False
    for i, line in enumerate(run.lines):
        if told and _begins(run.lines, i):
            parts.append(Block(run.language, []))
            told = False
        parts[-1].lines.append(line)
        told = told or (line.role in _TOLD and not looks_like_headline(line.text))
    return parts if len(parts) > 1 else _tellings(run)


def _begins(lines: list[Line], at: int) -> bool:
    """Whether a headline stands here, behind what closes an article and above what opens one."""
    line = lines[at]
    below = [later.role for later in lines[at + 1 : at + 4]]
    if line.role != "body" or lines[at - 1].role not in _CLOSING or not ("byline" in below or "date" in below):
        return False
    rest = (later for later in islice(lines, at + 1, None) if later.role in _TOLD)
    return looks_like_headline(line.text) and len(list(islice(rest, 2))) == 2


def _tellings(run: Block) -> list[Block]:
    """Cut where the story is told again: a layout that hints at it needs little proof, none needs much."""
    told = [i for i, line in enumerate(run.lines) if line.role in _TOLD]
    likely = [cut for cut in find_cuts([run.lines[i].text for i in told]) if _is_second_telling(cut, run.lines, told)]
    if not likely:
        return [run]
    best = max(likely, key=lambda cut: cut.gain * (1.5 if _is_hinted(run.lines, told[cut.at]) else 1))
    last = told[best.at - 1]
    at = next((i + 1 for i in range(told[best.at] - 1, last, -1) if run.lines[i].role in _CLOSING), last + 1)
    at -= bool(DIGEST_LABEL.fullmatch(run.lines[at - 1].text))
    return [Block(run.language, run.lines[:at]), Block(run.language, run.lines[at:])]


def _is_second_telling(cut: Cut, lines: list[Line], told: list[int]) -> bool:
    texts = [lines[i].text for i in told]
    sides = (texts[: cut.at], texts[cut.at :])
    if any(sum(not looks_like_headline(text) for text in side) < 2 for side in sides):
        return False
    if _is_hinted(lines, told[cut.at]):
        return cut.ratio >= 1.5 and cut.across >= 0.1 and cut.share >= 0.6
    if lines[-1].role in ("link", "tag") and 2 * cut.at > len(told):
        return cut.ratio >= 2 and cut.across >= 0.15 and cut.share >= 0.8
    long = min(sum(len(text) > 40 for text in side) for side in sides)
    return long >= 4 and cut.ratio >= 2.4 and cut.across >= 0.18 and cut.share >= 0.8


def _is_hinted(lines: list[Line], at: int) -> bool:
    """Whether the layout lets a new version begin here: behind a link, tag or contact, at a dateline, at a headline with byline or date."""
    below = [later.role for later in lines[at + 1 : at + 4]]
    headed = looks_like_headline(lines[at].text) and ("byline" in below or "date" in below)
    dateline = lines[at].role == "dateline" and not looks_like_headline(lines[at - 1].text)
    return lines[at - 1].role in _CLOSING or dateline or headed or bool(DIGEST_LABEL.fullmatch(lines[at - 1].text))
