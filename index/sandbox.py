"""Files from strangers are parsed in a process of their own, with limits on memory and time.

A parser that a hostile file drives into a corner takes that process down, not the library.
"""

import json
import subprocess
import sys
from pathlib import PurePosixPath

from index.errors import MissingExtra, UnreadableFile
from index.formats import Extracted, extract

MEMORY = 1_500 * 2**20
"""Bytes of address space that parsing one file may take."""
SECONDS = 60
PLAIN = (".txt", ".md")


def extract_safely(data: bytes, name: str, *, memory: int = MEMORY, seconds: int = SECONDS) -> list[Extracted]:
    """What ``formats.extract`` gives and raises, in a process with limits; plain text needs none.

    Raises:
        UnreadableFile: also when a limit was reached.
    """
    if PurePosixPath(name).suffix.lower() in PLAIN:
        return extract(data, name)
    command = [sys.executable, "-m", "index.sandbox", name, str(memory), str(seconds)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds + 5, check=False)
    except subprocess.TimeoutExpired:
        raise UnreadableFile(f"{name}: reading it took more than {seconds} seconds") from None
    if done.returncode:
        raise UnreadableFile(f"{name}: reading it took more memory or time than one file may")
    answer = json.loads(done.stdout)
    if "extra" in answer:
        raise MissingExtra(answer["feature"], answer["extra"])
    if "error" in answer:
        raise UnreadableFile(answer["error"])
    return [Extracted(item["name"], item["text"]) for item in answer["found"]]


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit of the caller still holds there.
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main(name: str, memory: str, seconds: str) -> int:
    """Read the file from stdin, write what it holds to stdout as JSON."""
    data = sys.stdin.buffer.read()
    _limit(int(memory), int(seconds))
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


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
