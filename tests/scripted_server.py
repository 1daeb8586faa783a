"""A server on loopback that speaks OpenAI's streaming chat protocol and says what a test tells it to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[[dict[str, Any]], Iterator[str]]


class Cut(Exception):
    """Raised by a script to end the connection in mid-answer."""


class Status(Exception):
    """Raised by a script to answer with an HTTP status."""


@contextmanager
def scripted_server(script: Script) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The base URL of a running server, and the requests that it got."""
    requests: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            requests.append(body)
            pieces = script(body)
            try:
                first = next(pieces, "")
            except Status as status:
                self.send_response(int(str(status)))
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            try:
                self.event(first)
                for piece in pieces:
                    self.event(piece)
                self.wfile.write(b"data: [DONE]\n\n")
            except (Cut, OSError):
                self.close_connection = True

        def event(self, text: str) -> None:
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
            chunk["choices"] = [{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}]
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", requests
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
