"""How well questions that somebody else wrote are answered: ``python -m benchmarks.questions``; benchmarks/asked/README.md tells what is asked."""

import json
import tempfile
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.answer import Answer, Citation
from benchmarks.material import stories
from training.questions import written

FOLDER = Path(__file__).parent / "asked"
ARTICLE = Path(__file__).resolve().parent.parent / "articles" / "ai-travel-advice.txt"

Case = Mapping[str, Any]
Span = tuple[int, int]


def plain(text: str) -> str:
    """What a reader would take for the same."""
    return " ".join(unicodedata.normalize("NFC", text).replace("’", "'").replace("*", "").lower().split())


def says(answer: Answer, facts: list[list[str]]) -> bool:
    """Whether the answer has one form of each fact."""
    text = plain(answer.text)
    return all(any(plain(form) in text for form in forms) for forms in facts)


def cites(answer: Answer, places: Callable[[Citation], list[Span]]) -> bool:
    """Whether a citation stands where one of its places is."""
    return any(start < c.end and c.start < end for c in answer.citations for start, end in places(c))


def score(assistant: Assistant, cases: Sequence[Case], places: Callable[[Case, Citation], list[Span]]) -> dict[str, float]:
    """Shares over the answerable and over the unanswerable questions; ``places`` are those of a case that a citation may stand on."""
    answers = [(case, assistant.ask(case["question"], case.get("history", ()), articles=case.get("articles"))) for case in cases]
    told = [(case, answer) for case, answer in answers if case["answerable"]]
    untold = [answer for case, answer in answers if not case["answerable"]]
    right = [cites(answer, lambda c, case=case: places(case, c)) for case, answer in told]  # type: ignore[misc]
    return {
        "fact": sum(answer.answered and says(answer, case["facts"]) for case, answer in told) / len(told),
        "right citation": sum(answer.answered and cited for (_, answer), cited in zip(told, right, strict=True)) / len(told),
        "refused wrongly": sum(not answer.answered for _, answer in told) / len(told),
        "unanswerable refused": sum(not answer.answered for answer in untold) / len(untold),
        "citations": sum(len(answer.citations) for _, answer in told) / len(told),
    }


def asked(name: str) -> list[Case]:
    """The questions of a file."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def of_an_article(article: Path, *sets: str) -> None:
    """Print the shares for each set about one bundle; its cases name lines of the file, counted from 1."""
    ends = [0]
    for line in article.read_text(encoding="utf-8").split("\n"):
        ends.append(ends[-1] + len(line) + 1)
    lines = [(start, end - 1) for start, end in pairwise(ends)]
    with Assistant.open(article) as assistant:
        for name in sets:
            _print(name, score(assistant, asked(name), lambda case, _: [lines[line - 1] for line in case["lines"]]))


def of_the_projects_articles(name: str) -> None:
    """Print the shares for some of the held-out articles, all in one library; their cases name sentences by paragraph and number."""
    told, cases = stories(), asked(name)
    versions = {
        (case["article"], language): written(told[case["article"]], language) for case in cases for language in ("en", "vi")
    }
    with tempfile.TemporaryDirectory() as folder:
        for (number, language), (text, _) in versions.items():
            (Path(folder) / f"a{number}.{language}.txt").write_text(text, encoding="utf-8")
        with Assistant.open(folder) as assistant:

            def places(case: Case, citation: Citation) -> list[Span]:
                spans = versions[case["article"], citation.language][1]
                return [spans[p, s] for p, s in case["sentences"]]

            _print(name, score(assistant, [{**case, "articles": [f"a{case['article']}"]} for case in cases], places))


def _print(name: str, shares: Mapping[str, float]) -> None:
    print(f"{name:16}" + "  ".join(f"{what} {value:.3f}" for what, value in shares.items()))


if __name__ == "__main__":
    of_an_article(ARTICLE, "steer", "hold", "fresh", "later", "fifth", "sixth", "seventh")
    for folder in ("others", "unseen"):
        for article in sorted((FOLDER / folder).glob("*.txt")):
            of_an_article(article, f"{folder}/{article.stem}")
    of_the_projects_articles("project")
    of_the_projects_articles("follow-ups")
