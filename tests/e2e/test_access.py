"""The page for everybody: without a mouse, with a screen reader, on any screen, in both lights."""

from typing import Any

import pytest
from reader import Reader, expect, open_page

pytestmark = pytest.mark.e2e


def findings(reader: Reader) -> list[str]:
    """What axe-core finds serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(reader.page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found if one["impact"] in ("serious", "critical") for node in one["nodes"]
    ]


@pytest.mark.parametrize(
    ("locale", "scheme", "width"), [("vi-VN", "light", 1440), pytest.param("en-US", "dark", 390, marks=pytest.mark.slow)]
)
def test_axe_finds_nothing_serious_on_any_side_of_the_page(browser: Any, site: str, locale: str, scheme: str, width: int) -> None:
    for reader in open_page(browser, site, locale=locale, color_scheme=scheme, viewport={"width": width, "height": 900}):
        assert findings(reader) == []
        turn = reader.ask("How much did the bridge cost?")
        reader.ask("What is the population of Brazil?")
        turn.locator('[data-liked="1"]').click()
        expect(turn.locator(".word")).to_be_visible()
        assert findings(reader) == []
        turn.locator(".said button.cite").first.click()
        expect(reader.page.locator(".reader mark.own").first).to_be_in_viewport()
        assert findings(reader) == []
        for name in ("compare", "library"):
            reader.tab(name)
            assert findings(reader) == []


def test_everything_is_done_from_the_keyboard(english: Reader) -> None:
    page, keys = english.page, english.page.keyboard
    english.box.focus()
    keys.type("When will the bridge open?")
    keys.press("Enter")
    expect(page.locator(".turn .small")).to_have_count(1)
    expect(english.box).to_have_value("")
    reach(page, "button.cite")
    keys.press("Enter")
    expect(page.locator(".reader mark.own")).to_contain_text("March 3")
    page.locator("#tab-reader-button").focus()
    reach(page, ".s")
    first = page.evaluate("document.activeElement.id")
    keys.press("ArrowDown")
    second = page.evaluate("document.activeElement.textContent")
    assert page.evaluate("document.activeElement.id") != first
    keys.press("Enter")
    expect(english.box).to_be_focused()
    assert second in english.box.input_value()
    page.locator("#tab-library-button").focus()
    keys.press("Enter")
    reach(page, '[data-do="remove"]')
    keys.press("Enter")
    expect(page.locator(".confirm")).to_be_visible()
    keys.press("Escape")
    expect(page.locator(".confirm")).to_be_hidden()


def reach(page: Any, selector: str) -> None:
    """Press Tab until something that fits has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never reached {selector}")


@pytest.mark.parametrize("width", [360, *(pytest.param(width, marks=pytest.mark.slow) for width in (800, 1024, 2560))])
def test_no_screen_scrolls_sideways(browser: Any, site: str, width: int) -> None:
    for reader in open_page(browser, site, locale="vi-VN", viewport={"width": width, "height": 740}):
        turn = reader.ask("Ngư dân sợ điều gì?")
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
        turn.locator(".said button.cite").first.click()
        expect(reader.page.locator(".reader mark.own").first).to_be_in_viewport()
        for name in ("reader", "compare", "library"):
            reader.tab(name)
            assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
            pane = reader.page.locator("#side .tabitem:visible").first
            assert pane.evaluate("(e) => e.scrollWidth - e.clientWidth") <= 1, name


@pytest.mark.slow
def test_a_narrow_screen_shows_one_version_at_a_time(browser: Any, site: str) -> None:
    for reader in open_page(browser, site, locale="en-US", viewport={"width": 390, "height": 844}):
        reader.page.locator('[data-pane="read"]').click()
        expect(reader.page.locator(".reader td:visible").first).to_have_attribute("lang", "en")
        assert reader.page.locator('.reader td[lang="vi"]:visible').count() == 0
        reader.page.locator('.view [data-view="1"]').click()
        assert reader.page.locator('.reader td[lang="en"]:visible').count() == 0


def test_a_sentence_shows_its_counterpart_and_can_be_asked_about(english: Reader) -> None:
    sentence = english.page.locator('.reader td[lang="en"] .s', has_text="six years").first
    sentence.hover()
    expect(english.page.locator('.reader td[lang="vi"] .s.lit')).to_contain_text("sáu năm")
    sentence.click()
    english.page.locator(".ask-about").click()
    expect(english.box).to_be_focused()
    assert "six years" in english.box.input_value()


def test_a_citation_shows_its_quote_before_it_is_followed(english: Reader) -> None:
    turn = english.ask("How long did the bridge take to build?")
    turn.locator(".sources summary").click()
    turn.locator(".said button.cite").first.focus()
    expect(english.page.locator("#peek")).to_contain_text("six years")
    expect(english.page.locator("#peek")).to_contain_text("sáu năm")
    english.page.keyboard.press("Escape")
    expect(english.page.locator("#peek")).to_have_count(0)
