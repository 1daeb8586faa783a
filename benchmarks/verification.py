"""How many altered statements the checks of a chat model's answers catch, and how many true ones they reject: ``python -m benchmarks.verification``.

Stories in two languages are indexed as the product does. Each sentence stands as a statement of its own sentence and of its translation; one thing
in it is changed; what is judged is whether the verdict is ``unsupported``. ``--seed`` draws other stories and changes, ``--source`` other texts.
"""

import argparse
import random
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from assistant.citations import verify
from benchmarks.versions import Story, read_stories
from index.article import Passage
from index.library import Library
from tests.alterations import ALTERATIONS


@dataclass(frozen=True)
class Pair:
    """A sentence in both languages with the passages that hold it."""

    article: str
    text: dict[str, str]
    passage: dict[str, Passage]


def read_pairs(library: Library, stories: list[Story]) -> list[Pair]:
    """Every sentence whose two forms are found in the indexed story."""
    pairs = []
    for story in stories:
        for text in (sentence for paragraph in story.paragraphs for sentence in paragraph):
            held = {
                language: [p for p in library.article(story.name).version(language).passages if text[language] in p.text]
                for language in text
            }
            if all(held.values()):
                pairs.append(Pair(story.name, text, {language: found[0] for language, found in held.items()}))
    return pairs


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--source", default="own", choices=["own", "ntrex", "xquad"])
    parser.add_argument("--stories", type=int, default=60)
    parser.add_argument("--show", action="store_true", help="print what was judged wrongly")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    stories = read_stories(given.source)
    stories = rng.sample(stories, min(given.stories, len(stories)))
    with tempfile.TemporaryDirectory() as folder:
        for story in stories:
            for language in ("en", "vi"):
                (Path(folder) / f"{story.name}.{language}.txt").write_text(story.text(language), encoding="utf-8")
        library = Library.open(folder)
        _measure(read_pairs(library, stories), rng, _Tally(library, show=given.show))


class _Tally:
    """Judgements by row, and what was judged wrongly."""

    def __init__(self, library: Library, *, show: bool) -> None:
        self._library, self._show = library, show
        self._hit: Counter[str] = Counter()
        self._of: Counter[str] = Counter()

    def check(self, row: str, statement: str, language: str, quote: str, passage: Passage, *, counterparts: bool = True) -> bool:
        """Whether a statement is found unsupported; counted under the row, whose last word says whether it should be."""
        twins = self._library.counterparts if counterparts else lambda place: ()
        names = self._library.names(passage.article) if counterparts else ()
        verdict = verify(statement, language, quote, passage, names, twins=twins, likeness=self._likeness)
        caught = verdict.status == "unsupported"
        self._of[row] += 1
        self._hit[row] += caught
        if self._show and row.endswith("caught") != caught:
            print("WRONG", row, verdict.reason, statement, quote, sep=" | ")
        return caught

    def _likeness(self, a: str, b: str) -> float:
        one, other = self._library.embedder.encode_document([a, b])
        return float(one @ other)

    def print(self) -> None:
        for row in sorted(self._of):
            print(f"{row:<52}{self._hit[row]:>6} of {self._of[row]:<6}{self._hit[row] / self._of[row]:.3f}")


def _measure(pairs: list[Pair], rng: random.Random, tally: _Tally) -> None:
    for pair in pairs:
        for own, other in (("en", "vi"), ("vi", "en")):
            for quoted, how in ((own, "same language"), (other, "other language"), (other, "other, no counterpart")):
                beside = (pair.text[quoted], pair.passage[quoted])
                if tally.check(f"true, {how}: rejected", pair.text[own], own, *beside, counterparts="no" not in how):
                    continue
                for kind, change in ALTERATIONS.items():
                    changed = change(pair.text[own], own, rng)
                    if changed is not None:
                        tally.check(f"{kind}, {how}: caught", changed, own, *beside, counterparts="no" not in how)
            stranger = rng.choice([p for p in pairs if p.article != pair.article])
            true, passage = pair.text[own], pair.passage[own]
            tally.check("quote translated: caught", true, own, pair.text[other], passage)
            tally.check("key swapped: caught", true, own, true, stranger.passage[own])
            tally.check("statement of another quote: caught", stranger.text[own], own, true, passage)
    tally.print()


if __name__ == "__main__":
    main()
