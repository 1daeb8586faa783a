"""What a chat model wrote → statements, as its lines become whole. What cannot be read as one is left out."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST_REPLY = 200_000
"""Characters; what comes after them is not read."""

_OBJECT = re.compile(r"\{[^{}]*\}")
_TRAILING_COMMA = re.compile(r",\s*\}")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the answer, the key of its passage, and the quote that should prove it."""

    text: str
    key: str
    quote: str


@dataclass(slots=True)
class StatementReader:
    """Reads a reply piece by piece. ``unanswerable`` is set when the model said that the passages do not answer."""

    unanswerable: bool = False
    _rest: str = ""
    _read: int = 0
    _seen: set[Statement] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """Whether the reply is longer than any answer."""
        return self._read > LONGEST_REPLY

    def feed(self, piece: str) -> Iterator[Statement]:
        """The statements that this piece completes."""
        self._read += len(piece)
        self._rest += piece
        end = 0
        for match in _OBJECT.finditer(self._rest):
            end = match.end()
            statement = self._parse(match.group())
            if statement is not None and statement not in self._seen:
                self._seen.add(statement)
                yield statement
        # An object that never closes must not be searched again and again.
        self._rest = self._rest[end:][-20_000:]

    def _parse(self, text: str) -> Statement | None:
        try:
            value = json.loads(_TRAILING_COMMA.sub("}", text), strict=False)
        except ValueError:
            return None
        if value.get("answerable") is False:
            self.unanswerable = True
            return None
        fields = [value.get(name) for name in ("text", "key", "quote")]
        if not all(isinstance(found, str) and found.strip() for found in fields):
            return None
        return Statement(*(str(found).strip() for found in fields))
