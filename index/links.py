"""A link → the article behind it as a file, kept as it came but for a line that says where from."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from index.errors import UnreadableFile
from index.fetching import Fetcher, Page, RefusedLink

SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}
LONGEST_NAME = 80
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.I)


def is_link(text: str) -> bool:
    """Whether an argument is a link rather than a path."""
    return text.lower().startswith(("http://", "https://"))


def save_pages(links: Iterable[str], folder: Path, fetcher: Fetcher | None = None) -> tuple[list[Path], list[str]]:
    """Fetch links into files of a folder; gives the files, and why some could not be fetched."""
    fetcher = fetcher or Fetcher()
    files: list[Path] = []
    problems: list[str] = []
    for link in links:
        try:
            files.append(save_page(fetcher.fetch(link), folder))
        except (RefusedLink, UnreadableFile) as error:
            problems.append(str(error))
    return files, problems


def save_page(page: Page, folder: Path) -> Path:
    """Write a page to a file that is named after its link.

    Raises:
        UnreadableFile: its content type is none that holds an article.
    """
    kind = page.content_type.partition(";")[0].strip().lower()
    if kind not in SUFFIXES:
        raise UnreadableFile(f"{page.url}: {kind or 'no content type'} is not an article")
    path = folder / f"{name_of(page.url)}{SUFFIXES[kind]}"
    path.write_bytes(_origin(page, SUFFIXES[kind]) + page.data)
    return path


def name_of(link: str) -> str:
    """The host and the last part of the path that says something, so that one link always gives one article."""
    parts = urlsplit(link)
    told = [part for part in unquote(parts.path).split("/") if part and not re.fullmatch(r"(?:index|default)\.\w+", part)]
    last = re.sub(r"\.(?:html?|php|aspx?|txt|md|pdf)$", "", told[-1], flags=re.I) if told else ""
    name = "-".join(filter(None, [(parts.hostname or "").removeprefix("www."), last, parts.query]))
    return re.sub(r"[^\w.-]+", "-", name).strip(".-")[:LONGEST_NAME].rstrip(".-")


def _origin(page: Page, suffix: str) -> bytes:
    """What goes before a page's bytes: the comment that browsers write into a page they save, or front matter before plain text."""
    link = page.url.replace("--", "%2D%2D")
    if suffix == ".html":
        charset = _CHARSET.search(page.content_type)
        # What the server alone said of the encoding would be lost with its answer.
        said = f'<meta charset="{charset[1]}">' if charset and b"charset" not in page.data[:2_048].lower() else ""
        return f"<!-- saved from url=({len(link):04}){link} -->\n{said}".encode("ascii", "xmlcharrefreplace")
    if suffix in (".txt", ".md") and not page.data.lstrip().startswith(b"---"):
        return f"---\nlink: {page.url}\n---\n".encode()
    return b""
