"""The static model: a table of token vectors, by which a text's vector is the mean of its tokens' rows.

It is computed from the tokenizer, the weights and numpy, and equals ``SentenceTransformer(path).encode`` of the same folder.
"""

import hashlib
import json
import math
import unicodedata
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

FloatArray = NDArray[np.float32]

SHIPPED = Path(__file__).resolve().parent / "model"


class StaticEmbedder:
    """A table of token vectors, as ``training.export`` writes it: int8 rows, a row number and a factor per token.

    ``tokens`` is how many tokens it knows.

    Raises:
        ModelError: the folder does not hold such a model, or it is damaged.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        from tokenizers import Tokenizer

        self.name = "shipped" if folder == SHIPPED else str(folder)
        try:
            tokenizer, stored = (_read_checked(folder, name) for name in ("tokenizer.json", "model.safetensors"))
            self._tokenizer = Tokenizer.from_buffer(tokenizer)
            # Python composes and lowers a text in a third of the time, since nobody asks here where each letter went.
            self._tokenizer.normalizer = None
            tensors = _tensors_of(stored)
            self._table, mapping, weights = tensors["embeddings"], tensors["mapping"], tensors["weights"]
            self.fingerprint = fingerprint_of(folder)
        except Exception as error:
            raise ModelError(f"the embedding model in {folder} cannot be read: {error}; restore the folder") from error
        if (
            len(mapping) != len(weights)
            or self._tokenizer.get_vocab_size() != len(mapping)
            or int(mapping.max()) >= len(self._table)
        ):
            raise ModelError(f"the embedding model in {folder} is damaged: its tokenizer and weights do not belong together")
        self._mapping, self._weights = np.asarray(mapping), np.asarray(weights)
        self.dimension, self.tokens = int(self._table.shape[1]), len(self._mapping)

    def encode_query(self, texts: Sequence[str]) -> FloatArray:
        """As ``Embedder`` says; queries and documents are treated alike."""
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> FloatArray:
        """As ``Embedder`` says."""
        parts = [self.vectors_of(self.token_ids(texts[begin : begin + 1_024])) for begin in range(0, len(texts), 1_024)]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimension), dtype=np.float32)

    def vectors_of(self, bags: Sequence[Sequence[int]]) -> FloatArray:
        """``(n, d)`` float32 unit rows of texts by the numbers of their tokens, as ``token_ids`` gives them."""
        vectors = np.zeros((len(bags), self.dimension), dtype=np.float32)
        # A few texts at a time: their rows stay in the processor's cache until they are added up.
        for at in range(0, len(bags), 32):
            self._add_up(bags[at : at + 32], vectors[at : at + 32])
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, norms, out=vectors, where=norms > 1e-12)
        return vectors

    def token_vectors(self, text: str) -> FloatArray:
        """``(t, d)`` rows of the text's tokens that carry meaning; a row's length is the token's weight.

        What the model has no letters for carries none.
        """
        unknown = self._tokenizer.token_to_id("[UNK]")
        return self._rows(np.array([number for number in self.token_ids([text])[0] if number != unknown], dtype=np.intp))

    def share_of_words(self, text: str) -> float:
        """Share of the text's tokens that are words, in [0, 1]; the others are pieces of what is none, or letters that the model has not."""
        tokens = self._tokenizer.encode(_lower(text), add_special_tokens=False).tokens
        return sum(1 for token in tokens if not token.startswith(("##", "[UNK]"))) / max(1, len(tokens))

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Numbers of each text's tokens; none for a text without words."""
        folded = list(map(_lower, texts))
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(folded, add_special_tokens=False)]

    def token_cosines(self, ids: NDArray[np.intp], directions: FloatArray) -> FloatArray:
        """``(len(ids), n)`` cosines of numbered tokens with ``(n, d)`` unit rows; 0 for a token without meaning."""
        cosines = np.empty((len(ids), len(directions)), dtype=np.float32)
        # Few rows at a time: they stay in the processor's cache, and a product so small is not spread over threads, which cost more than it.
        step = max(32, 1_000 // max(1, len(directions)))
        for begin in range(0, len(ids), step):
            rows = self._table[self._mapping[ids[begin : begin + step]]].astype(np.float32)
            lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
            cosines[begin : begin + step] = (rows @ directions.T) / np.maximum(lengths, 1e-9)[:, None]
        return cosines

    def worth(self, word: str) -> float | None:
        """How much a lower-case word says, also one of several syllables, with or without marks; None if it is none of the model's own."""
        number = self._tokenizer.token_to_id(word)
        if number is None:
            return None
        row = self._table[self._mapping[number]].astype(np.float32)
        return float(self._weights[number]) * math.sqrt(float(row @ row))

    def _add_up(self, bags: Sequence[Sequence[int]], sums: FloatArray) -> None:
        """Write the weighted sum of each bag's rows into ``sums``; one product a text, so that no other text changes a vector's last digit."""
        ids = np.fromiter(chain.from_iterable(bags), dtype=np.intp)
        rows, weights = self._table[self._mapping[ids]].astype(np.float32), self._weights[ids]
        begin = 0
        for bag, total in zip(bags, sums, strict=True):
            end = begin + len(bag)
            np.matmul(weights[begin:end], rows[begin:end], out=total)
            begin = end

    def _rows(self, ids: NDArray[np.intp]) -> FloatArray:
        rows: FloatArray = self._table[self._mapping[ids]].astype(np.float32)
        rows *= self._weights[ids, None]
        return rows


def _lower(text: str) -> str:
    """What the tokenizer's own normaliser, NFC and then lower case letter by letter, makes of a text."""
    composed = unicodedata.normalize("NFC", text)
    # Python alone looks at what follows a capital sigma.
    return composed.replace("Σ", "σ").lower()


def _read_checked(folder: Path, name: str) -> bytes:
    """A file of the model, if it is the one whose hash was recorded, which takes about 20 ms; what is used is what was checked, whatever
    becomes of the file. Raises ``ValueError`` if it is not, or ``OSError``.
    """
    sums = folder / "SHA256SUMS"
    recorded = dict(line.split()[::-1] for line in sums.read_text(encoding="utf-8").splitlines()) if sums.exists() else {}
    data = (folder / name).read_bytes()
    if sums.exists() and hashlib.sha256(data).hexdigest() != recorded.get(name):
        raise ValueError(f"{name} is not the file whose hash SHA256SUMS records")
    return data


def fingerprint_of(folder: Path) -> str:
    """The recorded hash of the weights, or their size and time where none is recorded."""
    sums = folder / "SHA256SUMS"
    if sums.exists():
        return sums.read_text(encoding="utf-8").split()[0][:16]
    weights = sorted(folder.glob("*.safetensors")) or sorted(folder.glob("*.bin"))
    return "-".join(f"{w.stat().st_size}.{w.stat().st_mtime_ns}" for w in weights) or str(folder)


def _tensors_of(data: bytes) -> dict[str, NDArray[Any]]:
    """The tensors of a safetensors file as views of its bytes.

    Format: eight bytes of header length (little endian), the header in JSON, the data.
    """
    kinds = {"I8": np.int8, "I32": np.int32, "F32": np.float32}
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            found = np.frombuffer(data, dtype=np.uint8, count=end - begin, offset=8 + length + begin)
            tensors[name] = found.view(kinds[entry["dtype"]]).reshape(entry["shape"])
    return tensors
