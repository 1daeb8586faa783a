from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.evaluation import command, interop
from assistant.evaluation.case_files import load_cases
from assistant.evaluation.cases import Case
from assistant.evaluation.runner import Run, run_cases
from assistant.evaluation.systems import AssistantSystem, FunctionSystem, as_target
from index.errors import InputError

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def assistant() -> Iterator[Assistant]:
    with Assistant.open(HERE / "library") as opened:
        yield opened


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return load_cases([HERE / "cases" / "test_news.cases.jsonl"])[:12]


@pytest.fixture(scope="module")
def run(assistant: Assistant, cases: list[Case]) -> Run:
    return run_cases(AssistantSystem(assistant), cases)


def test_rows_have_the_fields_that_others_read(run: Run) -> None:
    ragas = interop.to_ragas(run)[0]
    assert list(ragas) == ["user_input", "response", "retrieved_contexts", "reference", "reference_contexts"]
    deepeval = interop.to_deepeval(run)[0]
    assert {"input", "actual_output", "expected_output", "retrieval_context", "context"} <= deepeval.keys()
    langsmith = interop.to_langsmith(run)[0]
    assert list(langsmith) == ["inputs", "outputs", "reference_outputs", "metadata"]
    case = run.outcomes[0].case
    assert ragas["user_input"] == deepeval["input"] == langsmith["inputs"]["question"] == case.question
    assert ragas["reference"] == case.answers[0]
    assert ragas["reference_contexts"] == [case.cites[0].forms["en"]]


def test_a_dataset_is_columns_of_one_length(run: Run) -> None:
    columns = interop.to_dataset(run)
    assert {len(column) for column in columns.values()} == {len(run.outcomes)}
    assert columns["id"] == [outcome.case.id for outcome in run.outcomes]
    assert set(columns["citation_validity"]) <= {1.0, None}


def test_the_command_line_offers_every_form() -> None:
    assert sorted(interop.EXPORTS) == list(command.EXPORTS)


def test_another_form_is_refused(run: Run) -> None:
    with pytest.raises(InputError, match="choose from ragas"):
        interop.export(run, "promptfoo")


def test_any_function_is_scored_by_the_same_cases(assistant: Assistant, cases: list[Case]) -> None:
    def first_passages(question: str) -> tuple[str, list[str]]:
        texts = [hit.passage.text for hit in assistant.library.search(question, k=5)]
        return texts[0], texts

    run = run_cases(FunctionSystem(first_passages, name="first passage"), cases)
    assert not run.crashed
    assert (run.mean("all", "recall@10") or 0) > 0.5
    assert (run.mean("all", "fact_coverage") or 0) > 0
    # It cites nothing: that cannot be judged, and is not zero.
    assert run.mean("all", "citation_recall") is None
    assert run.mean("all", "citation_validity") is None


def test_a_function_that_refuses_is_told_by_its_own_sign(cases: list[Case]) -> None:
    unanswerable = Case(id="x", question="How is pho cooked?", language="en", answerable=False)
    run = run_cases(FunctionSystem(lambda question: ("I don't know.", []), refuses=lambda text: "know" in text), [unanswerable])
    assert run.mean("all", "refusal_recall") == 1
    broken = run_cases(FunctionSystem(lambda question: ("", [])[2]), [unanswerable])  # type: ignore[misc]
    assert "IndexError" in broken.crashed[0].response.error


def test_the_assistant_is_a_target_for_others(assistant: Assistant) -> None:
    out = as_target(assistant)({"question": "How strong was the earthquake in Turkey?"})
    assert list(out) == ["answer", "citations", "retrieved_contexts"]
    assert any("6.8" in text for text in out["retrieved_contexts"])
