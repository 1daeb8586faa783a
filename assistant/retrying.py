"""When a call of a chat model that failed is made again, and after how long; every provider's package has errors of its own."""

import random
from contextlib import suppress

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
"""Seconds between two tries."""


def is_momentary(error: Exception) -> bool:
    """Whether a call that failed may succeed a moment later: too many calls, a fault of the server, no connection."""
    status = status_of(error)
    if status is not None:
        return status in (408, 429) or status >= 500
    return any(part in cls.__name__ for cls in type(error).__mro__ for part in ("Connect", "Protocol"))


def status_of(error: Exception) -> int | None:
    """The HTTP status that an error carries, wherever its package keeps it; None for one that carries none."""
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "code"):
            if isinstance(status := getattr(holder, name, None), int):
                return status
    return None


def pause(error: Exception, attempt: int) -> float:
    """Seconds to wait before try ``attempt + 1``: what the server asks for, else twice as long each time, a little spread."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    with suppress(ValueError):
        return min(max(float(headers.get("retry-after", "")), 0.0), LONGEST_PAUSE)
    return min(FIRST_PAUSE * 2.0**attempt, LONGEST_PAUSE) * random.uniform(0.75, 1.25)
