"""Cases and a system → a run: every case asked, timed and scored; one that crashes is counted apart, never dropped nor zeroed."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.evaluation.cases import Case
from assistant.evaluation.gates import EVERY, LATENCY
from assistant.evaluation.intervals import Estimate, estimate, percentile
from assistant.evaluation.response import Response, from_json, to_json
from assistant.evaluation.scoring import METRICS, Scores, score
from assistant.evaluation.systems import System
from index.errors import InputError

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, what was answered, and its scores."""

    case: Case
    response: Response
    scores: Scores

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that the case counts in."""
        return (EVERY, self.case.language, *self.case.tags)

    @property
    def cluster(self) -> str:
        """Twins share one name: they stand or fall together."""
        return min(self.case.id, self.case.twin or self.case.id)


@dataclass(frozen=True)
class Run:
    """The outcomes of all cases under one system."""

    system: str
    outcomes: tuple[Outcome, ...]

    @property
    def crashed(self) -> tuple[Outcome, ...]:
        """Cases that have no answer because something went wrong."""
        return tuple(outcome for outcome in self.outcomes if outcome.response.error)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Of the questions, sorted."""
        return tuple(sorted({outcome.case.language for outcome in self.outcomes}))

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """Of the cases, sorted."""
        return tuple(sorted({tag for outcome in self.outcomes for tag in outcome.case.tags}))

    def of(self, group: str) -> list[Outcome]:
        """The outcomes of a group: ``all``, a language or a tag."""
        return [outcome for outcome in self.outcomes if group in outcome.groups]

    def estimate(self, group: str, metric: str) -> Estimate | None:
        """A metric's mean over a group with its 95 % interval; None if it could be judged on none of its cases."""
        judged = [(value, o.cluster) for o in self.of(group) if (value := o.scores.get(metric)) is not None]
        return estimate([value for value, _ in judged], [cluster for _, cluster in judged])

    def mean(self, group: str, metric: str) -> float | None:
        """A mean, or a latency in milliseconds; None if there is nothing to take it of."""
        if metric in LATENCY:
            times = self.latencies(group)
            return percentile(times, int(metric.removeprefix("latency_p")) / 100) if times else None
        values = [value for o in self.of(group) if (value := o.scores.get(metric)) is not None]
        return sum(values) / len(values) if values else None

    def latencies(self, group: str = EVERY) -> list[float]:
        """Milliseconds from question to answer, of the cases that were answered now or when the answer was kept."""
        return [o.response.timings_ms["total"] for o in self.of(group) if "total" in o.response.timings_ms]


class Evaluator:
    """Asks a system each case once, and scores what it says."""

    def __init__(self, system: System, cases: Sequence[Case], kept: "KeptAnswers | None" = None) -> None:
        self._system = system
        self._cases = {case.id: case for case in cases}
        self._kept = kept
        self._responses: dict[str, Response] = {}

    def evaluate(self, case: Case) -> Outcome:
        """Ask and score one case; its twin is asked too, as they are held against each other."""
        twin = self._cases.get(case.twin or "")
        pair = None if twin is None else (twin, self.respond(twin))
        response = self.respond(case)
        return Outcome(case, response, score(case, response, self._system.sources, pair))

    def respond(self, case: Case) -> Response:
        """The system's answer, asked for at most once."""
        if case.id not in self._responses:
            self._responses[case.id] = self._ask(case)
        return self._responses[case.id]

    def _ask(self, case: Case) -> Response:
        kept = self._kept.get(case) if self._kept else None
        if kept is not None:
            return kept
        started = time.perf_counter()
        try:
            response = self._system.respond(case)
        except Exception as error:  # Whatever goes wrong in a system belongs to this case alone; the run goes on and says so.
            return Response("", case.language, False, error=f"{type(error).__name__}: {error}")
        elapsed = (time.perf_counter() - started) * 1000
        response = replace(response, timings_ms={"total": elapsed, **response.timings_ms})
        if self._kept:
            self._kept.put(case, response)
        return response


class KeptAnswers:
    """Answers on disk by content – the case, the system and its library – so that a run that was cut off goes on where it was.

    One JSON object a line; a line that was cut off is asked again.
    """

    def __init__(self, path: Path, system: System) -> None:
        self._path = path
        self._system = system
        self._known: dict[str, Response] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").split("\n"):
                try:
                    stored = json.loads(line)
                    self._known[stored["key"]] = from_json(stored["response"])
                except (ValueError, KeyError, TypeError):
                    continue

    def _key(self, case: Case) -> str:
        return f"{self._system.fingerprint}-{case.fingerprint}"

    def get(self, case: Case) -> Response | None:
        """The answer kept for a case, or None."""
        return self._known.get(self._key(case))

    def put(self, case: Case, response: Response) -> None:
        """Keep an answer."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": self._key(case), "response": to_json(response)}, ensure_ascii=False) + "\n")


def run_cases(system: System, cases: Sequence[Case], *, keep: Path | None = None, progress: Progress | None = None) -> Run:
    """Ask and score every case, in order.

    Args:
        system: what answers.
        cases: what is asked.
        keep: file for answers, to go on after an interruption and to save what costs.
        progress: called with how many are done, and of how many.
    """
    kept = KeptAnswers(keep, system) if keep else None
    evaluator = Evaluator(system, cases, kept)
    outcomes = []
    for done, case in enumerate(cases, 1):
        outcomes.append(evaluator.evaluate(case))
        if progress:
            progress(done, len(cases))
    return Run(system.name, tuple(outcomes))


def run_to_json(run: Run) -> dict[str, Any]:
    """The run as JSON. ``figures`` and ``scores`` are the same whenever the answers are; times stand apart."""
    return {
        "system": run.system,
        "figures": {group: _figures(run, group) for group in (EVERY, *run.languages, *run.tags)},
        "latency_ms": {name: run.mean(EVERY, name) for name in LATENCY},
        "cases": [
            {
                "case": outcome.case.model_dump(mode="json"),
                "file": Path(outcome.case.file).name,
                "scores": outcome.scores,
                "response": to_json(outcome.response),
            }
            for outcome in run.outcomes
        ],
    }


def _figures(run: Run, group: str) -> dict[str, Any]:
    found = {metric: run.estimate(group, metric) for metric in METRICS}
    return {
        metric: {"mean": one.mean, "low": one.low, "high": one.high, "n": one.n}
        for metric, one in found.items()
        if one is not None
    }


def read_run(path: Path) -> Run:
    """A run that ``run_to_json`` wrote. Raises ``InputError`` if the file is something else."""
    try:
        stored: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        outcomes = tuple(
            Outcome(Case.model_validate({**one["case"], "file": one["file"]}), from_json(one["response"]), one["scores"])
            for one in stored["cases"]
        )
        return Run(stored["system"], outcomes)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: no run of `doichieu eval --report`: {error}") from None
