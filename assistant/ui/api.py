"""The library over HTTP, for machines and for the page's own script: ask, search, list, add, remove."""

import tempfile
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.rendering import answer_to_json, comparison_to_json, hit_to_json
from assistant.settings import Settings
from assistant.ui.guard.refusal import ReadOnly, told
from assistant.ui.leaving import while_waited_for
from assistant.ui.strings import preferred, strings
from index.errors import DoichieuError, InputError, UnreadableFile
from index.library import Library
from index.opening import is_built

if TYPE_CHECKING:
    from assistant.engine import Assistant

MOST_HITS = 100


class AskRequest(BaseModel):
    """The body of ``POST /ask``."""

    model_config = ConfigDict(extra="forbid")
    question: str = Field(min_length=1, max_length=4_000)
    history: list[tuple[str, str]] = Field(default_factory=list, max_length=50)
    language: str | None = None
    articles: list[str] | None = None


def may_change(settings: Settings, library: Library) -> bool:
    """Whether visitors may add and remove articles: the setting allows it, and what they add would last."""
    return settings.allow_changes and is_built(library.path)


def build_api(assistant: "Assistant") -> APIRouter:
    """The routes, with JSON as the command line prints it."""
    api, library, settings, changing = APIRouter(), assistant.library, assistant.settings, threading.Lock()

    @api.get("/healthz")
    def healthz() -> dict[str, Any]:
        """Whether the server answers, and over how many articles."""
        return {"status": "ok", "articles": len(library.articles())}

    @api.post("/ask")
    async def ask(body: AskRequest, request: Request) -> dict[str, Any]:
        """Answer a question."""
        asked = partial(assistant.ask, body.question, body.history, language=body.language, articles=body.articles)
        return answer_to_json(await while_waited_for(request, asked))

    @api.get("/search")
    def search(q: str, k: int = 10) -> dict[str, Any]:
        """The best passages for a query."""
        return {"query": q, "hits": [hit_to_json(hit) for hit in library.search(q, k=min(max(k, 1), MOST_HITS))]}

    @api.get("/articles")
    def articles() -> dict[str, Any]:
        """Every article with its versions."""
        return {"articles": [_listed(name, versions) for name, versions in library.contents().items()]}

    @api.get("/articles/{article}/compare")
    def compare(article: str) -> dict[str, Any]:
        """An article's aligned versions and their differences."""
        return comparison_to_json(library.compare(article))

    @api.put("/articles/{file}", status_code=201)
    async def add(file: str, request: Request) -> dict[str, Any]:
        """Add the articles of one file, whose bytes are the body. A request of this kind cannot come from another site's page."""
        _check_changes(settings, library)
        data = await _body(request, settings.max_upload_mb * 2**20, file)

        def add_alone() -> list[str]:
            # Two visitors at one moment must not both find that a name is free.
            with changing:
                return add_file(library, file, data)

        return {"added": await run_in_threadpool(add_alone)}

    @api.delete("/articles/{article}")
    def remove(article: str) -> dict[str, Any]:
        """Remove an article, and its file if it holds nothing else."""
        _check_changes(settings, library)
        library.remove([article])
        return {"removed": article}

    return api


def add_file(library: Library, name: str, data: bytes) -> list[str]:
    """Add one file's articles to a library; a file that is there already is never replaced. Gives the articles' ids.

    Raises:
        UnreadableFile: the name or the content is no article, or there is another file of that name.
        LibraryError: the library cannot be written.
    """
    if not name.strip(". ") or PurePath(name).name != name or "\\" in name or not name.isprintable() or len(name.encode()) > 200:
        raise UnreadableFile(f"{name!r} is no name for a file: use letters and digits, and an ending like .txt")
    taken = {version.file for versions in library.contents().values() for version in versions}
    if name in taken or (library.path / name).exists():
        raise UnreadableFile(f"{name}: a file of this name is in the library; remove its article first, or choose another name")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        try:
            return library.add([file])
        except UnreadableFile as error:
            # The visitor knows the file by its name; where it lay for a moment is nobody's business.
            raise UnreadableFile(str(error).replace(f"{file}", name)) from None


def _check_changes(settings: Settings, library: Library) -> None:
    if not may_change(settings, library):
        raise ReadOnly("this library is open for reading only")


async def _body(request: Request, largest: int, name: str) -> bytes:
    """The bytes of a request, refused as soon as there are too many."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > largest:
            raise UnreadableFile(f"{name} has more than {largest // 2**20} MB: split it")
    return bytes(data)


def _listed(name: str, versions: Any) -> dict[str, Any]:
    keys = ("id", "language", "kind", "title", "byline", "date", "link", "file")
    return {"id": name, "versions": [{key: getattr(version, key) for key in keys} for version in versions]}


_STATUS: Mapping[type[Exception], int] = {ReadOnly: 403, InputError: 422}


def refuse(request: Request, error: Exception) -> JSONResponse:
    """An error as JSON: one line, and a status that says whose fault it is."""
    assert isinstance(error, DoichieuError)
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 503)
    return JSONResponse(
        {"error": told(error, strings(preferred(request.headers.get("accept-language", ""))))}, status_code=status
    )
