"""What stands before the server, with visitors of every kind in front of a small application behind it."""

import asyncio
import base64
import io
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.logs import JsonLines, PlainLines
from assistant.settings import Settings
from assistant.ui.guard import guarded
from assistant.ui.guard.limits import MOST_CLIENTS, RateLimit
from assistant.ui.guard.password import PasswordHash
from assistant.ui.guard.requests import broken
from index.errors import InputError

HERE, FAR = ("127.0.0.1", 50_000), ("203.0.113.9", 50_000)
LAN = Settings(host="0.0.0.0")


async def echo(request: Request) -> JSONResponse:
    visitor = request.state.visitor
    size = len(await request.body())
    return JSONResponse({"size": size, "address": visitor.address, "user": visitor.user, "scheme": request.url.scheme})


async def fail(request: Request) -> PlainTextResponse:
    raise RuntimeError("/srv/secret/place is broken")


def client(settings: Settings = LAN, peer: tuple[str, int] = FAR, **headers: str) -> TestClient:
    app = Starlette(
        routes=[
            Route("/ask", echo, methods=["GET", "POST"]),
            Route("/articles/a.txt", echo, methods=["PUT"]),
            Route("/healthz", lambda request: PlainTextResponse("ok")),
            Route("/fail", fail),
        ],
        exception_handlers={Exception: broken},
    )
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return TestClient(
        guarded(app, settings), raise_server_exceptions=False, base_url="http://127.0.0.1:7860", client=peer, headers=given
    )


# Names and sites --------------------------------------------------------------------------------------------------------------


@pytest.mark.threat("another site's page")
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7860", 200), ("localhost", 200), ("[::1]:7860", 200), ("LOCALHOST:1", 200), ("rebound.example", 421), ("127.0.0.1.nip.io", 421),
        ("localhost.evil.example:7860", 421), ("", 421), ("127.0.0.1@evil.example", 421),
    ],
)  # fmt: skip
def test_on_loopback_only_the_names_of_this_machine_lead_here(host: str, status: int) -> None:
    assert client(Settings(), HERE).get("/ask", headers={"host": host}).status_code == status


@pytest.mark.threat("another site's page")
def test_names_are_those_of_the_settings_where_they_name_some_and_any_on_an_open_address() -> None:
    named = client(Settings(host="0.0.0.0", hosts="news.example, b.example"))
    assert named.get("/ask", headers={"host": "NEWS.example:443"}).status_code == 200
    assert named.get("/ask", headers={"host": "other.example"}).status_code == 421
    assert client().get("/ask", headers={"host": "any.example"}).status_code == 200


@pytest.mark.threat("another site's page")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "https://proxied.example"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://127.0.0.1:7860"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1.evil.example"}, 403),
    ],
)
def test_another_sites_page_changes_nothing(headers: dict[str, str], status: int) -> None:
    assert client(Settings(), HERE).post("/ask", content=b"{}", headers=headers).status_code == status


@pytest.mark.threat("another site's page")
@pytest.mark.parametrize("path", ["/ask", "/nowhere", "/fail"])
def test_every_answer_tells_the_browser_to_load_and_send_nothing_elsewhere(path: str) -> None:
    headers = client(Settings(), HERE).get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert client(Settings(), HERE).get(path, headers={"host": "evil.example"}).headers["x-frame-options"] == "DENY"


# Who asks ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.threat("a visitor who poses as another")
@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("10.0.0.1", "not an address", "not an address"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_only_a_trusted_proxy_says_who_asks_and_only_of_the_last_stranger(peer: str, forwarded: str, address: str) -> None:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    answer = client(replace(LAN, proxies="10.0.0.0/30"), (peer, 1)).get("/ask", headers=headers)
    assert answer.json()["address"] == address


@pytest.mark.threat("a visitor who poses as another")
def test_a_user_is_whom_the_proxy_names_and_nobody_else_comes_in() -> None:
    settings = replace(LAN, proxies="10.0.0.1", user_header="X-User")
    proxied = client(settings, ("10.0.0.1", 1), x_forwarded_for="198.51.100.7", x_forwarded_proto="https")
    answer = proxied.get("/ask", headers={"x-user": "lan"}).json()
    assert (answer["user"], answer["scheme"]) == ("lan", "https")
    assert proxied.get("/ask").status_code == 401
    assert client(settings).get("/ask", headers={"x-user": "lan"}).status_code == 401
    assert client(settings).get("/healthz").status_code == 200


@pytest.mark.threat("a visitor who poses as another")
@pytest.mark.parametrize(
    "settings",
    [{"user_header": "X-User"}, {"proxies": "everybody"}, {"password_hash": "secret"}, {"password_hash": "scrypt:1:1:1::"}],
)
def test_settings_that_would_let_anybody_in_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(InputError, match="DOICHIEU_"):
        client(replace(LAN, **settings))


PASSWORD = PasswordHash.of("đối chiếu: hai bản")


def basic(password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"any:{password}".encode()).decode()}


