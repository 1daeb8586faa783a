"""Takes the pictures of the README over the articles that ship: ``python docs/screenshots.py``. Needs Chromium."""

import io
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.page import serving  # noqa: E402 - the repository is no installed package

FOLDER = ROOT / "docs" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
DESK, PHONE = (1440, 900), (390, 844)
QUESTION = {"en": "Who turned down the invitation to Paris?", "vi": "Vì sao Bắc Kinh lo ngại khi chuyên gia AI ra nước ngoài?"}


@dataclass(frozen=True)
class Shot:
    """A picture: the part of the page that it shows, in which language, on which screen, by which light."""

    part: str
    language: str
    screen: tuple[int, int] = DESK
    light: str = "light"

    @property
    def name(self) -> str:
        """Its file's name without the ending."""
        kind = "phone-" if self.screen == PHONE else "dark-" if self.light == "dark" else ""
        return f"{kind}{self.part}-{self.language}"


SHOTS = [
    *(Shot(part, language) for part in ("chat", "compare", "library") for language in ("en", "vi")),
    Shot("chat", "vi", light="dark"),
    *(Shot(part, language, PHONE) for part, language in (("chat", "vi"), ("reader", "vi"), ("chat", "en"))),
]


def take(browser: Browser, address: str, shot: Shot) -> None:
    """Ask, follow the first citation, turn to the part, and keep the picture."""
    width, height = shot.screen
    locale = {"en": "en-US", "vi": "vi-VN"}[shot.language]
    context = browser.new_context(locale=locale, viewport={"width": width, "height": height}, color_scheme=shot.light)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".reader .s").first).to_be_attached(timeout=60_000)
    box = page.locator("#question textarea").first
    box.fill(QUESTION[shot.language])
    box.press("Enter")
    expect(page.locator(".turn .small")).to_have_count(1, timeout=60_000)
    if shot.screen == DESK or shot.part != "chat":
        page.locator(".said button.cite").first.click()
        expect(page.locator(".reader mark.own").first).to_be_in_viewport()
    if shot.part in ("compare", "library"):
        page.locator(f"#tab-{shot.part}-button").click()
    page.mouse.move(width - 5, height - 5)
    page.wait_for_timeout(300)
    keep(page, FOLDER / f"{shot.name}.png")
    context.close()


def keep(page: Page, path: Path) -> None:
    """Few colours are enough for a page of text, and a third of the size."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(128)
    picture.save(path, optimize=True)


def main() -> None:
    """Serve the shipped articles, take every picture, stop."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as library:
        for file in (ROOT / "articles").glob("*.txt"):
            shutil.copy(file, library)
        with serving(Path(library)) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for shot in SHOTS:
                take(browser, f"http://127.0.0.1:{port}/", shot)
            browser.close()


if __name__ == "__main__":
    main()
