"""Answers as JSON, Markdown and terminal text. Pure functions; whatever an article holds is escaped or stripped."""

import html
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from assistant.answer import Answer, Citation
from index.article import Comparison, Difference, Hit, Pair, Place
from index.text import visible

_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~!])")
_OWN_MARKUP = re.compile(r"\\\*\\\*|\\~\\~|\\\[\d+\\\](?!\()")


def place_to_json(place: Place, *, text_key: str = "quote") -> dict[str, Any]:
    """A place of the text: where it stands, and what it says under ``text_key``."""
    return {
        "article": place.article,
        "version": place.version,
        "language": place.language,
        "kind": place.kind,
        "file": place.file,
        "paragraph": place.paragraph,
        "start": place.start,
        "end": place.end,
        text_key: place.text,
    }


def citation_to_json(citation: Citation) -> dict[str, Any]:
    """A citation with its counterparts."""
    result = {"marker": citation.marker, **place_to_json(citation.place), "status": citation.status}
    result["counterparts"] = [place_to_json(place) for place in citation.counterparts]
    if citation.nearest:
        result["nearest"] = True
    if citation.highlight:
        result["highlight"] = list(citation.highlight)
    if citation.context:
        result["context"] = place_to_json(citation.context)
    if citation.reason:
        result["reason"] = citation.reason
    return result


def answer_to_json(answer: Answer, *, id: str | None = None) -> dict[str, Any]:
    """The answer as the command line prints it."""
    result: dict[str, Any] = {} if id is None else {"id": id}
    result |= {
        "question": answer.question,
        "searched": answer.searched,
        "language": answer.language,
        "answered": answer.answered,
        "mode": answer.mode,
        "text": answer.text,
        "citations": [citation_to_json(citation) for citation in answer.citations],
        "confidence": round(answer.confidence, 4),
        "timings_ms": {name: round(value, 2) for name, value in answer.timings_ms.items()},
    }
    if answer.note:
        result["note"] = answer.note
    if answer.explanation:
        result["explanation"] = list(answer.explanation)
    return result


def hit_to_json(hit: Hit) -> dict[str, Any]:
    """A ranked passage."""
    return {**place_to_json(hit.passage, text_key="text"), "score": round(hit.score, 6)}


def _end_to_json(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else place_to_json(place, text_key="text")


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """Aligned sentences, aligned paragraphs and differences."""

    def pair(item: Pair) -> dict[str, Any]:
        return {"a": _end_to_json(item.a), "b": _end_to_json(item.b), "score": round(item.score, 4)}

    def difference(item: Difference) -> dict[str, Any]:
        return {"kind": item.kind, "a": _end_to_json(item.a), "b": _end_to_json(item.b), "detail": item.detail}

    return {
        "article": comparison.article,
        "pairs": [pair(item) for item in comparison.pairs],
        "paragraphs": [pair(item) for item in comparison.paragraphs],
        "differences": [difference(item) for item in comparison.differences],
    }


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it stands: no markup, no link, no picture."""
    return _MARKDOWN.sub(r"\\\1", html.escape(text, quote=False))


def plain_text(text: str) -> str:
    """Text that is safe in a terminal: no control, format or escape characters, white space collapsed; emoji stay whole."""
    kept = (c if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Zl", "Zp") else " " for c in visible(text))
    return " ".join("".join(kept).split())


_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {"sources": "Sources", "nearest": "Nearest in the articles"},
    "vi": {"sources": "Nguồn", "nearest": "Đoạn gần nhất trong bài"},
}


def answer_to_terminal(answer: Answer) -> str:
    """The answer, then each quote beside its counterparts, for reading in a terminal."""
    words = _WORDS.get(answer.language, _WORDS["en"])
    lines = [plain_text(answer.text.replace("**", ""))]
    if answer.note:
        lines.append(f"({plain_text(answer.note)})")
    if answer.citations:
        lines += ["", (words["sources"] if answer.answered else words["nearest"]) + ":"]
    for citation in answer.citations:
        reason = f": {plain_text(citation.reason)}" if citation.reason else ""
        status = "" if citation.status == "verbatim" else f" ({citation.status}{reason})"
        lines.append(f"[{citation.marker}]{status} {_quoted(citation.place)}")
        lines += [f"      ↔ {_quoted(place)}" for place in citation.counterparts]
    return "\n".join(lines)


def _quoted(place: Place) -> str:
    return f"“{plain_text(place.text)}” — {plain_text(place.file)}, {place.version}, {place.start}–{place.end}"


def answer_to_markdown(answer: Answer) -> str:
    """Question, answer and quotes as Markdown, for keeping."""
    text = escape_markdown(plain_text(answer.text))
    lines = [
        f"**{escape_markdown(plain_text(answer.question))}**",
        "",
        _OWN_MARKUP.sub(lambda own: own[0].replace("\\", ""), text),
    ]
    if answer.note:
        lines += ["", f"*{escape_markdown(answer.note)}*"]
    for citation in answer.citations:
        lines += ["", f"{citation.marker}. {_markdown_quote(citation.place)}"]
        lines += [f"   - {_markdown_quote(place)}" for place in citation.counterparts]
    return "\n".join(lines) + "\n"


def _markdown_quote(place: Place) -> str:
    where = f"{place.article}, {place.version}, {place.start}–{place.end}"
    return f"“{escape_markdown(plain_text(place.text))}” ({escape_markdown(where)})"