@pytest.mark.threat("a guessed password")
def test_the_password_lets_in_and_nothing_else_does() -> None:
    asked = client(replace(LAN, password_hash=str(PASSWORD)))
    refusal = asked.get("/ask", headers={"accept-language": "vi"})
    assert refusal.status_code == 401
    assert refusal.headers["www-authenticate"].startswith("Basic")
    assert refusal.json()["error"] == "Xin đăng nhập để đọc ở đây."
    for wrong in (
        {"authorization": "Basic ***"},
        {"authorization": "Bearer x"},
        {"authorization": "Basic " + "w6k=" * 3},
        basic(""),
        basic("wrong"),
    ):
        assert asked.get("/ask", headers=wrong).status_code == 401
    for _ in range(2):
        assert asked.get("/ask", headers=basic("đối chiếu: hai bản")).json()["user"] == "reader"


@pytest.mark.threat("a guessed password")
def test_guesses_are_counted_and_the_right_one_that_is_known_still_comes_in() -> None:
    asked = client(replace(LAN, password_hash=str(PasswordHash(2, 8, 1, PASSWORD.salt, PASSWORD.digest))))
    statuses = [asked.get("/ask", headers=basic(f"guess {n}")).status_code for n in range(12)]
    assert statuses.count(401) == 5
    assert set(statuses[5:]) == {429}


def test_a_hash_is_salted_and_survives_being_written_down() -> None:
    assert str(PasswordHash.of("same")) != str(PasswordHash.of("same"))
    assert PasswordHash.parse(str(PASSWORD)).matches("đối chiếu: hai bản")
    assert "đối" not in str(PASSWORD)


# Limits -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.threat("a visitor who asks too much")
def test_an_eager_client_is_told_when_to_come_back_and_others_are_served() -> None:
    settings = replace(LAN, requests_per_minute=8, proxies="10.0.0.1")
    eager = client(settings, ("10.0.0.1", 1), x_forwarded_for="198.51.100.7")
    answers = [eager.post("/ask") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 8
    assert eager.post("/ask", headers={"x-forwarded-for": "198.51.100.8"}).status_code == 200
    assert eager.get("/ask").status_code == 200


@pytest.mark.threat("a visitor who asks too much")
def test_who_sits_at_this_machine_is_not_counted_but_whom_an_unknown_proxy_brings_is() -> None:
    asked = client(Settings(requests_per_minute=4), HERE)
    assert {asked.post("/ask").status_code for _ in range(9)} == {200}
    assert {asked.post("/ask", headers={"x-forwarded-for": "198.51.100.7"}).status_code for _ in range(9)} == {200, 429}


@pytest.mark.threat("a visitor who asks too much")
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-5, 120)), max_size=60))
def test_no_order_of_requests_and_no_clock_gets_more_than_its_share(steps: list[tuple[str, float]]) -> None:
    now = [0.0]
    limit, taken, forward = RateLimit(60, lambda: now[0]), {"a": 0, "b": 0, "c": 0}, 0.0
    for name, step in steps:
        now[0] += step
        forward += max(0.0, step)
        wait = limit.take(name)
        assert wait >= 0
        taken[name] += wait == 0
        assert taken[name] <= 15 + forward + 1


def test_the_memory_of_clients_is_bounded() -> None:
    limit = RateLimit(60, lambda: 0.0)
    for n in range(2 * MOST_CLIENTS + 10):
        limit.take(str(n))
    assert len(limit._buckets) <= MOST_CLIENTS


