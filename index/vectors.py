"""Nearest vectors, one list a language. ``ExactVectors`` is the reference; ``index.chroma`` keeps the same promises on disk."""

import threading
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryError

FloatArray = NDArray[np.float32]


class VectorStore(Protocol):
    """Passage ids with unit vectors, apart for each language."""

    def upsert(self, language: str, ids: Sequence[str], vectors: FloatArray, texts: Sequence[str] = ()) -> None:
        """Add ids with their ``(n, d)`` unit rows; an id that is there gets the new row.

        ``texts`` are the passages' own, for a store that searches words too; others leave them aside.

        Raises:
            ValueError: not a row for each id, or numbers that are not finite; nothing was written.
            LibraryError: rows of another length than those that are there.
        """
        ...

    def delete(self, language: str, ids: Sequence[str]) -> None:
        """Remove ids; one that is not there is no error."""
        ...

    def query(self, language: str, vector: FloatArray, k: int) -> list[tuple[str, float]]:
        """The at most ``k`` nearest ids with their cosine, highest first, ties by id; empty for an unknown language."""
        ...

    def ids(self, language: str) -> set[str]:
        """Every id of a language."""
        ...

    def rows(self, language: str, ids: Sequence[str]) -> dict[str, FloatArray]:
        """The stored ``(d,)`` rows of ids; one that is not there is left out."""
        ...

    def languages(self) -> list[str]:
        """Languages with at least one id, sorted."""
        ...

    def close(self) -> None:
        """Give back what is held."""
        ...


def rows_of(ids: Sequence[str], vectors: FloatArray) -> FloatArray:
    """``(len(ids), d)`` float32, looked at before anything is written. Raises ``ValueError`` if they are not that, or not finite."""
    table = np.asarray(vectors, dtype=np.float32)
    if table.ndim != 2 or len(table) != len(ids) or not np.isfinite(table).all():
        raise ValueError(f"{len(ids)} ids want as many rows of finite numbers, not {table.shape}")
    return table


class ExactVectors:
    """Every vector in memory, compared with every query. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[str, dict[str, FloatArray]] = {}
        self._tables: dict[str, tuple[list[str], FloatArray]] = {}

    def upsert(self, language: str, ids: Sequence[str], vectors: FloatArray, texts: Sequence[str] = ()) -> None:
        """As ``VectorStore`` says."""
        table = rows_of(ids, vectors)
        with self._lock:
            rows = self._rows.setdefault(language, {})
            self._same_length(rows, table.shape[1])
            rows.update(zip(ids, table, strict=True))
            self._tables.pop(language, None)

    @staticmethod
    def _same_length(rows: dict[str, FloatArray], length: int) -> None:
        held = next((len(row) for row in rows.values()), length)
        if held != length:
            raise LibraryError(f"vectors of {length} numbers do not go with those of {held} that are there")

    def delete(self, language: str, ids: Sequence[str]) -> None:
        """As ``VectorStore`` says."""
        with self._lock:
            rows = self._rows.get(language, {})
            for name in ids:
                rows.pop(name, None)
            self._tables.pop(language, None)

    def query(self, language: str, vector: FloatArray, k: int) -> list[tuple[str, float]]:
        """As ``VectorStore`` says."""
        with self._lock:
            if not self._rows.get(language) or k < 1:
                return []
            self._same_length(self._rows[language], len(vector))
            ids, table = self._table(language)
        scores = table @ vector
        # Sorted ids and a stable sort: ties come out by id.
        best = np.argsort(-scores, kind="stable")[:k]
        return [(ids[i], float(scores[i])) for i in best]

    def _table(self, language: str) -> tuple[list[str], FloatArray]:
        table = self._tables.get(language)
        if table is None:
            ids = sorted(self._rows[language])
            table = self._tables[language] = (ids, np.stack([self._rows[language][name] for name in ids]))
        return table

    def ids(self, language: str) -> set[str]:
        """As ``VectorStore`` says."""
        return set(self._rows.get(language, ()))

    def rows(self, language: str, ids: Sequence[str]) -> dict[str, FloatArray]:
        """As ``VectorStore`` says."""
        rows = self._rows.get(language, {})
        return {name: rows[name] for name in ids if name in rows}

    def languages(self) -> list[str]:
        """As ``VectorStore`` says."""
        return sorted(language for language, rows in self._rows.items() if rows)

    def close(self) -> None:
        """As ``VectorStore`` says."""
