"""A conversation in the browser: it grows, stops, is changed, kept, rated and saved."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import free_port
from reader import Reader, expect, open_page
from samples import BUNDLE
from scripted_server import scripted_server

from assistant.feedback import Feedback, beside

pytestmark = pytest.mark.e2e
TOLD = '{"text": "The bridge cost 1.8 billion dollars.", "key": "%s", "quote": "the bridge cost 1.8 billion dollars"}\n'


@pytest.fixture(scope="module")
def held() -> threading.Event:
    """The model goes on when this is set."""
    return threading.Event()


@pytest.fixture(scope="module")
def slow_site(tmp_path_factory: pytest.TempPathFactory, chromium: str, held: threading.Event) -> Iterator[str]:
    """A page whose chat model says one sentence and then takes its time."""
    pytest.importorskip("langchain_openai")
    import uvicorn

    from assistant import Assistant, Settings
    from assistant.ui.web import build_app

    def script(body: dict[str, Any]) -> Iterator[str]:
        shown = body["messages"][-1]["content"]
        before = shown[: shown.index("1.8 billion")]
        yield TOLD % before[before.rindex("\n[") + 2 :][:8]
        held.wait(30)

    place = tmp_path_factory.mktemp("slow")
    (place / "bridge.txt").write_text(BUNDLE, encoding="utf-8")
    os.environ.setdefault("OPENAI_API_KEY", "none")
    with scripted_server(script) as (address, _):
        settings = Settings(model="openai:scripted", base_url=address, retries=0, condense=False)
        with Assistant.open(place, settings=settings) as assistant:
            port = free_port()
            server = uvicorn.Server(
                uvicorn.Config(build_app(assistant), port=port, log_level="warning", timeout_graceful_shutdown=1)
            )
            thread = threading.Thread(target=server.run)
            thread.start()
            while not server.started and thread.is_alive():
                thread.join(0.05)
            yield f"http://127.0.0.1:{port}/"
            held.set()
            server.should_exit = True
            thread.join(20)


@pytest.mark.slow
def test_an_answer_grows_and_can_be_stopped_without_losing_what_was_said(
    browser: Any, slow_site: str, held: threading.Event
) -> None:
    for reader in open_page(browser, slow_site, locale="en-US", viewport={"width": 1440, "height": 900}):
        reader.box.fill("How much did the bridge cost?")
        reader.box.press("Enter")
        expect(reader.page.locator(".answer.pending")).to_contain_text("1.8 billion dollars")
        expect(reader.page.locator("#ask")).to_be_hidden()
        reader.page.locator("#stop").click()
        expect(reader.page.locator(".answer.pending")).to_have_count(0)
        expect(reader.page.locator(".answer")).to_contain_text("1.8 billion dollars")
        expect(reader.page.locator(".answer .note")).to_have_text("You stopped this answer.")
        expect(reader.page.locator("#ask")).to_be_visible()
        held.set()
        expect(reader.ask("How much did the bridge cost?").locator(".said button.cite")).to_have_count(1)


@pytest.mark.slow
def test_the_next_question_can_be_typed_while_an_answer_grows(browser: Any, slow_site: str, held: threading.Event) -> None:
    held.clear()
    for reader in open_page(browser, slow_site, locale="en-US", viewport={"width": 1440, "height": 900}):
        reader.box.fill("How much did the bridge cost?")
        reader.box.press("Enter")
        expect(reader.page.locator(".answer.pending")).to_contain_text("1.8 billion dollars")
        expect(reader.box).to_have_value("")
        reader.box.fill("And who built it?")
        held.set()
        expect(reader.page.locator(".turn .small")).to_have_count(1)
        reader.box.press("Enter")
        expect(reader.page.locator(".turn .small")).to_have_count(2)
        expect(reader.page.locator(".turn").last).to_contain_text("And who built it?")


def test_a_conversation_survives_a_reload_and_a_change_of_language(english: Reader) -> None:
    english.ask("How much did the bridge cost?")
    english.ask("Who is Lan Pham?")
    english.page.reload()
    expect(english.page.locator(".turn")).to_have_count(2)
    english.page.get_by_role("link", name="Tiếng Việt").click()
    expect(english.page.locator(".turn")).to_have_count(2)
    expect(english.page.locator(".turn").first).to_contain_text("1.8 billion dollars")
    english.page.locator("#keep").get_by_text("Trò chuyện mới").click()
    expect(english.page.locator(".turn")).to_have_count(0)
    english.page.reload()
    english.wait()
    expect(english.page.locator(".turn")).to_have_count(0)


@pytest.mark.slow
def test_a_question_is_edited_and_what_came_after_it_goes(english: Reader) -> None:
    english.ask("How much did the bridge cost?")
    english.ask("Who is Lan Pham?")
    english.page.locator('[data-do="edit"]').first.click()
    english.page.locator(".asked textarea").fill("When will the bridge open?")
    english.page.locator(".asked textarea").press("Enter")
    expect(english.page.locator(".turn")).to_have_count(1)
    expect(english.page.locator(".said")).to_contain_text("March 3")
    english.page.locator('[data-do="retry"]').click()
    expect(english.page.locator(".said")).to_contain_text("March 3")
    expect(english.page.locator(".turn")).to_have_count(1)


def test_an_answer_is_rated_copied_and_saved_with_its_quotes(browser: Any, site: str, library: Path, tmp_path: Path) -> None:
    options: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"], "accept_downloads": True}
    for reader in open_page(browser, site, locale="vi-VN", viewport={"width": 1440, "height": 900}, **options):
        turn = reader.ask("Ngư dân sợ điều gì?")
        turn.locator('[data-liked="0"]').click()
        turn.locator(".word input").fill("thiếu một ý")
        turn.locator(".word input").press("Enter")
        expect(turn.locator(".actions")).to_contain_text("Cảm ơn")
        expect(turn.locator('[data-liked="0"]')).to_have_attribute("aria-pressed", "true")
        turn.locator('[data-do="copy"]').click()
        expect(turn.locator('[data-do="copy"]')).to_have_attribute("data-done", "Đã chép")
        copied = reader.page.evaluate("navigator.clipboard.readText()")
        with reader.page.expect_download() as saving:
            reader.page.locator('[data-do="save"]').click()
        saving.value.save_as(tmp_path / "saved.md")
        saved = (tmp_path / "saved.md").read_text(encoding="utf-8")
        for text in (copied, saved):
            assert "Ngư dân sợ điều gì?" in text
            assert "loài mực" in text
            assert "squid" in text
    (chat,) = [chat for chat in Feedback(beside(library)).chats() if chat["question"] == "Ngư dân sợ điều gì?"]
    assert (chat["liked"], chat["word"]) == (False, "thiếu một ý")


@pytest.mark.slow
def test_a_suggested_question_asks_itself_in_the_language_that_was_chosen(english: Reader) -> None:
    english.page.locator("#answer-in").get_by_text("Tiếng Việt").click()
    english.page.locator(".suggestions button").first.click()
    expect(english.page.locator(".said")).to_have_attribute("lang", "vi")
