"""One file's text → the versions of an article that it holds, each with its kind, its metadata and its passages."""

import re
from collections import Counter
from dataclasses import replace

from index.article import Kind, Passage, Place, Role, Source, Version
from index.language import detect_language
from index.roles import Line, link_of, name_in, read_lines, with_roles
from index.sentences import split_sentences
from index.splitting import DIGEST_LABEL, Block, is_mixed, split_versions

LONGEST_PASSAGE = 1_200
"""Characters; a longer paragraph is cut at a sentence's end."""
FEWEST_WORDS = 16
"""Words of a paragraph whose language is told apart from its version's."""

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.S)
_FIELD = re.compile(r"^([A-Za-z_]+)[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.M)
_FIELD_NAMES = {
    "title": "title", "headline": "title", "byline": "byline", "author": "byline", "authors": "byline", "date": "date", "updated": "date",
    "published": "date", "link": "link", "url": "link", "source": "link", "tags": "tags", "language": "language", "lang": "language",
    "kind": "kind", "article": "article",
}  # fmt: skip
_FIELD_ROLES: dict[str, Role] = {"title": "headline", "byline": "byline", "date": "date", "link": "link", "tags": "tag"}


def parse_bundle(source: Source, article: str, language: str | None = None) -> tuple[Version, ...]:
    """The versions of a file, in their order.

    Args:
        source: the file's text.
        article: the id of the article.
        language: what the file's name says; the text decides when it does not.
    """
    fields, start, front = _front_matter(source.text)
    lines = read_lines(source.text, start)
    language = fields.get("language", "").lower() or language
    blocks = [Block(language, lines)] if language and not is_mixed(lines) else split_versions(lines)
    blocks = [replace(block, lines=with_roles(block.lines), fields=fields) for block in blocks if block.lines]
    if front and blocks:
        blocks[0] = replace(blocks[0], lines=[*front, *blocks[0].lines])
    kinds = _kinds(blocks, fields.get("kind", ""))
    link = next((link_of(line) for block in blocks for line in block.lines if line.role == "link"), "") or fields.get("link", "")
    names: Counter[str] = Counter()
    versions = []
    for block, kind in zip(blocks, kinds, strict=True):
        name = f"{block.language}-digest" if kind == "digest" else block.language
        names[name] += 1
        unique = name if names[name] == 1 else f"{name}-{names[name]}"
        versions.append(_version(block, kind, unique, source, article, link))
    return tuple(versions)


def fields_of(text: str) -> dict[str, str]:
    """The fields of a text's front matter; none if it has none."""
    return _front_matter(text)[0]


def _front_matter(text: str) -> tuple[dict[str, str], int, list[Line]]:
    """Fields of a block between ``---`` lines, where the text goes on, and the fields that a reader may ask about as lines."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, 0, []
    fields: dict[str, str] = {}
    lines = []
    for entry in _FIELD.finditer(text, match.start(1), match.end(1) + 1):
        name = _FIELD_NAMES.get(entry.group(1).lower())
        if name and entry.group(2):
            fields[name] = entry.group(2).strip("\"'[]")
            if name in _FIELD_ROLES:
                lines.append(Line(entry.start(2), entry.end(2), entry.group(2), _FIELD_ROLES[name]))
    return fields, match.end(), lines


def _kinds(blocks: list[Block], given: str) -> list[Kind]:
    """Digest: well shorter than another version. Original: the one that names its sources and carries the pictures; else English; else first."""
    if len(blocks) == 1:
        return [given if given in ("original", "translation", "digest") else "original"]  # type: ignore[list-item]
    digests = [_is_digest(block, blocks) for block in blocks]
    full = [i for i, digest in enumerate(digests) if not digest]
    original = max(full, key=lambda i: _originality(blocks[i], i)) if full else -1
    return ["digest" if digest else "original" if i == original else "translation" for i, digest in enumerate(digests)]


def _is_digest(block: Block, blocks: list[Block]) -> bool:
    if DIGEST_LABEL.fullmatch(block.lines[0].text):
        return True
    same = [other.size for other in blocks if other is not block and other.language == block.language]
    others = [other for other in blocks if other is not block and other.language != block.language]
    if same:
        return block.size < 0.7 * max(same)
    # Beside a text with headline and byline, one that has neither is rather a digest than half a translation.
    return any(block.size < (0.3 if _is_headed(block) else 0.65 if _is_headed(other) else 0.45) * other.size for other in others)


def _is_headed(block: Block) -> bool:
    return any(line.role in ("headline", "byline") for line in block.lines)


def _originality(block: Block, position: int) -> tuple[int, int, int]:
    pictures = sum(1 for line in block.lines if line.role in ("credit", "caption"))
    return pictures, block.language == "en", -position


def _version(block: Block, kind: Kind, name: str, source: Source, article: str, link: str) -> Version:
    passages: list[Passage] = []
    for number, line in enumerate(block.lines):
        language = paragraph_language(line.text, block.language)
        passages.extend(_passages(line, (article, name, language, kind, source.file, number, line.role), source.text))

    def first(role: Role) -> Line | None:
        return next((line for line in block.lines if line.role == role), None)

    headline, byline, date = first("headline"), first("byline"), first("date")
    tags = [tag for line in block.lines if line.role == "tag" for tag in re.findall(r"[\w-]+", line.text)]
    return Version(
        id=name,
        article=article,
        language=block.language,
        kind=kind,
        file=source.file,
        start=block.lines[0].start,
        end=block.lines[-1].end,
        passages=tuple(passages),
        title=headline.text if headline else "",
        byline=name_in(byline) if byline else "",
        date=date.text if date else "",
        link=link,
        tags=tuple(tags),
    )


def paragraph_language(text: str, version: str) -> str:
    """The language of a paragraph: its version's, unless both its halves are clearly of one other, as where a text quotes at length."""
    words = text.split()
    if len(words) < FEWEST_WORDS:
        return version
    middle = len(words) // 2
    first = detect_language(" ".join(words[:middle]), default="")
    if not first or first == version:
        return version
    return first if detect_language(" ".join(words[middle:]), default="") == first else version


def _passages(line: Line, place: tuple[str, str, str, Kind, str, int, Role], text: str) -> list[Passage]:
    """A paragraph as one passage, or as several of whole sentences when it is long; ``place`` is what a ``Place`` begins with."""
    groups: list[list[tuple[int, int]]] = [[]]
    for span in [(line.start, line.end)] if line.role == "byline" else split_sentences(text, line.start, line.end):
        if groups[-1] and span[1] - groups[-1][0][0] > LONGEST_PASSAGE:
            groups.append([])
        groups[-1].append(span)
    passages = []
    for group in filter(None, groups):
        sentences = tuple(Place(*place, start, end, text[start:end]) for start, end in group)
        start, end = group[0][0], group[-1][1]
        passages.append(Passage(*place, start, end, text[start:end], sentences))
    return passages
