"""How far a long command is: one line on a terminal that is drawn again, with the rate and the time that is left."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

from assistant.rendering import plain_text

EVERY = 0.1
"""Seconds between two drawings."""


class ProgressLine:
    """Told of each step, it draws itself; on what is no terminal it says nothing."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream or sys.stderr
        self._clock = clock
        self._begun = self._drawn = clock()

    def __call__(self, done: int, total: int, what: str) -> None:
        """So many steps are done, of so many; the last one was this."""
        now = self._clock()
        if not self._stream.isatty() or (done < total and now - self._drawn < EVERY):
            return
        self._drawn = now
        rate = done / max(now - self._begun, 1e-6)
        left = f"{duration((total - done) / rate)} left" if done < total else duration(now - self._begun)
        end = "\n" if done == total else ""
        self._stream.write(f"\r\033[K{done:,}/{total:,}  {rate:,.3g}/s  {left}  {plain_text(what)[:40]}{end}")
        self._stream.flush()


def duration(seconds: float) -> str:
    """A time as people say it: ``8 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3_600} h {whole % 3_600 // 60} min"
