"""How soon the page is served, beside ``python -c "import gradio"``, and how soon it answers in a browser: ``python -m benchmarks.page``."""

import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.speed import ARTICLES, QUESTIONS, ROOT, best_of

ASKED = 20
"""Questions that are asked in the browser."""
# Enter is pressed, and the page shows a whole answer more than before: both are noted in the page itself.
WATCH = """() => {
  const count = () => document.querySelectorAll(".turn .small").length;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter") [window.before, window.asked, window.took] = [count(), performance.now(), 0];
  }, true);
  new MutationObserver(() => {
    if (window.asked && !window.took && count() > window.before) window.took = performance.now() - window.asked;
  }).observe(document.body, { childList: true, subtree: true });
}"""


@contextlib.contextmanager
def running(library: Path, **environment: str) -> Iterator[tuple[int, int]]:
    """The port and the process id of a server over a library, once it serves the whole page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "assistant", "serve", "--library", str(library), "--port", str(port)]
    server = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while server.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                answer.read()
                break
            time.sleep(0.01)
        else:
            raise RuntimeError("the server ended before it served a page")
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def serving(library: Path) -> Iterator[int]:
    """The port of a server over a library, once it serves the whole page."""
    with running(library) as (port, _):
        yield port


def served(library: Path) -> float:
    """Seconds from the start of the process to the whole page."""
    started = time.perf_counter()
    with serving(library):
        return time.perf_counter() - started


def answered(library: Path) -> list[float]:
    """Milliseconds from Enter to the whole answer on the page, for each of ``ASKED`` questions, the first one first."""
    from playwright.sync_api import expect, sync_playwright

    with serving(library) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="en-US")
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.locator(".reader .s").first).to_be_attached(timeout=60_000)
        page.evaluate(WATCH)
        times = []
        for turn in range(ASKED):
            box = page.locator("#question textarea").first
            box.fill(QUESTIONS[turn % len(QUESTIONS)])
            box.press("Enter")
            page.wait_for_function("window.took > 0", timeout=60_000)
            times.append(float(page.evaluate("window.took")))
            expect(box).to_have_value("")
        browser.close()
        return times


def main() -> None:
    """Print the page's times and their ratios to the baseline."""
    with tempfile.TemporaryDirectory() as folder:
        for file in ARTICLES.glob("*.txt"):
            shutil.copy(file, folder)
        first = served(Path(folder))
        # In turn, so that whatever else the machine does falls on both.
        turns = [(best_of(1, sys.executable, "-c", "import gradio")[0], served(Path(folder))) for _ in range(5)]
        gradio, again = (min(times) for times in zip(*turns, strict=True))
        times = answered(Path(folder)) if shutil.which("chromium") else []
    print(f"import gradio                           {gradio * 1000:8.0f} ms   (baseline)")
    print(f"page served, library built on the way   {first * 1000:8.0f} ms   {first / gradio:.2f} x import gradio")
    print(f"page served, library on disk            {again * 1000:8.0f} ms   {again / gradio:.2f} x import gradio (asked: 1.5)")
    if times:
        print(f"answer on the page after Enter, first   {times[0]:8.0f} ms")
        print(f"answer on the page after Enter, median  {statistics.median(times):8.0f} ms   of {len(times)} (asked: 300)")


if __name__ == "__main__":
    main()
