"""Shards made on a Ray cluster. Files go out as bytes and shards come back as archives, so that its machines need no disk in common.

The cluster is somebody else's to start, as docs/scaling.md says; nothing here starts one, and nothing is sent to anybody but its address.
"""

import io
import logging
import os
import shutil
import socket
import tarfile
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

from index.embedding import Embedder, load_embedder
from index.errors import LibraryError, MissingExtra
from index.folder import ArticleFile
from index.indexing import Group
from index.shard import make_shard, read_result, write_job

AHEAD = 3
"""Shards that each processor of the cluster may have waiting or ready."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A group of files as it travels: its name, then the path, the name and the bytes of each file, and of each that it would replace."""

    name: str
    files: tuple[tuple[str, str, bytes], ...]
    older: tuple[tuple[str, str, bytes], ...]


log = logging.getLogger(__name__)


class RayCluster:
    """Makes shards under ``folder`` as ``index.bulk.Processes`` does, on the cluster at an address.

    Args:
        folder: where shards are unpacked.
        address: ``HOST:PORT`` of the cluster's head.
        embedder: the model; each machine has it under the same name.

    Raises:
        MissingExtra: Ray is not installed.
        LibraryError: no cluster answers there.
    """

    def __init__(self, folder: Path, address: str, embedder: Embedder) -> None:
        if find_spec("ray") is None:
            raise MissingExtra("indexing on a Ray cluster", "ray")
        import ray

        self._folder, self._model = folder, "" if embedder.name == "shipped" else embedder.name
        shutil.rmtree(folder, ignore_errors=True)
        try:
            # Ray itself asks for minutes.
            host, _, port = address.rpartition(":")
            socket.create_connection((host, int(port)), timeout=10).close()
            ray.init(address=address, include_dashboard=False, log_to_driver=False, logging_level=logging.CRITICAL)
        except Exception as error:
            raise LibraryError(
                f"no Ray cluster answers at {address!r}, which should be HOST:PORT: {str(error).strip().split(chr(10))[0]}"
            ) from error
        self._make: Any = ray.remote(make_apart)
        self._slots = max(1, int(ray.cluster_resources().get("CPU", 1)))

    def shards(self, work: Iterator[list[Group]]) -> Iterator[tuple[list[Group], Path | None]]:
        """Each batch with its shard, in order; None for a shard that could not be made. A shard is deleted when the next is asked for."""
        import ray

        waiting: deque[tuple[list[Group], Any]] = deque()
        folder = self._folder / str(os.getpid())
        while True:
            while len(waiting) < AHEAD * self._slots and (batch := next(work, None)) is not None:
                waiting.append((batch, self._send(batch)))
            if not waiting:
                return
            batch, promised = waiting.popleft()
            try:
                unpack(ray.get(promised), folder, batch)
            except ray.exceptions.RayError as error:
                # Made here instead: a machine that went away must not cost an article.
                log.warning("a shard could not be made on the cluster: %s", str(error).split("\n")[0])
                yield batch, None
            else:
                yield batch, folder
            shutil.rmtree(folder, ignore_errors=True)

    def _send(self, batch: Sequence[Group]) -> Any:
        return self._make.remote(self._model, [parcel(group) for group in batch])

    def __enter__(self) -> "RayCluster":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        import ray

        ray.shutdown()
        shutil.rmtree(self._folder, ignore_errors=True)


def parcel(group: Group) -> Parcel:
    """A group with the bytes of its files; one that has gone is sent as nothing, and is found missing when the shard is taken over."""
    return Parcel(group.name, _with_bytes(group.files), _with_bytes(list(group.older.values())))


def _with_bytes(files: Sequence[ArticleFile]) -> tuple[tuple[str, str, bytes], ...]:
    return tuple((str(file.path), file.name, file.path.read_bytes() if file.path.is_file() else b"") for file in files)


def make_apart(model: str, parcels: Sequence[Parcel]) -> bytes:
    """The shard of some parcels as an archive; runs on the cluster."""
    with TemporaryDirectory() as name:
        here, number, groups = Path(name), 0, []
        for one in parcels:
            found: list[list[ArticleFile]] = []
            for files in (one.files, one.older):
                found.append([])
                for path, own, data in files:
                    # A file's own name says which article and language it is of.
                    place = here / "files" / str(number) / Path(path).name
                    place.parent.mkdir(parents=True)
                    place.write_bytes(data)
                    found[-1].append(ArticleFile(place, own))
                    number += 1
            groups.append(Group(one.name, found[0], older={file.name: file for file in found[1]}))
        write_job(here / "shard", groups)
        make_shard(here / "shard", _embedder(model))
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            tar.add(here / "shard", arcname=".")
        return archive.getvalue()


@lru_cache(maxsize=1)
def _embedder(model: str) -> Embedder:
    """Loaded once in each process of the cluster."""
    return load_embedder(model or None)


def unpack(archive: bytes, folder: Path, groups: Sequence[Group]) -> None:
    """Write a shard into a folder, and note in the groups what became of their files, under the paths that these have here."""
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    own = [{file.name: file for file in (*group.older.values(), *group.files)} for group in groups]
    read_result(folder, groups)
    for group, known in zip(groups, own, strict=True):
        group.files = [known[file.name] for file in group.files]
        group.problems = {
            known[file.name]: problem.replace(str(file.path), str(known[file.name].path))
            for file, problem in group.problems.items()
        }
