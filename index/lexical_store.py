"""Words on disk: a folder a segment, and a list of those that count, which is replaced as a whole.

A segment's folder is written once. A reader goes on with the segments that it has mapped, whatever is written or deleted meanwhile. The list has a
checksum of each part and of itself, so that no flipped bit passes for words.
"""

import json
import logging
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from index.folder import write_whole
from index.lexical import LexicalIndex
from index.segment import Segment

FORMAT = 4
"""Raised when the same text gives other words, so that what was saved before is made anew."""
LIST = "segments.json"
VERIFIED_AT_ONCE = 64 * 2**20
"""Bytes; as much is read and verified whenever it is opened, in some 40 ms. More is mapped, and left to ``verify``."""

log = logging.getLogger(__name__)

Indexes = Mapping[str, LexicalIndex]


class LexicalStore:
    """The words of every language in one folder. Only the holder of the writer's lock saves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def generation(self) -> int:
        """The generation that was saved last; 0 if there is none."""
        found = self._list().get("generation", 0)
        return found if isinstance(found, int) else 0

    def _list(self) -> Mapping[str, Any]:
        try:
            text, _, told = (self.folder / LIST).read_text(encoding="utf-8").partition("\n")
            found = json.loads(text)
        except (OSError, ValueError):
            return {}
        # A list of before there were checksums has neither its own nor those of its parts.
        sound = isinstance(found, dict) and ("sums" not in found or told == str(crc32(text.encode())))
        return found if sound and found.get("format") == FORMAT else {}

    def load(self) -> dict[str, LexicalIndex]:
        """What was saved last; nothing if there is none, or it is damaged."""
        found = self._list()
        try:
            small = sum(file.stat().st_size for file in self.folder.rglob("*.npy")) <= VERIFIED_AT_ONCE
            if small:
                self._verify(found.get("sums", {}))
            return {
                language: LexicalIndex(language, [self._segment(*entry, mapped=not small) for entry in entries])
                for language, entries in found.get("languages", {}).items()
            }
        except (OSError, ValueError, TypeError, EOFError) as error:
            if self._list() != found:
                # Another process saved meanwhile.
                return self.load()
            log.warning("the words in %s are damaged (%s); they are made anew", self.folder, error)
            return {}

    def verify(self) -> None:
        """Read everything that is on disk. Raises ``ValueError`` or ``OSError`` if it is not what was saved."""
        found = self._list()
        if not found and (self.folder / LIST).exists():
            raise ValueError(f"{LIST} is damaged")
        try:
            self._verify(found.get("sums", {}))
        except (OSError, ValueError):
            if self._list() == found:
                raise
            self.verify()

    def _verify(self, sums: Mapping[str, int]) -> None:
        for name, told in sums.items():
            if checksum(self.folder / name) != told:
                raise ValueError(f"{name} is not what was saved")

    def _segment(self, name: str, gone: str, *, mapped: bool) -> Segment:
        return Segment.load(self.folder / name, self.folder / gone if gone else None, mapped=mapped)

    def save(self, indexes: Indexes, generation: int) -> dict[str, LexicalIndex]:
        """Write what is new, then the list of what there is; gives the indexes as they are on disk.

        Raises:
            OSError: it cannot be written.
            ValueError: what gives way to this is damaged, and so may be what was merged of it.
        """
        self.folder.mkdir(exist_ok=True)
        known = self._list().get("sums", {})
        names = (f"{generation}-{number}" for number in range(10**9))
        listed: dict[str, list[tuple[str, str]]] = {}
        saved = {}
        for language, index in indexes.items():
            segments = [self._saved(segment, names) for segment in index.segments]
            listed[language] = [(name, gone) for _, name, gone in segments]
            saved[language] = LexicalIndex(language, [segment for segment, _, _ in segments])
        parts = {part for entries in listed.values() for entry in entries for part in entry if part}
        kept = {segment.folder.name for index in indexes.values() for segment in index.segments if segment.folder is not None}
        self._verify({name: told for name, told in known.items() if name not in parts})
        sums = {name: known[name] if name in kept & known.keys() else checksum(self.folder / name) for name in sorted(parts)}
        text = json.dumps({"format": FORMAT, "generation": generation, "languages": listed, "sums": sums})
        write_whole(self.folder / LIST, f"{text}\n{crc32(text.encode())}")
        self._clear({LIST, *parts})
        return saved

    def _saved(self, segment: Segment, names: Iterator[str]) -> tuple[Segment, str, str]:
        name, gone = segment.folder.name if segment.folder is not None else "", ""
        if segment.folder is None or segment.folder.parent != self.folder:
            name = next(names)
            # Of a save that was stopped: nothing refers to it.
            shutil.rmtree(self.folder / name, ignore_errors=True)
            segment = replace(segment.save(self.folder / name), live=segment.live)
        if segment.live is not None:
            gone = f"{next(names)}.gone.npy"
            np.save(self.folder / gone, segment.gone())
        return segment, name, gone

    def _clear(self, kept: set[str]) -> None:
        for other in self.folder.iterdir():
            if other.name not in kept:
                shutil.rmtree(other) if other.is_dir() else other.unlink()

    def forget(self) -> None:
        """Delete everything."""
        shutil.rmtree(self.folder, ignore_errors=True)


def checksum(part: Path) -> int:
    """CRC-32 of a file, or of all files of a folder with their names; it tells every flipped bit, and takes about 0.3 ms a megabyte."""
    total = 0
    for file in sorted(part.rglob("*.npy")) if part.is_dir() else [part]:
        total = crc32(str(file.relative_to(part)).encode(), total)
        with file.open("rb") as stream:
            while data := stream.read(2**20):
                total = crc32(data, total)
    return total