@pytest.mark.threat("a visitor who asks too much")
@pytest.mark.parametrize(("method", "path", "largest"), [("POST", "/ask", 2**22), ("PUT", "/articles/a.txt", 2**20 + 2**16)])
@pytest.mark.parametrize("told", [True, False])
def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(method: str, path: str, largest: int, told: bool) -> None:
    asked = client(replace(LAN, max_upload_mb=1))
    for size, status in ((largest, 200), (largest + 1, 413)):
        content: Any = b"x" * size if told else (b"x" * min(2**16, size - i) for i in range(0, size, 2**16))
        answer = asked.request(method, path, content=content)
        assert answer.status_code == status
    assert "MB" in answer.json()["error"]


async def ask_slowly(app: Any, pieces: AsyncIterator[dict[str, Any]]) -> list[dict[str, Any]]:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/ask",
        "headers": [(b"host", b"a")],
        "client": FAR,
        "query_string": b"",
        "scheme": "http",
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return await anext(pieces)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


@pytest.mark.threat("a visitor who asks too much")
async def test_a_body_that_drips_in_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.ui.guard.limits.SECONDS_TO_SEND", 0.05)

    async def never() -> AsyncIterator[dict[str, Any]]:
        yield {"type": "http.request", "body": b"{", "more_body": True}
        await asyncio.Event().wait()

    sent = await ask_slowly(client().app, never())
    assert sent[0]["status"] == 408


@pytest.mark.threat("a visitor who asks too much")
async def test_beyond_the_most_at_once_the_server_says_that_it_is_busy_and_then_goes_on() -> None:
    release = asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await release.wait()
        await JSONResponse({})(scope, receive, send)

    async def nothing() -> AsyncIterator[dict[str, Any]]:
        while True:
            yield {"type": "http.request", "body": b""}

    app = guarded(slow, replace(LAN, requests_at_once=3, requests_per_minute=6_000))
    waiting = [asyncio.create_task(ask_slowly(app, nothing())) for _ in range(3)]
    await asyncio.sleep(0)
    refused = await ask_slowly(app, nothing())
    assert refused[0]["status"] == 503
    assert (b"retry-after", b"2") in refused[0]["headers"]
    assert "busy" in json.loads(refused[1]["body"])["error"]
    release.set()
    assert [sent[0]["status"] for sent in await asyncio.gather(*waiting)] == [200] * 3
    assert (await ask_slowly(app, nothing()))[0]["status"] == 200


# Logs -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def lines() -> Any:
    stream, handler = io.StringIO(), logging.StreamHandler()
    handler.setStream(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [
        line for text in stream.getvalue().splitlines() if not (line := json.loads(text))["logger"].startswith("httpx")
    ]
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.threat("paths and traces to a client")
def test_what_goes_wrong_is_in_the_log_under_a_number_and_the_visitor_gets_the_number(lines: Any) -> None:
    answer = client(peer=FAR).get("/fail", headers={"accept-language": "en"})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    number = answer.headers["x-request-id"]
    assert number in answer.json()["error"]
    failed, asked = [line for line in lines() if line.get("request") == number]
    assert "RuntimeError" in failed["error"]
    assert (asked["path"], asked["status"], asked["client"]) == ("/fail", 500, FAR[0])


@pytest.mark.threat("secrets in logs")
def test_a_log_holds_neither_questions_nor_passwords_nor_keys(lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "sk-very-secret-key")
    client(replace(LAN, password_hash=str(PASSWORD))).get("/ask?q=private+question", headers=basic("private password"))
    logging.getLogger("any").warning("the key sk-very-secret-key is wrong\x1b[31m\nand more")
    said = json.dumps(lines())
    assert "private" not in said
    assert "sk-very" not in said
    assert "***" in said
    assert "\x1b" not in PlainLines().format(logging.LogRecord("a", 30, "", 0, "red \x1b[31m\nline", (), None))


async def test_a_websocket_is_closed() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    await client().app({"type": "websocket", "path": "/", "headers": []}, receive, send)  # type: ignore[operator]
    assert sent[0]["type"] == "websocket.close"
