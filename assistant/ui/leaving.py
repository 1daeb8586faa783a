"""Work for a visitor ends when nobody waits for it any more: a client that hung up, a browser whose page was closed."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.chat_model import READER_LEFT

T = TypeVar("T")

MOST_SESSIONS = 10_000
_sessions: dict[str, threading.Event] = {}
"""For each of Gradio's sessions with an open stream of answers, what is set when that stream ends."""


async def while_waited_for(request: Request, work: Callable[[], T]) -> T:
    """What ``work`` gives, done in a thread. When the client has gone, calls of a chat model in it end.

    Raises whatever ``work`` raises.
    """
    left = threading.Event()

    def attended() -> T:
        READER_LEFT.set(left)
        return work()

    running = asyncio.ensure_future(run_in_threadpool(attended))
    watching = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({running, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            left.set()
        return await running
    finally:
        left.set()
        watching.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def while_page_is_open(events: Iterator[T]) -> Iterator[T]:
    """The events of a generator that Gradio runs; when the page that asked for them is closed, calls of a chat model in it end."""
    from gradio.context import LocalContext

    request = LocalContext.request.get()
    left = _session(request.session_hash or "") if request is not None else threading.Event()
    # Gradio takes each event in a context of its own.
    READER_LEFT.set(left)
    for event in events:
        yield event
        READER_LEFT.set(left)


def _session(name: str) -> threading.Event:
    if len(_sessions) > MOST_SESSIONS:
        _sessions.clear()
    return _sessions.setdefault(name, threading.Event())


class Sessions:
    """ASGI middleware that notices when the stream of answers of one of Gradio's sessions ends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or not scope["path"].endswith("/queue/data"):
            await self._app(scope, receive, send)
            return
        name = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[0]
        left = _session(name)
        try:
            await self._app(scope, receive, send)
        finally:
            left.set()
            if _sessions.get(name) is left:
                del _sessions[name]
