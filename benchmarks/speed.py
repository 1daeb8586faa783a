"""Start-up, first answer, memory and answer time, each beside a baseline of the same run.

``python -m benchmarks.speed`` prints one line a figure. Machines are noisy: compare the ratios, not the milliseconds.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = ROOT / "articles"
QUESTIONS = (
    "Why were AI leaders told to avoid the United States?",
    "Vì sao lãnh đạo AI được khuyên tránh sang Mỹ?",
    "vi sao lanh dao AI duoc khuyen tranh sang My",
    "Who is Liang Wenfeng?",
    "Bắc Kinh họp với doanh nhân ngày nào?",
)


def timed_process(*arguments: str) -> tuple[float, float]:
    """Wall time in seconds and peak memory in MB of one process; the process must succeed."""
    started = time.perf_counter()
    process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    errors = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{' '.join(arguments)} failed: {errors[-500:]}")
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return wall, usage.ru_maxrss / scale


def best_of(runs: int, *arguments: str) -> tuple[float, float]:
    """Least wall time and peak memory over some runs."""
    results = [timed_process(*arguments) for _ in range(runs)]
    return min(wall for wall, _ in results), max(memory for _, memory in results)


def cold() -> None:
    """A whole process: import, open, ask, print."""
    python = sys.executable
    ask = ("-m", "assistant", "ask", QUESTIONS[1], "--json", "--library")
    chroma, _ = best_of(3, python, "-c", "import chromadb")
    print(f"import chromadb                         {chroma * 1000:8.0f} ms   (baseline)")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        library.mkdir()
        for file in ARTICLES.glob("*.txt"):
            shutil.copy(file, library)
        wall, memory = best_of(3, python, *ask, str(library))
        print(
            f"ask, articles indexed in memory         {wall * 1000:8.0f} ms   {memory:5.0f} MB   {wall / chroma:.2f} x import chromadb"
        )
        timed_process(python, "-m", "assistant", "index", "rebuild", "--library", str(library))
        wall, memory = best_of(3, python, *ask, str(library))
        print(
            f"ask, library on disk                    {wall * 1000:8.0f} ms   {memory:5.0f} MB   {wall / chroma:.2f} x import chromadb"
        )


def warm() -> None:
    """Questions to an assistant that is already open."""
    from assistant import Assistant

    with Assistant.open(ARTICLES) as assistant:
        for question in QUESTIONS:
            assistant.ask(question)
        times = []
        for _ in range(20):
            for question in QUESTIONS:
                started = time.perf_counter()
                assistant.ask(question)
                times.append((time.perf_counter() - started) * 1000)
    times.sort()
    print(
        f"answer, in process: median              {statistics.median(times):8.2f} ms   p95 {times[int(len(times) * 0.95)]:.2f} ms"
    )
    print(f"memory of this process                  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")


if __name__ == "__main__":
    cold()
    warm()
