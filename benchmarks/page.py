"""How soon the page is served, beside ``python -c "import gradio"``: ``python -m benchmarks.page``."""

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.speed import ARTICLES, ROOT, best_of


def served(library: Path) -> float:
    """Seconds from the start of the process to the whole page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    command = [sys.executable, "-m", "assistant", "serve", "--library", str(library), "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while server.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                answer.read()
                return time.perf_counter() - started
        raise RuntimeError("the server ended before it served a page")
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Print the page's time and its ratio to the baseline."""
    gradio, _ = best_of(3, sys.executable, "-c", "import gradio")
    print(f"import gradio                           {gradio * 1000:8.0f} ms   (baseline)")
    with tempfile.TemporaryDirectory() as folder:
        for file in ARTICLES.glob("*.txt"):
            shutil.copy(file, folder)
        first = served(Path(folder))
        again = min(served(Path(folder)) for _ in range(3))
    print(f"page served, library built on the way   {first * 1000:8.0f} ms   {first / gradio:.2f} x import gradio")
    print(f"page served, library on disk            {again * 1000:8.0f} ms   {again / gradio:.2f} x import gradio")


if __name__ == "__main__":
    main()
