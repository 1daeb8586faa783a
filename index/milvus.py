"""Vectors and words in Milvus: one collection a language, searched by both legs in the engine (``index.milvus_legs``)."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryError, MissingExtra
from index.milvus_legs import MilvusLegs
from index.milvus_rows import BATCH, indexes, keys_of, near, row, schema
from index.vectors import rows_of

FloatArray = NDArray[np.float32]


class MilvusVectors:
    """An ``Engine`` on a Milvus server or cluster, or in Milvus Lite, which runs inside this process and listens on loopback alone.

    Args:
        place: the server as ``http://HOST:PORT``, or the folder of Milvus Lite, which ends in ``.db`` and belongs to one process.
        name: begins the names of the collections, so that several libraries can share a server; a letter, then letters and digits.
        token: ``user:password``; empty for none.

    Raises:
        MissingExtra: pymilvus is not installed.
        LibraryError: nothing answers there; so does every method when it fails.
    """

    def __init__(self, place: str, name: str, token: str = "") -> None:
        self._lite = not place.startswith(("http://", "https://"))
        if find_spec("pymilvus") is None or (self._lite and find_spec("milvus_lite") is None):
            raise MissingExtra("keeping a library in Milvus", "milvus")
        from pymilvus import MilvusClient

        # They log what they raise, with a trace.
        for library in ("pymilvus", "milvus_lite", *(["grpc._server"] if self._lite else [])):
            logging.getLogger(library).setLevel(logging.CRITICAL)
        self._place, self._prefix, self._note_name = place, f"{name}_", f"{name}__reached"
        self._open: dict[str, str] = {}
        self._legs: dict[str, MilvusLegs] | None = None
        self._reached = 0
        with self._failing_clearly():
            self._client: Any = MilvusClient(place, token=token, timeout=10)
            self._client.list_collections()

    @contextmanager
    def _failing_clearly(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self._open.clear()
            reason = str(getattr(error, "message", "") or error).strip().split("\n")[0] or type(error).__name__
            raise LibraryError(f"Milvus at {self._place} does not answer: {reason}") from error

    def _collection(self, language: str) -> str | None:
        """The name of a language's collection, loaded; None if there is none."""
        name = self._prefix + language
        if language not in self._open and self._client.has_collection(name):
            self._client.load_collection(name)
            self._open[language] = name
        return self._open.get(language)

    def _create(self, language: str, dimension: int) -> str:
        name = self._prefix + language
        self._client.create_collection(name, schema=schema(dimension), index_params=indexes(), consistency_level="Session")
        self._open[language] = name
        return name

    def upsert(self, language: str, ids: Sequence[str], vectors: FloatArray, texts: Sequence[str] = ()) -> None:
        """As ``VectorStore`` says."""
        table, texts = rows_of(ids, vectors), texts or [""] * len(ids)
        with self._failing_clearly():
            name = self._collection(language) or self._create(language, table.shape[1])
            for begin in range(0, len(ids), BATCH):
                part = slice(begin, begin + BATCH)
                passages = zip(ids[part], texts[part], table[part], strict=True)
                self._client.upsert(name, [row(one, language, text, vector) for one, text, vector in passages])

    def delete(self, language: str, ids: Sequence[str]) -> None:
        """As ``VectorStore`` says."""
        with self._failing_clearly():
            name = self._collection(language)
            for keys in keys_of(ids) if name else ():
                self._client.delete(name, ids=keys)

    def query(self, language: str, vector: FloatArray, k: int) -> list[tuple[str, float]]:
        """As ``VectorStore`` says."""
        with self._failing_clearly():
            name = self._collection(language)
            if name is None or k < 1 or not np.any(vector):
                return []
            found = self._client.search(
                name, [vector.tolist()], anns_field="vector", limit=k, search_params=near(k), output_fields=["id"]
            )[0]
        hits = [(str(hit["entity"]["id"]), float(hit["distance"])) for hit in found]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def ids(self, language: str) -> set[str]:
        """As ``VectorStore`` says."""
        found: set[str] = set()
        with self._failing_clearly():
            name = self._collection(language)
            if name:
                rows = self._client.query_iterator(name, batch_size=BATCH, output_fields=["id"])
                while part := rows.next():
                    found.update(row["id"] for row in part)
                rows.close()
        return found

    def rows(self, language: str, ids: Sequence[str]) -> dict[str, FloatArray]:
        """As ``VectorStore`` says."""
        rows: dict[str, FloatArray] = {}
        with self._failing_clearly():
            name = self._collection(language)
            for keys in keys_of(ids) if name else ():
                for found in self._client.get(name, ids=keys, output_fields=["id", "vector"]):
                    rows[found["id"]] = np.asarray(found["vector"], dtype=np.float32)
        return rows

    def languages(self) -> list[str]:
        """As ``VectorStore`` says."""
        with self._failing_clearly():
            return sorted(language for language, name in self._found() if self._count(name))

    def _found(self) -> list[tuple[str, str]]:
        """Languages with the names of their collections, those without rows too."""
        names = [name for name in self._client.list_collections() if name.startswith(self._prefix) and name != self._note_name]
        return [(name.removeprefix(self._prefix), name) for name in names]

    def _count(self, name: str) -> int:
        self._client.load_collection(name)
        return int(self._client.query(name, filter="", output_fields=["count(*)"])[0]["count(*)"])

    def reached(self) -> int:
        """As ``SharedStore`` says."""
        with self._failing_clearly():
            rows = []
            if self._client.has_collection(self._note_name):
                self._client.load_collection(self._note_name)
                rows = self._client.get(self._note_name, ids=[0], output_fields=["generation"], consistency_level="Strong")
        reached = int(rows[0]["generation"]) if rows else 0
        if reached != self._reached:
            self._reached, self._legs = reached, None
        return reached

    def note(self, generation: int) -> None:
        """As ``SharedStore`` says."""
        with self._failing_clearly():
            if not self._client.has_collection(self._note_name):
                # Every collection must have vectors.
                self._client.create_collection(self._note_name, dimension=2, consistency_level="Strong")
            self._client.upsert(self._note_name, [{"id": 0, "vector": [1.0, 0.0], "generation": generation}])
        self._legs = None

    def clear(self) -> None:
        """As ``SharedStore`` says; the note goes first, so that what was stopped half-way is known as such."""
        with self._failing_clearly():
            for name in (self._note_name, *(name for _, name in self._found())):
                if self._client.has_collection(name):
                    self._client.drop_collection(name)
            self._open.clear()
            self._legs = None

    def legs(self) -> Mapping[str, MilvusLegs]:
        """As ``Engine`` says; what they remember is forgotten when the store's generation moves."""
        if self._legs is None:
            found = {language: self._prefix + language for language in self.languages()}
            self._legs = {
                language: MilvusLegs(self._client, name, language, self._failing_clearly) for language, name in found.items()
            }
        return self._legs

    def close(self) -> None:
        """Give back the connection, and the folder of Milvus Lite."""
        self._open.clear()
        self._client.close()
        if self._lite:
            from milvus_lite import server_manager_instance

            server_manager_instance.release_server(self._place)
