"""What is planted in one version of a story is found; what was there before is hardly ever reported."""

import random
from collections import Counter

import pytest
from alterations import ALTERATIONS

from benchmarks.differences import DROPS, compare, planted
from benchmarks.versions import read_stories
from index.article import Source
from index.differences import find_differences
from index.embedding import Embedder
from index.files import make_article
from index.indexing import index_article

LEAST = {"negation removed": 0.5, "negation added": 0.7, "name": 0.8}
"""Share of each kind that is found; of the others 0.9. There are some twenty of each."""


def test_each_kind_of_difference_is_found_and_untouched_stories_show_none(embedder: Embedder) -> None:
    rng = random.Random(24)
    stories = rng.sample(read_stories("own"), 12)
    assert sum(len(compare(story, embedder)) for story in stories) <= 2
    found: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for row, hit, _ in planted(stories, embedder, rng, [*ALTERATIONS, *DROPS]):
        kind = row.partition(" (")[0]
        of[kind] += 1
        found[kind] += hit
    assert {kind: found[kind] / of[kind] for kind in of if found[kind] < LEAST.get(kind, 0.9) * of[kind]} == {}
    assert found.total() >= 0.9 * of.total()


def told(english: str, vietnamese: str, embedder: Embedder) -> list[tuple[str, str]]:
    article = make_article("x", [Source("x.en.txt", english, ""), Source("x.vi.txt", vietnamese, "")])
    return [(d.kind, d.detail) for d in find_differences(article, index_article(article, embedder).alignments)]


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("The bank would sign when Washington and Beijing agree.", "Ngân hàng sẽ ký khi Mỹ và Trung Quốc đồng ý."),
        ("Officials met in Zhejiang, home of the Sea Star company.", "Giới chức gặp nhau ở Chiết Giang, nơi có công ty này."),
        ("The town hall advises its teachers against going to sea.", "Tòa thị chính khuyên giáo viên đừng ra biển."),
        ("They talked about U.S.-China trade on Monday.", "Họ nói về thương mại Mỹ-Trung hôm thứ Hai."),
        ("The Ardelean bridge is 10,000 meters long.", "Cầu Ardelean dài 10,000 mét."),
        ("Mayor Ardelean met Anna Hartwell on the bridge.", "Thị trưởng gặp bà Hartwell trên cầu Ardelean."),
        ("There is no doubt that the bridge is new.", "Không còn nghi ngờ gì, cây cầu là mới."),
    ],
)
def test_what_is_only_said_otherwise_is_no_difference(english: str, vietnamese: str, embedder: Embedder) -> None:
    assert told(english, vietnamese, embedder) == []


@pytest.mark.parametrize(
    ("english", "vietnamese", "kind"),
    [
        ("The bank would sign when Washington and Beijing agree.", "Ngân hàng sẽ ký khi Nga và Trung Quốc đồng ý.", "name"),
        ("Mayor Ardelean met Anna Hartwell on the bridge.", "Thị trưởng Ardelean gặp bà Maria Hartwell trên cầu.", "name"),
        ("The town hall advises its teachers to go to sea.", "Tòa thị chính khuyên giáo viên đừng ra biển.", "negation"),
        ("The Ardelean bridge is 10,000 meters long.", "Cầu Ardelean dài 12,000 mét.", "number"),
        ("The Ardelean bridge is 500 meters long.", "Cầu Ardelean dài 500 km.", "unit"),
    ],
)
def test_what_a_reader_would_mind_is_one(english: str, vietnamese: str, kind: str, embedder: Embedder) -> None:
    assert [found for found, _ in told(english, vietnamese, embedder)] == [kind]
