"""How many planted differences the comparison of versions finds, kind by kind: ``python -m benchmarks.differences``.

One thing in one sentence of one version is changed, a sentence or a paragraph is dropped; what is reported anew for that sentence or its
counterpart counts as found. What is reported on untouched stories counts as false, though some of it is true: translations do differ.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy

from benchmarks.versions import Story, read_stories
from index.article import Difference, Source
from index.differences import find_differences
from index.embedding import Embedder, load_embedder
from index.files import make_article
from index.indexing import index_article
from tests.alterations import ALTERATIONS

DROPS = ("sentence dropped", "paragraph dropped")


def compare(story: Story, embedder: Embedder) -> tuple[Difference, ...]:
    """What the product reports."""
    article = make_article("x", [Source(f"x.{language}.txt", story.text(language), "") for language in ("en", "vi")])
    return find_differences(article, index_article(article, embedder).alignments)


def plant(story: Story, kind: str, language: str, rng: random.Random) -> tuple[Story, dict[str, str]] | None:
    """The story with one difference, and the sentences, by language, in one of which it should be reported."""
    changed = deepcopy(story)
    places = [(p, s) for p, paragraph in enumerate(story.paragraphs) for s in range(len(paragraph))]
    for p, s in rng.sample(places, len(places)):
        sentence = changed.paragraphs[p][s]
        other = "vi" if language == "en" else "en"
        if kind in DROPS:
            dropped = changed.paragraphs[p] if kind == "paragraph dropped" else [sentence]
            if kind == "paragraph dropped" and len(story.paragraphs) == 1:
                return None
            for gone in dropped:
                gone[language] = ""
            return changed, {other: sentence[other]}
        altered = ALTERATIONS[kind](sentence[language], language, rng)
        if altered is not None and altered != sentence[language]:
            sentence[language] = altered
            return changed, {language: altered, other: sentence[other]}
    return None


def touches(difference: Difference, sentences: dict[str, str]) -> bool:
    """Whether a difference is reported for one of these sentences."""
    sides = [side for side in (difference.a, difference.b) if side is not None]
    return any(
        side.language == language and (side.text in text or text in side.text)
        for side in sides
        for language, text in sentences.items()
    )


def planted(
    stories: list[Story], embedder: Embedder, rng: random.Random, kinds: list[str]
) -> Iterator[tuple[str, bool, dict[str, str]]]:
    """Each kind once in each language of each story: its name, whether it was found, and the sentences."""
    for story in stories:
        known = {(d.kind, d.detail) for d in compare(story, embedder)}
        for kind in kinds:
            for language in ("en", "vi"):
                if (case := plant(story, kind, language, rng)) is not None:
                    changed, sentences = case
                    found = [d for d in compare(changed, embedder) if d.kind == "missing" or (d.kind, d.detail) not in known]
                    yield f"{kind} ({language})", any(touches(d, sentences) for d in found), sentences


def main() -> None:
    """Print a table for each source."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stories", type=int, default=60, help="of each source")
    parser.add_argument("--sources", nargs="*", default=["own", "ntrex", "xquad"])
    parser.add_argument("--kinds", nargs="*", default=[*ALTERATIONS, *DROPS])
    parser.add_argument("--show", action="store_true", help="print what was missed and what was reported on untouched stories")
    given = parser.parse_args()
    rng, embedder = random.Random(given.seed), load_embedder()
    for source in given.sources:
        stories = read_stories(source)
        stories = rng.sample(stories, min(given.stories, len(stories)))
        false = [difference for story in stories for difference in compare(story, embedder)]
        hit: Counter[str] = Counter()
        of: Counter[str] = Counter()
        for row, found, sentences in planted(stories, embedder, rng, given.kinds):
            of[row] += 1
            hit[row] += found
            if given.show and not found:
                print("MISSED", row, sentences)
        for difference in false if given.show else ():
            a, b = difference.a, difference.b
            print("UNTOUCHED", difference.kind, difference.detail, "|", a and a.text, "|", b and b.text)
        print(f"{source}: {len(stories)} stories, {len(false)} reported on the untouched {dict(Counter(d.kind for d in false))}")
        for row in sorted(of):
            print(f"  {row:<28}{hit[row]:>5} of {of[row]:<5}{hit[row] / of[row]:.2f}")
        rate, alarms = sum(hit.values()) / sum(of.values()), len(false) / len(stories)
        print(f"  all: recall {rate:.3f}, precision with one planted a story {rate / (rate + alarms):.3f}")


if __name__ == "__main__":
    main()
