"""The page as a reader uses it, in a real browser."""

from typing import Any

import pytest
from reader import Reader, expect, open_page
from samples import BUNDLE

pytestmark = pytest.mark.e2e


def test_a_question_in_each_language_is_answered_with_a_quote_and_its_counterpart(english: Reader) -> None:
    first = english.ask("How much did the bridge cost?")
    expect(first.locator(".said")).to_contain_text("1.8 billion dollars")
    expect(first.locator(".half.twin").first).to_contain_text("1,8 tỷ USD")
    second = english.ask("cay cau mat bao lau de xay")
    expect(second.locator(".said")).to_contain_text("sáu năm")
    expect(second.locator(".half.twin").first).to_contain_text("six years")


def test_a_citation_leads_to_exactly_its_characters_in_the_article(vietnamese: Reader) -> None:
    turn = vietnamese.ask("Ngư dân sợ điều gì?")
    quote = turn.locator(".quotes .half.own").first
    start, end = int(quote.get_attribute("data-start")), int(quote.get_attribute("data-end"))
    turn.locator(".said button.cite").first.click()
    mark = vietnamese.page.locator(".reader mark.own")
    expect(mark).to_have_count(1)
    expect(mark).to_be_in_viewport()
    assert mark.text_content() == BUNDLE[start:end]


def test_a_citation_opens_from_the_keyboard(english: Reader) -> None:
    turn = english.ask("When will the bridge open?")
    button = turn.locator(".said button.cite").first
    button.focus()
    button.press("Enter")
    expect(english.page.locator(".reader mark.own")).to_contain_text("March 3")


def test_what_the_articles_do_not_say_is_refused_and_looks_different(english: Reader) -> None:
    turn = english.ask("What is the population of Brazil?")
    expect(turn.locator(".answer.refusal")).to_be_visible()


def test_the_page_follows_the_browsers_language_and_switches(vietnamese: Reader) -> None:
    expect(vietnamese.page.locator("#ask")).to_have_text("Hỏi")
    expect(vietnamese.page.locator("html")).to_have_attribute("lang", "vi")
    vietnamese.page.get_by_role("link", name="English").click()
    expect(vietnamese.page.locator("#ask")).to_have_text("Ask")
    expect(vietnamese.page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.threat("every field a naughty string")
def test_markup_in_an_article_is_shown_and_never_run(english: Reader) -> None:
    turn = english.ask("Who found the divers' link on Tuesday?")
    turn.locator("button.cite").first.click()
    english.ask("<img src=x onerror='window.hacked=1'> harbour storm?")
    assert english.page.evaluate("window.hacked") is None
    assert english.page.locator(".talk img, .talk iframe, .talk script, .reader img, .reader iframe, .reader script").count() == 0


def test_no_request_leaves_the_machine_and_nothing_breaks(english: Reader) -> None:
    english.ask("Who is Lan Pham?")
    assert english.outside == []
    assert english.errors == []


def test_a_phone_shows_one_column_without_sideways_scrolling(browser: Any, site: str) -> None:
    for reader in open_page(browser, site, locale="vi-VN", viewport={"width": 360, "height": 740}):
        reader.ask("Ai viết bài này?")
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= 361


@pytest.mark.threat("another site's page")
def test_answers_carry_security_headers(site: str) -> None:
    import urllib.request

    with urllib.request.urlopen(site) as response:
        headers = {name.lower(): value for name, value in response.headers.items()}
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
