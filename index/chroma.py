"""Vectors in Chroma, embedded in a folder or behind a server: one collection a language, cosine, our own vectors.

Chroma is a cache here: the catalogue holds the same vectors, and what is missing, stale or damaged is made again from there.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryError
from index.vectors import rows_of

FloatArray = NDArray[np.float32]

BATCH = 5_000
"""Ids in one call; Chroma takes at most 5,461."""
LOOKED_AT = 400
"""Rows that a search keeps in view (HNSW's ef). Chroma's own 100 misses 15 of 1,000 nearest passages among 50,000, this 1; it costs a millisecond."""

LOOKED_AT_FIRST = 60
"""Rows in view while one is added (HNSW's ef_construction). Chroma's own 100 takes half as long again, and hardly more is found then."""


class ChromaVectors:
    """A ``VectorStore`` in a folder, or a ``SharedStore`` on a server (``chroma run``: it asks nobody who they are, so keep it on loopback).

    Args:
        place: the folder, or the server as ``http://HOST:PORT``.
        name: begins the names of the collections, so that several libraries can share a server.
        token: ``user:password`` for a proxy that stands before the server; empty for none.

    Raises:
        LibraryError: Chroma cannot open the folder or reach the server; so does every method when it fails.
    """

    def __init__(self, place: Path | str, name: str = "passages", token: str = "") -> None:
        import chromadb
        from chromadb.config import Settings

        self._place = place
        self._name, self._prefix = name, f"{name}-"
        self._open: dict[str, Any] = {}
        settings = Settings(anonymized_telemetry=False, allow_reset=False)
        with self._failing_clearly():
            if isinstance(place, Path):
                self._client: Any = chromadb.PersistentClient(str(place), settings=settings)
            else:
                url = urlsplit(place)
                headers = {"Authorization": f"Basic {b64encode(token.encode()).decode()}"} if token else {}
                self._client = chromadb.HttpClient(
                    str(url.hostname), url.port or 8000, ssl=url.scheme == "https", headers=headers, settings=settings
                )
            self._client.list_collections()

    @contextmanager
    def _failing_clearly(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            # A panic of Chroma's Rust part is no ``Exception``.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            # A collection that somebody made anew has another number on the server.
            self._open.clear()
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            raise LibraryError(f"Chroma at {self._place} does not answer: {reason}") from error

    def _collection(self, language: str, *, create: bool = False) -> Any:
        if language not in self._open:
            name = self._prefix + language
            if create:
                configuration = {"hnsw": {"space": "cosine", "ef_search": LOOKED_AT, "ef_construction": LOOKED_AT_FIRST}}
                found = self._client.get_or_create_collection(name, configuration=configuration, embedding_function=None)
                self._open[language] = found
            elif name in {collection.name for collection in self._client.list_collections()}:
                self._open[language] = self._client.get_collection(name, embedding_function=None)
        return self._open.get(language)

    def upsert(self, language: str, ids: Sequence[str], vectors: FloatArray, texts: Sequence[str] = ()) -> None:
        """As ``VectorStore`` says."""
        table = rows_of(ids, vectors)
        with self._failing_clearly():
            for begin in range(0, len(ids), BATCH):
                part = slice(begin, begin + BATCH)
                self._collection(language, create=True).upsert(ids=list(ids[part]), embeddings=table[part])

    def delete(self, language: str, ids: Sequence[str]) -> None:
        """As ``VectorStore`` says."""
        with self._failing_clearly():
            collection = self._collection(language)
            for begin in range(0, len(ids) if collection else 0, BATCH):
                collection.delete(ids=list(ids[begin : begin + BATCH]))

    def query(self, language: str, vector: FloatArray, k: int) -> list[tuple[str, float]]:
        """As ``VectorStore`` says."""
        with self._failing_clearly():
            collection = self._collection(language)
            if collection is None or k < 1 or not np.any(vector):
                return []
            found = collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        hits = [(name, 1.0 - float(distance)) for name, distance in zip(found["ids"][0], found["distances"][0], strict=True)]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def ids(self, language: str) -> set[str]:
        """As ``VectorStore`` says."""
        with self._failing_clearly():
            collection = self._collection(language)
            return set(collection.get(include=[])["ids"]) if collection else set()

    def rows(self, language: str, ids: Sequence[str]) -> dict[str, FloatArray]:
        """As ``VectorStore`` says."""
        rows: dict[str, FloatArray] = {}
        with self._failing_clearly():
            collection = self._collection(language)
            for begin in range(0, len(ids) if collection else 0, BATCH):
                found = collection.get(ids=list(ids[begin : begin + BATCH]), include=["embeddings"])
                rows.update(zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True))
        return rows

    def reached(self) -> int:
        """As ``SharedStore`` says."""
        with self._failing_clearly():
            found = [c for c in self._client.list_collections() if c.name == self._note_name]
            return int(found[0].metadata["generation"]) if found else 0

    def note(self, generation: int) -> None:
        """As ``SharedStore`` says."""
        with self._failing_clearly():
            note = {"generation": generation}
            self._client.get_or_create_collection(self._note_name, metadata=note, embedding_function=None).modify(metadata=note)

    @property
    def _note_name(self) -> str:
        """Of a collection without rows, whose metadata is the note."""
        return f"{self._name}.reached"

    def clear(self) -> None:
        """As ``SharedStore`` says; the note goes first, so that what was stopped half-way is known as such."""
        with self._failing_clearly():
            names = {collection.name for collection in self._client.list_collections()}
            for name in (self._note_name, *sorted(name for name in names if name.startswith(self._prefix))):
                if name in names:
                    self._client.delete_collection(name)
            self._open.clear()

    def languages(self) -> list[str]:
        """As ``VectorStore`` says."""
        with self._failing_clearly():
            names = [
                c.name.removeprefix(self._prefix) for c in self._client.list_collections() if c.name.startswith(self._prefix)
            ]
            return sorted(name for name in names if self._collection(name).count())

    def close(self) -> None:
        """Give back the folder or the connection, so that the next opening reads what another process wrote."""
        self._open.clear()
        self._client.close()
