"""Logs to stderr, a line an event: plain at the command line; while serving JSON, with the request that the event belongs to.

Whatever an article or a visitor put into a message is made safe for a terminal, and keys, tokens and passwords are blotted out.
"""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from assistant.rendering import plain_text
from assistant.settings import secret_values
from index.errors import InputError

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""Id of the request that is being answered; empty outside one."""


class PlainLines(logging.Formatter):
    """``WARNING index.folder: what happened``."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The event in one line."""
        return plain_text(_blotted(super().format(record)))


class JsonLines(logging.Formatter):
    """An object a line; what the caller gave as ``extra={"fields": {...}}`` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The event as JSON."""
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": plain_text(record.getMessage()),
            **getattr(record, "fields", {}),
        }
        if request := REQUEST.get():
            event["request"] = request
        if record.exc_info:
            event["error"] = self.formatException(record.exc_info)
        return _blotted(json.dumps(event))


def configure_logs(level: str, *, structured: bool = False) -> None:
    """Log to stderr from a level on.

    Raises:
        InputError: there is no such level.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if structured else PlainLines())
    try:
        logging.basicConfig(level=level.upper(), handlers=[handler])
    except ValueError:
        raise InputError(f"DOICHIEU_LOG_LEVEL is {level!r}: use DEBUG, INFO, WARNING or ERROR") from None


def _blotted(line: str) -> str:
    for secret in secret_values():
        line = line.replace(secret, "***")
    return line
