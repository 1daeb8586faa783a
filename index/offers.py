"""Articles that tell one story in different languages and do not say so: found by what they tell, offered, and never joined by themselves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from index.alignment import align
from index.article import Article, Passage
from index.embedding import FloatArray
from index.vectors import VectorStore

ALIKE = 0.5
"""Share of the shorter text's sentences that have a counterpart in the other, from which on two articles are offered as one story."""
FEWEST = 2
"""Sentences that must have one."""
ASKED = 4
"""Passages of an article whose nearest are looked for in the other languages."""
NEAREST = 5
"""Passages that are looked at for each of those."""

Vectors = Callable[[Passage], FloatArray]


@dataclass(frozen=True, slots=True)
class Offer:
    """Two articles that seem to tell one story; ``share`` of the shorter one's sentences have a counterpart in the other."""

    article: str
    other: str
    share: float


def find_offers(
    names: Iterable[str], article: Callable[[str], Article], store: VectorStore, search_vector: Vectors, sentence_vectors: Vectors
) -> list[Offer]:
    """Articles that seem to tell the story of some, in languages that these have not, the surest first.

    Args:
        names: ids of the articles whose story is looked for.
        article: an article by its id.
        store: all passages.
        search_vector: ``(d,)`` of a passage, as the store has it.
        sentence_vectors: ``(sentences, d)`` of a passage by the static model: an alignment's bounds are of its scale.
    """
    found: dict[frozenset[str], Offer] = {}
    languages = set(store.languages())
    for own in map(article, names):
        foreign = sorted(languages - {version.language for version in own.versions})
        told = [passage for version in own.versions for passage in version.passages if passage.role == "body"][:ASKED]
        vectors = list(map(search_vector, told)) if foreign else []
        near = [hit for vector in vectors for language in foreign for hit, _ in store.query(language, vector, NEAREST)]
        for name in dict.fromkeys(hit.rsplit(":", 2)[0] for hit in near):
            share = _share(own, article(name), sentence_vectors) if name != own.id else 0.0
            if share >= ALIKE:
                found.setdefault(frozenset((own.id, name)), Offer(own.id, name, share))
    return sorted(found.values(), key=lambda offer: (-offer.share, offer.article, offer.other))


def _share(a: Article, b: Article, vectors_of: Vectors) -> float:
    """Share of the shorter text's sentences that have a counterpart, of two articles with no language in common."""
    if {v.language for v in a.versions} & {v.language for v in b.versions}:
        return 0.0
    first, second = a.versions[0], b.versions[0]
    inner = [[row for passage in version.passages for row in vectors_of(passage)] for version in (first, second)]
    if not all(inner):
        return 0.0
    pairs = align(first, second, np.stack(inner[0]), np.stack(inner[1])).sentences
    matched = min(len({pair.a.id for pair in pairs}), len({pair.b.id for pair in pairs}))
    return matched / min(map(len, inner)) if matched >= FEWEST else 0.0
