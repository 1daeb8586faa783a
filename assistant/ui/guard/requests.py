"""Every request gets an id, a line in the log, and an end: what goes wrong is told to the log, and to the visitor only that it did."""

import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.logs import REQUEST
from assistant.ui.guard.refusal import refusal

log = logging.getLogger("doichieu.requests")


class RequestLog:
    """Logs who asked for which path and how it ended; never a question, a query or a body, which are the visitor's own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            # Nothing here speaks it, so nothing here has to be guarded against it.
            await send({"type": "websocket.close", "code": 1003})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, began, status = secrets.token_hex(8), time.monotonic(), 0
        token = REQUEST.set(request)

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            log.exception("a request failed")
            if not status:
                await broken(Request(scope), None)(scope, receive, send_with_id)
        finally:
            log.info(
                "request", extra={"fields": {**_facts(scope), "status": status, "ms": round((time.monotonic() - began) * 1000)}}
            )
            REQUEST.reset(token)


def broken(request: Request, error: Exception | None) -> Response:
    """What a visitor is told of an error that nobody foresaw: the number of the request, under which the log has it."""
    return refusal(request.scope, 500, "broken", request=REQUEST.get())


def _facts(scope: Scope) -> dict[str, str]:
    visitor = scope.get("state", {}).get("visitor")
    user = {"user": visitor.user} if visitor is not None and visitor.user else {}
    return {"client": visitor.address if visitor is not None else "", "method": scope["method"], "path": scope["path"], **user}
