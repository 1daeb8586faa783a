"""``python -m benchmarks.peers --data ../shared/data/eval --environments /tmp/peers``: prints the table, and writes it with ``--out FILE.json``.

The articles are the paragraphs of the XQuAD dev half, one a file, English and Vietnamese in libraries of their own; each question, in either
language, is asked of both. Nobody has a chat model here, so that an answer is a list of ranked passages. Cold start is the least of the runs.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.peers.environments import PEERS, Peer, python_of, size_of, versions_of
from training.evaluate import read_squad

LANGUAGES = ("en", "vi")


def work(python: Path, *arguments: str) -> dict[str, Any]:
    """One run of the worker; what it prints on its last line."""
    worker = Path(__file__).with_name("worker.py")
    offline = os.environ | {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run([str(python), str(worker), *arguments], capture_output=True, text=True, env=offline, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed: {done.stderr[-1000:]}")
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def ndcg(found: list[list[str]], right: list[str], k: int = 10) -> float:
    """nDCG@k over different files, with one right file a query: 1 / log2(rank + 1)."""
    total = 0.0
    for names, wanted in zip(found, right, strict=True):
        files = list(dict.fromkeys(names))[:k]
        total += 1 / math.log2(files.index(wanted) + 2) if wanted in files else 0.0
    return total / len(right)


def measure(peer: Peer, environments: Path, data: dict[str, Any], place: Path) -> dict[str, Any]:
    """Everything about one system."""
    python = python_of(peer, environments)
    indexing, answering, times = [], [], []
    result: dict[str, Any] = {"install MiB": size_of(peer, environments), "versions": versions_of(peer, environments)}
    for told in LANGUAGES:
        contexts, _, _ = data[told]
        articles, kept = place / f"articles.{told}", place / f"{peer.module}.{told}"
        indexing.append(work(python, peer.module, "index", str(articles), str(kept)) | {"paragraphs": len(contexts)})
        for asked in LANGUAGES:
            right = data[asked][2]
            answered = work(python, peer.module, "ask", str(kept), str(place / f"queries.{asked}.json"), str(time.time()))
            result[f"nDCG@10 {asked}→{told}"] = ndcg(answered.pop("found"), [f"p{number:04d}" for number in right])
            times += answered.pop("times")
            answering.append(answered)
    ordered = sorted(times)
    return result | {
        "cold start s": min(run["first"] for run in answering),
        "cold start processor s": min(run["first used"] for run in answering),
        "indexed a second": statistics.mean(run["paragraphs"] / run["seconds"] for run in indexing),
        "indexed a processor second": statistics.mean(run["paragraphs"] / run["used"] for run in indexing),
        "query median ms": statistics.median(ordered),
        "query p95 ms": ordered[int(0.95 * len(ordered))],
        "query processor ms": statistics.mean(run["used"] for run in answering),
        "answering MiB": max(run["memory"] for run in answering),
        "indexing MiB": max(run["memory"] for run in indexing),
    }


ROWS = {
    "install size, MiB": ("install MiB", "{:.0f}"),
    "cold start to the first answer, s": ("cold start s", "{:.2f}"),
    "paragraphs indexed a second": ("indexed a second", "{:.0f}"),
    "cold start, processor s": ("cold start processor s", "{:.2f}"),
    "paragraphs indexed a processor second": ("indexed a processor second", "{:.0f}"),
    "query, mean processor ms": ("query processor ms", "{:.1f}"),
    "query, median ms": ("query median ms", "{:.1f}"),
    "query, p95 ms": ("query p95 ms", "{:.1f}"),
    "peak memory answering, MiB": ("answering MiB", "{:.0f}"),
    "peak memory indexing, MiB": ("indexing MiB", "{:.0f}"),
    **{f"nDCG@10 {a}→{t}": (f"nDCG@10 {a}→{t}", "{:.3f}") for a in LANGUAGES for t in LANGUAGES},
}


def table(results: dict[str, dict[str, Any]]) -> str:
    """Markdown, a column a system."""
    lines = ["| | " + " | ".join(results) + " |", "| --- |" + " --- |" * len(results)]
    for label, (key, form) in ROWS.items():
        lines.append(f"| {label} | " + " | ".join(form.format(result[key]) for result in results.values()) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure the systems one after another, and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of evaluation sets")
    parser.add_argument("--environments", type=Path, required=True, help="where the virtual environments are, or are made")
    parser.add_argument("--out", type=Path, help="write the figures there as JSON")
    parser.add_argument("--questions", type=int, metavar="N", help="ask the first N alone, for a look while the machine is busy")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="only these systems")
    arguments = parser.parse_args()
    data = {}
    for language in LANGUAGES:
        contexts, questions, right = read_squad(arguments.data / f"xquad-dev.{language}.json")
        data[language] = (contexts, questions[: arguments.questions], right[: arguments.questions])
    results = {}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for language, (contexts, questions, _) in data.items():
            (place / f"articles.{language}").mkdir()
            for number, context in enumerate(contexts):
                file = place / f"articles.{language}" / f"p{number:04d}.txt"
                file.write_text(" ".join(context.split()) + "\n", encoding="utf-8")
            (place / f"queries.{language}.json").write_text(json.dumps(questions), encoding="utf-8")
        for peer in PEERS:
            if not arguments.only or peer.name in arguments.only:
                started = time.time()
                results[peer.name] = measure(peer, arguments.environments, data, place)
                results[peer.name]["load"] = os.getloadavg()[0]
                print(f"{peer.name}: {time.time() - started:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
                if arguments.out:
                    write(arguments.out, results, len(data["en"][1]))
    print(table(results))


def write(path: Path, results: dict[str, dict[str, Any]], questions: int) -> None:
    """Every figure, and of which machine; after each system, so that a run that is stopped leaves what it has."""
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "threads": os.environ.get("OMP_NUM_THREADS", "")}
    whole = {"questions in each direction": questions, "machine": machine, "systems": results}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
