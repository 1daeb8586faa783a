"""What is measured of one system, inside its own virtual environment: ``python worker.py MODULE index|ask ...``. Prints one JSON object.

A system is a module beside this one with ``load()``, which gives an object that can ``index(files, place)``, ``open(place)`` and
``search(query, k)``: names of files, the best first, one as often as it is found. Only the standard library is at hand in every environment.
"""

import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any, Protocol

K = 20
"""Pieces that are asked for, so that ten different files are among them even where files were cut."""


class System(Protocol):
    """What each module's ``load`` gives."""

    def index(self, files: list[Path], place: Path) -> None:
        """Make files searchable, and keep that in a folder."""
        ...

    def open(self, place: Path) -> None:
        """Take up what ``index`` kept."""
        ...

    def search(self, query: str, k: int) -> list[str]:
        """Stems of the files of the ``k`` best pieces, the best first."""
        ...


def index(system: System, articles: Path, place: Path) -> dict[str, Any]:
    """Seconds that indexing takes, on the clock and of processors, once the model is loaded and one file was indexed elsewhere."""
    files = sorted(articles.glob("*.txt"))
    system.index(files[:1], place.with_name(f"{place.name}.first"))
    started, used = time.perf_counter(), time.process_time()
    system.index(files, place)
    return {"seconds": time.perf_counter() - started, "used": time.process_time() - used}


def ask(system: System, place: Path, queries: Path, born: float) -> dict[str, Any]:
    """Seconds from the start of the process to the first answer, then the milliseconds of every query and what it found.

    What processors were used for is told beside the clock's time, as it says more on a machine that others use too.
    """
    asked = json.loads(queries.read_text(encoding="utf-8"))
    system.open(place)
    found = [system.search(asked[0], K)]
    first, used, times = time.time() - born, time.process_time(), []
    for query in asked[1:]:
        started = time.perf_counter()
        found.append(system.search(query, K))
        times.append((time.perf_counter() - started) * 1000)
    rest = (time.process_time() - used) * 1000 / max(1, len(times))
    return {"first": first, "first used": used, "times": times, "used": rest, "found": found}


if __name__ == "__main__":
    module, action, *places = sys.argv[1:]
    made: System = importlib.import_module(module).load()
    first, second, *born = places
    result = index(made, Path(first), Path(second)) if action == "index" else ask(made, Path(first), Path(second), float(born[0]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result | {"memory": peak}))
