"""A LangChain chain as tutorials build it: RecursiveCharacterTextSplitter, HuggingFaceEmbeddings, Chroma."""

from pathlib import Path

import minilm
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter


class PlainChain:
    """Pieces of 1,000 characters with 200 in common, nearest by cosine."""

    def __init__(self) -> None:
        self._embeddings = HuggingFaceEmbeddings(model_name=minilm.folder(), encode_kwargs={"normalize_embeddings": True})

    def index(self, files: list[Path], place: Path) -> None:
        """Split, embed and keep."""
        texts = [Document(file.read_text(encoding="utf-8"), metadata={"source": file.stem}) for file in files]
        pieces = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(texts)
        self.open(place)
        self._store.add_documents(pieces)

    def open(self, place: Path) -> None:
        """The collection in the folder."""
        self._store = Chroma(
            "articles", self._embeddings, persist_directory=str(place), collection_metadata={"hnsw:space": "cosine"}
        )

    def search(self, query: str, k: int) -> list[str]:
        """Sources of the nearest pieces."""
        return [piece.metadata["source"] for piece in self._store.similarity_search(query, k=k)]


def load() -> PlainChain:
    """With the model loaded."""
    return PlainChain()
