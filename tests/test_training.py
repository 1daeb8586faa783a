from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.static import StaticEmbedder
from index.text import bare
from training.bags import Bags, without_marks
from training.contrast import epochs
from training.evaluate import ndcg, top1
from training.export import export, quantise
from training.fusion import COLUMNS, cases, gain, learn
from training.hard_negatives import gathered, lexical_neighbours
from training.material import (
    FIRST_HALF,
    FIRST_STORIES,
    HELD_OUT,
    HELD_OUT_STORIES,
    Choice,
    Pair,
    article_choices,
    article_pairs,
    lexicon_pairs,
    read_articles,
    read_parallel,
    read_stories,
    thesaurus_pairs,
)
from training.pupil import Recipe, train
from training.readers import with_readers_questions
from training.vocabulary import Vocabulary, build_tokenizer, build_vocabulary

torch = pytest.importorskip("torch")

PAIRS = [
    Pair(english, vietnamese, "sentence", (english, english))
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


def test_no_pair_tells_a_held_out_article_or_story() -> None:
    pairs = list(article_pairs(with_readers_questions(read_articles()) + read_stories()))
    texts = {text for pair in pairs for text in (pair.a, pair.b)}
    held_out, stories = read_articles(held_out=True), read_stories(held_out=True)
    assert (len(held_out), len(stories)) == (HELD_OUT, HELD_OUT_STORIES)
    # A question as short as "Who won?" may be asked of two articles; what answers it may not.
    for article in held_out + stories:
        for paragraph in article["paragraphs"]:
            assert texts.isdisjoint(paragraph["en"] + paragraph["vi"])


def test_the_halves_for_crossed_fitting_both_have_articles_and_stories() -> None:
    assert 0 < FIRST_HALF < len(read_articles())
    assert 0 < FIRST_STORIES < len(read_stories())


def test_readers_questions_join_those_of_their_article_where_it_answers_them() -> None:
    articles = read_articles()
    asked = with_readers_questions(articles)
    assert all(more["questions"][: len(own["questions"])] == own["questions"] for own, more in zip(articles, asked, strict=True))
    assert sum(len(article["questions"]) for article in asked) > 1.5 * sum(len(article["questions"]) for article in articles)
    for article in asked:
        for question in article["questions"]:
            assert question["en"]
            assert article["paragraphs"][question["paragraph"]]["vi"][question["sentence"]]


def test_the_thesaurus_brings_other_words_together_in_and_across_languages() -> None:
    pairs = list(thesaurus_pairs())
    assert len(pairs) > 20_000
    assert all(pair.a and pair.b and pair.a != pair.b for pair in pairs)
    assert any(pair.a.isascii() and not pair.b.isascii() for pair in pairs)
    assert any(not pair.a.isascii() and not pair.b.isascii() for pair in pairs)


def test_without_third_party_text_the_projects_own_remains() -> None:
    assert read_parallel(None) == []
    assert sum(1 for _ in lexicon_pairs()) > 12_000


def test_the_same_material_gives_the_same_tokenizer(vocabulary: Vocabulary) -> None:
    again = build_vocabulary(PIECES, PAIRS * 3)
    assert build_tokenizer(again).to_str() == build_tokenizer(vocabulary).to_str()


def encode(tokenizer: Tokenizer, rows: np.ndarray, texts: list[str]) -> np.ndarray:
    """Unit vectors by the definition: the sum of the tokens' rows."""
    sums = np.stack([rows[tokenizer.encode(text, add_special_tokens=False).ids].sum(axis=0) for text in texts])
    return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True))


def no_teacher(texts: list[str]) -> np.ndarray:
    return np.zeros((len(texts), 1), dtype=np.float32)


def test_training_is_repeatable_and_brings_pairs_together(vocabulary: Vocabulary) -> None:
    tokenizer, rows, recipe = build_tokenizer(vocabulary), first_rows(vocabulary), Recipe(epochs=30, batch=4, rate=0.05)
    trained, again = (train(rows, tokenizer, PAIRS, [], {}, recipe, no_teacher) for _ in range(2))
    assert np.array_equal(trained, again)
    sides = [encode(tokenizer, trained, texts) for texts in ([pair.a for pair in PAIRS], [pair.b for pair in PAIRS])]
    assert top1(*sides) == (1.0, 1.0)


