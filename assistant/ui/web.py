"""The server: the page in each language, the API beside it, behind guards."""

import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from assistant.ui.api import build_api, refuse
from assistant.ui.guard import guarded
from assistant.ui.guard.requests import broken
from assistant.ui.guard.visitors import user_of
from assistant.ui.leaving import Sessions
from assistant.ui.page import build_page
from assistant.ui.strings import LANGUAGES, preferred
from assistant.ui.theme import HEAD, SCRIPT, STATIC, theme
from assistant.ui.tools import build_tools
from index.errors import DoichieuError

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.settings import Settings
SECONDS_TO_STOP = 5
"""For requests that are being answered when the server is told to stop."""


def build_app(assistant: "Assistant") -> ASGIApp:
    """The whole server: ``/`` leads to the page in the browser's language."""
    tools = build_tools(assistant) if assistant.settings.mcp else None
    tool_routes = (
        tools.streamable_http_app(stateless_http=True, json_response=True, host=assistant.settings.host).routes if tools else []
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run() if tools else nullcontext():
            yield

    app = FastAPI(title="Doichieu", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.add_exception_handler(DoichieuError, refuse)
    app.add_exception_handler(Exception, broken)
    app.include_router(build_api(assistant))
    app.router.routes.extend(tool_routes)
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/", include_in_schema=False)
    def home(request: Request) -> RedirectResponse:
        return RedirectResponse(f"/{preferred(request.headers.get('accept-language', ''))}/")

    for language in LANGUAGES:
        app = _mount(app, build_page(assistant, language), f"/{language}", assistant.settings)
    return guarded(Sessions(app), assistant.settings)


def _mount(app: FastAPI, page: gr.Blocks, path: str, settings: "Settings") -> FastAPI:
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path=path,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=f"{settings.max_upload_mb}mb",
        auth_dependency=user_of if settings.user_header or settings.password_hash else None,
        enable_monitoring=False,
        ssr_mode=False,
        theme=theme(),
        head=HEAD,
        js=SCRIPT,
    )
    return mounted


def serve(settings: "Settings") -> None:
    """Open the library, serve the page, and stay until stopped.

    Raises:
        DoichieuError: the library cannot be opened.
    """
    import uvicorn

    # Unless it is told otherwise, Python dies of this at once; so the library is closed, and what was begun is told or ended.
    signal.signal(signal.SIGTERM, _stop)
    with _open(settings) as assistant:
        app = build_app(assistant)
        threading.Thread(target=assistant.library.verify_words, daemon=True).start()
        print(f"Doichieu: http://{settings.host}:{settings.port}", flush=True)  # noqa: T201 - the address that a user opens
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=SECONDS_TO_STOP,
        )


def _stop(number: int, frame: object) -> NoReturn:
    sys.exit(0)


def _open(settings: "Settings") -> "Assistant":
    """The assistant, its library built so that the next start is instant."""
    from assistant.engine import Assistant

    place = Path(settings.library) if settings.library else None
    assistant = Assistant.open(settings=settings, create=place is None or not place.is_file())
    if assistant.library.articles():
        # The first question loads what the others find in memory; no visitor should wait for it.
        assistant.quoting.ask("Who said what, and when?")
    return assistant
