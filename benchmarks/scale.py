"""How a library grows: ``python -m benchmarks.scale [PASSAGES ...]`` (default: 1000 10000).

Articles are put together at random from the sentences of the project's own training articles, ten paragraphs of three sentences in two languages
each, so that no two are copies. Prints the rate of adding with every index written, what one more article costs, size on disk, peak memory, a
query's median and 95th percentile in a process that is warm, and recall@10 of the vectors against comparing all of them.
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from index.library import Library
from index.vectors import ExactVectors

ARTICLES = Path(__file__).resolve().parent.parent / "training" / "data" / "articles.jsonl"
PARAGRAPHS, SENTENCES = 10, 3


def write_articles(folder: Path, passages: int, stories: list[dict]) -> None:
    """Bundles of two files, until there are so many passages."""
    sentences = [pair for story in stories for p in story["paragraphs"] for pair in zip(p["en"], p["vi"], strict=True)]
    chosen = random.Random(passages)
    for number in range(max(1, passages // (2 * PARAGRAPHS))):
        drawn = [chosen.choices(sentences, k=SENTENCES) for _ in range(PARAGRAPHS)]
        for side, language in enumerate(("en", "vi")):
            text = "\n".join(" ".join(pair[side] for pair in paragraph) for paragraph in drawn) + "\n"
            (folder / f"a{number:06}.{language}.txt").write_text(text, encoding="utf-8")


def recall(library: Library, questions: list[str]) -> float:
    """Share of the ten nearest passages that the store in use finds."""
    exact = ExactVectors()
    for batch in library._catalogue.passages_since(0):
        for language, name, _, vector in batch:
            exact.upsert(language, [name], vector[None])
    found = total = 0
    for vector in library.embedder.encode_query(questions):
        for language in exact.languages():
            wanted = {name for name, _ in exact.query(language, vector, 10)}
            found += len(wanted & {name for name, _ in library._indexes.vectors().query(language, vector, 10)})
            total += len(wanted)
    return found / total


def measure(passages: int) -> None:
    stories = [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]
    questions = [question[language] for story in stories for question in story["questions"] for language in ("en", "vi")][:300]
    with tempfile.TemporaryDirectory() as name:
        source, place = Path(name) / "source", Path(name) / "library"
        source.mkdir()
        write_articles(source, passages, stories)
        with Library.open(place, create=True) as library:
            started = time.perf_counter()
            library.add([source])
            adding = time.perf_counter() - started
            count = library._catalogue.count()
            (source / "late.txt").write_text("One late story about a lighthouse that was lit again.\n", encoding="utf-8")
            started = time.perf_counter()
            library.add([source / "late.txt"])
            one_more = time.perf_counter() - started
            times = []
            for question in [*questions[:20], *questions]:
                started = time.perf_counter()
                library.search(question)
                times.append((time.perf_counter() - started) * 1000)
            times = sorted(times[20:])
            size = sum(file.stat().st_size for file in (place / ".doichieu").rglob("*") if file.is_file()) / 2**20
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            middle, slow = statistics.median(times), times[int(len(times) * 0.95)]
            store, share = type(library._indexes.vectors()).__name__, recall(library, questions[:100])
    print(
        f"{count:9,} passages   add {count / adding:6.0f}/s   one more {one_more:5.2f} s   {size:6.0f} MiB on disk   peak {memory:5.0f} MiB"
    )
    print(f"          {store}   query {middle:5.1f} ms, p95 {slow:5.1f} ms   recall@10 {share:.3f}")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        measure(int(sys.argv[1]))
    else:
        # A process each, so that one does not carry the other's memory.
        for wanted in sys.argv[1:] or ("1000", "10000"):
            subprocess.run([sys.executable, "-m", "benchmarks.scale", wanted], check=True)
