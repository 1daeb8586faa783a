from pathlib import Path

import numpy as np
import pytest

from index.embedding import StaticEmbedder
from index.text import bare
from training.contrast import Bags, Recipe, epochs, train, without_marks
from training.evaluate import ndcg, top1
from training.export import export, quantise
from training.material import HELD_OUT, Pair, article_pairs, lexicon_pairs, read_articles, read_parallel
from training.vocabulary import Vocabulary, build_tokenizer, build_vocabulary

torch = pytest.importorskip("torch")

PAIRS = [
    Pair(english, vietnamese, "sentence", 1.0)
    for english, vietnamese in (
        ("the bridge is open", "cây cầu đã mở"),
        ("rain fell all night", "mưa rơi suốt đêm"),
        ("rice prices rose", "giá gạo đã tăng"),
        ("the school is new", "trường học còn mới"),
    )
]
PIECES = ["[UNK]", *"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz")]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return build_vocabulary(PIECES, PAIRS * 3)


def first_rows(vocabulary: Vocabulary) -> np.ndarray:
    count = len(vocabulary.tokens) + len(vocabulary.compounds)
    return np.random.default_rng(1).standard_normal((count, 16)).astype(np.float32)


def test_no_pair_tells_a_held_out_article() -> None:
    pairs = list(article_pairs(read_articles()))
    texts = {text for pair in pairs for text in (pair.a, pair.b)}
    held_out = read_articles(held_out=True)
    assert len(held_out) == HELD_OUT
    # A question as short as "Who won?" may be asked of two articles; what answers it may not.
    for article in held_out:
        for paragraph in article["paragraphs"]:
            assert texts.isdisjoint(paragraph["en"] + paragraph["vi"])


def test_without_third_party_text_the_projects_own_remains() -> None:
    assert read_parallel(None) == []
    assert sum(1 for _ in lexicon_pairs()) > 12_000


def test_the_same_material_gives_the_same_tokenizer(vocabulary: Vocabulary) -> None:
    again = build_vocabulary(PIECES, PAIRS * 3)
    assert build_tokenizer(again).to_str() == build_tokenizer(vocabulary).to_str()


def test_training_is_repeatable_and_brings_pairs_together(vocabulary: Vocabulary) -> None:
    tokenizer, rows, recipe = build_tokenizer(vocabulary), first_rows(vocabulary), Recipe(epochs=30, batch=4, rate=0.05)
    trained, again = train(rows, tokenizer, PAIRS, recipe), train(rows, tokenizer, PAIRS, recipe)
    assert np.array_equal(trained, again)
    sides = []
    for texts in ([pair.a for pair in PAIRS], [pair.b for pair in PAIRS]):
        sums = np.stack([trained[ids].sum(axis=0) for ids in Bags(tokenizer, texts).plain])
        sides.append(sums / np.linalg.norm(sums, axis=1, keepdims=True))
    assert top1(*sides) == (1.0, 1.0)


def test_a_weight_is_how_often_an_epoch_shows_a_pair() -> None:
    pairs = [Pair("a", "b", "sentence", 2.0), Pair("c", "d", "question", 1.5), Pair("e", "f", "sentence", 0.0)]
    shown = next(epochs(pairs, Recipe(epochs=1, emphasis=2.0)))
    assert [sum(number == n for number, _ in shown) for n in range(3)] == [2, 3, 0]


def test_what_is_exported_is_what_was_trained(vocabulary: Vocabulary, tmp_path: Path) -> None:
    tokenizer, rows = build_tokenizer(vocabulary), first_rows(vocabulary)
    export(tmp_path, tokenizer, rows, {})
    texts = [pair.b for pair in PAIRS]
    wanted = np.stack([rows[ids].sum(axis=0) for ids in Bags(tokenizer, texts).plain])
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    assert np.abs(StaticEmbedder(tmp_path).encode_document(texts) - wanted).max() < 0.02


def test_one_byte_a_number_errs_by_half_a_step_at_most() -> None:
    rows = np.random.default_rng(2).standard_normal((50, 8)).astype(np.float32)
    rows[3] = 0
    table, scale = quantise(rows)
    assert (np.abs(table * scale[:, None] - rows) <= scale[:, None] / 2 + 1e-6).all()


def test_marks_are_removed_and_capitals_kept() -> None:
    assert without_marks("Đường Hoà Bình") == "Duong Hoa Binh"
    assert without_marks("Đường").lower() == bare("Đường")


def test_a_tie_counts_against_the_ranking() -> None:
    assert ndcg(np.array([[1.0, 1.0, 0.0]]), np.array([0])) == pytest.approx(1 / np.log2(3))
    assert top1(np.ones((2, 2), np.float32), np.ones((2, 2), np.float32)) == (0.0, 0.0)
