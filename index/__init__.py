"""Articles in, ranked passages out. Knows nothing of chat models, conversations or pages.

>>> from index import Library
>>> library = Library.open("bundle.txt")
>>> hits = library.search("Why were AI leaders told to avoid the U.S.?", k=3)
"""

from typing import TYPE_CHECKING, Any

from index.article import Article, Hit, Passage, Place, Version
from index.errors import DoichieuError

if TYPE_CHECKING:
    from index.library import Library

__all__ = ["Article", "DoichieuError", "Hit", "Library", "Passage", "Place", "Version"]


def __getattr__(name: str) -> Any:
    # The library brings numpy and SQLite along; `import index` alone stays cheap.
    if name == "Library":
        from index.library import Library

        return Library
    raise AttributeError(f"module 'index' has no attribute {name!r}")
