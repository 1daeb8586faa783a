"""Files of many formats → plain text that the bundle parser reads: headline, byline, date, paragraphs, link, a line each.

Offsets refer to the text that comes out, which the library keeps; the original file stays as it was. What comes in may be
hostile, so callers outside tests go through ``sandbox``, which runs ``extract`` in a process with limits.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from index.decoding import decode
from index.errors import MissingExtra, UnreadableFile

LARGEST_UNPACKED = 200 * 2**20
"""Bytes that one archive may hold when unpacked."""
LARGEST_RATIO = 200
"""Times that a member of an archive may grow when unpacked."""
MOST_MEMBERS = 10_000

_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|font-size\s*:\s*0(?![.\d])", re.I
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{4}\)(https?://\S+)\s*-->")
_SENTENCE_END = re.compile(r"[.!?…:\"”»)\]]$")


@dataclass(frozen=True, slots=True)
class Extracted:
    """Text of one article; ``name`` is the file's name, or the member's in an archive or a feed."""

    name: str
    text: str = field(repr=False)


def extract(data: bytes, name: str) -> list[Extracted]:
    """Every article that a file holds.

    Args:
        data: the file's bytes.
        name: its name; the suffix says which format it is.

    Raises:
        UnreadableFile: the format is unknown, the file is damaged or over a limit.
        MissingExtra: the format needs a library that is not installed.
    """
    suffix = PurePosixPath(name).suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise UnreadableFile(f"{name}: the format {suffix or '(none)'} is not one of {', '.join(sorted(READERS))}")
    try:
        found = [item for item in reader(data, name) if item.text.strip()]
    except ImportError as error:
        raise MissingExtra(f"reading {suffix} files", "formats") from error
    except (UnreadableFile, MissingExtra, MemoryError):
        raise
    except Exception as error:
        # Parsers of damaged files raise whatever their authors did not expect; to the user it is one thing.
        raise UnreadableFile(f"{name}: damaged or not a {suffix} file ({type(error).__name__}: {error})") from error
    if not found:
        raise UnreadableFile(f"{name}: no text in it")
    return found


def _text(data: bytes, name: str) -> Iterator[Extracted]:
    yield Extracted(name, decode(data, name))


def _html(data: bytes, name: str) -> Iterator[Extracted]:
    yield Extracted(name, html_to_text(data))


def html_to_text(data: bytes | str) -> str:
    """The article of a saved page; what the page hides from its readers is taken out first."""
    import lxml.html
    from trafilatura import bare_extraction

    tree = lxml.html.fromstring(data, parser=lxml.html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True))
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and element.getparent() is not None and _is_hidden(element):
            element.drop_tree()
    article = bare_extraction(tree, with_metadata=True, include_comments=False, include_tables=False)
    if article is None:
        return ""
    found: dict[str, Any] = article if isinstance(article, dict) else article.as_dict()
    body, title = found.get("text") or "", found.get("title") or ""
    if title and body.startswith(title):
        body = body.removeprefix(title)
    author = f"By {found['author']}" if found.get("author") else ""
    return _joined([title, author, found.get("date"), body, saved_from(data) or found.get("url")])


def saved_from(data: bytes | str) -> str:
    """The link that a browser, or ``index.links``, noted when it saved the page; empty if none did."""
    head = data[:4_096] if isinstance(data, str) else data[:4_096].decode("ascii", "replace")
    match = _SAVED_FROM.search(head)
    return match[1] if match else ""


def _is_hidden(element: Any) -> bool:
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true" or element.tag == "template"
    return bool(hidden or _HIDDEN_STYLE.search(element.get("style", "")))


def _pdf(data: bytes, name: str) -> Iterator[Extracted]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableFile(f"{name}: the PDF is locked with a password")
    title = str(reader.metadata.title or "") if reader.metadata else ""
    body = "\n".join(reflow(page.extract_text()) for page in reader.pages)
    yield Extracted(name, body if title and body.startswith(title) else _joined([title, body]))


def reflow(page: str) -> str:
    """Lines as set on a page → paragraphs: a line that fills the measure and ends in mid-sentence goes on in the next."""
    lines = [line.strip() for line in page.split("\n")]
    lengths = sorted(len(line) for line in lines if line)
    measure = lengths[int(len(lengths) * 0.8)] if lengths else 0
    paragraphs = [""]
    for line in lines:
        if not line:
            paragraphs.append("")
        elif paragraphs[-1].endswith("-") and line[:1].islower():
            paragraphs[-1] = paragraphs[-1][:-1] + line
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {line}".strip()
        if line and len(line) < measure * 0.85 and _SENTENCE_END.search(line):
            paragraphs.append("")
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _docx(data: bytes, name: str) -> Iterator[Extracted]:
    import docx

    _check_archive(zipfile.ZipFile(io.BytesIO(data)), name)
    document = docx.Document(io.BytesIO(data))
    yield Extracted(name, _joined(paragraph.text for paragraph in document.paragraphs))


def _epub(data: bytes, name: str) -> Iterator[Extracted]:
    import lxml.etree

    archive = zipfile.ZipFile(io.BytesIO(data))
    _check_archive(archive, name)
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    container = lxml.etree.fromstring(archive.read("META-INF/container.xml"), parser)
    root = next(e.get("full-path") for e in container.iter("{*}rootfile"))
    package = lxml.etree.fromstring(archive.read(root), parser)
    files = {item.get("id"): item.get("href") for item in package.iter("{*}item")}
    folder = PurePosixPath(root).parent
    chapters = [str(folder / files[item.get("idref")]) for item in package.iter("{*}itemref") if item.get("idref") in files]
    yield Extracted(name, _joined(_blocks(archive.read(chapter)) for chapter in chapters))


def _blocks(page: bytes) -> str:
    import lxml.html

    tree = lxml.html.fromstring(page, parser=lxml.html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True))
    blocks = tree.xpath("//h1|//h2|//h3|//h4|//p|//li|//blockquote[not(p)]")
    return _joined(" ".join(block.text_content().split()) for block in blocks if not _is_hidden(block))


def _jsonl(data: bytes, name: str) -> Iterator[Extracted]:
    for number, line in enumerate(decode(data, name).split("\n"), 1):
        if line.strip():
            yield from _items([_parse(line, f"{name}:{number}")], name, number)


def _json(data: bytes, name: str) -> Iterator[Extracted]:
    value = _parse(decode(data, name), name)
    items = value.get("items", [value]) if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise UnreadableFile(f'{name}: a feed is a list of articles, or an object with "items"')
    yield from _items(items, name, 1)


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{where} is not JSON: {error}") from None


def _items(items: Iterable[Any], name: str, first: int) -> Iterator[Extracted]:
    """Articles of a feed: JSON Feed's names, and the plain ones that people write (title, author, date, text, url, language)."""
    for number, item in enumerate(items, first):
        if not isinstance(item, dict):
            raise UnreadableFile(f"{name}: article {number} is not an object")
        body = item.get("content_text") or item.get("text") or item.get("body") or ""
        page = item.get("content_html") or item.get("html")
        if not body and isinstance(page, str):
            body = html_to_text(page)
        authors = item.get("authors") or [item.get("author")]
        names = ", ".join(_name(author) for author in authors if author) if isinstance(authors, list) else str(authors)
        date = item.get("date_modified") or item.get("date_published") or item.get("date")
        language = str(item.get("language") or "").partition("-")[0].lower()
        language = language if re.fullmatch("[a-z]{2,3}", language) else ""
        identity = (
            re.sub(r"[^\w-]+", "-", str(item.get("id") or item.get("slug") or f"{number:04d}")).strip("-") or f"{number:04d}"
        )
        text = _joined([item.get("title"), f"By {names}" if names else "", date, body, item.get("url")])
        yield Extracted(f"{PurePosixPath(name).stem}-{identity}{f'.{language}' if language else ''}.txt", text)


