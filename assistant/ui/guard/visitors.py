"""Who asks: the address that a request came from, or what a trusted proxy says of it, and the user whom that proxy has let in."""

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.ui.guard.refusal import refusal
from index.errors import InputError

if TYPE_CHECKING:
    from assistant.settings import Settings

_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
OPEN = ("/healthz",)
"""Paths that a supervisor may ask for without being anybody."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks.

    Attributes:
        address: of the client, as far as it can be believed; empty where there is none.
        user: whom a trusted proxy, or the password, has let in; empty for anybody.
        is_here: whether the client sits at this machine: it came over loopback, and not through a proxy.
    """

    address: str
    user: str = ""
    is_here: bool = False

    @property
    def client(self) -> str:
        """What limits count by: the address, or the network that one household has of IPv6."""
        try:
            parsed = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        return self.address if parsed.version == 4 else str(ipaddress.ip_network(f"{parsed}/64", strict=False))


def user_of(request: Request) -> str | None:
    """The user of a request, for Gradio's ``auth_dependency``; None turns the visitor away."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return visitor.user or None if visitor is not None else None


class Visitors:
    """Puts a ``Visitor`` into the request's state; turns away whom the proxy has not let in, where a proxy has to."""

    def __init__(self, app: ASGIApp, settings: "Settings") -> None:
        """Set up.

        Raises:
            InputError: ``proxies`` holds no address, or users are to be named by proxies and none is trusted.
        """
        self._app = app
        try:
            self._proxies = [ipaddress.ip_network(part.strip()) for part in settings.proxies.split(",") if part.strip()]
        except ValueError as error:
            raise InputError(f"DOICHIEU_PROXIES is {settings.proxies!r}: {error}") from None
        self._header = settings.user_header.lower()
        if self._header and not self._proxies:
            raise InputError(
                "DOICHIEU_USER_HEADER needs DOICHIEU_PROXIES: anybody could write that header, only a trusted proxy may"
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            visitor = self._visitor(scope)
            scope.setdefault("state", {})["visitor"] = visitor
            if self._header and not visitor.user and scope["path"] not in OPEN:
                await refusal(scope, 401, "sign_in")(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _visitor(self, scope: Scope) -> Visitor:
        peer = scope["client"][0] if scope.get("client") else ""
        headers = Headers(scope=scope)
        if not self._is_proxy(peer):
            return Visitor(peer, is_here=_is_loopback(peer) and not any(name in headers for name in _FORWARDED))
        if headers.get("x-forwarded-proto") in ("http", "https"):
            scope["scheme"] = headers["x-forwarded-proto"]
        # Each proxy adds the address that it was asked from; what stands before the last stranger was written by him.
        chain = [part.strip() for value in headers.getlist("x-forwarded-for") for part in value.split(",")]
        address = next((hop for hop in reversed(chain) if not self._is_proxy(hop)), peer)
        return Visitor(address, user=headers.get(self._header, "") if self._header else "")

    def _is_proxy(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._proxies)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
