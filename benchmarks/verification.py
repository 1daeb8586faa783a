"""How many altered statements the checks of a chat model's answers catch, and how many true ones they reject: ``python -m benchmarks.verification``.

Sixty of the project's articles are indexed as the product does. Each sentence stands as a statement of its own sentence and of its
translation; one thing in it is changed; what is judged is whether the verdict is ``unsupported``. ``--seed`` draws other articles and changes.
"""

import argparse
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.citations import Verdict, verify
from index.article import Passage
from index.facts import extract_facts
from index.library import Library

ARTICLES = Path(__file__).resolve().parent.parent / "training" / "data" / "articles.jsonl"
COUNT = 60
_DATES = (
    "January February March April May June July August September October November December".split(),
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"],
)
_STRANGERS = ("Hartwell", "Okafor", "Lindqvist", "Moreno", "Tanaka", "Dubois")
_NEGATED = re.compile(r"\b(?:no|not|never|nobody|nothing|none|without|neither|nor|cannot)\b|n['’]t|không|chưa", re.I)


@dataclass(frozen=True)
class Pair:
    """A sentence in both languages with the passages that hold it."""

    article: str
    text: dict[str, str]
    passage: dict[str, Passage]


def change_number(text: str, rng: random.Random) -> str | None:
    """Another last digit in a number."""
    found = list(re.finditer(r"(?<![\w.,/:])\d+(?:[.,]\d+)?(?![\w/:]|[.,]\d)", text))
    if not found:
        return None
    match = rng.choice(found)
    return f"{text[: match.end() - 1]}{(int(match.group()[-1]) + rng.randint(1, 9)) % 10}{text[match.end() :]}"


def change_date(text: str, rng: random.Random) -> str | None:
    """Another weekday or month."""
    for group in _DATES:
        here = [name for name in group if re.search(rf"\b{name}\b", text)]
        if here:
            old = rng.choice(here)
            return re.sub(rf"\b{old}\b", rng.choice([name for name in group if name != old]), text, count=1)
    return None


def change_name(text: str, rng: random.Random) -> str | None:
    """Somebody else's name."""
    found = [fact for fact in extract_facts(text, "en") if fact.kind == "name" and fact.start > 0]
    if not found:
        return None
    fact = rng.choice(found)
    words = min(len(text[fact.start : fact.end].split()), 2)
    return f"{text[: fact.start]}{' '.join(rng.sample(_STRANGERS, words))}{text[fact.end :]}"


def change_negation(text: str, rng: random.Random) -> str | None:
    """A negation put in where there is none, or taken away where it stands before a verb."""
    if not _NEGATED.search(text):
        added = re.sub(r" (will|was|is|were|are|has|had|could|can|would) ", r" \1 not ", text, count=1)
        added = re.sub(r" (đã|sẽ|đang) ", r" không \1 ", text, count=1) if added == text else added
        return added if added != text else None
    taken = re.sub(r" (?:not|never|không(?= (?:đã|sẽ|có|được|thể|bị|phải|cho|dám|muốn|biết)\b))(?= )", "", text, count=1)
    return taken if taken != text and not _NEGATED.search(taken) else None


CHANGES: dict[str, Callable[[str, random.Random], str | None]] = {
    "number": change_number,
    "date": change_date,
    "name": change_name,
    "negation": change_negation,
}


def read_pairs(library: Library, articles: dict[str, dict[str, list[dict[str, list[str]]]]]) -> list[Pair]:
    """Every sentence whose two forms are found in the indexed article."""
    pairs = []
    for name, article in articles.items():
        for paragraph in article["paragraphs"]:
            for english, vietnamese in zip(paragraph["en"], paragraph["vi"], strict=True):
                text = {"en": english, "vi": vietnamese}
                held = {
                    language: [p for p in library.article(name).version(language).passages if text[language] in p.text]
                    for language in text
                }
                if all(held.values()):
                    pairs.append(Pair(name, text, {language: found[0] for language, found in held.items()}))
    return pairs


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    rng = random.Random(parser.parse_args().seed)
    lines = ARTICLES.read_text(encoding="utf-8").splitlines()
    articles = {f"a{n}": json.loads(lines[n]) for n in rng.sample(range(len(lines)), COUNT)}
    with tempfile.TemporaryDirectory() as folder:
        for name, article in articles.items():
            for language in ("en", "vi"):
                text = "\n".join(" ".join(paragraph[language]) for paragraph in article["paragraphs"]) + "\n"
                (Path(folder) / f"{name}.{language}.txt").write_text(text, encoding="utf-8")
        library = Library.open(folder)
        _measure(library, read_pairs(library, articles), rng)


def _measure(library: Library, pairs: list[Pair], rng: random.Random) -> None:
    hit: Counter[str] = Counter()
    of: Counter[str] = Counter()

    def check(statement: str, language: str, quote: str, passage: Passage, *, counterparts: bool = True) -> Verdict:
        names = library.names(passage.article)
        twins = library.counterparts if counterparts else lambda place: ()
        return verify(statement, language, quote, passage, names, twins=twins, likeness=likeness)

    def likeness(a: str, b: str) -> float:
        one, other = library.embedder.encode_document([a, b])
        return float(one @ other)

    def count(row: str, caught: bool) -> None:
        of[row] += 1
        hit[row] += caught

    for pair in pairs:
        for own in ("en", "vi"):
            other = "vi" if own == "en" else "en"
            for quoted, how in ((own, "same language"), (other, "other language"), (other, "other, no counterpart")):
                kept = check(pair.text[own], own, pair.text[quoted], pair.passage[quoted], counterparts="no" not in how)
                count(f"true, {how}: rejected", kept.status == "unsupported")
                for kind, change in CHANGES.items():
                    changed = change(pair.text[own], rng)
                    if changed is None or kept.status == "unsupported":
                        continue
                    verdict = check(changed, own, pair.text[quoted], pair.passage[quoted], counterparts="no" not in how)
                    count(f"{kind}, {how}: caught", verdict.status == "unsupported")
            stranger = rng.choice([p for p in pairs if p.article != pair.article])
            true, passage = pair.text[own], pair.passage[own]
            count("quote translated: caught", check(true, own, pair.text[other], passage).status == "unsupported")
            count("key swapped: caught", check(true, own, true, stranger.passage[own]).status == "unsupported")
            count("statement of another quote: caught", check(stranger.text[own], own, true, passage).status == "unsupported")
    for row in sorted(of):
        print(f"{row:<48}{hit[row]:>6} of {of[row]:<6}{hit[row] / of[row]:.3f}")


if __name__ == "__main__":
    main()
