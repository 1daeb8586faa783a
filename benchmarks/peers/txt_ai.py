"""txtai with its hybrid search: the model's vectors and its own BM25, summed."""

from pathlib import Path

import minilm
from txtai import Embeddings


class TxtAi:
    """Whole files, as they are paragraphs here."""

    def __init__(self) -> None:
        self._embeddings = Embeddings(path=minilm.folder(), content=True, hybrid=True)

    def index(self, files: list[Path], place: Path) -> None:
        """Embed and keep."""
        self._embeddings.index((file.stem, file.read_text(encoding="utf-8"), None) for file in files)
        self._embeddings.save(str(place))

    def open(self, place: Path) -> None:
        """Read what was kept."""
        self._embeddings.load(str(place))

    def search(self, query: str, k: int) -> list[str]:
        """Ids of the best."""
        # With content kept, a question goes through its SQL, where a quote would end the text.
        found = self._embeddings.search("select id, score from txtai where similar(:query)", k, parameters={"query": query})
        return [row["id"] for row in found]


def load() -> TxtAi:
    """With the model loaded."""
    return TxtAi()
