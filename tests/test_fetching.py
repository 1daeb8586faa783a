import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from index.fetching import Fetcher, Limits, RefusedLink, is_public

pytestmark = pytest.mark.threat("hostile links")
ARTICLE = b"<html><body><p>The bridge opens in March.</p></body></html>"


class Site(BaseHTTPRequestHandler):
    """A small web site that behaves in every way a hostile one does."""

    closing = threading.Event()

    def do_GET(self) -> None:
        answer = getattr(self, "page_" + self.path.strip("/").partition("/")[0].replace("-", "_"), None)
        if answer:
            answer()
        else:
            self.send_error(404)

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def page_article(self) -> None:
        self.send(ARTICLE)

    def page_packed(self) -> None:
        self.send(gzip.compress(ARTICLE), Content_Encoding="gzip")

    def page_bomb(self) -> None:
        self.send(gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")

    def page_broken(self) -> None:
        self.send(b"not gzip at all", Content_Encoding="gzip")

    def page_strange(self) -> None:
        self.send(ARTICLE, Content_Encoding="br")

    def page_long(self) -> None:
        self.send(b"x" * 2_000_000)

    def page_program(self) -> None:
        self.send(b"MZ", Content_Type="application/octet-stream")

    def page_moved(self) -> None:
        self.send(b"", 302, Location="/article")

    def page_inside(self) -> None:
        self.send(b"", 302, Location="http://inside.example/article")

    def page_file(self) -> None:
        self.send(b"", 302, Location="file:///etc/passwd")

    def page_round(self) -> None:
        self.send(b"", 302, Location="/round")

    def page_slow(self) -> None:
        self.send_response(200)
        self.flush_headers()
        while not self.closing.wait(0.05):
            try:
                self.wfile.write(b"X-Wait: 1\r\n")
                self.wfile.flush()
            except OSError:
                return

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    Site.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


class Names:
    """A resolver of our own: what each name stands for, and how often it was asked."""

    def __init__(self, **addresses: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): iter(rounds) for name, rounds in addresses.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return next(self.answers[host])


def fetcher(port: int, **limits: object) -> Fetcher:
    names = Names(news_example=[["127.0.0.1"]] * 9, inside_example=[["10.0.0.7"]] * 9)
    return Fetcher(Limits(ports=(port, 80), **limits), resolver=names, allowed=lambda address: address == "127.0.0.1")  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["article", "packed", "moved"])
def test_an_article_is_fetched_plain_packed_or_moved(port: int, path: str) -> None:
    page = fetcher(port).fetch(f"http://news.example:{port}/{path}")
    assert page.data == ARTICLE
    assert page.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "said", "limits"),
    [
        ("bomb", "larger than", {"size": 2**20}),
        ("long", "larger than", {"size": 2**20}),
        ("broken", "incorrect header", {}),
        ("strange", "'br' is not understood", {}),
        ("program", "application/octet-stream is not an article", {}),
        ("inside", "not on the public internet", {}),
        ("file", "only http and https", {}),
        ("round", "more than 3 redirects", {}),
        ("nothing", "404", {}),
        ("slow", "took too long", {"seconds": 0.5}),
    ],
)
def test_a_hostile_page_is_refused_in_one_line(port: int, path: str, said: str, limits: dict[str, object]) -> None:
    with pytest.raises(RefusedLink, match=said) as refusal:
        fetcher(port, **limits).fetch(f"http://news.example:{port}/{path}")
    assert "\n" not in str(refusal.value)


def test_a_name_that_changes_its_address_after_the_check_gains_nothing(port: int) -> None:
    names = Names(news_example=[["127.0.0.1"], ["10.0.0.7"]])
    page = Fetcher(Limits(ports=(port,)), resolver=names, allowed=lambda a: a == "127.0.0.1").fetch(
        f"http://news.example:{port}/article"
    )
    assert page.data == ARTICLE
    assert names.asked == ["news.example"]


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    names = Names(news_example=[["93.184.215.14", "192.168.1.1"]])
    with pytest.raises(RefusedLink, match="public internet") as refusal:
        Fetcher(resolver=names).fetch("http://news.example/")
    assert "192.168" not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://news.example/",
        "file:///etc/passwd",
        "//news.example/",
        "http://user:word@news.example/",
        "http://news.example:22/",
        "http://news.example:99999/",
        "http://news.example/a b",
        "http://news.example\\@inside.example/",
        "http://[::1",
        "javascript:alert(1)",
        "",
    ],
)
def test_odd_links_are_refused_before_any_look_up(url: str) -> None:
    names = Names()
    with pytest.raises(RefusedLink):
        Fetcher(resolver=names).fetch(url)
    assert names.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.0.8", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:0:7f00:1::",
        "64:ff9b:1::1", "2001:0:5db8:d822:0:0:80ff:fffe",
    ],
)  # fmt: skip
def test_addresses_inside_a_network_are_not_public_in_any_disguise(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)
