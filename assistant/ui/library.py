"""The library as HTML: a list of articles to read, to choose for questions and to remove, and a form to add some. Pure functions."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from assistant.ui.html import Words, in_language, language_name, safe, title_of
from index.article import Version
from index.text import bare

MOST_SHOWN = 100
Contents = Mapping[str, tuple[Version, ...]]
"""Versions without their text, by the id of their article."""


def matching(contents: Contents, query: str, language: str, found: Sequence[str]) -> list[str]:
    """Ids of the articles whose title, date, source, tags or id has every word of a query, in order, then those found by what they say.

    Args:
        contents: the whole library.
        query: words, with or without diacritics; empty for everything.
        language: only articles with a version in it; empty for every language.
        found: ids of articles whose text fits the query, best first.
    """
    words = bare(query).split()
    named = [name for name, versions in contents.items() if all(word in _key(name, versions) for word in words)]
    ordered = dict.fromkeys([*named, *(name for name in found if name in contents)])
    return [name for name in ordered if not language or any(version.language == language for version in contents[name])]


def _key(name: str, versions: Sequence[Version]) -> str:
    said = (part for v in versions for part in (v.title, v.byline, v.date, v.link, *v.tags))
    return bare(" ".join((name, *said)))


def list_html(
    contents: Contents, shown: Sequence[str], scope: Collection[str], words: Words, language: str, *, may_change: bool
) -> str:
    """The articles ``shown``, at most ``MOST_SHOWN``; those in ``scope`` are chosen for questions.

    Args:
        contents: the whole library.
        shown: ids, in order.
        scope: ids that questions are limited to; empty for all.
        words: of the page.
        language: of the page, for titles.
        may_change: whether articles may be removed.
    """
    if not shown:
        return f'<p class="empty">{safe(words["none_found"] if contents else words["no_article"])}</p>'
    count = (
        words["articles_found"] if len(shown) < len(contents) else words["article_count" if len(shown) == 1 else "articles_count"]
    )
    items = "".join(
        _item_html(name, contents[name], words, language, chosen=name in scope, may_change=may_change)
        for name in shown[:MOST_SHOWN]
    )
    more = len(shown) - MOST_SHOWN
    rest = f'<p class="hint">{safe(words["more_articles"].format(count=more))}</p>' if more > 0 else ""
    told = safe(count.format(count=len(shown), total=len(contents)))
    return f'<p class="hint" role="status">{told}</p><ul class="articles">{items}</ul>{rest}'


def _item_html(name: str, versions: tuple[Version, ...], words: Words, language: str, *, chosen: bool, may_change: bool) -> str:
    title = title_of(name, versions, language)
    kinds = "".join(f"<li>{safe(words[v.kind])} · {safe(language_name(v.language, words))}</li>" for v in versions)
    mark = "checked" if chosen else ""
    scope = (
        f'<label class="choose"><input type="checkbox" data-do="choose" {mark}><span>{safe(words["choose_short"])}</span>'
        f'<span class="hidden">: {safe(title)}</span></label>'
    )
    remove = (
        f'<button type="button" class="plain" data-do="remove" data-title="{safe(title)}" aria-label="{safe(words["remove_label"].format(title=title))}">'
        f"{safe(words['remove'])}</button>"
        if may_change
        else ""
    )
    return (
        f'<li data-article="{safe(name)}"><button type="button" class="title" data-do="open">{safe(title)}</button>'
        f'<p class="facts">{" · ".join(map(safe, _facts(name, in_language(versions, language))))}</p><ul class="kinds">{kinds}</ul>'
        f'<div class="row">{scope}{remove}</div></li>'
    )


def _facts(name: str, versions: Sequence[Version]) -> Iterator[str]:
    """Date, source and author, as far as the article tells; then the id."""
    date = next((version.date for version in versions if version.date), "")
    if date:
        yield date
    host = next((urlsplit(version.link).hostname for version in versions if _is_link(version.link)), None)
    if host:
        yield host
    byline = next((version.byline for version in versions if version.byline), "")
    if byline:
        yield byline
    yield name


def _is_link(text: str) -> bool:
    return re.match(r"https?://[^\s\[\]]+$", text) is not None


def add_html(words: Words, formats: Sequence[str], largest_mb: int) -> str:
    """The form that adds files and pasted text; the script sends them one by one and reports on each."""
    strings = " ".join(
        f'data-{key.replace("_", "-")}="{safe(words[key])}"'
        for key in ("adding", "cancelled", "added", "failed", "offline", "confirm")
    )
    takes = words["formats"].format(formats=", ".join(formats), mb=largest_mb)
    return (
        f'<section class="add" {strings} data-largest="{largest_mb * 2**20}"><h2>{safe(words["add_title"])}</h2>'
        f'<div class="drop"><span>{safe(words["drop"])}</span> <label class="file">{safe(words["choose_files"])}'
        f'<input type="file" multiple accept="{safe(",".join(formats))}"></label><p class="hint">{safe(takes)}</p></div>'
        f'<div class="progress" hidden><progress max="1" value="0" aria-label="{safe(words["add_title"])}"></progress><p role="status"></p>'
        f'<button type="button" class="plain" data-do="cancel">{safe(words["cancel"])}</button></div><ul class="problems" role="alert"></ul>'
        f'<details><summary>{safe(words["paste"])}</summary><form data-do="paste">'
        f'<label>{safe(words["paste_name"])}<input name="name" required maxlength="80"></label>'
        f'<label>{safe(words["paste_text"])}<textarea name="text" required rows="8"></textarea></label>'
        f'<button type="submit">{safe(words["paste_add"])}</button></form></details></section>{_confirm_html(words)}'
    )


def _confirm_html(words: Words) -> str:
    return (
        '<dialog class="confirm" aria-labelledby="confirm-text"><form method="dialog"><p id="confirm-text"></p><div class="row">'
        f'<button value="no" class="plain" autofocus>{safe(words["confirm_no"])}</button>'
        f'<button value="yes" class="danger">{safe(words["confirm_yes"])}</button></div></form></dialog>'
    )
