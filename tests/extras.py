"""Tests that need an optional dependency: skipped with a reason where it is absent, failed where CI says that it must be there."""

import os
from importlib.util import find_spec

import pytest


def need(*modules: str) -> None:
    for module in modules:
        if find_spec(module) is None:
            if os.environ.get("CI_REQUIRE_EXTRAS"):
                pytest.fail(f"{module} is not installed, and CI_REQUIRE_EXTRAS is set")
            pytest.skip(f"{module} is not installed: pip install -e '.[milvus,ray]'")
