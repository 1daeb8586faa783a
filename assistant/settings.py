"""Everything that can be set, in one place; the only reader of the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, cast

from index.errors import InputError

PREFIX = "DOICHIEU_"
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.I)


@dataclass(frozen=True, slots=True)
class Settings:
    """Values with their defaults; each can be set as ``DOICHIEU_<NAME>`` in the environment.

    Attributes:
        library: a bundle file, a folder of article files or a built library; empty for the articles that ship.
        store: where others share the vectors, as ``chroma+http://127.0.0.1:8000``; empty keeps them in the library's own folder.
        ray: ``HOST:PORT`` of a Ray cluster that reads and indexes what ``index add`` is given; empty for this machine alone.
        embedder: an embedding model's name or folder; empty for the model that ships.
        model: a chat model as ``provider:name``; empty answers by quoting alone.
        base_url: address of an OpenAI-compatible server for ``model``.
        timeout: seconds that one call of the chat model may take.
        retries: how often a call that failed for the moment (429, 5xx, no connection) is made again.
        token_budget: most tokens that one prompt may hold.
        concurrent_calls: most calls of the chat model at one time.
        condense: whether the chat model writes follow-up questions out before they are searched, which costs one more call.
        unsupported: what becomes of a statement that its quote does not support.
        host: address that ``serve`` listens on.
        port: port that ``serve`` listens on.
        allow_changes: whether visitors of the page may add and remove articles.
        max_upload_mb: largest file that a visitor may add, in MiB.
        hosts: names that ``serve`` answers to, with commas; empty: any, and on loopback this machine's own.
        proxies: addresses or networks of proxies that are believed when they say who asks, with commas.
        user_header: the header in which such a proxy names the user it has let in; nobody else comes in then.
        password_hash: of the password that ``serve`` asks for, as ``doichieu password`` makes it; empty asks for none.
        requests_per_minute: most questions and changes of one client; who sits at this machine is not counted.
        requests_at_once: most that are worked on; beyond it the server says that it is busy.
        mcp: whether ``serve`` also offers the tools over MCP.
        log_level: lowest level that is logged, to stderr.
    """

    library: str = ""
    store: str = ""
    ray: str = ""
    embedder: str = ""
    model: str = ""
    base_url: str = ""
    timeout: float = 60.0
    retries: int = 2
    token_budget: int = 6_000
    concurrent_calls: int = 4
    condense: bool = True
    unsupported: Literal["drop", "strike"] = "drop"
    host: str = "127.0.0.1"
    port: int = 7860
    allow_changes: bool = True
    max_upload_mb: int = 20
    hosts: str = ""
    proxies: str = ""
    user_header: str = ""
    password_hash: str = ""
    requests_per_minute: int = 120
    requests_at_once: int = 64
    mcp: bool = False
    log_level: str = "WARNING"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> "Settings":
        """The defaults, then the environment, then the overrides that are not None.

        Raises:
            InputError: a variable's value is not of the setting's type.
        """
        environ = os.environ if environ is None else environ
        found = {
            field.name: _parse(PREFIX + field.name.upper(), environ[PREFIX + field.name.upper()], getattr(cls(), field.name))
            for field in fields(cls)
            if environ.get(PREFIX + field.name.upper())
        }
        if found.get("unsupported", "drop") not in ("drop", "strike"):
            raise InputError(f"{PREFIX}UNSUPPORTED is {found['unsupported']!r}: use 'drop' or 'strike'")
        return replace(cls(**found), **{name: value for name, value in overrides.items() if value is not None})


def _parse(name: str, text: str, default: object) -> Any:
    if isinstance(default, bool):
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off"):
            return False
        raise InputError(f"{name} is {text!r}: use 1 or 0")
    kind = cast("type[Any]", type(default))
    try:
        return kind(text)
    except ValueError:
        raise InputError(f"{name} is {text!r}: it must be a {'whole number' if kind is int else 'number'}") from None


def secret_values(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Values of the environment that no log may hold: keys, tokens, passwords."""
    environ = os.environ if environ is None else environ
    return tuple(value for name, value in environ.items() if _SECRET.search(name) and len(value) >= 8)
