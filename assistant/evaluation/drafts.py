"""Drafts of cases, for a person to correct: from chats that readers liked or disliked, and from questions an article suggests.

A draft is tagged ``draft``. What a liked answer cited, the case must cite; of a disliked one, what is right is left to the person.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.evaluation.cases import Case
from assistant.suggestions import names_most_said
from index.article import Article, Version
from index.errors import InputError
from index.language import detect_language

if TYPE_CHECKING:
    from assistant.engine import Assistant

DRAFT = "draft"
SUGGESTED = 3
"""Questions for each version of an article."""

_ABOUT = {"en": "What does the article say about {name}?", "vi": "Bài viết nói gì về {name}?"}


def draft_from_chats(path: Path) -> Iterator[Case]:
    """Cases from a JSONL of ``{"question", "liked", "answer", "history"?, "articles"?}``, the answer as ``ask --json`` prints it.

    Raises:
        InputError: a line is something else; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield _from_chat(row, f"chat-{number}")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f'{path}:{number}: no {{"question", "liked", "answer"}}: {error!r}') from None


def _from_chat(row: Mapping[str, Any], name: str) -> Case:
    answer, liked = row["answer"], bool(row["liked"])
    proving = [citation for citation in answer["citations"] if not citation.get("nearest")]
    language = detect_language(row["question"], default=answer["language"])
    return Case.model_validate(
        {
            "id": name,
            "question": row["question"],
            "language": language,
            "answer_language": answer["language"] if answer["language"] != language else None,
            "history": row.get("history") or (),
            "articles": row.get("articles"),
            # What a reader disliked may be right to refuse or not: only the person who corrects the draft knows.
            "answerable": not liked or bool(answer["answered"]),
            "cites": [_forms(citation) for citation in proving] if liked else [],
            "tags": [DRAFT, "liked" if liked else "disliked"],
        }
    )


def _forms(citation: Mapping[str, Any]) -> dict[str, str]:
    places = (*reversed(citation.get("counterparts", ())), citation)
    return {place["version"]: place["quote"] for place in places}


def draft_from_articles(assistant: "Assistant") -> Iterator[Case]:
    """Cases from the questions that each version of each article suggests, with what the assistant answers now as what to check."""
    for name in assistant.library.articles():
        for version, question in suggested_questions(assistant.library.article(name)):
            answer = assistant.ask(question, articles=[name])
            forms = [{place.version: place.text for place in (*reversed(c.counterparts), c.place)} for c in answer.citations]
            yield Case.model_validate(
                {
                    "id": f"{name}-{version.id}-{len(question)}-{sum(map(ord, question)) % 10_000:04}",
                    "question": question,
                    "language": version.language,
                    "articles": [name],
                    "answerable": answer.answered,
                    "cites": forms if answer.answered else [],
                    "tags": [DRAFT, "suggested"],
                }
            )


def suggested_questions(article: Article) -> list[tuple[Version, str]]:
    """Questions about the names that each full version says most often, in its language."""
    found = []
    for version in article.versions:
        if version.kind == "digest" or version.language not in _ABOUT:
            continue
        found += [(version, _ABOUT[version.language].format(name=name)) for name in names_most_said(version, SUGGESTED)]
    return found


def to_jsonl(cases: Iterable[Case]) -> str:
    """Cases as a case file holds them: one line each, without what is not set."""
    rows = (case.model_dump(mode="json", exclude_defaults=True) for case in cases)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
