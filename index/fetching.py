"""Articles from the web, without letting a link reach into the machine's own network.

A link is data that anybody can write, so each one is checked as a request by a stranger: http or https on their own ports,
one look-up of the name, every address of it public once the forms that hide an IPv4 address are unwrapped, and a connection
to exactly the address that was checked. Redirects start again from the first check.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from index.errors import InputError

Resolver = Callable[[str, int], list[str]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_V4_COMPATIBLE = ipaddress.ip_network("::/96")
# Python calls a few addresses of this block global; all of it is for protocols, none of it for web sites.
_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")


class RefusedLink(InputError):
    """A link that may not be followed, or that did not give an article within the limits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one link may cost.

    Attributes:
        ports: of the servers that may be asked.
        redirects: how many may be followed.
        size: of the page in bytes, after decompression.
        seconds: for everything, redirects included.
        types: content types that may hold an article.
    """

    ports: tuple[int, ...] = (80, 443)
    redirects: int = 3
    size: int = 10 * 2**20
    seconds: float = 20.0
    types: tuple[str, ...] = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf")


@dataclass(frozen=True, slots=True)
class Page:
    """What a link gave. ``url`` is where the last redirect led."""

    url: str
    content_type: str
    data: bytes = field(repr=False)


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host name, as the system's resolver gives them."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def hidden_addresses(address: Address) -> list[Address]:
    """The address itself and whatever IPv4 addresses it carries: mapped, compatible, 6to4, Teredo (both ends), NAT64."""
    found: list[Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.ipv4_mapped is not None:
            return [address.ipv4_mapped]
        if address in _NAT64 or address in _V4_COMPATIBLE:
            return [low]
        if address.sixtofour is not None:
            found.append(address.sixtofour)
        if address.teredo is not None:
            found.extend(address.teredo)
    return found


def is_public(address: str) -> bool:
    """Whether an address, and every address hidden in it, belongs to the public internet."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return all(a.is_global and not a.is_multicast and not a.is_reserved and a not in _PROTOCOLS for a in hidden_addresses(parsed))


class Fetcher:
    """Follows links under limits. ``resolver`` and ``allowed`` are given by tests that must reach a server on loopback."""

    def __init__(
        self, limits: Limits | None = None, *, resolver: Resolver = resolve, allowed: Callable[[str], bool] = is_public
    ) -> None:
        self._limits = limits or Limits()
        self._resolver = resolver
        self._allowed = allowed

    def fetch(self, url: str) -> Page:
        """The page behind a link.

        Raises:
            RefusedLink: the link, an address behind it, a redirect, the type, the size or the time is not allowed,
                or the server failed.
        """
        deadline = time.monotonic() + self._limits.seconds
        for _ in range(self._limits.redirects + 1):
            target = self._check(url)
            try:
                answer = self._request(target, deadline)
            except (OSError, http.client.HTTPException, zlib.error) as error:
                late = time.monotonic() >= deadline
                raise RefusedLink(f"{url}: {'took too long' if late else error or type(error).__name__}") from error
            if isinstance(answer, Page):
                return answer
            url = urljoin(url, answer)
        raise RefusedLink(f"{url}: more than {self._limits.redirects} redirects")

    def _check(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise RefusedLink(f"{url!r} is not a link: {error}") from None
        if any(ord(c) <= 32 or c == "\\" for c in url):
            raise RefusedLink(f"{url!r} is not a link: it holds a space, a control character or a backslash")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RefusedLink(f"{url}: only http and https links are followed")
        if parts.username is not None or parts.password is not None:
            raise RefusedLink(f"{url}: links with a user name or password are not followed")
        if (port or _default_port(parts)) not in self._limits.ports:
            raise RefusedLink(f"{url}: port {port} is not one of {', '.join(map(str, self._limits.ports))}")
        return parts

    def _address(self, parts: SplitResult) -> str:
        host, port = str(parts.hostname), parts.port or _default_port(parts)
        addresses = self._resolver(host.encode("idna").decode() if not host.isascii() else host, port)
        refused = [address for address in addresses if not self._allowed(address)]
        if refused or not addresses:
            # The address itself is not named: an error that a visitor sees must not map the network.
            raise RefusedLink(f"{parts.geturl()}: {host} is not on the public internet")
        return addresses[0]

    def _request(self, parts: SplitResult, deadline: float) -> "Page | str":
        """One request to the address that was checked: a page, or where it redirects to."""
        _in_time(deadline)
        remaining = deadline - time.monotonic()
        connection = _pinned(parts, self._address(parts), remaining)
        connection.connect()
        # A server may send a byte now and then for ever; a socket's own time-out starts anew with each.
        watchdog = threading.Timer(remaining, _hang_up, (connection,))
        watchdog.daemon = True
        watchdog.start()
        try:
            path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
            connection.request("GET", path, headers={"Accept-Encoding": "gzip", "User-Agent": "doichieu", "Connection": "close"})
            response = connection.getresponse()
            _in_time(deadline)
            if response.status in (301, 302, 303, 307, 308) and response.getheader("Location"):
                return str(response.getheader("Location"))
            if response.status != 200:
                raise RefusedLink(f"{parts.geturl()}: the server answered {response.status} {response.reason}")
            kind = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
            if kind not in self._limits.types:
                raise RefusedLink(f"{parts.geturl()}: {kind or 'no content type'} is not an article")
            data = self._read(parts.geturl(), response)
            _in_time(deadline)
            return Page(parts.geturl(), response.getheader("Content-Type", ""), data)
        finally:
            watchdog.cancel()
            connection.close()

    def _read(self, url: str, response: http.client.HTTPResponse) -> bytes:
        coding = response.getheader("Content-Encoding", "identity").strip().lower()
        if coding not in ("identity", "gzip", "x-gzip", "deflate"):
            raise RefusedLink(f"{url}: the content encoding {coding!r} is not understood")
        unpack = zlib.decompressobj(47) if coding != "identity" else None
        data = bytearray()
        while chunk := response.read(65_536):
            room = self._limits.size - len(data) + 1
            data += unpack.decompress(chunk, room) if unpack else chunk
            if len(data) > self._limits.size:
                raise RefusedLink(f"{url}: larger than {self._limits.size // 2**20} MiB")
        return bytes(data)


def _default_port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _pinned(parts: SplitResult, address: str, timeout: float) -> http.client.HTTPConnection:
    """A connection for the link's host that goes to one address, whatever the name says a moment later."""
    host, port = str(parts.hostname), parts.port or _default_port(parts)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)

    def connect_to(_: tuple[str, int], *arguments: object, **options: object) -> socket.socket:
        return socket.create_connection((address, port), timeout)

    # http.client makes its socket through this attribute, and wraps it in TLS for the host's name afterwards.
    connection._create_connection = connect_to  # type: ignore[attr-defined]
    return connection


def _in_time(deadline: float) -> None:
    """A connection that was hung up on looks like an answer that ended early, so the clock decides."""
    if time.monotonic() >= deadline:
        raise TimeoutError


def _hang_up(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        connection.sock.shutdown(socket.SHUT_RDWR)
