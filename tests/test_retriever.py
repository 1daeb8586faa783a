from pathlib import Path
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from index.library import Library
from index.retriever import LibraryRetriever

STORIES = (
    "The lighthouse on Con Reef was lit again on Friday.",
    "Rice prices fell by 3 percent in An Giang.",
    "A choir of 40 sang.",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("stories")
    for number, text in enumerate(STORIES):
        (place / f"s{number}.en.txt").write_text(f"{text}\nhttps://example.org/s{number}\n", encoding="utf-8")
    return place


class TestStandard(RetrieversIntegrationTests):
    """What LangChain asks of every retriever."""

    @pytest.fixture(autouse=True)
    def _library(self, folder: Path) -> Any:
        with Library.open(folder) as library:
            type(self)._opened = library
            yield

    _opened: Library

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return LibraryRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"library": self._opened}

    @property
    def retriever_query_example(self) -> str:
        return "lighthouse"


def test_a_document_holds_what_a_citation_needs(folder: Path) -> None:
    with Library.open(folder) as library:
        document = library.as_retriever(k=1).invoke("When was the lighthouse lit?")[0]
        text = library.article("s0").text(document.metadata["file"])
    assert text[document.metadata["start"] : document.metadata["end"]] == document.page_content == STORIES[0]
    assert document.id == "s0:en:0-51"
    assert document.metadata["source"] == "https://example.org/s0"
    assert document.metadata["language"] == "en"


async def test_filters_and_async_work(folder: Path) -> None:
    with Library.open(folder) as library:
        retriever = LibraryRetriever(library=library, k=5, articles=["s1"])
        assert {d.metadata["article"] for d in await retriever.ainvoke("lighthouse")} == {"s1"}
