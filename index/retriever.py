"""A library as a LangChain retriever: passages as documents, with what a citation needs as metadata."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from index.article import Hit
from index.library import Library


class LibraryRetriever(BaseRetriever):
    """The best passages of a library.

    Attributes:
        library: where to search.
        k: how many documents to give; ``invoke(query, k=…)`` overrides it.
        languages: only passages in these; None for all.
        articles: only passages of these articles; None for all.
    """

    library: Any
    k: int = Field(default=10, ge=1)
    languages: list[str] | None = None
    articles: list[str] | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        library: Library = self.library
        hits = library.search(query, k=self.k if k is None else k, languages=self.languages, articles=self.articles)
        return [_document(hit, library) for hit in hits]


def _document(hit: Hit, library: Library) -> Document:
    passage = hit.passage
    version = library.article(passage.article).version(passage.version)
    metadata = {
        "source": version.link or passage.file,
        "title": version.title,
        "published": version.date,
        "article": passage.article,
        "version": passage.version,
        "language": passage.language,
        "kind": passage.kind,
        "file": passage.file,
        "paragraph": passage.paragraph,
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
    }
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)
