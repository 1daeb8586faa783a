"""One password for everybody, where one is set: asked for by the browser, stored as a hash that is slow to try.

``doichieu password`` makes the hash. What is behind it is for a few people who know each other; users with names of their own come from a proxy.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.ui.guard.limits import RateLimit
from assistant.ui.guard.refusal import refusal, too_often
from assistant.ui.guard.visitors import OPEN
from index.errors import InputError

if TYPE_CHECKING:
    from assistant.settings import Settings

COST, BLOCK, LANES = 2**15, 8, 1
"""scrypt's parameters: about a tenth of a second and 32 MB for one try."""
TRIES = 20
"""Passwords that one client may try in a minute."""
USER = "reader"


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A salted scrypt hash, written as ``scrypt:cost:block:lanes:salt:hash`` with the last two in base64."""

    cost: int
    block: int
    lanes: int
    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str) -> "PasswordHash":
        """Hash a password under a salt of its own."""
        fresh = cls(COST, BLOCK, LANES, secrets.token_bytes(16), b"")
        return replace(fresh, digest=fresh._try(password))

    @classmethod
    def parse(cls, text: str) -> "PasswordHash":
        """Read what ``str`` wrote. Raises ``InputError`` for anything else."""
        try:
            name, cost, block, lanes, salt, digest = text.split(":")
            found = cls(
                int(cost), int(block), int(lanes), base64.b64decode(salt, validate=True), base64.b64decode(digest, validate=True)
            )
            if name != "scrypt" or len(found.digest) != 32 or not found.salt:
                raise ValueError(name)
            return found
        except ValueError:
            raise InputError("DOICHIEU_PASSWORD_HASH is no hash that `doichieu password` made") from None

    def __str__(self) -> str:
        salt, digest = (base64.b64encode(part).decode() for part in (self.salt, self.digest))
        return f"scrypt:{self.cost}:{self.block}:{self.lanes}:{salt}:{digest}"

    def matches(self, password: str) -> bool:
        """Whether this is the password; takes the same time for every wrong one."""
        return hmac.compare_digest(self._try(password), self.digest)

    def _try(self, password: str) -> bytes:
        memory = 128 * self.cost * self.block * self.lanes + 2**20
        return hashlib.scrypt(password.encode(), salt=self.salt, n=self.cost, r=self.block, p=self.lanes, maxmem=memory, dklen=32)


class Password:
    """Asks for the password by HTTP's basic scheme, on every path but ``OPEN``."""

    def __init__(self, app: ASGIApp, settings: "Settings") -> None:
        """Set up. Raises ``InputError`` if the hash in the settings is none."""
        self._app = app
        self._hash = PasswordHash.parse(settings.password_hash) if settings.password_hash else None
        self._known = b""
        self._secret = secrets.token_bytes(32)
        # One try at a time: guessing costs this server no more memory than one guess.
        self._turn = asyncio.Lock()
        self._tries = RateLimit(TRIES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._hash is not None and scope["path"] not in OPEN:
            given = _given(Headers(scope=scope).get("authorization", ""))
            if (
                given is not None
                and not self._is_remembered(given)
                and (wait := self._tries.take(scope["state"]["visitor"].client))
            ):
                await too_often(scope, wait)(scope, receive, send)
                return
            if given is None or not await self._is_right(given):
                asking = {"www-authenticate": 'Basic realm="Doichieu", charset="UTF-8"'}
                await refusal(scope, 401, "sign_in", headers=asking)(scope, receive, send)
                return
            state = scope.setdefault("state", {})
            state["visitor"] = replace(state["visitor"], user=state["visitor"].user or USER)
        await self._app(scope, receive, send)

    def _is_remembered(self, password: str) -> bool:
        """Whether this password was right before: known by a keyed hash, at once."""
        return hmac.compare_digest(self._mark(password), self._known)

    async def _is_right(self, password: str) -> bool:
        if self._is_remembered(password):
            return True
        async with self._turn:
            if self._hash is None or not await asyncio.to_thread(self._hash.matches, password):
                return False
            self._known = self._mark(password)
        return True

    def _mark(self, password: str) -> bytes:
        return hmac.digest(self._secret, password.encode(), "sha256")


def _given(authorization: str) -> str | None:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return None
