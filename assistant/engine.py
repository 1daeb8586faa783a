"""The assistant: a question and a library in, a cited answer or its pieces out."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Piece, Question
from assistant.conversation import followed, lent, standalone
from assistant.extractive import ExtractiveAnswerer
from assistant.settings import Settings
from assistant.spelling import SPELT, speller_of
from index.embedding import load_embedder
from index.errors import QuestionError, UnknownArticle
from index.language import detect_language
from index.library import Library

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable
    from langchain_core.tools import BaseTool

    from assistant.chat_model import ChatModel
    from assistant.generative import GenerativeAnswerer

LONGEST_QUESTION = 4_000
"""Characters; a longer text is no question, and is refused with one clear line."""

History = Sequence[tuple[str, str] | list[str]]


class Assistant:
    """Answers questions about the articles of one library, with every sentence proved by a quote."""

    def __init__(self, library: Library, settings: Settings | None = None) -> None:
        self.library = library
        self.settings = settings or Settings()
        self._extractive = ExtractiveAnswerer(library)
        self._speller = speller_of(library)
        self._model = self._open_model() if self.settings.model else None
        self._generative = self._build_generative(self._model) if self._model else None

    @classmethod
    def open(cls, library: str | Path | None = None, *, settings: Settings | None = None, create: bool = False) -> "Assistant":
        """Open a bundle file, a folder of article files or a built library; None opens the articles that ship.

        Args:
            library: where the articles are; overrides ``settings.library``.
            settings: defaults to what the environment sets.
            create: make the folder a built library, so that the next opening is instant.

        Raises:
            InputError: there are no articles at that place.
            LibraryError: the library there cannot be opened.
            MissingExtra: the chat model's provider is not installed.
        """
        settings = settings or Settings.from_env()
        embedder = load_embedder(settings.embedder or None)
        place = library or settings.library or None
        return cls(Library.open(place, create=create, embedder=embedder, store=settings.store), settings)

    def ask(
        self,
        question: str,
        history: History = (),
        *,
        language: str | None = None,
        articles: Sequence[str] | None = None,
        explain: bool = False,
    ) -> Answer:
        """Answer a question.

        Args:
            question: what is asked, in any language, with or without diacritics; at most 4,000 characters.
            history: earlier ``(question, answer)`` pairs, oldest first.
            language: of the answer; None takes the question's.
            articles: ids that the answer may use; None allows all.
            explain: give the features behind each citation in ``Answer.explanation``.

        Raises:
            QuestionError: the question is empty or too long.
            UnknownArticle: an id in ``articles`` is not in the library.
        """
        started = time.perf_counter()
        asked = self._question(question, history, language, articles)
        if self._generative is not None:
            return _timed(self._generative.answer(asked), started)
        return _timed(self._extractive.answer(asked, explain=explain), started)

    def stream(
        self,
        question: str,
        history: History = (),
        *,
        language: str | None = None,
        articles: Sequence[str] | None = None,
    ) -> Iterator[Piece | Answer]:
        """The pieces of the answer as they are ready, then the whole answer. Takes and raises what ``ask`` does."""
        started = time.perf_counter()
        asked = self._question(question, history, language, articles)
        if self._generative is not None:
            for event in self._generative.stream(asked):
                yield _timed(event, started) if isinstance(event, Answer) else event
            return
        answer = self._extractive.answer(asked)
        yield from _pieces(answer)
        yield _timed(answer, started)

    @property
    def quoting(self) -> "Assistant":
        """This assistant without its chat model, which would have to be paid and waited for."""
        return self if self._generative is None else Assistant(self.library)

    def suggest(self, article: str, language: str) -> list[str]:
        """Questions that the chat model would ask of an article and that the article answers; none without a chat model, or when it fails.

        Raises:
            UnknownArticle: there is no such article.
        """
        from assistant.suggestions import suggest_questions

        if self._model is None:
            return []
        versions, quoting = self.library.article(article).versions, self.quoting
        version = next((version for version in versions if version.language == language), versions[0])
        return suggest_questions(version, language, self._model, lambda asked: quoting.ask(asked, articles=[article]).answered)

    def as_runnable(self) -> "Runnable[Any, Answer]":
        """This assistant as a LangChain runnable: a question (or a dict with ``question`` and ``history``) in, an Answer out."""
        from assistant.langchain_surface import as_runnable

        return as_runnable(self)

    def as_tool(self) -> "BaseTool":
        """This assistant as a LangChain tool for agents: the answer's text as content, the Answer as artifact."""
        from assistant.langchain_surface import as_tool

        return as_tool(self)

    def close(self) -> None:
        """Give back the library's files."""
        self.library.close()

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _question(self, text: str, history: History, language: str | None, articles: Sequence[str] | None) -> Question:
        text = text.strip()
        if not text:
            raise QuestionError("the question is empty: write what you would like to know")
        if len(text) > LONGEST_QUESTION:
            raise QuestionError(f"the question has {len(text):,} characters: ask in at most {LONGEST_QUESTION:,}")
        if articles is not None:
            known = set(self.library.articles())
            for name in articles:
                if name not in known:
                    raise UnknownArticle(f"no article {name!r} in this library: `doichieu index list` shows what there is")
        turns = tuple((str(asked), str(answered)) for asked, answered in history)
        spoken = detect_language(text, default=detect_language(turns[-1][0]) if turns else "en")
        mended = self._speller.mend(text, spoken) if spoken in SPELT else text
        added = lent(mended, turns)
        return Question(
            text=text,
            searched=standalone(mended, added),
            language=language or spoken,
            history=turns,
            articles=None if articles is None else tuple(articles),
            follows=followed(mended, turns),
            lent=added,
        )

    def _open_model(self) -> "ChatModel":
        from assistant.chat_model import ChatModel

        return ChatModel.open(self.settings)

    def _build_generative(self, model: "ChatModel") -> "GenerativeAnswerer":
        from assistant.generative import GenerativeAnswerer

        return GenerativeAnswerer(self.library, model, self._extractive.answer, self.settings)


def _timed(answer: Answer, started: float) -> Answer:
    return replace(answer, timings_ms={**answer.timings_ms, "total": (time.perf_counter() - started) * 1000})


def _pieces(answer: Answer) -> Iterator[Piece]:
    """Cut an answer behind its markers, so that each piece brings the citations it shows."""
    rest = answer.text
    for citation in answer.citations:
        head, marker, tail = rest.partition(f"[{citation.marker}]")
        if not marker:
            continue
        yield Piece(head + marker, (citation,))
        rest = tail
    if rest:
        yield Piece(rest)
