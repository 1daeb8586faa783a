"""Stores of vectors beside one another: ``python -m benchmarks.stores [PASSAGES]`` (default: 10000). Needs ``pip install 'doichieu[milvus]'``.

Each store has a process of its own and the same rows: sentences of the project's training articles, drawn at random.
Prints the rate of adding, a query's median and 95th percentile, the share of the ten nearest that it finds, and the memory of the process that asks;
what a server takes is in its own column. The times are of vectors alone but for Milvus, whose second line is both legs in one call.
"""

import json
import os
import random
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from index.chroma import ChromaVectors
from index.embedding import load_embedder
from index.stores import open_store
from index.vectors import ExactVectors, VectorStore

ARTICLES = Path(__file__).resolve().parent.parent / "training" / "data" / "articles.jsonl"
STORES = ("exact", "chroma folder", "chroma server", "milvus lite")
ASKED = 120


def passages(count: int) -> list[str]:
    """Three sentences each, no two alike."""
    stories = [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]
    sentences = [sentence for story in stories for paragraph in story["paragraphs"] for sentence in paragraph["en"]]
    chosen = random.Random(count)
    return [" ".join(chosen.choices(sentences, k=3)) for _ in range(count)]


def chroma_server(folder: Path, stack: ExitStack) -> tuple[str, int]:
    """The address of a server on loopback, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    program = Path(sys.executable).with_name("chroma")
    log = stack.enter_context((folder / "log").open("wb"))
    server = subprocess.Popen(
        [str(program), "run", "--path", str(folder / "data"), "--host", "127.0.0.1", "--port", str(port)], stdout=log, stderr=log
    )
    stack.callback(server.wait)
    stack.callback(server.terminate)
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    return f"chroma+http://127.0.0.1:{port}", server.pid


def timed(work: Callable[[Any], object], over: list[Any]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, the first twenty left out."""
    times = []
    for one in over:
        started = time.perf_counter()
        work(one)
        times.append((time.perf_counter() - started) * 1000)
    rest = sorted(times[20:])
    return statistics.median(rest), rest[int(0.95 * len(rest))]


def measure(kind: str, count: int) -> None:
    """One store, in this process."""
    embedder, texts = load_embedder(), passages(count)
    vectors, ids = embedder.encode_document(texts), [f"p{number:07d}" for number in range(count)]
    queries = [text.split(". ")[0] for text in passages(count + 1)[:ASKED]]
    asked = list(embedder.encode_query(queries))
    exact = ExactVectors()
    exact.upsert("en", ids, vectors)
    nearest = [{name for name, _ in exact.query("en", vector, 10)} for vector in asked]
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, server = Path(name), 0
        if kind == "exact":
            store: VectorStore = ExactVectors()
        elif kind == "chroma folder":
            store = ChromaVectors(folder / "chroma")
        else:
            address, server = chroma_server(folder, stack) if kind == "chroma server" else (f"milvus+file:{folder}/m.db", 0)
            store = open_store(address, "bench")
        started = time.perf_counter()
        for begin in range(0, count, 2_000):
            part = slice(begin, begin + 2_000)
            store.upsert("en", ids[part], vectors[part], texts[part])
        rate = count / (time.perf_counter() - started)
        middle, slow = timed(lambda vector: store.query("en", vector, 40), asked)
        found = [{name for name, _ in store.query("en", vector, 10)} for vector in asked]
        share = sum(len(a & b) for a, b in zip(found, nearest, strict=True)) / (10 * len(asked))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        beside = f"   server {rss(server):5.0f} MiB" if server else ""
        print(
            f"{kind:14} add {rate:7.0f}/s   query {middle:6.1f} ms, p95 {slow:6.1f} ms   recall@10 {share:.3f}   peak {memory:5.0f} MiB{beside}"
        )
        if kind == "milvus lite":
            store.note(1)  # type: ignore[attr-defined]
            legs = store.legs()["en"]  # type: ignore[attr-defined]
            middle, slow = timed(lambda pair: legs.candidates(*pair, 40), list(zip(queries, asked, strict=True))[:50])
            print(f"{'  both legs':14} {'':14} query {middle:6.1f} ms, p95 {slow:6.1f} ms")
        store.close()


def rss(process: int) -> float:
    """MiB that a process holds now."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], int(sys.argv[2]))
    else:
        size = int(sys.argv[1]) if len(sys.argv) == 2 else 10_000
        print(f"{size:,} passages, {np.__name__} {np.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        for store_kind in STORES:
            subprocess.run([sys.executable, "-m", "benchmarks.stores", store_kind, str(size)], check=True)
