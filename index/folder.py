"""The folder of article files: what is in it, what changed in it, and files brought into it all together or not at all."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.catalogue import FileRecord
from index.errors import UnreadableFile
from index.files import find_files, read_bytes

HIDDEN = ".doichieu"


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A file to index: where it is now, and its name in the library. The two differ while it still has to be brought in."""

    path: Path
    name: str

    @property
    def base(self) -> str:
        """The name without folders, which says the article."""
        return self.name.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Changes:
    """How a folder differs from what the catalogue knows: files with new content, files only touched, and names that are gone."""

    changed: tuple[ArticleFile, ...]
    touched: dict[str, FileRecord]
    gone: tuple[str, ...]


class ArticleFolder:
    """The folder at ``root``; None for a library that is a single file. ``home`` is where its index is kept, None in memory."""

    def __init__(self, root: Path | None, home: Path | None) -> None:
        self.root = root.resolve() if root is not None else None
        self._home = home

    def place(self, path: Path) -> ArticleFile:
        """A file under the name that it has in the library, or will have once it is brought in."""
        whole = path.resolve()
        if self.root is not None and whole.is_relative_to(self.root):
            return ArticleFile(path, whole.relative_to(self.root).as_posix())
        return ArticleFile(path, path.name if self._home is not None else str(whole))

    def is_inside(self, file: ArticleFile) -> bool:
        """Whether the file stays where it is."""
        return self._home is None or file.path.resolve() == self._target(file.name)

    def _target(self, name: str) -> Path:
        assert self.root is not None
        return self.root / name

    def files(self) -> list[ArticleFile]:
        """Every article file in the folder, sorted."""
        return [self.place(path) for path in find_files([self.root])] if self.root is not None else []

    def record(self, file: ArticleFile, problem: str = "") -> FileRecord:
        """What to remember of a file. Raises ``UnreadableFile`` if it has gone."""
        path = file.path if self._home is None else self._target(file.name)
        digest, stat = sha256_of(path), path.stat()
        return FileRecord(digest, stat.st_size, stat.st_mtime_ns, problem)

    def changes(self, known: Mapping[str, FileRecord]) -> Changes:
        """Compare with the catalogue: a look at size and time first, and a hash where these differ."""
        changed, touched, present = [], {}, set()
        for file in self.files():
            present.add(file.name)
            before = known.get(file.name)
            with suppress(FileNotFoundError):
                stat = file.path.stat()
                if before is not None and (before.size, before.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
                    continue
                if before is not None and before.sha256 == sha256_of(file.path):
                    touched[file.name] = FileRecord(before.sha256, stat.st_size, stat.st_mtime_ns, before.problem)
                else:
                    changed.append(file)
        return Changes(tuple(changed), touched, tuple(sorted(name for name in known if name not in present)))

    def bring_in(self, files: Iterable[ArticleFile]) -> None:
        """Copy files from outside into the folder, all or none, whenever this process is stopped.

        The copies are made aside; the move of their folder to ``incoming`` decides. ``settle`` finishes what was begun.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
        """
        outside = [file for file in files if not self.is_inside(file)]
        if not outside or self._home is None:
            return
        fresh = self._home / "incoming.new"
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            fresh.mkdir()
            for number, file in enumerate(outside):
                (fresh / str(number)).write_bytes(read_bytes(file.path))
            # All are written before the first one is waited for: the disk then takes them together.
            for number in range(len(outside)):
                _flush(fresh / str(number))
            _write_through(fresh / "names.json", json.dumps([file.name for file in outside]).encode())
            fresh.rename(self._home / "incoming")
        except OSError:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        self.settle({})

    def path_of(self, name: str) -> Path:
        """Where a file of the library is."""
        return (self.root or Path()) / name

    def rename(self, name: str, new: str) -> None:
        """Give a file another name. Raises ``OSError``."""
        self._target(name).rename(self._target(new))

    def settle(self, leaving: Mapping[str, str]) -> Sequence[str]:
        """Finish what was begun: move incoming files to their places, delete leaving ones. Gives the names of the latter.

        Args:
            leaving: names of files to delete with their sha256; one whose content has changed since stays.
        """
        incoming = self._home / "incoming" if self._home is not None else None
        if incoming is not None and incoming.exists():
            for number, name in enumerate(json.loads((incoming / "names.json").read_text(encoding="utf-8"))):
                if (incoming / str(number)).exists():
                    (incoming / str(number)).replace(self._target(name))
            shutil.rmtree(incoming)
        for name, sha256 in leaving.items() if self._home is not None else ():
            target = self._target(name)
            if target.exists() and sha256_of(target) == sha256:
                target.unlink()
        return list(leaving)


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes, however many. Raises ``UnreadableFile`` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from None


def _write_through(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def write_whole(path: Path, text: str) -> None:
    """Replace a small file's content: a reader finds the old or the new."""
    fresh = path.with_name(f"{path.name}.new")
    _write_through(fresh, text.encode())
    fresh.replace(path)
