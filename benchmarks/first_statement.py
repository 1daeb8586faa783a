"""How long after a chat model wrote its first statement a reader sees it, checked: ``python -m benchmarks.first_statement``.

A scripted server on loopback writes a statement, waits, and writes another; the real client, the parser and the checks stand between.
"""

import json
import re
import statistics
import time
from collections.abc import Iterator
from typing import Any

from assistant import Answer, Assistant, Piece, Settings
from tests.scripted_server import scripted_server

ASKED = 30
LATER = 0.2
"""Seconds between the first statement and the second."""
QUESTION = "Why were researchers told to avoid the United States?"


def main() -> None:
    """Print medians in milliseconds."""
    written: list[float] = []

    def script(body: dict[str, Any]) -> Iterator[str]:
        shown = body["messages"][-1]["content"]
        entries = re.findall(r"^\[([0-9a-f]{8})\] [^\n]*, en\n([^\n]+)", shown, flags=re.M)
        key, text = entries[0]
        lines = [json.dumps({"text": quote, "key": key, "quote": quote}) + "\n" for quote in re.split(r"(?<=[.!?]) ", text)[:2]]
        written.append(time.perf_counter())
        yield lines[0]
        time.sleep(LATER)
        yield lines[-1]

    seen, first, total = [], [], []
    with scripted_server(script) as (address, _):
        settings = Settings(model="openai:scripted", base_url=address)
        with Assistant.open(settings=settings) as assistant:
            for _ in range(ASKED):
                events = assistant.stream(QUESTION)
                piece = next(events)
                at = time.perf_counter()
                answer = list(events)[-1]
                if isinstance(piece, Piece) and isinstance(answer, Answer) and answer.mode == "generative":
                    seen.append((at - written[-1]) * 1000)
                    first.append(answer.timings_ms["first"])
                    total.append(answer.timings_ms["total"])
    print(f"{len(seen)} of {ASKED} answered by the model")
    print(f"from written to shown {statistics.median(seen):.1f} ms, from asked to shown {statistics.median(first):.1f} ms")
    print(f"whole answer {statistics.median(total):.1f} ms, of which the server waits {LATER * 1000:.0f} ms")


if __name__ == "__main__":
    main()
