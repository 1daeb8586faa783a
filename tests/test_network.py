"""The small learnt scores: numbers that can be checked by hand, and what is stored is what is read."""

import math
from pathlib import Path

import numpy as np
import pytest

from assistant.confidence import SIGNS, thresholds
from assistant.features import FEATURES, LINEAR, linear_weights
from assistant.network import Network, learnt_network


@pytest.fixture
def network() -> Network:
    return Network(
        inputs=("a", "b"),
        mean=np.array([1.0, 0.0], dtype=np.float32),
        scale=np.array([2.0, 1.0], dtype=np.float32),
        direct=np.array([0.5, -1.0], dtype=np.float32),
        hidden=np.array([[1.0], [1.0]], dtype=np.float32),
        bias=np.array([0.25], dtype=np.float32),
        out=np.array([3.0], dtype=np.float32),
        base=0.125,
    )


def test_the_score_is_the_formula_of_its_docstring(network: Network) -> None:
    [score] = network.scores(np.array([[3.0, 0.5]], dtype=np.float32))
    assert score == pytest.approx(0.5 * 1 - 1.0 * 0.5 + 3.0 * math.tanh(1 + 0.5 + 0.25) + 0.125, abs=1e-6)


def test_what_is_stored_scores_like_what_was_learnt(network: Network, tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    path.write_text(network.to_json(), encoding="utf-8")
    table = np.array([[3.0, 0.5], [-1.0, 2.0]], dtype=np.float32)
    assert Network.read(path).scores(table) == pytest.approx(network.scores(table), abs=1e-3)


def test_what_ships_was_learnt_for_the_features_that_there_are() -> None:
    assert learnt_network("evidence").inputs == FEATURES
    assert learnt_network("confidence").inputs == SIGNS
    assert linear_weights().shape == (len(LINEAR),)
    assert all(0 < thresholds()[f"answer_{name}"] < 1 for name in ("en", "vi", "across"))
