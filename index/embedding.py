"""Texts → unit vectors.

The shipped model is static (``index.static``). Any other goes through sentence-transformers, and beside it the shipped one still compares tokens,
aligns versions, and sets the scale that similarities are read by (``index.scale``).
"""

import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.static import SHIPPED, StaticEmbedder, fingerprint_of

FloatArray = NDArray[np.float32]

MOST_QUERIES = 64
"""Queries whose vectors are kept."""


class Embedder(Protocol):
    """Texts to unit vectors.

    Attributes:
        name: the model's name, for people.
        fingerprint: changes whenever the vectors would.
        dimension: d of every vector.
    """

    name: str
    fingerprint: str
    dimension: int

    def encode_query(self, texts: Sequence[str]) -> FloatArray:
        """``(n, d)`` float32 unit rows for what people ask; a text without words gives a row of zeros."""
        ...

    def encode_document(self, texts: Sequence[str]) -> FloatArray:
        """``(n, d)`` float32 unit rows for what is searched; a text without words gives a row of zeros."""
        ...


class SentenceTransformerEmbedder:
    """Any sentence-transformers model by name or folder, its prompts for queries and documents respected.

    Raises:
        ModelError: the model cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        # It would stand among what the command line prints, for a second.
        disable_progress_bar()
        local = Path(name).exists() or os.environ.get("HF_HUB_OFFLINE") == "1"
        try:
            with _quietly("huggingface_hub"):
                self._model = SentenceTransformer(name, local_files_only=local, trust_remote_code=False)
        except Exception as error:
            why = str(error).splitlines()[0].rstrip(".")
            raise ModelError(
                f"the embedding model {name!r} cannot be loaded: {why}; give the name of a sentence-transformers model, or its folder"
            ) from error
        # One question is searched for, and then its answer: encoding it takes longer than all the rest.
        self._query = lru_cache(maxsize=MOST_QUERIES)(lambda text: self._unit(self._model.encode_query, [text]))
        self.name = name
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        revision = getattr(getattr(self._model, "model_card_data", None), "base_model_revision", "") or ""
        self.fingerprint = fingerprint_of(Path(name)) if Path(name).is_dir() else f"{name}@{revision}:{self.dimension}"

    def encode_query(self, texts: Sequence[str]) -> FloatArray:
        """As ``Embedder`` says."""
        return self._query(texts[0]).copy() if len(texts) == 1 else self._unit(self._model.encode_query, texts)

    def encode_document(self, texts: Sequence[str]) -> FloatArray:
        """As ``Embedder`` says."""
        return self._unit(self._model.encode_document, texts)

    def _unit(self, encode: Any, texts: Sequence[str]) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = np.nan_to_num(
            np.asarray(encode(list(texts), normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)
        )
        for i, text in enumerate(texts):
            if not text.strip():
                vectors[i] = 0
        return vectors


@contextmanager
def _quietly(logger: str) -> Iterator[None]:
    """Without the warnings of a library that tries again and again: what comes of it is told in one line."""
    its_own = logging.getLogger(logger)
    level = its_own.level
    its_own.setLevel(logging.ERROR)
    try:
        yield
    finally:
        its_own.setLevel(level)


def load_embedder(name: str | None = None) -> Embedder:
    """The shipped model for None, a static model's folder through the fast path, anything else through sentence-transformers.

    Raises:
        ModelError: the model cannot be loaded.
    """
    return _load(name or str(SHIPPED))


def static_beside(embedder: Embedder) -> StaticEmbedder:
    """The model that compares tokens for an embedder: itself if it is static, the shipped one otherwise."""
    return embedder if isinstance(embedder, StaticEmbedder) else _shipped()


def made_by(embedder: Embedder) -> str:
    """Changes whenever anything would that a library keeps of a model's making: its vectors, or what the static model beside it makes."""
    static = static_beside(embedder)
    return embedder.fingerprint if static is embedder else f"{embedder.fingerprint}+{static.fingerprint}"


@lru_cache(maxsize=1)
def _shipped() -> StaticEmbedder:
    return StaticEmbedder(SHIPPED)


@lru_cache(maxsize=4)
def _load(name: str) -> Embedder:
    folder = Path(name)
    if folder == SHIPPED:
        return _shipped()
    return StaticEmbedder(folder) if _is_static(folder) else SentenceTransformerEmbedder(name)


def _is_static(folder: Path) -> bool:
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        return "StaticEmbedding" in modules[0]["type"] and (folder / "SHA256SUMS").exists()
    except (OSError, ValueError, LookupError, TypeError):
        return False
