"""Where an article's versions differ, and which paragraph meets which, as HTML. Pure functions; every text is escaped."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from assistant.ui.html import Words, safe, side_by_side, target, version_name
from index.article import Article, Comparison, Difference, Pair, Place, Version

_ORDER = ("number", "date", "unit", "negation", "name", "missing", "left-out")
"""Kinds of differences, what misleads a reader most first."""
_SAID = {"one denies what the other affirms": "detail_denies", "one rises where the other falls": "detail_rises"}
_SHORT = 6
"""Differences that may lie open without being a wall of text."""
_WIDTH, _BAR, _GAP, _TALLEST = 320, 26, 3, 640
"""Of the picture, in units of its own: its width, a bar's width, the space between bars, the height it may have."""


def compare_html(article: Article, comparison: Comparison, words: Words) -> str:
    """The list of differences beside the pictures of the alignment."""
    if len(article.versions) < 2:
        return f'<p class="empty">{safe(words["one_version"])}</p>'
    pictures = "".join(picture_html(a, b, comparison, words) for a, b in combinations(side_by_side(article.versions), 2))
    return (
        f'<div class="compare" data-article="{safe(article.id)}"><section><h2>{safe(words["differences"])}</h2>{differences_html(comparison, words)}</section>'
        f'<section class="pictures"><h2>{safe(words["picture"])}</h2><p class="hint">{safe(words["picture_hint"])}</p>{pictures}</section></div>'
    )


def differences_html(comparison: Comparison, words: Words) -> str:
    """What the versions do not agree on, by kind; each place is a button that leads to it."""
    if not comparison.differences:
        return f'<p class="empty">{safe(words["no_differences"])}</p>'
    groups = ((kind, [d for d in comparison.differences if d.kind == kind]) for kind in _ORDER)
    return "".join(_group_html(kind, found, words) for kind, found in groups if found)


def _group_html(kind: str, found: Sequence[Difference], words: Words) -> str:
    items = "".join(_difference_html(difference, words) for difference in found)
    # Facts that disagree are few and matter; what one version merely leaves out can be long.
    opened = "" if kind in ("missing", "left-out") and len(found) > _SHORT else "open"
    title = f"{safe(words['kind_' + kind])} <span class=count>{len(found)}</span>"
    return f'<details class="kind {kind}" {opened}><summary>{title}</summary><ul class="differences">{items}</ul></details>'


def _difference_html(difference: Difference, words: Words) -> str:
    places = [place for place in (difference.a, difference.b) if place is not None]
    detail = f'<p class="detail">{safe(detail_in(difference.detail, words))}</p>' if len(places) == 2 else ""
    halves = "".join(_place_html(place, words) for place in places)
    return f'<li class="pair-{len(places)}">{detail}{halves}</li>'


def detail_in(detail: str, words: Words) -> str:
    """What the library says of a difference, in the page's language; what it says in other words is left as it is."""
    if detail in _SAID:
        return words[_SAID[detail]]
    alone = detail.removesuffix(" in one only")
    return words["detail_alone"].format(what=alone) if alone != detail else detail.replace(" against ", " ≠ ")


def _place_html(place: Place, words: Words) -> str:
    quote = f'<q lang="{safe(place.language)}" dir="auto">{safe(place.text)}</q>'
    return f'<button type="button" class="half" {target(place)}><span class="source">{version_name(place, words)}</span>{quote}</button>'


def picture_html(a: Version, b: Version, comparison: Comparison, words: Words) -> str:
    """Two columns of bars, a bar a paragraph and as tall as it is long, joined by bands that are darker the surer they are."""
    links = [_oriented(pair, a) for pair in comparison.paragraphs if {pair.a.version, pair.b.version} == {a.id, b.id}]
    if not links:
        return ""
    lengths = [_lengths(a), _lengths(b)]
    longest = max(sum(column.values()) for column in lengths)
    most = max(map(len, lengths))
    height = min(_TALLEST, max(120, most * 14))
    scale = max(0.0, height - most * (_GAP + 3)) / longest
    left, right = (dict(_bars(column, scale)) for column in lengths)
    met = {pair.a.paragraph for pair in links}, {pair.b.paragraph for pair in links}
    bands = "".join(_band(pair, left[pair.a.paragraph], right[pair.b.paragraph], words) for pair in links)
    bars = "".join(
        _bar(x, number, *span, number in known, words)
        for x, column, known in ((0, left, met[0]), (_WIDTH - _BAR, right, met[1]))
        for number, span in column.items()
    )
    label = safe(words["picture_of"].format(first=words[a.kind], second=words[b.kind]))
    tall = max(bottom for column in (left, right) for _, bottom in column.values())
    return (
        f'<figure class="picture"><figcaption><span>{version_name(a, words)}</span><span>{version_name(b, words)}</span></figcaption>'
        f'<svg viewBox="0 0 {_WIDTH} {tall:.0f}" role="group" aria-label="{label}">{bands}{bars}</svg></figure>'
    )


def _oriented(pair: Pair, a: Version) -> Pair:
    return pair if pair.a.version == a.id else Pair(pair.b, pair.a, pair.score)


def _lengths(version: Version) -> dict[int, int]:
    """Characters of each paragraph by its number."""
    found: dict[int, int] = {}
    for passage in version.passages:
        found[passage.paragraph] = found.get(passage.paragraph, 0) + len(passage.text)
    return found


def _bars(lengths: dict[int, int], scale: float) -> Iterator[tuple[int, tuple[float, float]]]:
    """Where each paragraph's bar begins and ends."""
    at = 0.0
    for number, length in lengths.items():
        tall = 3 + length * scale
        yield number, (at, at + tall)
        at += tall + _GAP


def _bar(x: int, number: int, top: float, bottom: float, is_met: bool, words: Words) -> str:
    title = "" if is_met else f"<title>{safe(words['alone_label'].format(number=number + 1))}</title>"
    kind = "bar" if is_met else "bar alone"
    return f'<rect class="{kind}" x="{x}" y="{top:.1f}" width="{_BAR}" height="{bottom - top:.1f}" rx="1.5">{title}</rect>'


def _band(pair: Pair, left: tuple[float, float], right: tuple[float, float], words: Words) -> str:
    x, y, middle = _BAR, _WIDTH - _BAR, _WIDTH / 2
    path = (
        f"M{x} {left[0]:.1f}C{middle} {left[0]:.1f} {middle} {right[0]:.1f} {y} {right[0]:.1f}"
        f"V{right[1]:.1f}C{middle} {right[1]:.1f} {middle} {left[1]:.1f} {x} {left[1]:.1f}Z"
    )
    label = safe(
        words["link_label"].format(first=pair.a.paragraph + 1, second=pair.b.paragraph + 1, score=round(100 * pair.score))
    )
    other = f'data-other-version="{safe(pair.b.version)}" data-other-start="{pair.b.start}" data-other-end="{pair.b.end}"'
    return (
        f'<path class="band" d="{path}" fill-opacity="{0.12 + 0.6 * pair.score:.2f}" tabindex="0" role="button" aria-label="{label}" '
        f"{target(pair.a)} {other}><title>{label}</title></path>"
    )
