"""What a chat model wrote → statements, as soon as each is whole. What cannot be read as one is left out.

Models are asked for a JSON object a line. What comes back may also stand in code fences, among prose, in one list or one big object, or
stop half way: so every object is read by itself when its last brace arrives, the inner ones first.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LONGEST_REPLY = 200_000
"""Characters; what comes after them is not read."""
LONGEST_OBJECT = 20_000
"""Characters; a brace that is not closed until then opened nothing."""

# In a string, a line that begins with a brace shows that its end was forgotten.
_MARK = re.compile(r'[{}"]')
_IN_STRING = re.compile(r'\\.|"|\n(?=[ \t]*[{\]])', re.S)
# What only the next piece decides: the first half of an escape, a line that has not begun.
_UNDECIDED = re.compile(r"(?:\\|\n[ \t]*)\Z")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")

SCHEMA: dict[str, Any] = {
    "title": "answer",
    "description": "An answer in statements, each with the passage and the quote that prove it.",
    "type": "object",
    "properties": {
        "answerable": {"type": "boolean", "description": "Whether the passages answer the question."},
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("text", "key", "quote")},
                "required": ["text", "key", "quote"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["answerable", "statements"],
    "additionalProperties": False,
}
"""What a provider with structured output is held to."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the answer, the key of its passage, and the quote that should prove it."""

    text: str
    key: str
    quote: str

    def as_line(self) -> str:
        """The statement as a model writes it."""
        return json.dumps({"text": self.text, "key": self.key, "quote": self.quote}, ensure_ascii=False)


@dataclass(slots=True)
class StatementReader:
    """Reads a reply piece by piece.

    Attributes:
        unanswerable: the model said that the passages do not answer.
    """

    unanswerable: bool = False
    _text: str = ""
    _at: int = 0
    _read: int = 0
    _opened: list[int] = field(default_factory=list)
    _in_string: bool = False
    _seen: set[Statement] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """Whether the reply is longer than any answer."""
        return self._read >= LONGEST_REPLY

    @property
    def unfinished(self) -> bool:
        """Whether the reply stopped in the middle of an object."""
        return bool(self._opened)

    def feed(self, piece: str) -> Iterator[Statement]:
        """The statements that this piece completes, none of them twice."""
        piece = piece[: LONGEST_REPLY - self._read]
        self._read += len(piece)
        self._text += piece
        for start, end in self._objects():
            statement = self._parse(self._text[start:end])
            if statement is not None and statement not in self._seen:
                self._seen.add(statement)
                yield statement
        self._forget()

    def _objects(self) -> Iterator[tuple[int, int]]:
        """Where objects that became whole begin and end; quotation marks count only inside of one."""
        while match := (_IN_STRING if self._in_string else _MARK).search(self._text, self._at):
            mark, self._at = match.group(), match.end()
            if mark[0] == "\\":
                continue
            if self._in_string:
                self._in_string = False
                if mark == "\n":
                    self._opened.clear()
            elif mark == '"':
                self._in_string = bool(self._opened)
            elif mark == "{":
                self._opened.append(match.start())
            elif self._opened:
                yield self._opened.pop(), self._at
        undecided = _UNDECIDED.search(self._text, self._at)
        self._at = undecided.start() if undecided else len(self._text)

    def _forget(self) -> None:
        """Drop what was read; what is still open is kept, unless it has been for too long."""
        while self._opened and self._at - self._opened[0] > LONGEST_OBJECT:
            self._opened.pop(0)
        self._in_string = self._in_string and bool(self._opened)
        start = self._opened[0] if self._opened else self._at
        self._text = self._text[start:]
        self._at -= start
        self._opened = [offset - start for offset in self._opened]

    def _parse(self, text: str) -> Statement | None:
        for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
            try:
                value = json.loads(attempt, strict=False)
            except (ValueError, RecursionError):
                continue
            if value.get("answerable") is False:
                self.unanswerable = True
            fields = [value.get(name) for name in ("text", "key", "quote")]
            if all(isinstance(found, str) and found.strip() for found in fields):
                return Statement(*(str(found).strip() for found in fields))
            return None
        return None
