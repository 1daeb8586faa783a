"""Kills a writer at random moments: ``python -m benchmarks.kills [KILLS]`` (default: 200; about five seconds each on a quiet machine).

Two readers search all the while. A kill comes at any moment of the time that the same action took when it was let finish, so that it lands in the
act on a fast machine and on a slow one. After each the next opening must be sound, hold every article that was reported as added and none that was
reported as removed, and every article must be wholly the old or wholly the new. Exits with 1 at the first that is not so.
"""

import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.material import own_sentences, write_articles
from index.library import Library

PASSAGES, CHANGED = 600, 10
"""Of the library; articles that a change is about."""
ACTIONS = ("add", "add by two", "remove", "rebuild")
WRITER = """
import sys
from pathlib import Path
from index.library import Library
import chromadb
with Library.open(sys.argv[1], create=True) as library:
    print("begins", flush=True)
    action = sys.argv[2]
    if action == "rebuild":
        library.rebuild()
    elif action == "remove":
        library.remove(sys.argv[3:])
    else:
        library.add(sys.argv[3:], processes=2 if action == "add by two" else 0)
    print("done", flush=True)
"""
READER = """
import sys, time
from index.errors import UnknownArticle
from index.library import Library
with Library.open(sys.argv[1]) as library:
    while True:
        for hit in library.search("who said what about the price of rice", k=5):
            assert all(hit.passage.text[s.start - hit.passage.start : s.end - hit.passage.start] == s.text for s in hit.passage.sentences)
            try:
                library.article(hit.passage.article)
            except UnknownArticle:
                pass
        time.sleep(0.05)
"""


@dataclass(slots=True)
class Shelf:
    """The library under test, the files that it is made of, and what it must hold: articles, and the edition of each."""

    source: Path
    place: Path
    texts: dict[Path, str] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    editions: dict[str, str] = field(default_factory=dict)

    def fill(self) -> None:
        """Write the articles and add them all."""
        self.source.mkdir()
        write_articles(self.source, PASSAGES, own_sentences())
        self.texts = {file: file.read_text(encoding="utf-8") for file in sorted(self.source.glob("*.txt"))}
        self.write(list(self.texts), 0)
        with Library.open(self.place, create=True) as library:
            self.present = set(library.add([self.source]))

    def write(self, files: list[Path], edition: int) -> None:
        """Give files a new edition."""
        for file in files:
            file.write_text(f"{self.texts[file]}edition {edition}\n", encoding="utf-8")

    def problem(self, expected: set[str]) -> str:
        """What is wrong with the library; empty if nothing is. Notes what it holds."""
        with Library.open(self.place) as library:
            problems = library.check()
            if problems:
                return "; ".join(problems)
            self.present = set(library.articles())
            if not expected <= self.present:
                return f"lost {sorted(expected - self.present)[:3]}"
            for name in self.present:
                marks = {source.text.rpartition("edition ")[2].strip() for source in library.article(name).sources}
                if len(marks) != 1 or len(library.article(name).sources) != 2:
                    return f"{name} is a mixture: {marks}"
                self.editions[name] = marks.pop()
        return ""


def act(shelf: Shelf, action: str, rest: list[str], after: float | None) -> tuple[bool, float]:
    """Run an action, and kill it after so many seconds; None lets it finish. Gives whether it was done, and how long it ran."""
    command = [sys.executable, "-c", WRITER, str(shelf.place), action, *rest]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        began = time.perf_counter()
        if after is not None:
            time.sleep(after)
            writer.send_signal(signal.SIGKILL)
        return "done" in writer.stdout.read(), time.perf_counter() - began


def strike(shelf: Shelf, action: str, number: int, chosen: random.Random, lasts: float | None) -> tuple[str, bool, float]:
    """One action, killed within the seconds that it lasts, or let finish: what is wrong then, whether it was done, and how long it ran."""
    some = set(chosen.sample(sorted({file.name.split(".")[0] for file in shelf.texts}), CHANGED))
    files = [file for file in shelf.texts if file.name.split(".")[0] in some]
    before = set(shelf.present)
    if action.startswith("add"):
        shelf.write(files, number)
        rest = list(map(str, files))
    else:
        rest = sorted(some & before) if action == "remove" else []
    done, ran = act(shelf, action, rest, None if lasts is None else chosen.uniform(0, lasts))
    problem = shelf.problem(before - some if action == "remove" else before)
    if not problem and done and action == "remove" and some & shelf.present:
        problem = f"{sorted(some & shelf.present)[0]} was removed and is there"
    if not problem and done and action.startswith("add"):
        old = [name for name in sorted(some) if shelf.editions.get(name) != str(number)]
        problem = f"{old[0]} was added and is old" if old else ""
    return problem, done, ran


def main(kills: int) -> int:
    chosen = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        shelf = Shelf(Path(name) / "source", Path(name) / "library")
        shelf.fill()
        readers = [subprocess.Popen([sys.executable, "-c", READER, str(shelf.place)], stderr=subprocess.PIPE) for _ in range(2)]
        lasts: dict[str, float] = {}
        number = landed = 0
        try:
            while number < kills:
                action = chosen.choice(ACTIONS)
                problem, done, ran = strike(shelf, action, number + 1, chosen, lasts.get(action))
                problem = problem or "".join(
                    f"a reader stopped: {r.stderr.read().decode()[-300:]}" for r in readers if r.poll() is not None and r.stderr
                )
                if problem:
                    print(f"after kill {number} of {action}: {problem}")
                    return 1
                number += action in lasts
                landed += action in lasts and not done
                lasts.setdefault(action, ran)
        finally:
            for reader in readers:
                reader.kill()
    print(f"{kills} kills, {landed} of them in the act, two readers: nothing lost, nothing mixed, every check passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
