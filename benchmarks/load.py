"""Visitors for minutes while the library changes beside them: ``python -m benchmarks.load [--visitors 50] [--seconds 300] [--pause 0.6]``.

Each visitor asks, reads the whole answer, pauses as one who reads, and asks again, from an address of its own (the server believes this machine as a
proxy); without a pause they ask as one who sits at this machine, whom no limit counts. All the while an article is added and removed. Counted are
answers that differ from those of a single visitor, with the article or without it; errors, where "busy" is said by status 429 or 503 with a time to
come back; the time of answers; and the memory of the server, from the time on when a fifth of the run is over. Exit code 1 when anything is amiss.
"""

import argparse
import http.client
import json
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.page import running
from benchmarks.speed import ARTICLES, QUESTIONS

PAUSE = 0.6
"""Seconds between an answer and the next question: so many that the limit of a client is not reached."""
WARM = 0.2
"""Part of the run after which memory is measured."""
GROWTH = 0.10
STORM = "A storm over the cape\nBy Ann Lee\nThe storm broke nine masts on Friday, harbour master Tom Reed said.\n"


def call(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, Any]:
    """Status and JSON of one request."""
    given = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, given)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def asked(connection: http.client.HTTPConnection, question: str, **headers: str) -> tuple[int, str]:
    """Status, and what must not depend on who else asks: the text and the places of its quotes."""
    status, found = call(connection, "POST", "/ask", json.dumps({"question": question}).encode(), **headers)
    if status != 200:
        return status, str(found)
    places = [[c["file"], c["start"], c["end"], c["quote"]] for c in found["citations"]]
    return status, json.dumps([found["text"], places], ensure_ascii=False)


@dataclass
class Found:
    """What the visitors have met; lists and counters are only ever added to."""

    seconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    changes: int = 0


def visit(number: int, port: int, until: float, pause: float, expected: dict[str, set[str]], found: Found) -> None:
    """One visitor, until the time is over."""
    connection, turn = http.client.HTTPConnection("127.0.0.1", port, timeout=60), number
    sender = {"X_Forwarded_For": f"198.51.100.{number % 250 + 1}"} if pause else {}
    while time.monotonic() < until:
        question = QUESTIONS[turn % len(QUESTIONS)]
        turn, started = turn + 1, time.monotonic()
        try:
            status, text = asked(connection, question, **sender)
        except (OSError, http.client.HTTPException, ValueError) as error:
            found.outcomes[f"error: {error!r}"] += 1
            connection.close()
            continue
        if status == 200:
            found.seconds.append(time.monotonic() - started)
            found.outcomes["answered" if text in expected[question] else "other than alone"] += 1
        else:
            found.outcomes["busy" if status in (429, 503) else f"error: {status} {text[:80]}"] += 1
        time.sleep(pause)
    connection.close()


def change(port: int, until: float, found: Found) -> None:
    """Add an article and remove it, again and again."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < until:
        for method, path, body in (("PUT", "/articles/storm.txt", STORM.encode()), ("DELETE", "/articles/storm", None)):
            status, said = call(connection, method, path, body)
            if status not in (200, 201):
                found.outcomes[f"error: {method} {status} {str(said)[:80]}"] += 1
            found.changes += 1
            time.sleep(1)
    connection.close()


def alone(port: int) -> tuple[dict[str, set[str]], float]:
    """The answers of a single visitor to each question, without the article that comes and goes and with it; the median of his seconds."""
    connection, times = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
    expected: dict[str, set[str]] = {question: {asked(connection, question)[1]} for question in QUESTIONS}
    call(connection, "PUT", "/articles/storm.txt", STORM.encode())
    for question in QUESTIONS:
        started = time.monotonic()
        expected[question].add(asked(connection, question)[1])
        times.append(time.monotonic() - started)
    call(connection, "DELETE", "/articles/storm")
    return expected, statistics.median(times)


def memory(pid: int) -> float:
    """MiB that a process holds in memory of its own."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines())
    return int(fields["RssAnon"].split()[0]) / 1024


def run(library: Path, visitors: int, seconds: float, pause: float) -> tuple[Found, list[float], float]:
    """What the visitors met, the server's memory over time once it was warm, and the seconds of one visitor alone."""
    found, held = Found(), []
    with running(library, **({"DOICHIEU_PROXIES": "127.0.0.1"} if pause else {})) as (port, pid):
        expected, one = alone(port)
        began = time.monotonic()
        until = began + seconds
        people = [threading.Thread(target=visit, args=(n, port, until, pause, expected, found)) for n in range(visitors)]
        people.append(threading.Thread(target=change, args=(port, until, found)))
        for person in people:
            person.start()
        while time.monotonic() < until:
            time.sleep(1)
            if time.monotonic() > began + WARM * seconds:
                held.append(memory(pid))
        for person in people:
            person.join()
    return found, held, one


def main() -> int:
    """Run, print, and say whether all was well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--pause", type=float, default=PAUSE)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for file in ARTICLES.glob("*.txt"):
            shutil.copy(file, folder)
        found, held, one = run(Path(folder), arguments.visitors, arguments.seconds, arguments.pause)
    times = sorted(found.seconds) or [float("nan")]
    first, last = (sum(part) / max(len(part), 1) for part in (held[: len(held) // 5 or 1], held[-(len(held) // 5 or 1) :]))
    growth = last / first - 1
    print(f"{arguments.visitors} visitors for {arguments.seconds:.0f} s, {found.changes} articles added and removed beside them")
    print(f"  one visitor alone    {one * 1000:8.0f} ms   (median)")
    for what, count in found.outcomes.most_common():
        print(f"  {what:20} {count:8,}")
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        print(f"  {name:20} {times[int(share * (len(times) - 1))] * 1000:8.0f} ms")
    print(f"  memory, once warm    {first:8.0f} MiB, at last {last:.0f} MiB: {growth:+.1%}   (asked: under {GROWTH:.0%})")
    return int(any(what not in ("answered", "busy") for what in found.outcomes) or growth > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
