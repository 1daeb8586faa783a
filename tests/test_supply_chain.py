"""What comes from elsewhere: pinned, hashed, and never run as code."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import ModelError
from index.static import SHIPPED, StaticEmbedder

pytestmark = pytest.mark.threat("code inside weights or data")
ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    path
    for folder in ("index", "assistant", "prompts", "training", "benchmarks", "docs")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
UNPACKERS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_unpacks_objects_or_runs_code_that_is_data(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else {node.module or ""}
            assert not names & UNPACKERS
        if isinstance(node, ast.keyword) and node.arg in ("allow_pickle", "trust_remote_code", "shell"):
            assert isinstance(node.value, ast.Constant)
            assert node.value.value is False
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("eval", "exec", "yaml.load", "os.system")
            if called == "torch.load":
                assert any(k.arg == "weights_only" and ast.unparse(k.value) == "True" for k in node.keywords)


def test_the_model_is_numbers_and_text_alone() -> None:
    kinds = {path.suffix for path in SHIPPED.rglob("*") if path.is_file()}
    assert kinds <= {".safetensors", ".json", ".md", ""}


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_model_that_differs_in_one_bit_is_refused_by_the_name_of_its_file(name: str, tmp_path: Path) -> None:
    for file in SHIPPED.iterdir():
        (tmp_path / file.name).symlink_to(file)
    data = bytearray((SHIPPED / name).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ModelError, match=name):
        StaticEmbedder(tmp_path)


def test_everything_that_is_needed_is_pinned_and_listed_with_its_version() -> None:
    done = subprocess.run([sys.executable, "docs/sbom.py"], capture_output=True, text=True, check=True, cwd=ROOT)
    bill = json.loads(done.stdout)
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {line.partition("==")[0].lower().replace("_", "-").replace(".", "-") for line in lines if "==" in line}
    listed = {part["name"] for part in bill["components"] if part["type"] == "library"}
    assert len(listed) > 50
    # What every virtual environment begins with cannot be pinned by what is installed into it.
    assert listed - {"pip", "setuptools"} <= pins
    assert any(part["type"] == "machine-learning-model" and len(part["components"]) == 2 for part in bill["components"])
