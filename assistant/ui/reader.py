"""An article as HTML: its versions side by side, what says the same in one row. Pure functions; every text is escaped."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from assistant.ui.html import Words, safe, side_by_side, target, version_name
from index.article import Article, Comparison, Place, Version
from index.text import visible

_LINK = re.compile(r"https?://\S+")
_HEADINGS = {"headline": "h2", "standfirst": "p", "heading": "h3"}
Row = tuple[list[int], list[int]]
"""Numbers of the paragraphs of two versions that stand beside each other; an empty side is a gap."""
Twins = Mapping[str, Sequence[str]]
"""For the id of a sentence, the ids of those that say the same."""


def article_html(article: Article, comparison: Comparison, words: Words) -> str:
    """Two full versions side by side, paragraphs that say the same in one row, gaps shown; other versions folded above."""
    versions = side_by_side(article.versions)
    full = ([version for version in versions if version.kind != "digest"] or versions)[:2]
    twins = _twins(comparison)
    rows = aligned_rows(full[0], full[1], comparison) if len(full) == 2 else [([n], []) for n in _paragraphs(full[0])]
    body = "".join(_row_html(row, full, words, twins) for row in rows)
    heads = "".join(f'<th scope="col">{version_name(v, words)}</th>' for v in full)
    folded = "".join(_folded_html(version, words, twins) for version in versions if version not in full)
    view = _view_html(full, words) if len(full) == 2 else ""
    ask = f'<button type="button" class="ask-about" data-do="about" hidden>{safe(words["ask_about"])}</button>'
    return (
        f'<article class="reader" data-article="{safe(article.id)}" data-about="{safe(words["about_sentence"])}" data-view="both">{view}{folded}'
        f'<table class="columns-{len(full)}"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{ask}</article>'
    )


def _view_html(full: Sequence[Version], words: Words) -> str:
    """Both versions or one of them; a narrow screen has room for one."""
    choices = [("both", safe(words["side_by_side"])), *((str(n), version_name(v, words)) for n, v in enumerate(full))]
    buttons = "".join(
        f'<button type="button" data-do="view" data-view="{key}" aria-pressed="{str(key == "both").lower()}">{name}</button>'
        for key, name in choices
    )
    return f'<div class="view" role="group" aria-label="{safe(words["view"])}">{buttons}</div>'


def _twins(comparison: Comparison) -> Twins:
    found: dict[str, list[str]] = defaultdict(list)
    for pair in comparison.pairs:
        found[pair.a.id].append(pair.b.id)
        found[pair.b.id].append(pair.a.id)
    return found


def _paragraphs(version: Version) -> list[int]:
    return sorted({passage.paragraph for passage in version.passages})


def aligned_rows(a: Version, b: Version, comparison: Comparison) -> list[Row]:
    """Paragraphs of both versions in reading order; those that are aligned stand in one row, each paragraph in one row alone."""
    links = sorted(
        {_oriented(pair.a, pair.b, a) for pair in comparison.paragraphs if {pair.a.version, pair.b.version} == {a.id, b.id}}
    )
    rows: list[Row] = []
    left, right = _paragraphs(a), _paragraphs(b)
    i = j = 0
    for x, y in links:
        if x < i or y < j:
            # A paragraph that meets two of the other version takes both into its row; what runs backwards stays where it is.
            if rows and (x in rows[-1][0] or y in rows[-1][1]):
                rows[-1][0].extend(n for n in left if i <= n <= x)
                rows[-1][1].extend(n for n in right if j <= n <= y)
                i, j = max(i, x + 1), max(j, y + 1)
            continue
        rows += [([n], []) for n in left if i <= n < x]
        rows += [([], [n]) for n in right if j <= n < y]
        rows.append(([x], [y]))
        i, j = x + 1, y + 1
    rows += [([n], []) for n in left if n >= i]
    rows += [([], [n]) for n in right if n >= j]
    return rows


def _oriented(first: Place, second: Place, a: Version) -> tuple[int, int]:
    return (first.paragraph, second.paragraph) if first.version == a.id else (second.paragraph, first.paragraph)


def _row_html(row: Row, versions: Sequence[Version], words: Words, twins: Twins) -> str:
    cells = ""
    for numbers, version in zip(row, versions, strict=False):
        text = "".join(_paragraph_html(version, number, twins) for number in numbers)
        gap = f'<td class="gap"><span>{safe(words["gap"])}</span></td>'
        cells += f'<td lang="{safe(version.language)}" dir="auto">{text}</td>' if text else gap
    return f"<tr>{cells}</tr>"


def _paragraph_html(version: Version, number: int, twins: Twins) -> str:
    passages = [passage for passage in version.passages if passage.paragraph == number]
    role = passages[0].role
    tag = _HEADINGS.get(role, "p")
    sentences = " ".join(_sentence_html(sentence, twins) for passage in passages for sentence in passage.sentences)
    link = _LINK.fullmatch(passages[0].text.strip()) if role == "link" else None
    go = f' <a href="{safe(link.group())}" target="_blank" rel="noopener noreferrer nofollow">↗</a>' if link else ""
    return f'<{tag} class="{role}">{sentences}{go}</{tag}>'


def _sentence_html(sentence: Place, twins: Twins) -> str:
    """A sentence that knows its place and its counterparts; the script lets the arrow keys move from one to the next."""
    same = " ".join(f"s-{name}" for name in twins.get(sentence.id, ()))
    known = f' data-twins="{safe(same)}"' if same else ""
    hidden = ",".join(map(str, left_out(sentence.text)))
    unseen = f' data-hidden="{hidden}"' if hidden else ""
    return (
        f'<span class="s" id="s-{safe(sentence.id)}" tabindex="-1" {target(sentence)}{known}{unseen}>{safe(sentence.text)}</span>'
    )


def left_out(text: str) -> list[int]:
    """Positions of the characters that ``visible`` leaves out, so that offsets into the text still lead to the right ones."""
    shown = visible(text)
    if shown == text:
        return []
    found, at = [], 0
    for position, character in enumerate(text):
        if at < len(shown) and shown[at] == character:
            at += 1
        else:
            found.append(position)
    return found


def _folded_html(version: Version, words: Words, twins: Twins) -> str:
    body = "".join(_paragraph_html(version, number, twins) for number in _paragraphs(version))
    return f'<details class="digest"><summary>{version_name(version, words)}</summary><div lang="{safe(version.language)}">{body}</div></details>'
