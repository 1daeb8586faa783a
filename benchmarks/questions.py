"""How well questions about the shipped article are answered: ``python -m benchmarks.questions``; benchmarks/asked/README.md tells what is asked."""

import json
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.answer import Answer

FOLDER = Path(__file__).parent / "asked"
ARTICLE = Path(__file__).resolve().parent.parent / "articles" / "ai-travel-advice.txt"


def plain(text: str) -> str:
    """What a reader would take for the same."""
    return " ".join(unicodedata.normalize("NFC", text).replace("’", "'").replace("*", "").lower().split())


def says(answer: Answer, facts: list[list[str]]) -> bool:
    """Whether the answer has one form of each fact."""
    text = plain(answer.text)
    return all(any(plain(form) in text for form in forms) for forms in facts)


def cites(answer: Answer, lines: list[int], spans: list[tuple[int, int]]) -> bool:
    """Whether a citation stands on one of the lines, counted from 1."""
    return any(spans[line - 1][0] < c.end and c.start < spans[line - 1][1] for c in answer.citations for line in lines)


def score(assistant: Assistant, cases: list[dict[str, Any]], spans: list[tuple[int, int]]) -> dict[str, float]:
    """Shares over the answerable and over the unanswerable questions."""
    answers = [(case, assistant.ask(case["question"], case.get("history", ()))) for case in cases]
    told = [(case, answer) for case, answer in answers if case["answerable"]]
    untold = [answer for case, answer in answers if not case["answerable"]]
    return {
        "fact": sum(answer.answered and says(answer, case["facts"]) for case, answer in told) / len(told),
        "right citation": sum(answer.answered and cites(answer, case["lines"], spans) for case, answer in told) / len(told),
        "refused wrongly": sum(not answer.answered for _, answer in told) / len(told),
        "unanswerable refused": sum(not answer.answered for answer in untold) / len(untold),
        "citations": sum(len(answer.citations) for _, answer in told) / len(told),
    }


def main() -> None:
    """Print the shares for both sets."""
    ends = [0]
    for line in ARTICLE.read_text(encoding="utf-8").split("\n"):
        ends.append(ends[-1] + len(line) + 1)
    spans = [(start, end - 1) for start, end in pairwise(ends)]
    with Assistant.open(ARTICLE) as assistant:
        for name in ("steer", "hold"):
            cases = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
            shares = score(assistant, cases, spans)
            print(f"{name:6} {len(cases):4} questions  " + "  ".join(f"{what} {value:.3f}" for what, value in shares.items()))


if __name__ == "__main__":
    main()
