"""Visitors who ask at once over HTTP: ``python -m benchmarks.visitors [--visitors 30] [--seconds 60]``.

Each visitor asks, reads the answer's status, and asks the next question at once. They share the machine with the server, so the figures are of both.
"""

import argparse
import http.client
import json
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.page import serving
from benchmarks.speed import ARTICLES, QUESTIONS


class Visitor(threading.Thread):
    """One visitor on one connection; remembers how long each answer took and what went wrong."""

    def __init__(self, number: int, port: int, until: float) -> None:
        super().__init__()
        self.number, self.port, self.until = number, port, until
        self.seconds: list[float] = []
        self.errors: list[str] = []

    def run(self) -> None:
        """Ask until the time is over."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        turn = self.number
        while time.monotonic() < self.until:
            body = json.dumps({"question": QUESTIONS[turn % len(QUESTIONS)]})
            turn += 1
            started = time.monotonic()
            try:
                connection.request("POST", "/ask", body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.errors.append(repr(error))
                connection.close()
                continue
            self.seconds.append(time.monotonic() - started)
            if answer.status != 200:
                self.errors.append(f"{answer.status} {text[:100]!r}")


def visit(port: int, visitors: int, seconds: float) -> tuple[list[float], list[str]]:
    """Seconds of every answer, ascending, and every error."""
    until = time.monotonic() + seconds
    all_of_them = [Visitor(number, port, until) for number in range(visitors)]
    for visitor in all_of_them:
        visitor.start()
    for visitor in all_of_them:
        visitor.join()
    return sorted(s for v in all_of_them for s in v.seconds), [error for v in all_of_them for error in v.errors]


def main() -> None:
    """Print one visitor's time as the baseline, then the times of all at once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for file in ARTICLES.glob("*.txt"):
            shutil.copy(file, folder)
        with serving(Path(folder)) as port:
            alone, _ = visit(port, 1, min(5.0, arguments.seconds))
            together, errors = visit(port, arguments.visitors, arguments.seconds)
    median, last = statistics.median(alone), together[int(0.95 * len(together))]
    print(f"one visitor alone                       {median * 1000:8.0f} ms   median (baseline)")
    rate = len(together) / arguments.seconds
    print(
        f"{arguments.visitors} visitors for {arguments.seconds:.0f} s {len(together):14} answers, {rate:.0f} a second, {len(errors)} errors"
    )
    print(f"  median                                {statistics.median(together) * 1000:8.0f} ms")
    print(f"  95th percentile                       {last * 1000:8.0f} ms   (asked: under 1000)")
    for error in sorted(set(errors))[:5]:
        print(f"  {errors.count(error)} x {error}")


if __name__ == "__main__":
    main()
