"""The answer of a chat model, each statement shown only after its quote was checked; without the model the quoting answer."""

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace

from assistant.answer import Answer, Piece, Question
from assistant.asked import what_is_asked
from assistant.chat_model import ChatModel, Message
from assistant.draft import Draft
from assistant.grounding import condense, ground
from assistant.phrases import phrase
from assistant.settings import Settings
from assistant.statements import StatementReader
from index.article import Passage
from index.errors import ModelError
from index.library import Library
from index.text import visible

PASSAGES = 8
LONGEST_CONDENSED = 400
"""Characters of a follow-up that the model wrote out; a longer one is no question."""
_TELLING = ("headline", "standfirst", "dateline", "body")

log = logging.getLogger(__name__)


class GenerativeAnswerer:
    """Asks a chat model, checks what it says, lets it mend once what does not stand, and falls back on quoting."""

    def __init__(
        self, library: Library, model: ChatModel, fallback: Callable[[Question], Answer], settings: Settings | None = None
    ) -> None:
        """Set up.

        Args:
            library: where passages are searched.
            model: any chat model.
            fallback: gives the quoting answer when the model's does not stand.
            settings: the token budget, whether follow-ups are written out, what becomes of unsupported statements.
        """
        self._library = library
        self._model = model
        self._fallback = fallback
        self._settings = settings or Settings()

    def answer(self, question: Question) -> Answer:
        """The whole answer."""
        *_, answer = self.stream(question)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: Question) -> Iterator[Piece | Answer]:
        """Statements as they are checked, then the answer; a model that fails in mid-answer leaves what stood until then.

        ``timings_ms["first"]`` is the time until the first statement could be shown.
        """
        started = time.perf_counter()
        if what_is_asked(question.text).about not in (None, "summary"):
            # Author, date, what a digest leaves out, where versions differ: code knows it for certain.
            yield from _pieces(self._fallback(question))
            return
        try:
            question = self._condensed(question)
        except ModelError as error:
            log.warning("%s; answered by quoting", error)
            yield from self._quote_instead(question, "model-failed")
            return
        passages = self._passages(question)
        retrieved = time.perf_counter()
        if not passages:
            yield from _pieces(self._fallback(question))
            return
        draft = Draft(ground(question, passages, self._settings.token_budget), self._library)
        failed = False
        try:
            for piece in self._written(draft):
                draft.first = draft.first or time.perf_counter()
                yield piece
        except ModelError as error:
            log.warning("%s", error)
            failed = True
        timings = {"retrieve": (retrieved - started) * 1000, "answer": (time.perf_counter() - retrieved) * 1000}
        if draft.stands:
            if self._settings.unsupported == "strike":
                yield from draft.strike_failed()
            timings["first"] = (draft.first - started) * 1000
            yield draft.answer(timings, phrase("model-stopped", question.language) if failed or draft.unfinished else "")
        elif draft.refused and not failed:
            yield from _pieces(_refusal(self._fallback(question), timings))
        else:
            yield from self._quote_instead(question, "model-failed" if failed or draft.unfinished else "model-unproved", timings)

    def _written(self, draft: Draft) -> Iterator[Piece]:
        """What stands of the model's reply, and of what it writes in the place of what does not."""
        reply = yield from self._round(draft, draft.grounding.messages())
        unread = bool(reply.strip()) and not draft.stands and not draft.refused
        if draft.full or not (draft.failed or unread):
            return
        failed, draft.failed = draft.failed, []
        again = draft.grounding.repair([(statement, verdict.reason) for statement, verdict in failed], reply)
        try:
            yield from self._round(draft, again)
        except ModelError as error:
            if not draft.stands:
                raise
            draft.failed = failed
            log.warning("%s; not mended", error)

    def _round(self, draft: Draft, messages: Sequence[Message]) -> Generator[Piece, None, str]:
        reader, reply = StatementReader(), ""
        for text in self._model.stream(messages, structured=True):
            reply += text
            for statement in reader.feed(text):
                piece = draft.add(statement)
                if piece is not None:
                    yield piece
            if draft.full:
                break
        draft.refused = draft.refused or reader.unanswerable
        draft.unfinished = reader.unfinished
        return reply

    def _passages(self, question: Question) -> list[Passage]:
        """What the search finds; for a summary, the article itself from its beginning."""
        hits = self._library.search(question.searched, k=PASSAGES, articles=question.articles)
        if hits and what_is_asked(question.text).about == "summary":
            article = self._library.article(hits[0].passage.article)
            version = min(article.versions, key=lambda v: (v.language != question.language, v.kind == "digest"))
            return [passage for passage in version.passages if passage.role in _TELLING] or [hit.passage for hit in hits]
        return [hit.passage for hit in hits]

    def _condensed(self, question: Question) -> Question:
        """A follow-up as the model writes it out; as ``conversation`` did where that is no better."""
        if not self._settings.condense or not question.follows:
            return question
        lines = visible(self._model.reply(condense(question))).strip().splitlines()
        searched = lines[0].strip("\"'“”* ") if len(lines) == 1 else ""
        if not searched or len(searched) > LONGEST_CONDENSED or searched[0] in "{[`":
            return question
        return replace(question, searched=searched, lent="")

    def _quote_instead(self, question: Question, why: str, timings: dict[str, float] | None = None) -> Iterator[Piece | Answer]:
        quoted = self._fallback(question)
        note = " ".join(part for part in (phrase(why, question.language), quoted.note) if part)
        yield from _pieces(replace(quoted, note=note, timings_ms={**quoted.timings_ms, **(timings or {})}))


def _pieces(answer: Answer) -> Iterator[Piece | Answer]:
    yield Piece(answer.text, answer.citations)
    yield answer


def _refusal(quoted: Answer, timings: dict[str, float]) -> Answer:
    """The model's refusal, with what the quoting answer found as the nearest."""
    if quoted.answered:
        nearest = tuple(replace(citation, nearest=True, highlight=None) for citation in quoted.citations)
        said = " ".join(f"{' '.join(citation.quote.split())} [{citation.marker}]" for citation in nearest)
        opening = f"{phrase('refusal', quoted.language)} {phrase('nearest', quoted.language)}"
        quoted = replace(quoted, answered=False, citations=nearest, text=f"{opening} {said}", confidence=0.0, note="")
    return replace(quoted, mode="generative", timings_ms={**quoted.timings_ms, **timings})
