"""What fuzzing found, and what it starts from, tried again at every run."""

import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).resolve().parent / "fuzz"
sys.path.insert(0, str(FUZZ))

from targets import TARGETS  # noqa: E402 - fuzz is a folder of scripts, not a package

INPUTS = [(name, path) for name in TARGETS for path in sorted((FUZZ / "corpus" / name).iterdir())]


@pytest.mark.threat("bytes nobody thought of")
@pytest.mark.parametrize(("target", "path"), INPUTS, ids=[f"{name}-{path.name}" for name, path in INPUTS])
def test_every_input_of_the_corpus_holds(target: str, path: Path) -> None:
    TARGETS[target](path.read_bytes())
