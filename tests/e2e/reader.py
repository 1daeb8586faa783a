"""Somebody who reads the page: what he does on it, and what the page did meanwhile that it should not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

expect = pytest.importorskip("playwright.sync_api").expect
# A machine that does something else meanwhile is slow; what is never true fails all the same.
expect.set_options(timeout=30_000)


@dataclass
class Reader:
    """A page with what it asked of other machines and what went wrong in it."""

    page: Any
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def box(self) -> Any:
        return self.page.locator("#question textarea, #question input").first

    def ask(self, question: str) -> Any:
        """Ask, and give the answer once it is whole."""
        before = self.page.locator(".turn .small").count()
        self.box.fill(question)
        self.box.press("Enter")
        expect(self.page.locator(".turn .small")).to_have_count(before + 1)
        # Emptied when the answer begins; what is typed before that is lost with it.
        expect(self.box).to_have_value("")
        return self.page.locator(".turn").last

    def tab(self, name: str) -> None:
        self.page.locator(f"#tab-{name}-button").click()

    def wait(self) -> None:
        """Until the article is there, the last thing that an opening page brings."""
        expect(self.page.locator(".reader .s").first).to_be_attached(timeout=60_000)


def open_page(browser: Any, site: str, **options: Any) -> Iterator[Reader]:
    context = browser.new_context(**options)
    reader = Reader(context.new_page())
    reader.page.on("request", lambda request: reader.outside.append(request.url) if not local(request.url, site) else None)
    reader.page.on("pageerror", lambda error: reader.errors.append(str(error)))
    reader.page.goto(site)
    reader.wait()
    yield reader
    context.close()


def local(url: str, site: str) -> bool:
    return url.startswith((site, "data:", "blob:"))
