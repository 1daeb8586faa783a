"""What is planted in one version of a story is found; what was there before is hardly ever reported."""

import random
from collections import Counter

from alterations import ALTERATIONS

from benchmarks.differences import DROPS, compare, planted
from benchmarks.versions import read_stories
from index.embedding import Embedder

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
