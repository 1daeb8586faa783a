"""Checksums over what the catalogue holds, so that no flipped bit passes for what was indexed: one a passage, and one an article."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from zlib import crc32

# Not the numbers and generations of passages, which another catalogue gives anew when it takes an article over.
_PARTS = (
    "SELECT * FROM origins WHERE article = ? ORDER BY file",
    "SELECT * FROM sources WHERE article = ? ORDER BY file",
    "SELECT * FROM versions WHERE article = ? ORDER BY id",
    "SELECT * FROM labels WHERE article = ? ORDER BY kind, value",
    "SELECT * FROM alignments WHERE article = ? ORDER BY first, second",
    "SELECT id, seal FROM passages WHERE article = ? ORDER BY number",
)

Rows = Iterable[Sequence[Any]]


def seal(values: Iterable[Any], so_far: int = 0) -> int:
    """The checksum of some values of a row, in 32 bits; a few microseconds for a passage with its vectors."""
    for value in values:
        so_far = crc32(value if isinstance(value, bytes) else f"{value}\x1f".encode(), so_far)
    return so_far


def seal_of(parts: Iterable[Rows]) -> int:
    """The seal of an article by its rows: those of ``origins``, ``sources`` and so on, in the order in which ``article_seal`` asks for them."""
    sealed = 0
    for part in parts:
        for row in part:
            sealed = seal(row, sealed)
    return sealed


def article_seal(article: str, rows: Callable[[str, str], Rows]) -> int:
    """The seal of everything that is there of an article; ``rows`` gives what a query finds with its id."""
    return seal_of(rows(part, article) for part in _PARTS)
