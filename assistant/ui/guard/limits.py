"""Limits on what one visitor may ask for, and on what all may ask for at once; beyond them the server says that it is busy instead of slowing down."""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.guard.hosts import READING
from assistant.ui.guard.refusal import refusal, too_often

if TYPE_CHECKING:
    from assistant.settings import Settings

LARGEST_REQUEST = 4 * 2**20
"""Bytes of a request that brings no file: a question with the whole conversation, quotes and all."""
SECONDS_TO_SEND = 60.0
"""For a whole request body; a client that drips it in would hold a place for ever."""
MOST_CLIENTS = 10_000
"""Clients whose requests are counted; beyond it those are forgotten that have asked for nothing lately."""


class RateLimit:
    """A bucket of requests for each client that fills up again by the minute (token bucket). A quarter of a minute's may come at once."""

    def __init__(self, a_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._room, self._now = a_minute / 60, max(1.0, a_minute / 4), now
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, client: str) -> float:
        """0 if the client may go on, else the seconds until it may."""
        now = self._now()
        left, seen = self._buckets.get(client, (self._room, now))
        # A clock that goes back brings nothing and takes nothing.
        left = min(self._room, left + max(0.0, now - seen) * self._rate)
        self._buckets[client] = (max(0.0, left - 1), now) if left >= 1 else (left, now)
        if len(self._buckets) > MOST_CLIENTS:
            self._forget(now)
        return 0.0 if left >= 1 else (1 - left) / self._rate

    def _forget(self, now: float) -> None:
        """Forget clients whose buckets are full again; if there are none, everybody."""
        busy = {name: b for name, b in self._buckets.items() if b[0] + (now - b[1]) * self._rate < self._room}
        self._buckets = busy if len(busy) < MOST_CLIENTS else {}


class Limits:
    """Refuses work beyond the limits: 413 and 408 for a request too large or too slow, 429 for a client too eager, 503 when all are too many.

    Work is what costs more than reading a file: changes, questions, searches, comparisons.
    """

    def __init__(self, app: ASGIApp, settings: "Settings") -> None:
        self._app = app
        self._rate = RateLimit(settings.requests_per_minute)
        self._most = settings.requests_at_once
        self._largest_file = settings.max_upload_mb * 2**20
        self._at_work = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_work(scope):
            await self._app(scope, receive, send)
            return
        visitor = scope["state"]["visitor"]
        # Who sits at this machine could take its processor in other ways.
        wait = 0.0 if visitor.is_here else self._rate.take(visitor.user or visitor.client)
        if wait:
            await too_often(scope, wait)(scope, receive, send)
            return
        if self._at_work >= self._most:
            # Gradio's script shows words of its own, in English, for a 503.
            status = 429 if "/gradio_api/" in scope["path"] else 503
            await refusal(scope, status, "busy", headers={"retry-after": "2"})(scope, receive, send)
            return
        self._at_work += 1
        try:
            await _Measured(self._app, self._largest(scope)).answer(scope, receive, send)
        finally:
            self._at_work -= 1

    def _largest(self, scope: Scope) -> int:
        brings_file = scope["method"] == "PUT" or scope["path"].endswith("/upload")
        # A form around a file is a little larger than the file.
        return self._largest_file + 64 * 2**10 if brings_file else LARGEST_REQUEST


class _Refused(Exception):
    """The body is too large, or too slow in coming."""


class _Measured:
    """One request whose body is measured as it comes in."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app, self._largest = app, largest
        self._size, self._whole, self._deadline = 0, False, time.monotonic() + SECONDS_TO_SEND
        self._why: tuple[int, str] | None = None

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = False

        async def send_unless_refused(message: Message) -> None:
            # Whatever the application makes of a body that broke off, the refusal is the answer.
            nonlocal began
            if self._why is None or began:
                began = True
                await send(message)

        async def measured() -> Message:
            return await self._measure(receive)

        try:
            if int(Headers(scope=scope).get("content-length") or 0) > self._largest:
                self._why = (413, "too_large")
            else:
                await self._app(scope, measured, send_unless_refused)
        except _Refused:
            pass
        except ValueError:
            if self._why is None:
                raise
        if self._why is not None and not began:
            status, why = self._why
            await refusal(scope, status, why, headers={"connection": "close"}, mb=max(1, self._largest // 2**20))(
                scope, receive, send
            )

    async def _measure(self, receive: Receive) -> Message:
        if self._whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, self._deadline - time.monotonic()))
        except TimeoutError:
            self._why = (408, "too_slow")
            raise _Refused from None
        self._size += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._size > self._largest:
            self._why = (413, "too_large")
            raise _Refused
        return message


def _is_work(scope: Scope) -> bool:
    path = scope["path"]
    return scope["method"] not in READING or path.startswith("/search") or path.endswith("/compare")
