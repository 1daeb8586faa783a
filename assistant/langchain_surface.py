"""The assistant as LangChain parts: a runnable, a tool, and messages whose citations any LangChain program can read."""

from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage
from langchain_core.messages.content import create_citation, create_text_block
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tools import BaseTool, StructuredTool

from assistant.answer import Answer, Citation

if TYPE_CHECKING:
    from assistant.engine import Assistant


def as_runnable(assistant: "Assistant") -> Runnable[Any, Answer]:
    """A question, or a dict of ``question`` and what else ``ask`` takes, in; an ``Answer`` out."""

    def ask(value: str | dict[str, Any]) -> Answer:
        if isinstance(value, str):
            return assistant.ask(value)
        given = dict(value)
        return assistant.ask(given.pop("question"), given.pop("history", ()), **given)

    return RunnableLambda(ask, name="doichieu")


def as_tool(assistant: "Assistant") -> BaseTool:
    """A tool that agents call with a question: the answer's text is the content, the ``Answer`` the artifact."""

    def search_articles(question: str) -> tuple[str, Answer]:
        answer = assistant.ask(question)
        quotes = "\n".join(f"[{c.marker}] {c.quote} ({c.file} {c.start}-{c.end})" for c in answer.citations)
        return f"{answer.text}\n{quotes}", answer

    return StructuredTool.from_function(
        search_articles,
        name="ask_articles",
        description="Answer a question from the news articles at hand, with exact quotes. Says so when they do not tell.",
        response_format="content_and_artifact",
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
