"""One file's text → the versions of an article that it holds.

A version goes on while the language does. Within one language a new version begins where a new article does: behind links and tags, or at a
headline with a byline or a date below it. No separator line is needed; one is understood.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from index.article import Kind, Passage, Place, Role, Source, Version
from index.language import detect_language
from index.roles import Line, link_of, looks_like_headline, name_in, read_lines, with_roles
from index.sentences import split_sentences

LONGEST_PASSAGE = 1_200
"""Characters; a longer paragraph is cut at a sentence's end."""

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.S)
_FIELD = re.compile(r"^([A-Za-z_]+)[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.M)
_FIELD_NAMES = {
    "title": "title", "headline": "title", "byline": "byline", "author": "byline", "authors": "byline", "date": "date", "updated": "date",
    "published": "date", "link": "link", "url": "link", "source": "link", "tags": "tags", "language": "language", "lang": "language",
    "kind": "kind",
}  # fmt: skip
_FIELD_ROLES: dict[str, Role] = {"title": "headline", "byline": "byline", "date": "date", "link": "link", "tags": "tag"}
_SMALL = ("link", "tag", "byline", "date", "credit", "contact")


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of one version, before its kind is known."""

    language: str
    lines: list[Line]
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(len(line.text) for line in self.lines if line.role in ("body", "dateline"))


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
    blocks = [_Block(language, lines)] if language and not _is_mixed(lines) else _split(lines)
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
    common = {language for language, n in weight.items() if n >= 0.12 * total}
    found = [language if language in common else "" for language in found]
    main = weight.most_common(1)[0][0] if weight else detect_language(" ".join(line.text for line in lines))
    for i, language in enumerate(found):
        if not language:
            before = next((x for x in reversed(found[:i]) if x), "")
            after = next((x for x in found[i + 1 :] if x), "")
            # Links, tags and contacts close what stands before them; headlines, bylines and dates open what comes.
            closes = lines[i].role in ("link", "tag", "contact") or _same_language_name(lines[i], before, after)
            found[i] = (before or after if closes else after or before) or main
    return found


def _same_language_name(line: Line, before: str, after: str) -> bool:
    own = detect_language(line.text, default="")
    return own == before != after


def _is_mixed(lines: list[Line]) -> bool:
    return len(set(_languages(lines))) > 1


def _split(lines: list[Line]) -> list[_Block]:
    runs: list[_Block] = []
    for line, language in zip(lines, _languages(lines), strict=True):
        if runs and runs[-1].language == language:
            runs[-1].lines.append(line)
        else:
            runs.append(_Block(language, [line]))
    return [part for run in _absorb(runs) for part in _articles_in(run)]


def _absorb(runs: list[_Block]) -> list[_Block]:
    """A line or two in another language inside an article is a quotation, not a version: it stays where it stands."""
    largest = max((run.size for run in runs), default=0)
    kept: list[_Block] = []
    for run in runs:
        small = run.size < 0.12 * largest or (len(run.lines) == 1 and len(runs) > 2)
        if kept and (small or kept[-1].language == run.language):
            kept[-1].lines.extend(run.lines)
        else:
            kept.append(run)
    if len(kept) > 1 and kept[0].size < 0.12 * largest:
        first = kept.pop(0)
        kept[0].lines[:0] = first.lines
    return kept


def _articles_in(run: _Block) -> list[_Block]:
    """Cut one language's lines where a new article begins."""
    parts = [_Block(run.language, [])]
    for i, line in enumerate(run.lines):
        told = any(not looks_like_headline(other.text) for other in parts[-1].lines if other.role in ("body", "dateline"))
        if told and _begins(run.lines, i):
            parts.append(_Block(run.language, []))
        parts[-1].lines.append(line)
    return parts


def _begins(lines: list[Line], at: int) -> bool:
    line = lines[at]
    if line.role != "body" or not looks_like_headline(line.text):
        return False
    below = [later.role for later in lines[at + 1 : at + 4]]
    rest = sum(1 for later in lines[at + 1 :] if later.role in ("body", "dateline"))
    closed = lines[at - 1].role in ("link", "tag", "contact")
    return rest >= 2 and (closed or "byline" in below or "date" in below)


def _kinds(blocks: list[_Block], given: str) -> list[Kind]:
    """Digest: well shorter than another version. Original: the one that names its sources and carries the pictures; else English; else first."""
    if len(blocks) == 1:
        return [given if given in ("original", "translation", "digest") else "original"]  # type: ignore[list-item]
    digests = [_is_digest(block, blocks) for block in blocks]
    full = [i for i, digest in enumerate(digests) if not digest]
    original = max(full, key=lambda i: _originality(blocks[i], i)) if full else -1
    return ["digest" if digest else "original" if i == original else "translation" for i, digest in enumerate(digests)]


def _is_digest(block: _Block, blocks: list[_Block]) -> bool:
    headed = any(line.role in ("headline", "byline") for line in block.lines)
    same = [other.size for other in blocks if other is not block and other.language == block.language]
    others = [other.size for other in blocks if other is not block and other.language != block.language]
    if same:
        return block.size < 0.7 * max(same)
    return not headed and bool(others) and block.size < 0.45 * max(others)


def _originality(block: _Block, position: int) -> tuple[int, int, int]:
    pictures = sum(1 for line in block.lines if line.role in ("credit", "caption"))
    return pictures, block.language == "en", -position


def _version(block: _Block, kind: Kind, name: str, source: Source, article: str, link: str) -> Version:
    passages: list[Passage] = []
    for number, line in enumerate(block.lines):
        place = Place(article, name, block.language, kind, source.file, number, line.role, line.start, line.end, line.text)
        passages.extend(_passages(place, source.text))

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


def _passages(place: Place, text: str) -> list[Passage]:
    """A paragraph as one passage, or as several of whole sentences when it is long."""
    spans = [(place.start, place.end)] if place.role == "byline" else split_sentences(text, place.start, place.end)
    sentences = [_part(place, text, start, end) for start, end in spans]
    groups: list[list[Place]] = [[]]
    for sentence in sentences:
        if groups[-1] and sentence.end - groups[-1][0].start > LONGEST_PASSAGE:
            groups.append([])
        groups[-1].append(sentence)
    return [_passage(_part(place, text, group[0].start, group[-1].end), tuple(group)) for group in groups if group]


def _passage(p: Place, sentences: tuple[Place, ...]) -> Passage:
    return Passage(
        p.article, p.version, p.language, p.kind, p.file, p.paragraph, p.role, p.start, p.end, p.text, sentences=sentences
    )


def _part(place: Place, text: str, start: int, end: int) -> Place:
    return replace(place, start=start, end=end, text=text[start:end])
