"""What happens in a conversation: a question is answered piece by piece, an answer is rated."""

import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answer import Answer, Citation, Piece
from assistant.feedback import Feedback
from assistant.ui.history import Turn, Turns
from index.language import detect_language

if TYPE_CHECKING:
    from assistant.engine import Assistant

EVERY = 0.05
"""Seconds between two states of a growing answer; a shorter time shows nobody more and costs every reader."""


def reply(
    assistant: "Assistant",
    question: str,
    turns: Turns,
    *,
    language: str | None = None,
    articles: Sequence[str] | None = None,
    stopped: str = "",
) -> Iterator[tuple[Turns, bool]]:
    """The conversation as it grows, and whether its last answer is whole.

    Args:
        assistant: answers.
        question: what is asked.
        turns: the conversation so far.
        language: of the answer; None takes the question's.
        articles: ids that the answer may use; None allows all.
        stopped: the note of an answer that is not whole, which stays if nobody waits for the rest.

    Raises:
        DoichieuError: the question cannot be asked, or an article is gone.
    """
    history = [(turn.question, turn.answer.text) for turn in turns]
    turn = Turn(secrets.token_hex(8), _unfinished(assistant, question, stopped), None if articles is None else tuple(articles))
    if assistant.settings.model:
        # A chat model thinks before it writes; quoting is done before anybody could see that it has begun.
        yield (*turns, turn), False
    shown = time.monotonic()
    for event in assistant.stream(question, history, language=language, articles=articles):
        if isinstance(event, Answer):
            yield (*turns, replace(turn, answer=event)), True
            return
        turn = replace(turn, answer=_grown(turn.answer, event))
        # What a model has said may be all for a while.
        if assistant.settings.model or time.monotonic() - shown >= EVERY:
            yield (*turns, turn), False
            shown = time.monotonic()


def _unfinished(assistant: "Assistant", question: str, note: str) -> Answer:
    return Answer(
        question=question.strip(),
        searched=question.strip(),
        language=detect_language(question),
        answered=True,
        mode="generative" if assistant.settings.model else "extractive",
        text="",
        citations=(),
        confidence=0.0,
        note=note,
    )


def _grown(answer: Answer, piece: Piece) -> Answer:
    known = {citation.marker for citation in answer.citations}
    added: tuple[Citation, ...] = tuple(citation for citation in piece.citations if citation.marker not in known)
    return replace(answer, text=answer.text + piece.text, citations=answer.citations + added)


def rated(turns: Turns, number: int, liked: bool, feedback: Feedback) -> Turns:
    """The conversation with an answer liked or disliked, which is kept; the same mark a second time takes it back.

    Raises:
        LibraryError: the rating cannot be kept.
    """
    turn = turns[number]
    if turn.liked is liked:
        feedback.take_back(turn.id)
        return (*turns[:number], replace(turn, liked=None), *turns[number + 1 :])
    history = [(earlier.question, earlier.answer.text) for earlier in turns[:number]]
    feedback.keep(turn.id, turn.answer, liked, history, turn.articles)
    return (*turns[:number], replace(turn, liked=liked), *turns[number + 1 :])
