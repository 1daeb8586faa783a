"""Doichieu: a built library, searched as ``doichieu search`` does."""

from pathlib import Path

from index.embedding import load_embedder
from index.library import Library


class Doichieu:
    """The shipped model, and a folder on disk."""

    def __init__(self) -> None:
        self._embedder = load_embedder()

    def index(self, files: list[Path], place: Path) -> None:
        """Add the files to a new library."""
        with Library.open(place, create=True, embedder=self._embedder) as library:
            library.add(list(files))

    def open(self, place: Path) -> None:
        """Open it."""
        self._library = Library.open(place, embedder=self._embedder)

    def search(self, query: str, k: int) -> list[str]:
        """Articles of the best passages."""
        return [hit.passage.article for hit in self._library.search(query, k=k)]


def load() -> Doichieu:
    """With the model loaded."""
    return Doichieu()
