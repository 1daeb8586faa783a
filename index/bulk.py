"""Many files at once: shards made by several processes, while this one takes them over in order.

The processes are started anew rather than forked or spawned, so that a caller's script needs no guard and no thread of this process is torn. They
end when this process does, whatever ends it.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from index import sandbox
from index.embedding import Embedder, load_embedder
from index.indexing import Group
from index.shard import RESULT, make_shard, read_result, write_job
from index.static import StaticEmbedder

MANY = 2 * 2**20
"""Bytes of files from which on processes are worth their start."""
SHARD_BYTES, SHARD_GROUPS = 2**20, 256
MOST_PROCESSES = 8
AHEAD = 3
"""Shards that each process may have waiting or ready, so that none idles while this one writes."""


def processes_for(groups: Sequence[Group], embedder: Embedder, wanted: int | None) -> int:
    """How many processes to start; 0 where it is not worth it, or the model is one that fills the machine by itself."""
    if not isinstance(embedder, StaticEmbedder) or (wanted is None and sum(map(_size, groups)) < MANY):
        return 0
    return min(wanted if wanted is not None else os.cpu_count() or 1, MOST_PROCESSES)


def batches(groups: Sequence[Group]) -> Iterator[list[Group]]:
    """Groups of files, about as much in each batch as one shard holds."""
    batch: list[Group] = []
    size = 0
    for group in groups:
        batch.append(group)
        size += _size(group)
        if size >= SHARD_BYTES or len(batch) == SHARD_GROUPS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(group: Group) -> int:
    size = 0
    for file in group.files:
        # A file that has gone is told of when it is read.
        with contextlib.suppress(OSError):
            size += file.path.stat().st_size
    return size


class Processes:
    """Processes that make shards under ``folder``, which is emptied first.

    Args:
        folder: where shards are made.
        count: how many processes.
        embedder: a static model; each process maps it.
    """

    def __init__(self, folder: Path, count: int, embedder: Embedder) -> None:
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        # One thread each: there are as many processes as processors.
        environment = {**os.environ, "TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "index.bulk", "" if embedder.name == "shipped" else embedder.name]
        # In a session of their own, so that Ctrl-C reaches this process alone, which then ends them.
        self._processes = [
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, env=environment, text=True
            )
            for _ in range(count)
        ]

    def shards(self, work: Iterator[list[Group]]) -> Iterator[tuple[list[Group], Path | None]]:
        """Each batch with its shard, in order; None for a shard that could not be made. A shard is deleted when the next is asked for."""
        waiting: deque[tuple[list[Group], Path, subprocess.Popen[str]]] = deque()
        number = 0
        while True:
            while len(waiting) < AHEAD * len(self._processes) and (batch := next(work, None)) is not None:
                process, folder = self._processes[number % len(self._processes)], self._folder / f"{os.getpid()}-{number}"
                write_job(folder, batch)
                _send(process, folder)
                waiting.append((batch, folder, process))
                number += 1
            if not waiting:
                return
            batch, folder, process = waiting.popleft()
            assert process.stdout is not None
            process.stdout.readline()
            if (folder / RESULT).exists():
                read_result(folder, batch)
                yield batch, folder
            else:
                yield batch, None
            shutil.rmtree(folder, ignore_errors=True)

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _send(process: "subprocess.Popen[str]", folder: Path) -> None:
    assert process.stdin is not None
    # One that has died does not answer, and what it was to make is made here.
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(f"{folder}\n")
        process.stdin.flush()


def main(model: str) -> int:
    """Make the shards whose folders come in on stdin, a line each, until there are no more."""
    embedder = load_embedder(model or None)
    with sandbox.ready():
        for line in sys.stdin:
            make_shard(Path(line.rstrip("\n")), embedder)
            try:
                sys.stdout.write("made\n")
                sys.stdout.flush()
            except BrokenPipeError:
                # Whoever asked has gone; Python must not try again at exit.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
