"""The same questions for other programs' chat models, over the Model Context Protocol at ``/mcp``. Needs the extra ``mcp``."""

from typing import TYPE_CHECKING, Any

from fastapi.concurrency import run_in_threadpool

from assistant.rendering import answer_to_json, comparison_to_json, hit_to_json
from index.errors import MissingExtra

if TYPE_CHECKING:
    from assistant.engine import Assistant

MOST_HITS = 50


def build_tools(assistant: "Assistant") -> Any:
    """The server of the tools.

    Raises:
        MissingExtra: the extra is not installed.
    """
    try:
        from mcp.server.mcpserver import MCPServer
    except ImportError as error:
        raise MissingExtra("offering tools over MCP", "mcp") from error
    server, library = MCPServer("doichieu"), assistant.library

    @server.tool()
    async def ask(question: str, language: str | None = None, articles: list[str] | None = None) -> dict[str, Any]:
        """Answer a question about the articles; every sentence carries an exact quote with its counterpart in the other language.

        ``language`` is that of the answer, en or vi; ``articles`` are ids that the answer may use.
        """
        return answer_to_json(await run_in_threadpool(lambda: assistant.ask(question, language=language, articles=articles)))

    @server.tool()
    async def search(query: str, k: int = 10) -> dict[str, Any]:
        """The passages of the articles that fit a query best, in Vietnamese or English."""
        hits = await run_in_threadpool(lambda: library.search(query, k=min(max(k, 1), MOST_HITS)))
        return {"hits": [hit_to_json(hit) for hit in hits]}

    @server.tool()
    async def compare(article: str) -> dict[str, Any]:
        """Which sentences of an article's versions say the same, and where the versions differ."""
        return comparison_to_json(await run_in_threadpool(lambda: library.compare(article)))

    return server
