"""`doichieu serve` as a process: readers who leave, a provider that hangs, a word to stop; who comes in, and what he may do."""

import http.client
import json
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from samples import BUNDLE
from scripted_server import scripted_server
from serving import Server, serving

pytest.importorskip("langchain_openai")
SECRET = "sk-a-secret-of-the-owner"


class Provider:
    """Writes and writes, until it is left."""

    def __init__(self) -> None:
        self.began, self.left, self.done = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, body: dict[str, Any]) -> Iterator[str]:
        self.began.set()
        try:
            while not self.done.wait(0.02):
                yield "x"
        finally:
            self.left.set()

    def expect(self) -> None:
        self.began.clear()
        self.left.clear()


@pytest.fixture(scope="module")
def provider() -> Provider:
    return Provider()


@pytest.fixture(scope="module")
def server(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served") / "library"
    folder.mkdir()
    (folder / "bridge.txt").write_text(BUNDLE, encoding="utf-8")
    with scripted_server(provider) as (address, _):
        environment = {
            "OPENAI_API_KEY": SECRET,
            "DOICHIEU_LOG_LEVEL": "INFO",
            "DOICHIEU_ALLOW_CHANGES": "0",
            "NO_PROXY": "127.0.0.1",
        }
        with serving(folder, "--model", "openai:scripted", "--base-url", address, **environment) as running:
            yield running
        provider.done.set()


def request(server: Server, method: str, path: str, body: Any = None) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=60)
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection.request(method, path, data, {"Content-Type": "application/json"})
    return connection


@pytest.mark.threat("a reader who leaves")
def test_when_a_client_hangs_up_the_provider_is_left(server: Server, provider: Provider) -> None:
    provider.expect()
    connection = request(server, "POST", "/ask", {"question": "How much did the bridge cost?"})
    assert provider.began.wait(60)
    connection.close()
    assert provider.left.wait(60)


@pytest.mark.threat("a reader who leaves")
def test_when_a_page_is_closed_in_mid_answer_the_provider_is_left(server: Server, provider: Provider) -> None:
    provider.expect()
    with urllib.request.urlopen(f"{server.address}/en/config", timeout=60) as response:
        config = json.load(response)
    (box,) = (part["id"] for part in config["components"] if part["props"].get("elem_id") == "question")
    asking = next(event for event in config["dependencies"] if [box, "submit"] in event["targets"])
    data = ["How much did the bridge cost?" if part == box else None for part in asking["inputs"]]
    joined = request(
        server, "POST", "/en/gradio_api/queue/join", {"data": data, "fn_index": asking["id"], "session_hash": "leaver"}
    )
    assert joined.getresponse().status == 200
    stream = request(server, "GET", "/en/gradio_api/queue/data?session_hash=leaver")
    assert provider.began.wait(60)
    stream.close()
    assert provider.left.wait(60)


@pytest.mark.threat("a library changed by strangers")
@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/articles/new.txt"), ("DELETE", "/articles/bridge"), ("PUT", "/articles/..%2f..%2fnew.txt")]
)
def test_where_changes_are_not_allowed_nobody_changes_anything(server: Server, method: str, path: str) -> None:
    answer = request(server, method, path, b"A storm broke nine masts.").getresponse()
    assert answer.status in (403, 404, 405)
    assert b"/tmp" not in answer.read()
    with urllib.request.urlopen(f"{server.address}/articles", timeout=60) as response:
        assert [article["id"] for article in json.load(response)["articles"]] == ["bridge"]


@pytest.mark.threat("paths and traces to a client")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/ask", b"{not json"),
        ("POST", "/ask", {"question": ""}),
        ("POST", "/ask", {"question": "x", "unknown": 1}),
        ("POST", "/ask", {"question": "x", "articles": ["../../etc/passwd"]}),
        ("GET", "/search?q=", None),
        ("GET", "/search?q=x&k=nine", None),
        ("GET", "/articles/nowhere/compare", None),
        ("GET", "/nowhere", None),
        ("GET", "/en/gradio_api/file=/etc/passwd", None),
        ("GET", "/en/gradio_api/file=http://127.0.0.1:1/", None),
        ("GET", "/static/..%2f..%2fsettings.py", None),
        ("GET", "/en/gradio_api/runs", None),
        ("POST", "/en/gradio_api/queue/join", {"data": [], "fn_index": 999, "session_hash": "x"}),
        ("POST", "/en/gradio_api/run/predict", {"data": [{"path": "/etc/passwd"}], "fn_index": 0}),
    ],
)  # fmt: skip
def test_a_wrong_request_gets_one_line_without_paths_or_traces(server: Server, method: str, path: str, body: Any) -> None:
    answer = request(server, method, path, body).getresponse()
    said = answer.read().decode()
    assert 400 <= answer.status < 600
    assert not any(
        word in said for word in ("Traceback", 'File "', str(Path(__file__).parents[1]), "root:x", "site-packages", "/tmp/")
    )
    assert answer.headers["x-request-id"]
    assert answer.headers["server"] is None


@pytest.mark.threat("secrets in logs")
def test_the_servers_log_is_json_and_holds_no_secret(server: Server) -> None:
    lines = server.log.splitlines()
    assert SECRET not in server.log
    asked = [json.loads(line) for line in lines if line.startswith("{")]
    assert {"time", "level", "request", "client", "path", "status", "ms"} <= next(
        line for line in asked if line.get("path") == "/ask"
    ).keys()
    assert "bridge cost" not in server.log


@pytest.mark.threat("a provider that hangs")
def test_told_to_stop_the_server_ends_in_time_with_a_provider_that_hangs(server: Server, provider: Provider) -> None:
    provider.expect()
    connection = request(server, "POST", "/ask", {"question": "How much did the bridge cost?"})
    assert provider.began.wait(60)
    assert server.stop(within=60) == 0
    assert provider.left.wait(60)
    connection.close()
