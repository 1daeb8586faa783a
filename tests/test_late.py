import numpy as np
import pytest

from index.embedding import load_embedder
from index.late import LateInteraction
from index.rows import pack_tokens
from index.static import StaticEmbedder

SENTENCES = ("The tunnel under the pass was closed.", "A landslide had blocked it for 40 days.")


def passage(*sentences: str) -> np.ndarray:
    embedder = load_embedder()
    assert isinstance(embedder, StaticEmbedder)
    return np.frombuffer(pack_tokens(embedder.token_ids(sentences)), dtype=np.int32)


@pytest.fixture(scope="module")
def late() -> LateInteraction:
    embedder = load_embedder()
    assert isinstance(embedder, StaticEmbedder)
    return LateInteraction(embedder)


def test_words_that_stand_in_the_passage_are_as_near_as_can_be(late: LateInteraction) -> None:
    assert late.nearness("tunnel landslide", [passage(*SENTENCES)])[0, 0] == pytest.approx(1, abs=1e-3)


def test_the_passage_is_as_near_as_its_sentences_together_and_one_sentence_no_nearer(late: LateInteraction) -> None:
    whole, one = late.nearness("Was the tunnel closed by a landslide?", [passage(*SENTENCES)])[0]
    alone = late.nearness("Was the tunnel closed by a landslide?", [passage(sentence) for sentence in SENTENCES])[:, 0]
    assert one == pytest.approx(max(alone), abs=1e-6)
    assert whole > one


def test_nearness_crosses_languages(late: LateInteraction) -> None:
    near, far = late.nearness("Đường hầm đóng cửa vì sạt lở?", [passage(*SENTENCES), passage("Rice exports rose in June.")])
    assert near[0] > far[0] + 0.1


def test_a_passage_is_judged_alike_alone_among_others_and_again(late: LateInteraction) -> None:
    passages = [passage(*SENTENCES), passage("..."), passage("Rice exports rose.", "The price fell.")]
    together = late.nearness("When did rice exports rise?", passages)
    again = np.concatenate([late.nearness("When did rice exports rise?", [one]) for one in passages])
    assert together == pytest.approx(again, abs=1e-5)


@pytest.mark.parametrize("query", ["", "   ", "...", "😀"])
def test_a_query_without_words_is_near_to_nothing_in_particular(late: LateInteraction, query: str) -> None:
    assert np.isfinite(late.nearness(query, [passage(*SENTENCES)])).all()
    assert late.nearness(query, []).shape == (0, 2)


def test_tokens_that_are_damaged_or_missing_end_no_search(late: LateInteraction) -> None:
    damaged = [np.array([2**31 - 1, -(2**31), 5], dtype=np.int32), np.array([], dtype=np.int32)]
    assert np.isfinite(late.nearness("Was the tunnel closed?", [*damaged, passage(*SENTENCES)])).all()
