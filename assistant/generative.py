"""The answer of a chat model, each statement shown only after its quote was checked; without the model the quoting answer."""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Citation, Piece, Question
from assistant.citations import Verdict, verify
from assistant.phrases import phrase
from assistant.settings import Settings
from assistant.statements import Statement, StatementReader
from index.article import Passage, Place
from index.library import Library
from index.text import visible
from prompts import load_prompt

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

PASSAGES = 8
CHARACTERS_A_TOKEN = 3
"""About; Vietnamese takes more tokens a character than English does."""
_LANGUAGES = {"en": "English", "vi": "tiếng Việt"}

log = logging.getLogger(__name__)


class GenerativeAnswerer:
    """Asks a chat model, checks what it says, and falls back on quoting when nothing stands or the model fails."""

    def __init__(
        self, library: Library, model: "BaseChatModel", fallback: Callable[[Question], Answer], settings: Settings
    ) -> None:
        self._library = library
        self._model = model
        self._fallback = fallback
        self._settings = settings
        self._calls = threading.BoundedSemaphore(settings.concurrent_calls)

    def answer(self, question: Question) -> Answer:
        """The whole answer."""
        for event in self.stream(question):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream ends with its answer")

    def stream(self, question: Question) -> Iterator[Piece | Answer]:
        """Statements as they are checked, then the answer; a model that fails in mid-answer leaves what stood until then."""
        started = time.perf_counter()
        hits = self._library.search(question.searched, k=PASSAGES, articles=question.articles)
        passages = {secrets.token_hex(4): hit.passage for hit in hits}
        retrieved = time.perf_counter()
        reader, shown, first, trouble = StatementReader(), list[tuple[Statement, Citation]](), 0.0, ""
        try:
            for statement in self._statements(question, passages, reader):
                citation = self._check(statement, question, passages, len(shown) + 1)
                if citation is not None:
                    first = first or time.perf_counter()
                    shown.append((statement, citation))
                    yield Piece(_sentence(statement, citation) + " ", (citation,))
        except Exception as error:
            # Providers raise errors of their own making; to the reader all of them mean that the model did not finish.
            log.warning("the chat model failed: %s: %s", type(error).__name__, str(error).split("\n")[0][:200])
            trouble = "model-failed"
        timings = {"retrieve": (retrieved - started) * 1000, "answer": (time.perf_counter() - retrieved) * 1000}
        if any(citation.status != "unsupported" for _, citation in shown):
            timings["first"] = (first - started) * 1000
            yield _whole(question, shown, timings, phrase("model-stopped", question.language) if trouble else "")
            return
        yield from self._quote_instead(
            question, trouble or ("model-refused" if reader.unanswerable else "model-unproved"), timings
        )

    def _statements(self, question: Question, passages: dict[str, Passage], reader: StatementReader) -> Iterator[Statement]:
        if not passages:
            return
        with self._calls:
            for chunk in self._model.stream(self._messages(question, passages)):
                yield from reader.feed(_text(chunk.content))
                if reader.full:
                    return

    def _messages(self, question: Question, passages: dict[str, Passage]) -> list[tuple[str, str]]:
        """The rules, and the question with its passages behind a fence that no article can know."""
        fence = f"=== {secrets.token_hex(8)} ==="
        room = self._settings.token_budget * CHARACTERS_A_TOKEN
        told: list[str] = []
        for key, p in passages.items():
            entry = f"[{key}] {p.article}, {p.kind}, {p.language}\n{visible(p.text)}"
            if sum(map(len, told)) + len(entry) <= room:
                told.append(entry)
        history = " / ".join(visible(f"{asked} → {answered}")[:400] for asked, answered in question.history[-2:])
        rules = load_prompt("answer", question.language).render(
            language=_LANGUAGES.get(question.language, question.language), fence=fence
        )
        asked = load_prompt("question", question.language).render(
            fence=fence, passages="\n\n".join(told), history=history or "–", question=visible(question.text)
        )
        return [("system", rules), ("human", asked)]

    def _check(self, statement: Statement, question: Question, passages: dict[str, Passage], marker: int) -> Citation | None:
        """The statement's citation; None when it does not stand and such statements are dropped."""
        passage = passages.get(statement.key.strip("[] "))
        names = self._library.names(passage.article) if passage else ()
        verdict = verify(statement.text, question.language, statement.quote, passage, names)
        if verdict.place is None or (verdict.status == "unsupported" and self._settings.unsupported == "drop"):
            return None
        return Citation(marker, verdict.place, self._counterparts(verdict, passage), verdict.status, reason=verdict.reason)

    def _counterparts(self, verdict: Verdict, passage: Passage | None) -> tuple[Place, ...]:
        place = verdict.place
        if place is None or passage is None:
            return ()
        inside = [s for s in passage.sentences if s.start < place.end and place.start < s.end]
        return tuple(dict.fromkeys(twin for sentence in inside for twin in self._library.counterparts(sentence)))[:3]

    def _quote_instead(self, question: Question, why: str, timings: dict[str, float]) -> Iterator[Piece | Answer]:
        from dataclasses import replace

        quoted = self._fallback(question)
        note = " ".join(part for part in (phrase(why, question.language), quoted.note) if part)
        answer = replace(quoted, note=note, timings_ms={**quoted.timings_ms, **timings})
        yield Piece(answer.text, answer.citations)
        yield answer


def _whole(question: Question, shown: Sequence[tuple[Statement, Citation]], timings: dict[str, float], note: str) -> Answer:
    text = " ".join(_sentence(statement, citation) for statement, citation in shown)
    stands = sum(1 for _, citation in shown if citation.status == "verbatim") / len(shown)
    citations = tuple(citation for _, citation in shown)
    return Answer(question.text, question.searched, question.language, True, "generative", text, citations, stands, note, timings)


def _sentence(statement: Statement, citation: Citation) -> str:
    text = " ".join(visible(statement.text).replace("[", "(").replace("]", ")").split())
    return f"~~{text}~~ [{citation.marker}]" if citation.status == "unsupported" else f"{text} [{citation.marker}]"


def _text(content: Any) -> str:
    """A chunk's text, whichever of LangChain's two forms it has."""
    if isinstance(content, str):
        return content
    return "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in content)
