"""The library in the browser: articles are found, chosen, added and removed."""

from pathlib import Path
from typing import Any

import pytest
from reader import Reader, expect, open_page

pytestmark = pytest.mark.e2e
STORY = "A storm over the cape\nBy Ann Lee\nThe storm over the cape broke nine masts on Friday, harbour master Tom Reed said.\n"


def test_articles_are_pasted_dropped_asked_about_and_removed(english: Reader, library: Path, tmp_path: Path) -> None:
    page = english.page
    good, bad = tmp_path / "cape.txt", tmp_path / "empty.txt"
    good.write_text(STORY, encoding="utf-8")
    bad.write_bytes(b"")
    english.tab("library")
    before = page.locator(".articles > li").count()
    page.locator("#add input[type=file]").set_input_files([good, bad])
    expect(page.locator("#add .progress p")).to_have_text("Added 1 of 2 files.")
    expect(page.locator("#add .problems")).to_contain_text("empty.txt")
    expect(page.locator(".articles > li")).to_have_count(before + 1)
    page.locator("#add summary").click()
    page.locator("#add [name=name]").fill("harbour news")
    page.locator("#add [name=text]").fill(
        "Lights out at the pier\nThe pier of Haven lost its lamps on Sunday, warden Ida Holm said.\n"
    )
    page.locator("#add form button[type=submit]").click()
    expect(page.locator(".articles > li")).to_have_count(before + 2)
    expect(english.ask("How many masts did the storm break?").locator(".said")).to_contain_text("nine masts")
    for name in ("cape", "harbour news"):
        item = page.locator(f'.articles > li[data-article="{name}"]')
        english.tab("library")
        item.locator('[data-do="remove"]').click()
        page.locator(".confirm").get_by_text("Keep it").click()
        expect(item).to_be_visible()
        item.locator('[data-do="remove"]').click()
        page.locator(".confirm").get_by_text("Remove it").click()
        expect(item).to_have_count(0)
        assert not (library / f"{name}.txt").exists()
    assert english.errors == []


@pytest.mark.slow
def test_a_question_is_limited_to_the_articles_that_were_chosen(english: Reader) -> None:
    page = english.page
    english.tab("library")
    page.locator('.articles > li[data-article="storm"] [data-do="choose"]').check()
    expect(page.locator("#limits .limited")).to_be_visible()
    turn = english.ask("How much did the bridge cost?")
    assert all(place.get_attribute("data-article") == "storm" for place in turn.locator(".half.own").all())
    page.locator("#limits button").click()
    expect(page.locator("#limits .limited")).to_have_count(0)
    expect(page.locator('[data-do="choose"]:checked')).to_have_count(0)
    expect(english.ask("How much did the bridge cost?").locator(".said")).to_contain_text("1.8 billion")


@pytest.mark.slow
def test_articles_are_found_by_what_they_say(english: Reader) -> None:
    english.tab("library")
    english.page.locator("#query textarea, #query input").first.press_sequentially("squid fishermen")
    expect(english.page.locator(".articles > li").first).to_have_attribute("data-article", "bridge")
    expect(english.page.locator(".articles > li")).to_have_count(1)
    english.page.locator(".articles .title").first.click()
    expect(english.page.locator("#reader .reader")).to_be_visible()


def test_a_difference_leads_to_its_place_in_the_article(english: Reader) -> None:
    english.tab("compare")
    band = english.page.locator(".band").first
    band.focus()
    band.press("Enter")
    expect(english.page.locator(".reader mark.own").first).to_be_in_viewport()
    english.tab("compare")
    half = english.page.locator(".differences .half").first
    text = half.locator("q").text_content()
    half.click()
    expect(english.page.locator(".reader mark.own").first).to_be_in_viewport()
    assert english.page.locator(".reader mark.own").first.text_content() in text


def test_every_part_of_a_hostile_article_is_text(browser: Any, site: str) -> None:
    for reader in open_page(browser, site, locale="en-US", viewport={"width": 1440, "height": 900}):
        reader.tab("library")
        reader.page.locator('.articles > li[data-article="hostile"] .title').click()
        expect(reader.page.locator('.reader[data-article="hostile"]')).to_be_visible()
        reader.tab("compare")
        reader.ask("onerror evil picture?")
        reader.ask('<img src=x onerror="window.hacked=1">')
        reader.page.locator('[data-do="edit"]').last.click()
        assert reader.page.evaluate("window.hacked") is None
        inside = "#talk :is(img, iframe, script), #side :is(img, iframe, script), #suggestions :is(img, iframe, script)"
        assert reader.page.locator(inside).count() == 0
        assert reader.outside == []
