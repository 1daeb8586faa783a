"""What a search is confined to: articles by id, date, source or tag, and how the passages of few or of many articles are found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.dates import find_dates
from index.errors import InputError
from index.text import fold

FloatArray = NDArray[np.float32]

ALL_SCORED = 400
"""Passages of a scope up to which each is a candidate, whatever the legs would say of it."""
FEW = 20_000
"""Passages of a scope up to which all their vectors are compared; of more, the legs' proposals are sifted."""
FARTHEST = 3_000
"""Proposals of a leg that are sifted, at most."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles to search. Every part that is given must hold, for one of the article's versions or another.

    Attributes:
        since: first day, as ``2026-03-01``; a month or a year stands for its first day.
        until: last day, likewise; a month or a year stands for its last day.
        sources: sites that the article's link leads to, as ``example.com``, or what its ``source`` field says; any of them.
        tags: any of them.
    """

    since: str = ""
    until: str = ""
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.sources or self.tags)

    def days(self) -> tuple[str, str]:
        """First and last day. Raises ``InputError`` for what is no date."""
        return _day(self.since, "-01-01") if self.since else "", _day(self.until, "-12-31") if self.until else "9999"


@dataclass(frozen=True, slots=True)
class Scope:
    """The articles that a search is confined to, in one language.

    Attributes:
        articles: their ids.
        share: of all the language's passages, about, in (0, 1].
        ids: of their passages, if these are few; else empty.
        numbers: of those passages, ``(n,)`` and rising.
        vectors: ``(n, d)`` of those passages.
    """

    articles: frozenset[str]
    share: float
    ids: tuple[str, ...] = ()
    numbers: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64), repr=False)
    vectors: FloatArray = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32), repr=False)

    def nearest(self, vector: FloatArray, count: int) -> list[str]:
        """The at most ``count`` ids nearest to a ``(d,)`` vector, of a scope that has few."""
        cosines = self.vectors @ vector
        best = np.arange(len(cosines)) if len(cosines) <= count else np.argpartition(-cosines, count)[:count]
        return [self.ids[place] for place in best]

    def sift(self, propose: Callable[[int], Sequence[str]], count: int) -> list[str]:
        """The first ``count`` proposals that are of the scope, of one that has many.

        Args:
            propose: gives so many ids of passages, the best first.
            count: how many are wanted.
        """
        wanted = min(FARTHEST, int(1.5 * count / self.share) + count)
        return [name for name in propose(wanted) if name.rsplit(":", 2)[0] in self.articles][:count]


def _day(text: str, rest: str) -> str:
    if len(text) == 4 and text.isdecimal():
        return text + rest
    if len(text) == 7 and text[4] == "-":
        return text + ("-01" if rest == "-01-01" else "-31")
    day = day_of(text)
    if not day:
        raise InputError(f"{text!r} is no date: write it as 2026-03-31, 2026-03 or 2026")
    return day


def day_of(text: str) -> str:
    """The first whole date of a line, as ``2026-03-31``; the first of the month where it names no day; empty if there is none."""
    found = next((date for date in find_dates(text) if date.year and date.month), None)
    return f"{found.year:04}-{found.month:02}-{found.day or 1:02}" if found else ""


def labels_of(article: Article) -> set[tuple[str, str]]:
    """Kind and value of everything that an article can be filtered by."""
    return {label for version in article.versions for label in labels_of_fields(version.date, version.link, version.tags)}


def labels_of_fields(date: str, link: str, tags: Sequence[str]) -> set[tuple[str, str]]:
    """The same of what one version says."""
    day = day_of(date)
    return {
        *((("day", day),) if day else ()),
        *(("source", source) for source in sources_of(link)),
        *(("tag", fold(tag)) for tag in tags),
    }


def sources_of(link: str) -> list[str]:
    """What a link's source may be called: its host and what that belongs to; of what is no link, its words."""
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        host = ""
    if not host:
        return [fold(link)] if link else []
    parts = host.lower().removeprefix("www.").split(".")
    return [".".join(parts[i:]) for i in range(max(1, len(parts) - 1))]
