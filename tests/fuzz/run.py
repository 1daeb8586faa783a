"""Fuzz every target for a share of the time, then the library against a dictionary: ``python tests/fuzz/run.py SECONDS``.

Prints how many inputs were tried. An input that breaks a promise is kept in ``tests/fuzz/found/``; mended, it moves to ``tests/fuzz/corpus/``, which
``tests/test_fuzz_corpus.py`` tries at every run of the tests.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from targets import TARGETS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LONGEST = 4_096
"""Bytes of an input; more finds little more and is slower."""


def fuzz(name: str, seconds: int) -> tuple[int, bool]:
    """How many inputs a target was tried with, and whether it held."""
    found = HERE / "found" / name
    found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as fresh:
        command = [
            sys.executable, str(HERE / "harness.py"), name, f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=60", "-rss_limit_mb=4096",
            "-print_final_stats=1", f"-artifact_prefix={found}/", fresh, str(HERE / "corpus" / name),
        ]  # fmt: skip
        ran = subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
        )
    if ran.returncode:
        print(ran.stdout[-2000:], ran.stderr[-6000:], sep="\n")
    counts = re.findall(r"number_of_executed_units: (\d+)|^#(\d+)", ran.stderr, flags=re.M)
    return max((int(a or b) for a, b in counts), default=0), ran.returncode == 0


def main(seconds: int) -> int:
    """Fuzz, report, and give the exit code."""
    share, held = max(5, seconds // (len(TARGETS) + 1)), True
    for name in TARGETS:
        tried, sound = fuzz(name, share)
        held &= sound
        print(
            f"{name:10} {tried:>10,} inputs in {share} s: {'nothing found' if sound else 'FOUND, see tests/fuzz/found'}",
            flush=True,
        )
    examples = max(5, share // 4)
    command = [sys.executable, "-m", "pytest", "-q", "tests/test_library_model.py"]
    ran = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"FUZZ_EXAMPLES": str(examples)}, capture_output=True, text=True, check=False
    )
    print(
        f"{'library':10} {examples:>10,} runs against a dictionary: {'nothing found' if not ran.returncode else ran.stdout[-4000:]}"
    )
    return int(not held or ran.returncode != 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_200))
