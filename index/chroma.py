"""Vectors in Chroma, embedded in a folder or behind a server: one collection a language, cosine, our own vectors.

Chroma is a cache here: the catalogue holds the same vectors, and the library rebuilds what is missing, stale or damaged.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryError

FloatArray = NDArray[np.float32]

BATCH = 5_000
"""Ids in one call; Chroma takes at most 5,461."""
_PREFIX = "passages-"


class ChromaVectors:
    """A ``VectorStore`` over a folder, or over the server at ``host:port`` (``chroma run`` on loopback).

    Raises:
        LibraryError: Chroma cannot open the folder or reach the server.
    """

    def __init__(self, place: Path | str) -> None:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False, allow_reset=False)
        try:
            if isinstance(place, Path):
                self._client: Any = chromadb.PersistentClient(str(place), settings=settings)
            else:
                host, _, port = place.removeprefix("chroma://").rpartition(":")
                self._client = chromadb.HttpClient(host, int(port), settings=settings)
            self._open: dict[str, Any] = {}
            self._client.list_collections()
        except Exception as error:
            raise LibraryError(f"Chroma at {place} cannot be opened: {_line(error)}") from error

    def _collection(self, language: str, *, create: bool = False) -> Any:
        if language not in self._open:
            name = _PREFIX + language
            if create:
                configuration = {"hnsw": {"space": "cosine"}}
                self._open[language] = self._client.get_or_create_collection(
                    name, configuration=configuration, embedding_function=None
                )
            elif name in {collection.name for collection in self._client.list_collections()}:
                self._open[language] = self._client.get_collection(name, embedding_function=None)
        return self._open.get(language)

    def upsert(self, language: str, ids: Sequence[str], vectors: FloatArray) -> None:
        """As ``VectorStore`` says."""
        collection = self._collection(language, create=True)
        for begin in range(0, len(ids), BATCH):
            collection.upsert(
                ids=list(ids[begin : begin + BATCH]), embeddings=np.asarray(vectors[begin : begin + BATCH], dtype=np.float32)
            )

    def delete(self, language: str, ids: Sequence[str]) -> None:
        """As ``VectorStore`` says."""
        collection = self._collection(language)
        for begin in range(0, len(ids) if collection else 0, BATCH):
            collection.delete(ids=list(ids[begin : begin + BATCH]))

    def query(self, language: str, vector: FloatArray, k: int) -> list[tuple[str, float]]:
        """As ``VectorStore`` says."""
        collection = self._collection(language)
        if collection is None or k < 1 or not np.any(vector):
            return []
        found = collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        hits = [(name, 1.0 - float(distance)) for name, distance in zip(found["ids"][0], found["distances"][0], strict=True)]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def ids(self, language: str) -> set[str]:
        """As ``VectorStore`` says."""
        collection = self._collection(language)
        return set(collection.get(include=[])["ids"]) if collection else set()

    def languages(self) -> list[str]:
        """As ``VectorStore`` says."""
        names = [c.name.removeprefix(_PREFIX) for c in self._client.list_collections() if c.name.startswith(_PREFIX)]
        return sorted(name for name in names if self._collection(name).count())

    def close(self) -> None:
        """Give the folder back, so that the next opening reads what another process wrote."""
        self._open.clear()
        self._client.close()


def _line(error: Exception) -> str:
    return str(error).strip().split("\n")[0] or type(error).__name__
