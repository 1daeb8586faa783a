"""LlamaIndex as its starter example has it: VectorStoreIndex with its own splitter and a model from sentence-transformers."""

from pathlib import Path

import minilm
from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.embeddings.huggingface import HuggingFaceEmbedding


class Llama:
    """Its defaults: pieces of 1,024 tokens, vectors in memory, kept as JSON."""

    def __init__(self) -> None:
        Settings.embed_model = HuggingFaceEmbedding(model_name=minilm.folder())
        Settings.llm = None

    def index(self, files: list[Path], place: Path) -> None:
        """Split, embed and keep."""
        texts = [Document(text=file.read_text(encoding="utf-8"), metadata={}, id_=file.stem) for file in files]
        VectorStoreIndex.from_documents(texts).storage_context.persist(str(place))

    def open(self, place: Path) -> None:
        """Read what was kept."""
        self._index = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(place)))

    def search(self, query: str, k: int) -> list[str]:
        """Documents of the nearest pieces."""
        return [str(found.node.ref_doc_id) for found in self._index.as_retriever(similarity_top_k=k).retrieve(query)]


def load() -> Llama:
    """With the model loaded."""
    return Llama()
