"""Words on disk: a folder a segment, and a list of those that count, which is replaced as a whole.

A segment's folder is written once. A reader goes on with the segments that it has mapped, whatever is written or deleted meanwhile.
"""

import json
import logging
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.folder import write_whole
from index.lexical import LexicalIndex
from index.segment import Segment

FORMAT = 4
"""Raised when the same text gives other words, so that what was saved before is made anew."""
LIST = "segments.json"

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

    def _list(self) -> Mapping[str, object]:
        try:
            found = json.loads((self.folder / LIST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) and found.get("format") == FORMAT else {}

    def load(self) -> dict[str, LexicalIndex]:
        """What was saved last; nothing if there is none, or it is damaged."""
        listed = self._list().get("languages", {})
        try:
            assert isinstance(listed, dict)
            return {
                language: LexicalIndex(language, [self._segment(*entry) for entry in entries])
                for language, entries in listed.items()
            }
        except (AssertionError, OSError, ValueError, TypeError, EOFError) as error:
            log.warning("the words in %s are damaged (%s); they are made anew", self.folder, error)
            return {}

    def _segment(self, name: str, gone: str) -> Segment:
        return Segment.load(self.folder / name, self.folder / gone if gone else None)

    def save(self, indexes: Indexes, generation: int) -> dict[str, LexicalIndex]:
        """Write what is new, then the list of what there is; gives the indexes as they are on disk. Raises ``OSError``."""
        self.folder.mkdir(exist_ok=True)
        names = (f"{generation}-{number}" for number in range(10**9))
        listed: dict[str, list[tuple[str, str]]] = {}
        saved = {}
        for language, index in indexes.items():
            segments = [self._saved(segment, names) for segment in index.segments]
            listed[language] = [(name, gone) for _, name, gone in segments]
            saved[language] = LexicalIndex(language, [segment for segment, _, _ in segments])
        entry = {"format": FORMAT, "generation": generation, "languages": listed}
        write_whole(self.folder / LIST, json.dumps(entry))
        self._clear({LIST, *(part for entries in listed.values() for entry in entries for part in entry)})
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
