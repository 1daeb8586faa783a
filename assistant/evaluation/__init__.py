"""Answers scored against cases: ``doichieu eval``, a pytest plugin, and these functions."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.evaluation.assertions import assert_answers, assert_cites, assert_refuses, assert_twins_agree

__all__ = ["assert_answers", "assert_cites", "assert_refuses", "assert_twins_agree"]


def __getattr__(name: str) -> Any:
    # pytest imports this package at its start to find the plugin; what the assertions need comes when they are used.
    if name in __all__:
        from assistant.evaluation import assertions

        return getattr(assertions, name)
    raise AttributeError(f"module 'assistant.evaluation' has no attribute {name!r}")
