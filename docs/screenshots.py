"""Takes the pictures of the README over the articles that ship: ``python docs/screenshots.py``. Needs Chromium."""

import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SHOTS = [
    ("chat-en", "en-US", "Who turned down the invitation to Paris?", 1440, 900, "light"),
    ("chat-vi", "vi-VN", "Vì sao Bắc Kinh lo ngại khi chuyên gia AI ra nước ngoài?", 1440, 900, "light"),
    ("dark-vi", "vi-VN", "Jack Ma gặp ông Trump khi nào?", 1440, 900, "dark"),
    ("phone-vi", "vi-VN", "Ai viết bài này?", 390, 844, "light"),
]


def take(browser: Browser, address: str, name: str, locale: str, question: str, width: int, height: int, scheme: str) -> None:
    """One picture: a question, its answer, the quote found in the article."""
    context = browser.new_context(locale=locale, viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address + ("?__theme=dark" if scheme == "dark" else ""))
    expect(page.locator(".reader td .s").first).to_be_visible(timeout=30_000)
    box = page.locator("#question textarea, #question input").first
    box.fill(question)
    box.press("Enter")
    expect(page.locator(".turn .small")).to_have_count(1, timeout=15_000)
    if width > 800:
        page.locator(".said button.cite").first.click()
        expect(page.locator(".reader mark").first).to_be_in_viewport()
    page.screenshot(path=FOLDER / f"{name}.png")
    context.close()


def main() -> None:
    """Serve the shipped articles, take every picture, stop."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe, tempfile.TemporaryDirectory() as library:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        for file in (ROOT / "articles").glob("*.txt"):
            shutil.copy(file, library)
        server = subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve", "--library", library, "--port", str(port)], cwd=ROOT
        )
        try:
            address = f"http://127.0.0.1:{port}/"
            while server.poll() is None:
                try:
                    urllib.request.urlopen(address + "healthz", timeout=2).close()
                    break
                except OSError:
                    continue
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                for shot in SHOTS:
                    take(browser, address, *shot)
                browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
