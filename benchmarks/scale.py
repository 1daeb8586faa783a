"""How a library grows: ``python -m benchmarks.scale [--keep FOLDER] [PASSAGES ...]`` (default: 1000 10000).

100000 takes three minutes, 1000000 a quarter of an hour and 16 GB of disk while it is built. Each size is built once by ``Library.add``, every
index written, and searched by a process of its own. Prints, and writes to ``benchmarks/results/scale-PASSAGES.json``: the rate of adding beside
Chroma's own rate for the same vectors in the same run (with Chroma's own settings, up to 100,000 of them), what one more article costs, size on
disk, peak memory of either process, a query's median and 95th percentile, and recall@10 of the vectors that a search gets against comparing all of
them. With ``--keep`` the libraries stay in a folder, and one that is there is only searched. Processor times are given too; other work on the
machine stretches them less.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.material import ROOT, own_sentences, questions, shared_sentences, write_feeds
from index.library import Library
from index.search import CANDIDATES

RESULTS = ROOT / "benchmarks" / "results"
WARM, QUERIES, RECALLED = 30, 300, 100
COMPARED = 100_000
"""Vectors that Chroma alone is given."""


def peak_mib(who: int = resource.RUSAGE_SELF) -> float:
    return round(resource.getrusage(who).ru_maxrss / 1024)


def add(place: Path, passages: int) -> dict[str, float]:
    """Build the library, then give Chroma the same vectors alone."""
    with tempfile.TemporaryDirectory(dir=place.parent) as name:
        source = Path(name)
        write_feeds(source, passages, own_sentences() + shared_sentences())
        with Library.open(place, create=True) as library:
            started, before = time.perf_counter(), sum(os.times()[:4])
            library.add([source])
            took, spent = time.perf_counter() - started, sum(os.times()[:4]) - before
            count = library._catalogue.count()
            (source / "late.txt").write_text("One late story about a lighthouse that was lit again.\n", encoding="utf-8")
            started = time.perf_counter()
            library.add([source / "late.txt"])
            one_more = time.perf_counter() - started
            peak = peak_mib()
            worked = time.process_time()
            alone, compared = chroma_alone(library, source / "alone")
            alone_spent = time.process_time() - worked
    size = sum(file.stat().st_size for file in (place / ".doichieu").rglob("*") if file.is_file())
    return {
        "passages": count,
        "add_per_second": round(count / took, 1),
        "add_processor_ms_a_passage": round(spent * 1000 / count, 3),
        "chroma_alone_processor_ms_a_passage": round(alone_spent * 1000 / compared, 3),
        "chroma_alone_per_second": round(compared / alone, 1),
        "chroma_alone_vectors": compared,
        "of_chromas_rate": round(count / took / (compared / alone), 3),
        "one_more_article_s": round(one_more, 2),
        "disk_mib": round(size / 2**20),
        "add_peak_mib": peak,
        "add_peak_of_a_process_mib": peak_mib(resource.RUSAGE_CHILDREN),
    }


def chroma_alone(library: Library, folder: Path) -> tuple[float, int]:
    """Seconds that Chroma takes for the same vectors with its own settings, in its largest batches; and how many these were."""
    import chromadb

    client = chromadb.PersistentClient(str(folder), settings=chromadb.Settings(anonymized_telemetry=False))
    taken, count = 0.0, 0
    for batch in library._catalogue.passages_since(0, batch=5_000):
        for language in sorted({row[0] for row in batch}):
            rows = [row for row in batch if row[0] == language]
            started = time.perf_counter()
            configuration = {"hnsw": {"space": "cosine"}}
            collection = client.get_or_create_collection(f"of-{language}", configuration=configuration, embedding_function=None)
            collection.add(ids=[row[1] for row in rows], embeddings=np.stack([row[3] for row in rows]))
            taken += time.perf_counter() - started
        count += len(batch)
        if count >= COMPARED:
            break
    return taken, count


def search(place: Path) -> dict[str, float]:
    """Ask a built library, as a process does that has just been started."""
    asked = questions()
    step = max(1, len(asked) // (WARM + QUERIES))
    asked = asked[::step][: WARM + QUERIES]
    started = time.perf_counter()
    with Library.open(place) as library:
        library.search(asked[0])
        first = time.perf_counter() - started
        times, worked = [], []
        for question in asked:
            started, spent = time.perf_counter(), time.process_time()
            library.search(question)
            times.append((time.perf_counter() - started) * 1000)
            worked.append((time.process_time() - spent) * 1000)
        times = sorted(times[WARM:])
        found = {
            "first_answer_s": round(first, 2),
            "query_median_ms": round(statistics.median(times), 2),
            "query_p95_ms": round(times[int(len(times) * 0.95)], 2),
            "query_median_processor_ms": round(statistics.median(worked[WARM:]), 2),
            "search_peak_mib": peak_mib(),
        }
        return found | {"recall_at_10": round(recall(library, asked[-RECALLED:]), 4)}


def recall(library: Library, asked: list[str]) -> float:
    """Share of the ten nearest passages, among all, that are among those the search gets from the store."""
    store, languages = library._indexes.vectors(), library._catalogue.languages()
    vectors = library.embedder.encode_query(asked)
    nearest: dict[str, list[list[tuple[float, str]]]] = {language: [[] for _ in asked] for language in languages}
    for batch in library._catalogue.passages_since(0, batch=20_000):
        for language in languages:
            rows = [row for row in batch if row[0] == language]
            if rows:
                cosines = vectors @ np.stack([row[3] for row in rows]).T
                for number, own in enumerate(cosines):
                    best = [(float(own[i]), rows[i][1]) for i in np.argsort(-own)[:10]]
                    nearest[language][number] = sorted(nearest[language][number] + best, reverse=True)[:10]
    found = total = 0
    for language in languages:
        for vector, wanted in zip(vectors, nearest[language], strict=True):
            held = {name for name, _ in store.query(language, vector, CANDIDATES)}
            found += sum(name in held for _, name in wanted)
            total += len(wanted)
    return found / total


def measure(passages: int, work: Path) -> None:
    """Both steps, a process each, so that one does not carry the other's memory; what was added before is not added again."""
    result: dict[str, object] = {"processors": os.cpu_count(), "load_at_start": round(os.getloadavg()[0], 1)}
    place, added = work / str(passages), work / f"{passages}.json"
    if not added.exists():
        added.write_text(run("--add", place, passages), encoding="utf-8")
    result |= json.loads(added.read_text(encoding="utf-8")) | json.loads(run("--search", place, passages))
    result["load_at_end"] = round(os.getloadavg()[0], 1)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"scale-{passages}.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print("\n".join(f"{name:28} {value:>12,}" for name, value in result.items()), flush=True)


def run(step: str, place: Path, passages: int) -> str:
    command = [sys.executable, "-m", "benchmarks.scale", step, str(place), str(passages)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1]


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--add"]:
        print(json.dumps(add(Path(arguments[1]), int(arguments[2]))))
    elif arguments[:1] == ["--search"]:
        print(json.dumps(search(Path(arguments[1]))))
    else:
        kept = Path(arguments[1]) if arguments[:1] == ["--keep"] else None
        for wanted in (arguments[2:] if kept else arguments) or ("1000", "10000"):
            with tempfile.TemporaryDirectory() as folder:
                work = kept or Path(folder)
                work.mkdir(parents=True, exist_ok=True)
                measure(int(wanted), work)


if __name__ == "__main__":
    main(sys.argv[1:])
