"""One writer at a time, over processes and threads."""

import logging
import os
import threading
from pathlib import Path

from index.errors import LibraryError, LibraryLocked

WAIT = 30.0
"""Seconds that a second writer waits for the first."""


TOLD_FROM = 1.0
"""Seconds; whoever waits longer is told for whom."""

log = logging.getLogger(__name__)


class WriterLock:
    """Held by whoever writes to the library in ``home``; None, a library in memory, has only its own threads to keep apart.

    The system gives the lock back when its holder dies. Whoever holds it may take it again.
    """

    def __init__(self, home: Path | None) -> None:
        self._home = home
        self._threads = threading.RLock()
        self._depth = 0

    def acquire(self, seconds: float = WAIT) -> None:
        """Wait for the lock.

        Raises:
            LibraryLocked: another process still holds it after so many seconds.
            LibraryError: nobody can write here.
        """
        if not self._threads.acquire(timeout=max(seconds, 0.0)):
            raise LibraryLocked("another thread of this process is writing to the library: try again later")
        try:
            if self._depth == 0 and self._home is not None:
                self._acquire_file(self._home, seconds)
        except BaseException:
            self._threads.release()
            raise
        self._depth += 1

    def _acquire_file(self, home: Path, seconds: float) -> None:
        from filelock import FileLock, Timeout

        holder = home / "holder"
        try:
            # Not one for all threads of the process: the lock above is what keeps those apart.
            self._file = FileLock(home / "lock", thread_local=False)
            try:
                self._file.acquire(timeout=0)
            except Timeout:
                if seconds >= TOLD_FROM:
                    log.warning(
                        "process %s is writing to the library %s: waiting up to %.0f s", _holder(holder), home.parent, seconds
                    )
                self._file.acquire(timeout=seconds, poll_interval=0.05)
            holder.write_text(str(os.getpid()), encoding="ascii")
        except Timeout:
            raise LibraryLocked(
                f"process {_holder(holder)} is writing to the library {home.parent}: try again when it is done"
            ) from None
        except (OSError, NotImplementedError) as error:
            if self._file.is_locked:
                self._file.release()
            reason = getattr(error, "strerror", None) or error
            raise LibraryError(f"the library {home.parent} cannot be written: {reason}; what it held is intact") from error

    def try_acquire(self) -> bool:
        """Take the lock if it is free and can be taken."""
        try:
            self.acquire(0)
        except LibraryError:
            return False
        return True

    def release(self) -> None:
        """Give it back as often as it was taken."""
        self._depth -= 1
        if self._depth == 0 and self._home is not None:
            self._file.release()
        self._threads.release()

    def __enter__(self) -> "WriterLock":
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _holder(note: Path) -> str:
    try:
        return note.read_text(encoding="ascii")
    except (OSError, ValueError):
        return "unknown"
