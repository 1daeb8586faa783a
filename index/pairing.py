"""Files that tell one story without saying so in their names: paired by front matter or link.

A file's name is what pairs it, so that nothing else has to be kept: a file that says itself which article it belongs to gets that article's name
when it is copied into the library.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from index.bundle import fields_of
from index.decoding import decode
from index.errors import UnreadableFile
from index.files import language_part, read_bytes
from index.folder import ArticleFile
from index.language import detect_language

SAME_EDITION = 0.5
"""Share of its lines that a newer copy of a file keeps."""

_LINK_LINE = re.compile(r"^\W*(?:(?:source|nguồn|link)\s*:\s*)?<?(https?://[^\s<>]+)>?\s*$", re.I | re.M)
_PLAIN = (".txt", ".md")


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says of itself: the article in its front matter, the links that lines of it consist of, its language."""

    article: str
    links: tuple[str, ...]
    language: str


def told_by(text: str, name: str) -> Told | None:
    """What a plain text says of itself; None if that is nothing. ``name`` is its file's."""
    fields = fields_of(text)
    links = tuple(filter(_is_of_one_page, [fields.get("link", ""), *_LINK_LINE.findall(text)]))
    article = re.sub(r"[^\w.-]+", "-", fields.get("article", "")).strip(".-")
    if not article and not links:
        return None
    return Told(article, links, fields.get("language", "").lower() or language_part(name) or detect_language(text))


def _is_of_one_page(link: str) -> bool:
    """Whether a link leads to a page, and not to a site, which many articles share."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return bool(parts.scheme and parts.hostname and (parts.path.strip("/") or parts.query))


def paired(
    files: Iterable[ArticleFile], linked: Callable[[str], Sequence[tuple[str, str]]], text_of: Callable[[str], str | None]
) -> list[ArticleFile]:
    """Files from outside under the names of the articles that they say they belong to; all others as they are.

    Args:
        files: to be added.
        linked: gives the articles, with a language of theirs each, whose link is this one.
        text_of: the text of a file of the library by name; None if there is none.
    """
    found: list[ArticleFile] = []
    seen: dict[str, list[tuple[str, str]]] = {}
    for file in files:
        told = _peek(file.path)
        if told is None:
            found.append(file)
            continue
        own = Path(file.name).stem.removesuffix(f".{told.language}")
        others = {link: [*linked(link), *seen.get(link, ())] for link in told.links}
        wanted = told.article or next((one for link in told.links if (one := _only(others[link], own))), "")
        name = f"{wanted}.{told.language}{file.path.suffix}" if wanted and wanted != own else file.name
        old = text_of(name) if name != file.name else None
        if old is not None and not _is_edition(old, decode(read_bytes(file.path), file.path.name)):
            # Another text has that place; both are kept.
            name = file.name
        for link in told.links:
            seen.setdefault(link, []).append((wanted or own, told.language))
        found.append(replace(file, name=name))
    return found


def _peek(path: Path) -> Told | None:
    if path.suffix.lower() not in _PLAIN:
        return None
    try:
        return told_by(decode(read_bytes(path), path.name), path.name)
    except UnreadableFile:
        # It is told of when it is read.
        return None


def _only(others: Sequence[tuple[str, str]], own: str) -> str:
    """The one other article; empty if there are several, so that nobody has to guess."""
    names = {name for name, _ in others} - {own}
    return names.pop() if len(names) == 1 else ""


def _is_edition(old: str, new: str) -> bool:
    before, after = ({line.strip() for line in text.splitlines() if line.strip()} for text in (old, new))
    return len(before & after) >= SAME_EDITION * min(len(before), len(after))
