"""A real server over a small library, and a real Chromium to read it with."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reader import Reader, open_page
from samples import BUNDLE

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
HOSTILE = """<img src=x onerror="window.hacked=1">
By <script>window.hacked=1</script>
<img src=x onerror="window.hacked=1"> said that the <b>harbour</b> reopened after a storm of seven days.
[a link](javascript:window.hacked=1) was found by the <iframe src="http://evil.example/"></iframe> divers on Tuesday.
"""

PICTURE = '<img src=x onerror="window.hacked=1">'
EVERYWHERE = f"""{PICTURE} Evil {PICTURE}
{PICTURE} standfirst
By {PICTURE} Mallory {PICTURE}
Updated {PICTURE} March 2, 2025 9:30 am
PARIS — An evil picture {PICTURE} said on Monday that {PICTURE} its error was handled in 1999.
Photo: {PICTURE}
https://evil.example/{PICTURE}
#{PICTURE}
{PICTURE}@evil.example
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI_REQUIRE_BROWSER"):
            pytest.fail("no Chromium is installed, and CI_REQUIRE_BROWSER is set")
        pytest.skip("no Chromium is installed here")
    return found


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the page is over."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "bridge.txt").write_text(BUNDLE, encoding="utf-8")
    (folder / "storm.txt").write_text(HOSTILE, encoding="utf-8")
    (folder / "hostile.txt").write_text(EVERYWHERE, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def site(library: Path, chromium: str) -> Iterator[str]:
    """The address of a running page."""
    folder = library
    port, log = free_port(), folder.parent / "server.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "assistant", "serve", "--library", str(folder), "--port", str(port)]
        server = subprocess.Popen(command, stdout=output, stderr=output, cwd=Path(__file__).resolve().parents[2])
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", server, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Ask until the server answers; a server that ended is an error at once."""
    for _ in range(600):
        if server.poll() is not None:
            pytest.fail(f"the server ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            try:
                server.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
    pytest.fail("the server did not answer within a minute")


# Playwright holds an event loop for as long as it is open, which no asynchronous test beside it survives.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def vietnamese(browser: Any, site: str) -> Iterator[Reader]:
    yield from open_page(browser, site, locale="vi-VN", viewport={"width": 1440, "height": 900})


@pytest.fixture
def english(browser: Any, site: str) -> Iterator[Reader]:
    yield from open_page(browser, site, locale="en-US", viewport={"width": 1440, "height": 900})
