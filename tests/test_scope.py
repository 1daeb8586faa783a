"""Searches confined to articles by date, source and tag; the same found whether few or many articles are left."""

from pathlib import Path

import pytest

from index.errors import InputError
from index.library import Library
from index.scope import Filter, day_of, sources_of

STORY = """---
title: Ferry number {n} returns
date: {day}
link: https://www.{site}/news/{n}
tags: [{tag}]
---
Ferry number {n} returned to the old harbour before noon, its captain said.
Passengers of ferry {n} paid {n} thousand dong for a seat.
"""


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("news")
    for n in range(1, 13):
        story = STORY.format(
            n=n, day=f"2026-{n:02}-15", site="harbour.example" if n % 2 else "city.quay.example", tag=f"t{n % 3}"
        )
        (folder / f"ferry{n:02}.txt").write_text(story, encoding="utf-8")
    return folder


@pytest.fixture(params=["memory", "disk"], scope="module")
def library(request: pytest.FixtureRequest, news: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    if request.param == "memory":
        return Library.open(news)
    library = Library.open(tmp_path_factory.mktemp("built"), create=True)
    library.add([news])
    return library


def found(library: Library, **parts: object) -> set[int]:
    hits = library.search("ferry captain returned to the harbour", k=100, where=Filter(**parts))  # type: ignore[arg-type]
    return {int(hit.passage.article.removeprefix("ferry")) for hit in hits}


@pytest.mark.parametrize(
    ("parts", "months"),
    [
        ({"since": "2026-10-15"}, {10, 11, 12}),
        ({"since": "2026-11"}, {11, 12}),
        ({"until": "2026-02"}, {1, 2}),
        ({"since": "2026", "until": "2026"}, set(range(1, 13))),
        ({"since": "1 March 2026", "until": "ngày 20 tháng 4 năm 2026"}, {3, 4}),
        ({"since": "2027"}, set()),
        ({"sources": ("harbour.example",)}, {1, 3, 5, 7, 9, 11}),
        ({"sources": ("quay.example",), "tags": ("T0",)}, {6, 12}),
        ({"tags": ("t1", "t2"), "until": "2026-04-30"}, {1, 2, 4}),
    ],
)
@pytest.mark.parametrize("most", [10_000, 3, 0])
def test_only_what_the_filter_lets_through_is_found(
    library: Library, monkeypatch: pytest.MonkeyPatch, parts: dict[str, object], months: set[int], most: int
) -> None:
    # Few passages are all scored, more have all their vectors compared, of many the proposals are sifted.
    monkeypatch.setattr("index.legs.ALL_SCORED", min(most, 5))
    monkeypatch.setattr("index.cache.FEW", most)
    library._cache._scopes.clear()
    assert found(library, **parts) == months


def test_a_filter_and_articles_hold_together(library: Library) -> None:
    hits = library.search("ferry", articles=["ferry01", "ferry11"], where=Filter(since="2026-06"))
    assert {hit.passage.article for hit in hits} == {"ferry11"}


def test_what_is_no_date_is_refused(library: Library) -> None:
    with pytest.raises(InputError, match=r"'soon' is no date: write it as 2026-03-31"):
        library.search("ferry", where=Filter(since="soon"))


def test_what_was_removed_is_found_by_no_filter(news: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "built", create=True) as library:
        library.add([news])
        library.remove(["ferry03"])
        assert found(library, tags=("t0",)) == {6, 9, 12}


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Cập nhật ngày 3/4/2026", "2026-04-03"),
        ("Published April 3, 2026", "2026-04-03"),
        ("2026-04-03T10:00:00Z", "2026-04-03"),
        ("tháng 4/2026", "2026-04-01"),
        ("Monday", ""),
        ("", ""),
    ],
)
def test_the_day_of_a_date_line(line: str, day: str) -> None:
    assert day_of(line) == day


def test_a_source_goes_by_its_host_and_what_that_belongs_to() -> None:
    assert sources_of("https://www.Edition.News.example/2026/x") == ["edition.news.example", "news.example"]
    assert sources_of("Reuters") == ["reuters"]
    assert sources_of("http://[broken") == ["http://[broken"]