def test_a_choice_brings_the_answering_sentence_nearest(vocabulary: Vocabulary) -> None:
    tokenizer, rows = build_tokenizer(vocabulary), first_rows(vocabulary)
    sentences = tuple(pair.b for pair in PAIRS)
    choice = Choice("what fell all night", sentences, 2, "what fell all night", sentences)
    recipe = Recipe(epochs=30, batch=4, rate=0.05, choosing=5.0, trust=0.0)
    trained = train(rows, tokenizer, PAIRS, [choice], {}, recipe, no_teacher)
    scores = encode(tokenizer, trained, list(sentences)) @ encode(tokenizer, trained, [choice.question])[0]
    assert scores.argmax() == 2


def test_every_choice_names_the_sentence_that_the_material_names() -> None:
    for article in (read_articles()[0], read_stories()[0]):
        for choice, question in zip(list(article_choices([article]))[::4], article["questions"], strict=True):
            assert choice.question == question["en"]
            assert choice.sentences[choice.right] == article["paragraphs"][question["paragraph"]]["en"][question["sentence"]]


def test_texts_drawn_whole_are_their_tokens_and_none_is_ever_drawn_empty(vocabulary: Vocabulary) -> None:
    tokenizer, texts = build_tokenizer(vocabulary), [*(pair.b for pair in PAIRS), ""]
    wanted = [tokenizer.encode(text, add_special_tokens=False).ids or [0] for text in texts]
    ids, starts = Bags(tokenizer, texts).draw(np.array([2, 0, 4]), np.random.default_rng(0))
    assert [part.tolist() for part in torch.tensor_split(ids, starts[1:])] == [wanted[2], wanted[0], wanted[4]]
    _, starts = Bags(tokenizer, texts, dropout=0.99).draw(np.arange(5), np.random.default_rng(0))
    assert (torch.diff(starts) > 0).all()


def test_a_weight_is_how_often_an_epoch_shows_a_pair() -> None:
    pairs = [Pair(a, a, "sentence", (a, a), weight) for a, weight in (("a", 2.0), ("b", 3.0), ("c", 0.0))]
    assert np.bincount(next(epochs(pairs, {0: [1]}, 1, seed=1)), minlength=3).tolist() == [2, 3, 0]


def test_what_shares_words_and_tells_something_else_stands_in_one_batch() -> None:
    english = ["the bridge over the river opens", "snow fell on the bridge over the river", "bread is dear", "bread is cheap now"]
    pairs = [Pair(text, f"vi {text}", "prose", (text, text), taught=True) for text in english]
    whole = f"{english[0]}. {english[2]}."
    pairs.append(Pair(english[0], whole, "question-paragraph", (english[0], whole)))
    neighbours = lexical_neighbours(pairs)
    assert neighbours[0] == [1]
    assert set(neighbours[2]) == {3}
    order = np.array([0, 2, 4, 3, 1, 1])
    assert sorted(gathered(order, neighbours)) == sorted(order)
    assert gathered(order, {0: [1], 2: [3]}).tolist() == [0, 1, 2, 3, 4, 1]


def test_the_fusion_is_fitted_on_what_the_search_finds_in_each_language() -> None:
    contexts = ["Cây cầu mới bắc qua sông.", "Snow fell all night on the town.", "Bread has become dear this winter."]
    found = list(cases(contexts, [("When did the snow fall?", 1), ("Cây cầu ở đâu?", 0)], "mixed"))
    assert [number for number, _ in found] == [1, 0]
    for _, case in found:
        assert case.right.sum() == 1
        assert case.table.shape == (len(case.right), len(COLUMNS))
        assert gain([case], learn([case])) == 1.0


def test_what_is_exported_is_what_was_trained(vocabulary: Vocabulary, tmp_path: Path) -> None:
    tokenizer, rows = build_tokenizer(vocabulary), first_rows(vocabulary)
    export(tmp_path, tokenizer, rows, {})
    texts = [pair.b for pair in PAIRS]
    assert np.abs(StaticEmbedder(tmp_path).encode_document(texts) - encode(tokenizer, rows, texts)).max() < 0.02


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
