"""A library as a LangChain retriever."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.article import Hit


class LibraryRetriever(BaseRetriever):
    """Passages of a ``Library`` as documents, best first; their place in the file is in the metadata.

    ``k`` can be given when it is made and, for one call, to ``invoke``.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    library: Any
    k: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None, **kwargs: Any
    ) -> list[Document]:
        return [to_document(hit) for hit in self.library.search(query, k=self.k if k is None else k, **kwargs)]


def to_document(hit: Hit) -> Document:
    """A hit as a document; ``source`` is the file, ``start`` and ``end`` are offsets into its text."""
    p = hit.passage
    metadata = {
        "source": p.file,
        "article": p.article,
        "version": p.version,
        "language": p.language,
        "kind": p.kind,
        "paragraph": p.paragraph,
        "start": p.start,
        "end": p.end,
        "score": hit.score,
    }
    return Document(id=p.id, page_content=p.text, metadata=metadata)
