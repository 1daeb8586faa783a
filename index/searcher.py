"""A search of a whole library: every language's candidates in one list, confined to what is asked for."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from index.cache import CatalogueCache
from index.embedding import Embedder, static_beside
from index.indexes import Indexes
from index.kept_words import OF_DAMAGE
from index.late import LateInteraction
from index.legs import Legs
from index.scope import Filter, Scope
from index.search import Query, Scored, find_candidates

Found = TypeVar("Found")


class Searcher:
    """Ranks the passages of a library. Safe to use from several threads."""

    def __init__(self, cache: CatalogueCache, indexes: Indexes, embedder: Embedder) -> None:
        self._cache = cache
        self._indexes = indexes
        self._embedder = embedder
        self._late = LateInteraction(static_beside(embedder))

    def rank(
        self, query: str, *, languages: Sequence[str] | None, articles: Sequence[str] | None, where: Filter | None, count: int
    ) -> list[Scored]:
        """As ``Library.rank`` says."""
        asked = Query.of(query, self._embedder)
        scopes = self._scopes(articles, where)

        def found(legs: Mapping[str, Legs]) -> list[Scored]:
            return [
                candidate
                for language, proposing in legs.items()
                if (languages is None or language in languages) and (scopes is None or language in scopes)
                for candidate in find_candidates(
                    asked,
                    language,
                    proposing,
                    self._cache.entries,
                    self._late,
                    count=count,
                    scope=scopes[language] if scopes else None,
                )
            ]

        return sorted(self._soundly(found), key=lambda scored: (-scored.score, scored.id))

    def query_words(self, query: str, language: str) -> dict[str, float]:
        """As ``Library.query_words`` says."""
        return self._soundly(lambda legs: legs[language].query_words(query) if language in legs else {})

    def _soundly(self, look: Callable[[Mapping[str, Legs]], Found]) -> Found:
        """What a look at the words gives; once more where they are made anew, since a damaged array can only be told by its use."""
        try:
            return look(self._indexes.legs())
        except OF_DAMAGE:
            if not self._indexes.remake_words():
                raise
            return look(self._indexes.legs())

    def _scopes(self, articles: Sequence[str] | None, where: Filter | None) -> Mapping[str, Scope] | None:
        """What a search is confined to, by language; None for nothing."""
        if articles is None and not where:
            return None
        chosen = self._cache.chosen(where) if where else frozenset(articles or ())
        return self._cache.scopes(chosen if articles is None else chosen & frozenset(articles))
