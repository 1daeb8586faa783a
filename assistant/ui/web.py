"""The server: the page in each language, the API beside it, and security headers on everything."""

from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.api import build_api, refuse
from assistant.ui.page import build_page
from assistant.ui.strings import LANGUAGES, preferred
from assistant.ui.theme import HEAD, SCRIPT, STATIC, theme
from index.errors import DoichieuError

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.settings import Settings

# Gradio's own page needs inline scripts and styles; nothing may be loaded from, or sent to, anywhere else.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


class _SecurityHeaders:
    """Adds the headers to every answer as it starts; streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def build_app(assistant: "Assistant") -> FastAPI:
    """The whole server: ``/`` leads to the page in the browser's language."""
    app = FastAPI(title="Doichieu", docs_url=None, redoc_url=None)
    app.add_middleware(_SecurityHeaders)
    app.add_exception_handler(DoichieuError, refuse)
    app.include_router(build_api(assistant))
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/", include_in_schema=False)
    def home(request: Request) -> RedirectResponse:
        return RedirectResponse(f"/{preferred(request.headers.get('accept-language', ''))}/")

    for language in LANGUAGES:
        app = _mount(app, build_page(assistant, language), f"/{language}", assistant.settings.max_upload_mb)
    return app


def _mount(app: FastAPI, page: gr.Blocks, path: str, largest_mb: int) -> FastAPI:
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path=path,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=f"{largest_mb}mb",
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

    assistant = _open(settings)
    print(f"Doichieu: http://{settings.host}:{settings.port}", flush=True)  # noqa: T201 - the address that a user opens
    with assistant:
        uvicorn.run(
            build_app(assistant),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            timeout_graceful_shutdown=5,
        )


def _open(settings: "Settings") -> "Assistant":
    """The assistant, its library built so that the next start is instant."""
    from assistant.engine import Assistant

    place = Path(settings.library) if settings.library else None
    assistant = Assistant.open(settings=settings, create=place is None or not place.is_file())
    if assistant.library.articles():
        # The first question loads what the others find in memory; no visitor should wait for it.
        assistant.ask("Who said what, and when?")
    return assistant
