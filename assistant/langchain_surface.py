"""The assistant as LangChain parts: a runnable, a tool, and messages whose citations any LangChain program can read."""

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage
from langchain_core.messages.content import create_citation, create_text_block
from langchain_core.runnables import Runnable, RunnableLambda, run_in_executor
from langchain_core.tools import BaseTool, StructuredTool, ToolException

from assistant.answer import Answer, Citation, Piece
from index.errors import InputError

if TYPE_CHECKING:
    from assistant.engine import Assistant


def as_runnable(assistant: "Assistant") -> Runnable[Any, Answer]:
    """A question, or a dict of ``question`` and what else ``ask`` takes, in; an ``Answer`` out.

    ``stream`` and ``astream`` give the pieces of the answer as they are ready, and the ``Answer`` last; what stands behind the runnable in a
    chain gets the ``Answer``.
    """

    def pieces(value: str | dict[str, Any]) -> Iterator[Piece | Answer]:
        given: dict[str, Any] = {"question": value} if isinstance(value, str) else dict(value or {})
        if not isinstance(given.get("question"), str):
            raise InputError("the runnable takes a question, or a dict with 'question' and what else ask() takes")
        yield from assistant.stream(given.pop("question"), given.pop("history", ()), **given)

    async def pieces_in_time(value: str | dict[str, Any]) -> AsyncIterator[Piece | Answer]:
        waiting = pieces(value)
        while (piece := await run_in_executor(None, next, waiting, None)) is not None:
            yield piece

    # LangChain adds up what a generator yields; pieces and answers cannot be added, and so it takes the last, the answer.
    return RunnableLambda(pieces, pieces_in_time, name="doichieu")


def as_tool(assistant: "Assistant") -> BaseTool:
    """A tool that agents call with a question: the answer's text with its quotes is the content, the ``Answer`` the artifact.

    What is wrong with a question is told to the agent, as the content of the tool's message.
    """

    def ask_articles(question: str) -> tuple[str, Answer]:
        try:
            answer = assistant.ask(question)
        except InputError as error:
            raise ToolException(str(error)) from error
        quotes = "\n".join(f"[{c.marker}] {c.quote} ({c.file} {c.start}-{c.end})" for c in answer.citations)
        return f"{answer.text}\n{quotes}", answer

    return StructuredTool.from_function(
        ask_articles,
        name="ask_articles",
        description="Answer a question from the news articles at hand, with exact quotes. Says so when they do not tell.",
        response_format="content_and_artifact",
        handle_tool_error=True,
    )


def answer_to_message(answer: Answer) -> AIMessage:
    """The answer as a message; each marker carries a citation annotation whose extras say where the quote stands in its file."""
    annotations = [_annotation(answer, citation) for citation in answer.citations]
    return AIMessage(content_blocks=[create_text_block(answer.text, annotations=annotations)])


def _annotation(answer: Answer, citation: Citation) -> Any:
    marker = f"[{citation.marker}]"
    at = max(answer.text.find(marker), 0)
    return create_citation(
        title=citation.article,
        start_index=at,
        end_index=at + len(marker),
        cited_text=citation.quote,
        article=citation.article,
        version=citation.version,
        file=citation.file,
        source_start=citation.start,
        source_end=citation.end,
        status=citation.status,
    )
