"""A store's address → the store: what a library's vectors are kept in when they are not in its own folder."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from index.errors import InputError
from index.legs import Legs
from index.vectors import VectorStore

FORMS = "chroma+http://HOST:PORT, milvus+http://HOST:PORT or milvus+file:PATH.db"
PORTS = {"chroma": 8000, "milvus": 19530}


class SharedStore(VectorStore, Protocol):
    """A store that several processes, on one machine or on many, search together. It notes itself how far it has come."""

    def reached(self) -> int:
        """The generation of the catalogue that was noted last; 0 if none was."""
        ...

    def note(self, generation: int) -> None:
        """Say that everything up to this generation of the catalogue is in."""
        ...

    def clear(self) -> None:
        """Remove everything that is kept under this library's name, and nothing else."""
        ...


class Engine(SharedStore, Protocol):
    """A shared store that searches words too."""

    def legs(self) -> Mapping[str, Legs]:
        """Both legs of the search, for each language."""
        ...


def open_store(address: str, name: str) -> SharedStore:
    """The store at an address.

    Args:
        address: as ``chroma+http://127.0.0.1:8000``; a user and a password may stand before the host.
        name: the library's, in letters and digits: what it keeps in the store begins with it.

    Raises:
        InputError: the address is none.
        MissingExtra: the store's client is not installed.
        LibraryError: nothing answers there.
    """
    kind, url = _parse(address)
    secret = ":".join(part for part in (url.username, url.password) if part)
    if kind == "chroma":
        from index.chroma import ChromaVectors

        return ChromaVectors(f"{url.scheme}://{url.hostname}:{url.port or PORTS[kind]}", name, token=secret)
    from index.milvus import MilvusVectors

    place = url.path if url.scheme == "file" else f"{url.scheme}://{url.hostname}:{url.port or PORTS[kind]}"
    return MilvusVectors(place, name, token=secret)


def is_engine(address: str) -> bool:
    """Whether the store at an address is an ``Engine``. Raises ``InputError`` if it is no address."""
    return _parse(address)[0] == "milvus"


def _parse(address: str) -> tuple[str, SplitResult]:
    kind, _, rest = address.partition("+")
    try:
        url = urlsplit(rest)
        known = bool(url.hostname or url.scheme == "file") and (url.port is None or url.port > 0)
    except ValueError:
        known = False
    if not known or kind not in PORTS or url.scheme not in ("http", "https", *(["file"] if kind == "milvus" else [])):
        raise InputError(f"{_without_secret(address)!r} is no address of a store: write {FORMS}")
    if url.scheme == "file" and not url.path.endswith(".db"):
        raise InputError(f"{address!r} is no address of a store: Milvus Lite keeps its data in a place that ends in .db")
    return kind, url


def _without_secret(address: str) -> str:
    before, at, after = address.rpartition("@")
    return before.partition("://")[0] + "://…@" + after if at else address