def _name(author: Any) -> str:
    return str(author.get("name", "")) if isinstance(author, dict) else str(author)


def _zip(data: bytes, name: str) -> Iterator[Extracted]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    _check_archive(archive, name)
    for member in archive.infolist():
        inside = PurePosixPath(member.filename)
        if member.is_dir() or inside.name.startswith(".") or inside.suffix.lower() not in READERS:
            continue
        if inside.suffix.lower() == ".zip":
            raise UnreadableFile(f"{name}: an archive inside an archive ({inside.name}) is not opened")
        # Only the member's last name is used, so that no path of an archive leads anywhere.
        yield from extract(archive.read(member), inside.name)


def _check_archive(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise UnreadableFile(f"{name}: {len(members):,} members; at most {MOST_MEMBERS:,} are read")
    if sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise UnreadableFile(f"{name}: more than {LARGEST_UNPACKED // 2**20} MiB when unpacked")
    for member in members:
        if member.file_size > 2**20 and member.file_size > LARGEST_RATIO * max(member.compress_size, 1):
            raise UnreadableFile(f"{name}: {member.filename} grows more than {LARGEST_RATIO} times when unpacked")


def _joined(lines: Iterable[Any]) -> str:
    return "\n".join(str(line).strip() for line in lines if line and str(line).strip()) + "\n"


READERS: dict[str, Callable[[bytes, str], Iterator[Extracted]]] = {
    ".txt": _text,
    ".md": _text,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".epub": _epub,
    ".json": _json,
    ".jsonl": _jsonl,
    ".zip": _zip,
}
