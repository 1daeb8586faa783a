"""The trained table as a ``SentenceTransformer`` folder: one byte a number, one weight a token.

The format is model2vec's, which ``StaticEmbedding`` unfolds: ``embeddings`` (rows, d) int8, ``mapping`` from token id to row, ``weights`` a
float per token; ``vector[token] = embeddings[mapping[token]] * weights[token]``.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

FloatArray = NDArray[np.float32]

_CONFIG = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def quantise(rows: FloatArray) -> tuple[NDArray[np.int8], FloatArray]:
    """Each row as int8 and the factor that undoes it; the largest number of a row becomes 127."""
    scale = (np.abs(rows).max(axis=1) / 127).astype(np.float32)
    return np.round(rows / np.where(scale > 0, scale, 1)[:, None]).astype(np.int8), scale


def export(folder: Path, tokenizer: Tokenizer, rows: FloatArray, aliases: dict[int, int]) -> None:
    """Write the folder. ``aliases`` maps a token to another token whose row it shares."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    kept = [token for token in range(len(rows)) if token not in aliases]
    place = {token: row for row, token in enumerate(kept)}
    mapping = np.array([place[aliases.get(token, token)] for token in range(len(rows))], dtype=np.int32)
    table, scale = quantise(rows[kept])
    save_file({"embeddings": table, "mapping": mapping, "weights": scale[mapping]}, str(folder / "model.safetensors"))
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "modules.json").write_text(json.dumps(_MODULES, indent=2) + "\n", encoding="utf-8")
    (folder / "config_sentence_transformers.json").write_text(json.dumps(_CONFIG, indent=2) + "\n", encoding="utf-8")
    (folder / "1_Normalize" / "config.json").write_text("{}\n", encoding="utf-8")
    names = ("model.safetensors", "tokenizer.json")
    sums = "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
