"""A planted regression of each kind closes the gate that is there for it, and no other that it does not touch."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Answer, Assistant
from assistant.evaluation.case_files import load_cases
from assistant.evaluation.cases import Case
from assistant.evaluation.gates import EVERY, check_gates
from assistant.evaluation.response import Cited, Quote, Response
from assistant.evaluation.runner import Run, run_cases
from assistant.evaluation.scoring import METRICS, Sources
from assistant.evaluation.systems import AssistantSystem

HERE = Path(__file__).parent
Damage = Callable[[Case, Response], Response]


class Damaged:
    """The real assistant, its answers changed on the way out."""

    name = fingerprint = "damaged"

    def __init__(self, system: AssistantSystem, damage: Damage) -> None:
        self._system, self._damage = system, damage
        self.sources: Sources = system.sources

    def respond(self, case: Case) -> Response:
        return self._damage(case, self._system.respond(case))


@pytest.fixture(scope="module")
def assistant() -> Iterator[Assistant]:
    with Assistant.open(HERE / "library") as opened:
        yield opened


@pytest.fixture(scope="module")
def system(assistant: Assistant) -> AssistantSystem:
    return AssistantSystem(assistant)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    found = load_cases([HERE / "cases" / "test_news.cases.jsonl"])
    refusals = [case for case in found if not case.answerable]
    return [case for case in found if "one-sentence" in case.tags][:24] + refusals


@pytest.fixture(scope="module")
def sound(system: AssistantSystem, cases: list[Case]) -> Run:
    return run_cases(system, cases)


def closed(sound: Run, system: AssistantSystem, cases: list[Case], damage: Damage) -> set[str]:
    """The metrics whose gates close when each is set at what the undamaged answers reach."""
    reached = {metric: mean for metric in METRICS if (mean := sound.mean(EVERY, metric)) is not None}
    run = run_cases(Damaged(system, damage), cases)
    assert not run.crashed
    return {gate.metric for gate in check_gates({EVERY: reached}, run.mean, {EVERY}) if not gate.passed}


def each_citation(response: Response, change: Callable[[Cited], Cited]) -> Response:
    return replace(response, citations=tuple(change(cited) for cited in response.citations or ()))


def test_the_undamaged_answers_keep_every_gate_open(sound: Run, system: AssistantSystem, cases: list[Case]) -> None:
    assert closed(sound, system, cases, lambda case, response: response) == set()
    assert sound.mean(EVERY, "citation_validity") == 1
    assert all((sound.mean(EVERY, metric) or 0) > 0 for metric in ("refusal_recall", "fact_coverage", "counterpart_recall"))


def test_wrong_offsets_close_validity(sound: Run, system: AssistantSystem, cases: list[Case]) -> None:
    def shift(cited: Cited) -> Cited:
        return replace(cited, quote=replace(cited.quote, start=cited.quote.start + 1, end=cited.quote.end + 1))

    found = closed(sound, system, cases, lambda case, response: each_citation(response, shift))
    assert "citation_validity" in found
    assert not found & {"citation_recall", "citation_precision", "fact_coverage", "language_match", "refusal_recall"}


def test_a_dropped_counterpart_closes_counterpart_recall(sound: Run, system: AssistantSystem, cases: list[Case]) -> None:
    found = closed(sound, system, cases, lambda case, response: each_citation(response, lambda c: replace(c, counterparts=())))
    assert "counterpart_recall" in found
    assert not found & {"citation_validity", "citation_recall", "fact_coverage", "recall@10"}


def test_an_answer_in_the_wrong_language_closes_language_match(
    sound: Run, system: AssistantSystem, cases: list[Case], assistant: Assistant
) -> None:
    def answer_in_the_other(case: Case, response: Response) -> Response:
        other = assistant.ask(case.question, language="vi" if case.language == "en" else "en", articles=case.articles)
        # It claims to be what was asked for; its text gives it away.
        return replace(response, text=other.text, language=case.language)

    found = closed(sound, system, cases, answer_in_the_other)
    assert "language_match" in found
    assert not found & {"citation_validity", "recall@10", "refusal_recall"}


def test_a_missing_fact_closes_fact_coverage(sound: Run, system: AssistantSystem, cases: list[Case]) -> None:
    def leave_out(case: Case, response: Response) -> Response:
        text = response.text.replace("**", "")
        for group in case.holds.groups:
            for way in group:
                text = text.replace(way, "…")
        return replace(response, text=text)

    found = closed(sound, system, cases, leave_out)
    assert "fact_coverage" in found
    assert not found & {"citation_validity", "citation_recall", "counterpart_recall", "recall@10", "refusal_recall"}


def test_a_lost_refusal_closes_refusal_recall(sound: Run, system: AssistantSystem, cases: list[Case]) -> None:
    def always_answer(case: Case, response: Response) -> Response:
        return replace(each_citation(response, lambda cited: replace(cited, nearest=False)), answered=True)

    found = closed(sound, system, cases, always_answer)
    assert "refusal_recall" in found
    assert not found & {"citation_validity", "answer_rate", "recall@10", "language_match"}


def test_a_wrong_passage_closes_retrieval(sound: Run, system: AssistantSystem, cases: list[Case]) -> None:
    stranger = Quote("Nothing of the kind.", "stranger", "en", "en", "stranger.en.txt", 0, 20)

    def miss(case: Case, response: Response) -> Response:
        return replace(response, contexts=tuple(stranger for _ in response.contexts))

    found = closed(sound, system, cases, miss)
    assert found == {"hit@1", "recall@10", "mrr@10", "ndcg@10"}


def test_an_invented_number_closes_agreement(sound: Run, system: AssistantSystem, cases: list[Case]) -> None:
    def invent(case: Case, response: Response) -> Response:
        return replace(response, text=response.text.replace(" [1]", " 987654 [1]"))

    assert "fact_agreement" in closed(sound, system, cases, invent)


def test_a_citation_left_out_closes_recall_and_coverage(sound: Run, system: AssistantSystem, cases: list[Case]) -> None:
    found = closed(sound, system, cases, lambda case, response: replace(response, citations=()))
    assert {"citation_recall", "sentence_coverage"} <= found


def test_a_case_that_crashes_is_counted_apart(system: AssistantSystem, cases: list[Case]) -> None:
    def crash(case: Case, response: Response) -> Response:
        if case is cases[0]:
            raise RuntimeError("out of order")
        return response

    run = run_cases(Damaged(system, crash), cases[:6])
    assert [outcome.case.id for outcome in run.crashed] == [cases[0].id]
    assert "out of order" in run.crashed[0].response.error
    assert set(run.crashed[0].scores.values()) == {None}
    assert len(run.outcomes) == 6


def test_answers_are_scored_as_they_are_given(assistant: Assistant, sound: Run) -> None:
    outcome = sound.outcomes[0]
    answer: Answer = assistant.ask(outcome.case.question, articles=outcome.case.articles)
    assert outcome.response.text == answer.text
    assert [cited.quote.text for cited in outcome.response.citations or ()] == [citation.quote for citation in answer.citations]
