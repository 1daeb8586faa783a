"""A run in the fields of other evaluators; none of them is needed.

The names are those of ragas' ``SingleTurnSample``, deepeval's ``LLMTestCase``, LangSmith's examples and the columns of a Hugging Face dataset.
"""

from collections.abc import Callable
from typing import Any

from assistant.evaluation.runner import Outcome, Run
from index.errors import InputError


def to_ragas(run: Run) -> list[dict[str, Any]]:
    """Rows of ``user_input``, ``response``, ``retrieved_contexts``, ``reference`` and ``reference_contexts``."""
    return [
        {
            "user_input": outcome.case.question,
            "response": outcome.response.text,
            "retrieved_contexts": _contexts(outcome),
            "reference": _reference(outcome),
            "reference_contexts": _reference_contexts(outcome),
        }
        for outcome in _answered(run)
    ]


def to_deepeval(run: Run) -> list[dict[str, Any]]:
    """Keyword arguments of ``LLMTestCase``: ``input``, ``actual_output``, ``expected_output``, ``retrieval_context``, ``context``."""
    return [
        {
            "name": outcome.case.id,
            "input": outcome.case.question,
            "actual_output": outcome.response.text,
            "expected_output": _reference(outcome),
            "retrieval_context": _contexts(outcome),
            "context": _reference_contexts(outcome),
            "tags": list(outcome.case.tags),
        }
        for outcome in _answered(run)
    ]


def to_langsmith(run: Run) -> list[dict[str, Any]]:
    """Examples with ``inputs``, ``outputs``, ``reference_outputs`` and ``metadata``."""
    return [
        {
            "inputs": {"question": outcome.case.question, "history": [list(turn) for turn in outcome.case.history]},
            "outputs": {
                "answer": outcome.response.text,
                "citations": [cited.quote.text for cited in outcome.response.quoted],
                "retrieved_contexts": _contexts(outcome),
            },
            "reference_outputs": {"answer": _reference(outcome), "contexts": _reference_contexts(outcome)},
            "metadata": {"id": outcome.case.id, "language": outcome.case.language, "tags": list(outcome.case.tags)},
        }
        for outcome in _answered(run)
    ]


def to_dataset(run: Run) -> dict[str, list[Any]]:
    """Columns for ``datasets.Dataset.from_dict``: ragas' fields, the case's and one for each metric."""
    rows = [
        {
            "id": outcome.case.id,
            "language": outcome.case.language,
            "answerable": outcome.case.answerable,
            "answered": outcome.response.answered,
            **fields,
            **outcome.scores,
        }
        for outcome, fields in zip(_answered(run), to_ragas(run), strict=True)
    ]
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


EXPORTS: dict[str, Callable[[Run], Any]] = {
    "ragas": to_ragas,
    "deepeval": to_deepeval,
    "langsmith": to_langsmith,
    "dataset": to_dataset,
}


def export(run: Run, form: str) -> Any:
    """The run in one of the forms of ``EXPORTS``. Raises ``InputError`` for another."""
    if form not in EXPORTS:
        raise InputError(f"no export {form!r}: choose from {', '.join(EXPORTS)}")
    return EXPORTS[form](run)


def _answered(run: Run) -> list[Outcome]:
    return [outcome for outcome in run.outcomes if not outcome.response.error]


def _contexts(outcome: Outcome) -> list[str]:
    return [context.text for context in outcome.response.contexts]


def _reference(outcome: Outcome) -> str:
    """The right answer in words: the first short answer, or the first way of saying each fact."""
    return outcome.case.answers[0] if outcome.case.answers else "; ".join(group[0] for group in outcome.case.holds.groups)


def _reference_contexts(outcome: Outcome) -> list[str]:
    """The evidence in the question's language where there is such a form, else in another."""
    forms = [one.forms for one in outcome.case.cites if one.forms]
    return [form.get(outcome.case.language, next(iter(form.values()))) for form in forms]
