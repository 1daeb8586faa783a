"""Paths → articles: which files there are, which of them are versions of one article, and what they hold."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from index.article import Article, Kind, Passage, Place, Source, Version
from index.bundle import parse_bundle
from index.decoding import LARGEST_FILE
from index.errors import UnreadableFile
from index.formats import READERS
from index.sandbox import extract_safely

_LANGUAGE_PART = re.compile(r"(?P<stem>.+)\.(?P<language>[a-z]{2})(?:-(?P<kind>digest))?$")


def article_id(name: str) -> str:
    """A file's article: its stem without the language part (``a01`` for ``a01.en.txt``)."""
    stem = Path(name).stem
    match = _LANGUAGE_PART.match(stem)
    return match["stem"] if match else stem


def language_part(name: str) -> str | None:
    """The language that a file's name gives, as ``en`` in ``a01.en.txt``; None if it gives none."""
    match = _LANGUAGE_PART.match(Path(name).stem)
    return match["language"] if match else None


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Every article file among the paths and in their folders, sorted; what is hidden is left out, and no link inside a folder is followed.

    Raises:
        UnreadableFile: a path does not exist, or is no file that can be read.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (
                file
                for file in path.rglob("*")
                if file.is_file() and not file.is_symlink() and not _is_hidden(file.relative_to(path))
            )
            found.update(dict.fromkeys(sorted(file for file in inside if file.suffix.lower() in READERS)))
        elif path.is_file():
            found[path] = None
        elif path.exists():
            raise UnreadableFile(f"{path}: this is neither a file nor a folder")
        else:
            raise UnreadableFile(f"{path}: no such file or folder")
    return list(found)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.parts)


def group_files(files: Iterable[Path]) -> dict[str, list[Path]]:
    """Article ids with their files, both sorted."""
    groups: dict[str, list[Path]] = {}
    for file in sorted(files):
        groups.setdefault(article_id(file.name), []).append(file)
    return dict(sorted(groups.items()))


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises ``UnreadableFile`` with the system's reason, or when there are more than any article has."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
            size = path.stat().st_size
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from None
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(f"{path}: {size // 2**20:,} MiB; the largest file that is read has {LARGEST_FILE // 2**20} MiB")
    return data


def read_articles(files: Sequence[Path], names: Sequence[str] = ()) -> list[Article]:
    """The articles of files that belong together: one, or several when they are a feed or an archive.

    ``names`` are those that the files go by in a library; their own if none are given.

    Raises:
        UnreadableFile: a file is missing, empty, binary, undecodable or too large.
        MissingExtra: a format needs a library that is not installed.
    """
    sources: dict[str, list[Source]] = {}
    for path, name in zip(files, names or [path.name for path in files], strict=True):
        data = read_bytes(path)
        digest = hashlib.sha256(data).hexdigest()
        for item in extract_safely(data, name):
            sources.setdefault(article_id(item.name), []).append(Source(item.name, item.text, digest))
    return [make_article(name, found) for name, found in sources.items()]


def make_article(name: str, sources: Sequence[Source]) -> Article:
    """Parse every source and settle which version is the original.

    Raises:
        UnreadableFile: none of the sources holds a line of text.
    """
    parsed = [version for source in sources for version in parse_bundle(source, name, language_part(source.file))]
    if not parsed:
        raise UnreadableFile(f"{sources[0].file}: no text in it")
    if len(sources) > 1 or _is_named_digest(sources[0].file):
        parsed = _settle(parsed)
    return Article(name, tuple(parsed), tuple(sources))


def _is_named_digest(file: str) -> bool:
    match = _LANGUAGE_PART.match(Path(file).stem)
    return match is not None and match["kind"] is not None


def _settle(versions: list[Version]) -> list[Version]:
    """Versions that came as separate files: one original (English, or the first), the rest translations; ids made unique."""
    sizes = {id(version): sum(len(passage.text) for passage in version.passages) for version in versions}
    full = [v for v in versions if v.kind != "digest" and not _is_named_digest(v.file)]
    original = next((v for v in full if v.language == "en"), full[0] if full else versions[0])
    settled: list[Version] = []
    for version in versions:
        named = _is_named_digest(version.file)
        same = [sizes[id(v)] for v in versions if v.language == version.language and v is not version]
        digest = (
            named or version.kind == "digest" or (version is not original and any(sizes[id(version)] < 0.5 * s for s in same))
        )
        kind: Kind = "digest" if digest else "original" if version is original else "translation"
        name = f"{version.language}-digest" if digest else version.language
        taken = {v.id for v in settled}
        unique = next(n for n in [name, *(f"{name}-{i}" for i in range(2, len(versions) + 2))] if n not in taken)
        settled.append(_renamed(version, unique, kind))
    return settled


def _renamed(version: Version, name: str, kind: Kind) -> Version:
    """A version, with all places in it, under another id and kind."""
    if (version.id, version.kind) == (name, kind):
        return version
    passages = []
    for p in version.passages:
        place = (p.article, name, p.language, kind, p.file, p.paragraph, p.role)
        sentences = tuple(Place(*place, s.start, s.end, s.text) for s in p.sentences)
        passages.append(Passage(*place, p.start, p.end, p.text, sentences))
    return replace(version, id=name, kind=kind, passages=tuple(passages))
