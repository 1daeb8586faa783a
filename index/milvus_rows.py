"""What a passage is in Milvus: a row with its id, its vector, and its words in two fields that the engine scores by BM25."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from index.postings import K1, B
from index.segment import FIELDS
from index.words import both_fields

BATCH = 1_000
"""Rows in one call, well under what one message to the server may hold."""
LONGEST_ID, LONGEST_TEXT = 4_096, 65_535
"""Bytes that a field of characters may have; the second is the most that Milvus allows."""

# An analyser would cut words at these; letters without case are cut by none.
LETTERS = str.maketrans({"_": "ǀ", ".": "ǁ", ",": "ǂ", ":": "ǃ", "/": "ƻ"})


def schema(dimension: int) -> Any:
    """The fields of a language's collection, and the functions that make sparse vectors of the words."""
    from pymilvus import DataType, Function, FunctionType, MilvusClient

    made = MilvusClient.create_schema(auto_id=False)
    made.add_field("key", DataType.VARCHAR, is_primary=True, max_length=64)
    made.add_field("id", DataType.VARCHAR, max_length=LONGEST_ID)
    made.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    for field in FIELDS:
        words = {"enable_analyzer": True, "enable_match": True, "analyzer_params": {"tokenizer": "standard"}}
        made.add_field(field, DataType.VARCHAR, max_length=LONGEST_TEXT, **words)
        made.add_field(f"{field}_bm25", DataType.SPARSE_FLOAT_VECTOR)
        made.add_function(Function(f"{field}_bm25", FunctionType.BM25, [field], [f"{field}_bm25"]))
    return made


def indexes() -> Any:
    """How the fields of ``schema`` are indexed."""
    from pymilvus import MilvusClient

    made = MilvusClient.prepare_index_params()
    made.add_index("vector", index_type="HNSW", metric_type="COSINE", params={"M": 16, "efConstruction": 200})
    for field in FIELDS:
        measures = {"bm25_k1": K1, "bm25_b": B}
        made.add_index(f"{field}_bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=measures)
    return made


def row(name: str, language: str, text: str, vector: Any) -> dict[str, Any]:
    """A passage's row; words beyond ``LONGEST_TEXT`` bytes are not looked up."""
    words = zip(FIELDS, map(joined, both_fields(text, language)), strict=True)
    return {"key": key_of(name), "id": name, "vector": vector, **dict(words)}


def joined(words: Iterable[str]) -> str:
    """Words as a field has them, each made of letters and digits alone."""
    whole = " ".join(words).translate(LETTERS)
    cut = whole.encode()[: LONGEST_TEXT + 1]
    return whole if len(cut) <= LONGEST_TEXT else cut.decode(errors="ignore").rpartition(" ")[0]


def key_of(name: str) -> str:
    """A passage's primary key: ids hold quotes and backslashes, which the client writes unquoted into its filters."""
    return hashlib.sha256(name.encode()).hexdigest()


def keys_of(names: Sequence[str]) -> Iterator[list[str]]:
    """Primary keys, as many at a time as one call takes."""
    for begin in range(0, len(names), BATCH):
        yield [key_of(name) for name in names[begin : begin + BATCH]]


def near(k: int) -> dict[str, Any]:
    """How to search ``k`` vectors: HNSW must look at more than it gives."""
    return {"metric_type": "COSINE", "params": {"ef": max(64, 2 * k)}}
