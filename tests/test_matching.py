"""How a question's tokens meet a sentence's: values that can be worked out by eye."""

import numpy as np
import pytest

from assistant.fit import Holdings
from assistant.matching import match, said_anew, weighty_of
from assistant.reading import Reading

A, B, C = np.eye(3, dtype=np.float32)


NOTHING = Holdings(frozenset(), frozenset(), (), (), ())


def reading(*tokens: np.ndarray) -> Reading:
    rows = np.array(tokens, dtype=np.float32).reshape(-1, 3)
    whole = rows.mean(axis=0) if len(rows) else A * 0
    return Reading(frozenset(), frozenset(), whole, whole, rows, rows[:0], frozenset(), {}, NOTHING)


def test_a_token_is_met_by_its_nearest_and_counts_by_its_weight() -> None:
    met = match(np.array([A, B]), np.array([3.0, 1.0], dtype=np.float32), {"s": reading(A, C)})["s"]
    assert met.best.tolist() == [1.0, 0.0]
    assert met.late == met.firm == pytest.approx(3 / 4)
    assert met.weakest == 1.0, "the light token is none of those that carry the meaning"


def test_words_that_stand_together_in_the_questions_order_are_told_from_scattered_ones() -> None:
    weights = np.ones(2, dtype=np.float32)
    together, apart, turned = reading(A, B, C, C), reading(A, C, C, C, C, B), reading(B, A)
    found = match(np.array([A, B]), weights, {"together": together, "apart": apart, "turned": turned})
    assert found["together"].dense == 1.0
    assert found["apart"].dense == pytest.approx(2 / 6)
    assert (found["together"].ordered, found["apart"].ordered, found["turned"].ordered) == (1.0, 0.0, 0.0)


def test_one_sentences_end_and_the_nexts_beginning_are_no_neighbours() -> None:
    found = match(np.array([A, B]), np.ones(2, dtype=np.float32), {"first": reading(C, A), "second": reading(B, C)})
    assert found["first"].ordered == found["second"].ordered == 0.0


def test_a_sentence_or_a_question_without_tokens_meets_nothing() -> None:
    assert match(np.array([A]), np.ones(1, dtype=np.float32), {"s": reading()})["s"].late == 0.0
    assert match(np.zeros((0, 3), dtype=np.float32), np.zeros(0, dtype=np.float32), {"s": reading(A)})["s"].late == 0.0


def test_the_weighty_tokens_are_those_near_the_heaviest() -> None:
    assert weighty_of(np.array([1.0, 0.6, 0.59], dtype=np.float32)).tolist() == [True, True, False]


def test_a_sentence_says_anew_what_the_question_has_not() -> None:
    weights = np.array([3.0, 1.0], dtype=np.float32)
    assert said_anew(np.array([A, C]), np.array([A, B]), weights) == pytest.approx(1 / 4)
    assert said_anew(np.array([A]), np.array([A, A]), weights) == 0.0
    assert said_anew(np.array([C]), np.array([A, B]), weights) == 1.0
    assert said_anew(np.zeros((0, 3), dtype=np.float32), np.array([A, B]), weights) == 1.0
