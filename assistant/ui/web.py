"""The page and a small REST interface behind one server, with security headers on everything."""

from typing import TYPE_CHECKING, Any

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.rendering import answer_to_json, hit_to_json
from assistant.ui.page_files import CSS, JS
from index.errors import DoichieuError, InputError

if TYPE_CHECKING:
    from assistant.engine import Assistant

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


class AskRequest(BaseModel):
    """The body of ``POST /ask``."""

    model_config = ConfigDict(extra="forbid")
    question: str = Field(min_length=1, max_length=4_000)
    history: list[tuple[str, str]] = Field(default_factory=list, max_length=50)
    language: str | None = None
    articles: list[str] | None = None


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


def build_app(assistant: "Assistant", page: gr.Blocks) -> FastAPI:
    """The whole server."""
    app = FastAPI(title="Doichieu", docs_url=None, redoc_url=None)
    app.add_middleware(_SecurityHeaders)

    @app.exception_handler(DoichieuError)
    def refuse(request: Request, error: DoichieuError) -> JSONResponse:
        return JSONResponse({"error": str(error)}, status_code=422 if isinstance(error, InputError) else 503)

    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        return {"status": "ok", "articles": len(assistant.library.articles())}

    @app.post("/ask")
    def ask(body: AskRequest) -> dict[str, Any]:
        return answer_to_json(assistant.ask(body.question, body.history, language=body.language, articles=body.articles))

    @app.get("/search")
    def search(q: str, k: int = 10) -> dict[str, Any]:
        return {"query": q, "hits": [hit_to_json(hit) for hit in assistant.library.search(q, k=min(max(k, 1), 100))]}

    @app.get("/articles")
    def articles() -> dict[str, Any]:
        found = [assistant.library.article(name) for name in assistant.library.articles()]
        return {
            "articles": [
                {
                    "id": a.id,
                    "versions": [{"id": v.id, "language": v.language, "kind": v.kind, "title": v.title} for v in a.versions],
                }
                for a in found
            ]
        }

    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="20mb",
        enable_monitoring=False,
        ssr_mode=False,
        css=CSS,
        js=JS,
        theme=gr.themes.Base(
            primary_hue="red", neutral_hue="stone", font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
        ),
    )
    return mounted
