"""Files from strangers are parsed in a process of their own, with limits on memory and time.

A parser that a hostile file drives into a corner takes that process down, not the library. Whoever reads one file after another holds a process
``ready`` that forks for each: it has read nothing itself, so that what it forks is as clean as a process started anew, at a tenth of the cost.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import PurePosixPath

from index.errors import MissingExtra, UnreadableFile
from index.formats import Extracted, extract

MEMORY = 1_500 * 2**20
"""Bytes of address space that parsing one file may take."""
SECONDS = 60
GRACE = 5
"""Seconds beyond those, after which whatever has not ended by its own limits is ended."""
PLAIN = (".txt", ".md")
_COMMAND = [sys.executable, "-m", "index.sandbox"]
_ready: "_Ready | None" = None


def extract_safely(data: bytes, name: str, *, memory: int = MEMORY, seconds: int = SECONDS) -> list[Extracted]:
    """What ``formats.extract`` gives and raises, in a process with limits; plain text needs none.

    Raises:
        UnreadableFile: also when a limit was reached.
    """
    if PurePosixPath(name).suffix.lower() in PLAIN:
        return extract(data, name)
    run = _ready.run if _ready is not None else _run
    code, found = run(data, name, memory, seconds)
    if code is None:
        raise UnreadableFile(f"{name}: reading it took more than {seconds} seconds")
    if code:
        raise UnreadableFile(f"{name}: reading it took more memory or time than one file may")
    answer = json.loads(found)
    if "extra" in answer:
        raise MissingExtra(answer["feature"], answer["extra"])
    if "error" in answer:
        raise UnreadableFile(answer["error"])
    return [Extracted(item["name"], item["text"]) for item in answer["found"]]


@contextlib.contextmanager
def ready() -> Iterator[None]:
    """Hold a process ready meanwhile, in a process of one thread; where none can be forked, each file still gets one started anew."""
    global _ready
    if not hasattr(os, "fork"):
        yield
        return
    _ready = _Ready()
    try:
        yield
    finally:
        _ready.close()
        _ready = None


def _run(data: bytes, name: str, memory: int, seconds: int) -> tuple[int | None, bytes]:
    """Exit code and output of a process that is started for a file; no code if it took too long."""
    command = [*_COMMAND, name, str(memory), str(seconds)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds + GRACE, check=False)
    except subprocess.TimeoutExpired:
        return None, b""
    return done.returncode, done.stdout


class _Ready:
    """The process that forks, started when the first file comes."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, data: bytes, name: str, memory: int, seconds: int) -> tuple[int | None, bytes]:
        """What ``_run`` gives, of a process that is forked for a file."""
        pipe = subprocess.PIPE
        process = self._process = self._process or subprocess.Popen(_COMMAND, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps([name, memory, seconds, len(data)]).encode() + b"\n" + data)
            process.stdin.flush()
            code, size = json.loads(process.stdout.readline())
            return code, process.stdout.read(size)
        except (OSError, ValueError):
            # Something ended it, and with it what it forked; the next file starts another.
            self.close()
            return 1, b""

    def close(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(OSError):
                process.communicate()


def _serve() -> int:
    """Fork for each file that is asked for on stdin, and hand on what became of it, until nobody asks."""
    for line in sys.stdin.buffer:
        name, memory, seconds, size = json.loads(line)
        code, found = _forked(sys.stdin.buffer.read(size), name, memory, seconds)
        sys.stdout.buffer.write(json.dumps([code, len(found)]).encode() + b"\n" + found)
        sys.stdout.buffer.flush()
    return 0


def _forked(data: bytes, name: str, memory: int, seconds: int) -> tuple[int | None, bytes]:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            # It has nothing of its parent's to read from or write to, and no way to outlive it in silence.
            os.close(reader)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(writer, 1)
            code = _parse(data, name, memory, seconds)
            sys.stdout.flush()
        finally:
            os._exit(code)
    os.close(writer)
    found, end, part = bytearray(), time.monotonic() + seconds + GRACE, b"-"
    while part and select.select([reader], [], [], max(0.0, end - time.monotonic()))[0]:
        found += (part := os.read(reader, 2**20))
    os.close(reader)
    # One that has ended cannot be killed any more; one that has only fallen silent must not go on.
    os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return (None if part else code), bytes(found)


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit of the caller still holds there.
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _parse(data: bytes, name: str, memory: int, seconds: int) -> int:
    """Write what a file holds to stdout as JSON, under limits; gives the exit code."""
    _limit(memory, seconds)
    try:
        answer: dict[str, object] = {"found": [{"name": item.name, "text": item.text} for item in extract(data, name)]}
    except MissingExtra as error:
        answer = {"extra": error.extra, "feature": f"reading {PurePosixPath(name).suffix} files", "error": str(error)}
    except UnreadableFile as error:
        answer = {"error": str(error)}
    except MemoryError:
        return 3
    sys.stdout.write(json.dumps(answer))
    return 0


def main(arguments: list[str]) -> int:
    """Parse one file of stdin, or serve all that are asked for."""
    if not arguments:
        return _serve()
    name, memory, seconds = arguments
    return _parse(sys.stdin.buffer.read(), name, int(memory), int(seconds))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
