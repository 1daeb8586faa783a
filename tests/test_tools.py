"""The tools as another program's model calls them: over real HTTP, by the protocol's own client."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from samples import BUNDLE

from assistant import Assistant
from assistant.settings import Settings

pytest.importorskip("mcp")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import uvicorn

    from assistant.ui.web import build_app

    place = tmp_path_factory.mktemp("news") / "bridge.txt"
    place.write_text(BUNDLE, encoding="utf-8")
    with Assistant.open(place, settings=Settings(mcp=True)) as assistant:
        server = uvicorn.Server(uvicorn.Config(build_app(assistant), port=0, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            thread.join(0.05)
            assert thread.is_alive()
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/mcp"
        server.should_exit = True
        thread.join(20)


@pytest.mark.slow
def test_a_model_of_another_program_asks_searches_and_compares(address: str) -> None:
    from mcp.client import Client

    async def use() -> tuple[set[str], Any, Any]:
        async with Client(address) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            answer = await client.call_tool("ask", {"question": "How much did the bridge cost?"})
            wrong = await client.call_tool("compare", {"article": "nothing"})
            return names, answer, wrong

    names, answer, wrong = asyncio.run(use())
    assert names == {"ask", "search", "compare"}
    citation = answer.structured_content["citations"][0]
    assert BUNDLE[citation["start"] : citation["end"]] == citation["quote"]
    assert wrong.is_error
