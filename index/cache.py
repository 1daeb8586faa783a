"""What was read from the catalogue and still holds; all of it is forgotten when the catalogue's generation rises."""

import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from index.alignment import Alignment
from index.article import Article, Passage, Place, Version
from index.catalogue import Catalogue
from index.rows import Counterparts, Entry
from index.scope import FEW, Filter, Scope

MOST_ENTRIES = 5_000
"""Passages kept with their vectors, about 5 KB each."""
MOST_ARTICLES = 500
MOST_SCOPES = 4
"""Scopes kept with the vectors of their passages, up to 30 MB each."""


class CatalogueCache:
    """Reads of one catalogue. Safe to use from several threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._lock = threading.RLock()
        self._generation = -1
        self._ids: tuple[str, ...] = ()
        self._contents: dict[str, tuple[Version, ...]] | None = None
        self._entries: dict[str, Entry] = {}
        self._articles: dict[str, Article] = {}
        self._alignments: dict[str, dict[tuple[str, str], Alignment]] = {}
        self._links: dict[str, Counterparts] = {}
        self._sentences: dict[str, dict[str, Place]] = {}
        self._chosen: dict[Filter, frozenset[str]] = {}
        self._scopes: dict[frozenset[str], dict[str, Scope]] = {}
        self._counts: dict[str, int] = {}

    def _fresh(self) -> None:
        """Forget what another generation said; the caller holds the lock."""
        generation = self._catalogue.generation
        if generation != self._generation:
            self._entries.clear()
            for cache in (
                self._articles,
                self._alignments,
                self._links,
                self._sentences,
                self._chosen,
                self._scopes,
                self._counts,
            ):
                cache.clear()
            self._ids, self._generation, self._contents = self._catalogue.articles(), generation, None

    def articles(self) -> tuple[str, ...]:
        """Ids, sorted."""
        with self._lock:
            self._fresh()
            return self._ids

    def contents(self) -> Mapping[str, tuple[Version, ...]]:
        """The versions of every article by its id, sorted, without their text."""
        with self._lock:
            self._fresh()
            if self._contents is None:
                self._contents = self._catalogue.contents()
            return self._contents

    def entries(self, ids: Sequence[str]) -> Mapping[str, Entry]:
        """Passages with their vectors by id; ids that are not there are left out."""
        with self._lock:
            self._fresh()
            missing = [name for name in ids if name not in self._entries]
            if missing:
                _make_room(self._entries, MOST_ENTRIES - len(missing))
                # Some of the wanted may have gone.
                self._entries.update(self._catalogue.entries([name for name in ids if name not in self._entries]))
            return {name: self._entries[name] for name in ids if name in self._entries}

    def chosen(self, where: Filter) -> frozenset[str]:
        """Ids of the articles that a filter lets through. Raises ``InputError`` for what is no date."""
        with self._lock:
            self._fresh()
            if where not in self._chosen:
                if len(self._chosen) >= MOST_SCOPES:
                    self._chosen.clear()
                self._chosen[where] = frozenset(self._catalogue.chosen(where))
            return self._chosen[where]

    def scopes(self, articles: frozenset[str]) -> Mapping[str, Scope]:
        """What a search of some articles is confined to, by language; ids that are not there are left out."""
        with self._lock:
            self._fresh()
            if articles not in self._scopes:
                if len(self._scopes) >= MOST_SCOPES:
                    self._scopes.pop(next(iter(self._scopes)))
                self._scopes[articles] = self._made_scopes(articles)
            return self._scopes[articles]

    def _made_scopes(self, articles: frozenset[str]) -> dict[str, Scope]:
        self._counts = self._counts or self._catalogue.counts()
        share = len(articles) / max(1, len(self._ids))
        # Counting them would read them all; articles are of about one length, or few are read in vain.
        few = self._catalogue.scopes(articles, FEW) if share * sum(self._counts.values()) <= 2 * FEW else None
        return few if few is not None else {language: Scope(articles, min(1.0, share)) for language in self._counts}

    def article(self, article: str) -> Article:
        """An article. Raises ``UnknownArticle``."""
        with self._lock:
            self._fresh()
            if article not in self._articles:
                if len(self._articles) > MOST_ARTICLES:
                    for cache in (self._articles, self._alignments, self._sentences):
                        cache.clear()
                self._articles[article] = self._catalogue.article(article)
            return self._articles[article]

    def alignments(self, article: str) -> Mapping[tuple[str, str], Alignment]:
        """The alignments of an article's versions. Raises ``UnknownArticle``."""
        with self._lock:
            whole = self.article(article)
            if article not in self._alignments:
                self._alignments[article] = self._catalogue.alignments(whole)
            return self._alignments[article]

    def counterparts(self, sentence: Place) -> tuple[Place, ...]:
        """Sentences of an article's other versions that say the same as one of its own, the surest first. Raises ``UnknownArticle``."""
        with self._lock:
            article = self.article(sentence.article)
            if article.id not in self._sentences:
                inside = (place for version in article.versions for place in version.sentences)
                self._sentences[article.id] = {place.id: place for place in inside}
            places = self._sentences[article.id]
            return tuple(places[name] for name in self._links_of(article.id).of(sentence.id))

    def _links_of(self, article: str) -> Counterparts:
        """Ids of sentences that say the same: all that folding a search needs, and far cheaper than the article."""
        with self._lock:
            self._fresh()
            if article not in self._links:
                _make_room(self._links, MOST_ARTICLES)
                self._links[article] = self._catalogue.counterparts(article)
            return self._links[article]

    def coverage(self) -> Callable[[Passage, Passage], bool]:
        """For one search: whether most of the second passage's sentences have a counterpart in the first. What it needs is looked up once."""
        told: dict[str, frozenset[str]] = {}
        own: dict[str, tuple[str, ...]] = {}

        def covers(a: Passage, b: Passage) -> bool:
            if a.id not in told:
                told[a.id] = self._told_by(a)
            if b.id not in own:
                own[b.id] = tuple(sentence.id for sentence in b.sentences)
            return 2 * sum(1 for name in own[b.id] if name in told[a.id]) >= len(own[b.id])

        return covers

    def _told_by(self, passage: Passage) -> frozenset[str]:
        """Ids of the counterparts of a passage's sentences; none for an article that was removed since it was found."""
        found = self._links_of(passage.article)
        return frozenset(name for sentence in passage.sentences for name in found.of(sentence.id))


def _make_room(cache: dict[str, Any], most: int) -> None:
    """Forget the oldest of a cache that holds too much, a few at a time: all at once would be felt."""
    for name in list(islice(cache, max(0, len(cache) - most))):
        del cache[name]
