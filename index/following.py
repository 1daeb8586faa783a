"""A store of vectors brought up to the catalogue by what came and went."""

import numpy as np

from index.catalogue import Catalogue
from index.vectors import VectorStore

BATCH = 10_000
"""Passages that are read at a time. A store takes many rows sooner than the same in small parts: Chroma writes its index after each."""


def follow(store: VectorStore, catalogue: Catalogue, reached: int) -> None:
    """Delete from the store what went after a generation, and add what came; doing it twice changes nothing.

    Args:
        store: has everything up to ``reached``.
        catalogue: the truth.
        reached: a generation; 0 for a store that is empty.
    """
    gone: dict[str, list[str]] = {}
    for language, name in catalogue.dropped_since(reached) if reached else ():
        gone.setdefault(language, []).append(name)
    for language, names in gone.items():
        store.delete(language, names)
    for batch in catalogue.passages_since(reached, batch=BATCH):
        for language in {row[0] for row in batch}:
            rows = [row for row in batch if row[0] == language]
            store.upsert(language, [row[1] for row in rows], np.stack([row[3] for row in rows]), [row[2] for row in rows])


def is_forgotten(catalogue: Catalogue, reached: int) -> bool:
    """Whether the catalogue no longer knows what went since a generation."""
    return reached < int(catalogue.get("forgotten") or 0)
