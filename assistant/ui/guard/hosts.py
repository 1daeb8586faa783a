"""A request must name this server and come from its own page.

Any page that a browser shows can send requests to a server on the same machine: under a foreign name that leads here (DNS rebinding), or straight (a
forged form). A browser says which name it asked for and which site its page is of, and a page cannot change either.
"""

from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.ui.guard.refusal import refusal

if TYPE_CHECKING:
    from assistant.settings import Settings

LOOPBACK = ("localhost", "127.0.0.1", "::1")
READING = ("GET", "HEAD", "OPTIONS")


class Hosts:
    """Refuses requests under a name that is not ours, and changes that another site's page asks for."""

    def __init__(self, app: ASGIApp, settings: "Settings") -> None:
        self._app = app
        named = [name.strip().lower() for name in settings.hosts.split(",") if name.strip()]
        # On an open address any name may lead here, unless the settings say which.
        self._names = frozenset((*named, *LOOPBACK)) if named or settings.host in LOOPBACK else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            host = _name(headers.get("host", ""))
            if self._names is not None and host not in self._names:
                await refusal(scope, 421, "foreign_host")(scope, receive, send)
                return
            if scope["method"] not in READING and not _is_own(headers, host):
                await refusal(scope, 403, "foreign_site")(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_own(headers: Headers, host: str) -> bool:
    """Whether a request that changes something comes from our page, or from no page at all."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or _name(origin.partition("://")[2]) == host


def _name(host: str) -> str:
    """A host without its port."""
    host = host.strip().lower()
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
