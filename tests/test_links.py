"""Articles added by their links: fetched from a real server, kept as files that say where they came from."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from index.errors import InputError, UnreadableFile
from index.fetching import Fetcher, Limits, Page
from index.formats import saved_from
from index.library import Library
from index.links import name_of, save_page
from index.scope import Filter

BODY = (
    "<html><head><title>Ferry returns</title></head><body><article><h1>Ferry returns</h1>"
    "<p>The last ferry returned to the old harbour before noon on Sunday, its captain said.</p>"
    "<p>Passengers had waited on the pier since the early morning, many without a coat.</p></article></body></html>"
)
SAID = "Chuyến phà cuối cập bến cũ trước trưa Chủ nhật, thuyền trưởng cho biết."
VIETNAMESE = BODY.replace("The last ferry returned to the old harbour before noon on Sunday, its captain said.", SAID)


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        pages = {"/news/ferry.html": BODY.encode(), "/news/pha": VIETNAMESE.encode("utf-8"), "/program": b"MZ"}
        found = pages.get(self.path)
        kind = "application/octet-stream" if self.path == "/program" else "text/html; charset=utf-8"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(found or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fetcher(site: ThreadingHTTPServer) -> Fetcher:
    """One that takes the test's own server for a public one."""
    limits = Limits(ports=(site.server_address[1],))
    return Fetcher(limits, resolver=lambda host, port: ["127.0.0.1"], allowed=lambda address: True)


def link(site: ThreadingHTTPServer, path: str) -> str:
    return f"http://www.quay.example:{site.server_address[1]}{path}"


def test_a_page_is_kept_with_its_link_and_found(site: ThreadingHTTPServer, fetcher: Fetcher, tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        links = [link(site, "/news/ferry.html"), link(site, "/news/pha")]
        assert library.add_links(links, fetcher=fetcher) == ["quay.example-ferry", "quay.example-pha"]
        (version,) = library.article("quay.example-ferry").versions
        assert version.link == links[0]
        (original,) = library.originals("quay.example-ferry")
        kept = original.read_bytes()
        assert kept.endswith(BODY.encode())
        assert saved_from(kept) == links[0]
        assert "thuyền trưởng" in library.article("quay.example-pha").sources[0].text
        assert library.search("ferry", where=Filter(sources=("quay.example",)))
        generation = library._catalogue.generation
        library.add_links(links, fetcher=fetcher)
        assert library._catalogue.generation == generation


def test_links_that_give_no_article_are_told_and_the_others_are_in(
    site: ThreadingHTTPServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        with pytest.raises(UnreadableFile, match=r"/program.*/nowhere"):
            library.add_links([link(site, path) for path in ("/program", "/news/pha", "/nowhere")], fetcher=fetcher)
        assert library.articles() == ("quay.example-pha",)


def test_a_link_into_this_machine_is_refused(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        with pytest.raises(UnreadableFile, match="not on the public internet"):
            library.add_links(["http://127.0.0.1/x"])
        assert library.articles() == ()


def test_a_library_in_memory_keeps_no_pages(bundle: Path) -> None:
    with Library.open(bundle) as library, pytest.raises(InputError, match="index rebuild"):
        library.add_links(["https://quay.example/a"])


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.quay.example/2026/03/the-ferry-returns.html", "quay.example-the-ferry-returns"),
        ("https://quay.example/", "quay.example"),
        ("https://quay.example/news/index.php?id=7", "quay.example-news-id-7"),
        ("https://quay.example/ph%C3%A0%20cu%E1%BB%91i", "quay.example-phà-cuối"),
        ("https://quay.example/..%2f..%2fetc%2fpasswd", "quay.example-passwd"),
    ],
)
def test_a_link_gives_one_name(address: str, name: str) -> None:
    assert name_of(address) == name


def test_plain_text_gets_its_link_as_front_matter_and_a_pdf_stays_as_it_is(tmp_path: Path) -> None:
    text = save_page(Page("https://quay.example/a.txt", "text/plain", b"The ferry returned.\n"), tmp_path)
    assert text.read_bytes() == b"---\nlink: https://quay.example/a.txt\n---\nThe ferry returned.\n"
    assert save_page(Page("https://quay.example/b", "application/pdf", b"%PDF-1.7"), tmp_path).read_bytes() == b"%PDF-1.7"
