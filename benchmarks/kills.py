"""Kills a writer at random moments: ``python -m benchmarks.kills [KILLS]`` (default: 200; a few minutes).

Two readers search all the while. After each kill the next opening must be sound, hold every article that was reported as added and none that was
reported as removed, and every article must be wholly the old or wholly the new. Exits with 1 at the first that is not so.
"""

import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.material import own_sentences, write_articles
from index.library import Library

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
import sys
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
"""


def sound(place: Path, expected: set[str], edition: dict[str, str]) -> str:
    """What is wrong; empty if nothing is."""
    with Library.open(place) as library:
        problems = library.check()
        if problems:
            return "; ".join(problems)
        held = set(library.articles())
        if not expected <= held:
            return f"lost {sorted(expected - held)[:3]}"
        for name in held:
            marks = {source.text.rpartition("edition ")[2].strip() for source in library.article(name).sources}
            if len(marks) != 1 or len(library.article(name).sources) != 2:
                return f"{name} is a mixture: {marks}"
            edition[name] = marks.pop()
    return ""


def main(kills: int) -> int:
    chosen = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        source, place = Path(name) / "source", Path(name) / "library"
        source.mkdir()
        write_articles(source, 1_200, own_sentences())
        originals = {file: file.read_text(encoding="utf-8") for file in sorted(source.glob("*.txt"))}
        names = sorted({file.name.split(".")[0] for file in originals})
        for file, text in originals.items():
            file.write_text(f"{text}edition 0\n", encoding="utf-8")
        with Library.open(place, create=True) as library:
            library.add([source])
        present, editions = set(names), dict.fromkeys(names, "0")
        readers = [subprocess.Popen([sys.executable, "-c", READER, str(place)], stderr=subprocess.PIPE) for _ in range(2)]
        try:
            for number in range(1, kills + 1):
                action = chosen.choice(("add", "add by two", "remove", "rebuild"))
                adds = action.startswith("add")
                some = chosen.sample(names, 20)
                files = [file for file in originals if file.name.split(".")[0] in some]
                for file in files if adds else ():
                    file.write_text(f"{originals[file]}edition {number}\n", encoding="utf-8")
                some = [one for one in some if one in present]
                rest = files if adds else some if action == "remove" else []
                command = [sys.executable, "-c", WRITER, str(place), action, *map(str, rest)]
                with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
                    assert writer.stdout is not None
                    writer.stdout.readline()
                    time.sleep(chosen.uniform(0, 0.2 if action == "remove" else 1.5))
                    writer.send_signal(signal.SIGKILL)
                    done = "done" in writer.stdout.read()
                changed = set(some)
                problem = sound(place, present - changed if action == "remove" else present, editions)
                if not problem and done and adds:
                    problem = "".join(f"{one} was added and is old" for one in changed if editions[one] != str(number))
                problem = problem or "".join(
                    f"a reader stopped: {r.stderr.read().decode()[-300:]}" for r in readers if r.poll() is not None and r.stderr
                )
                if problem:
                    print(f"after kill {number} of {action}: {problem}")
                    return 1
                with Library.open(place) as library:
                    present = set(library.articles())
        finally:
            for reader in readers:
                reader.kill()
    print(f"{kills} kills, two readers: nothing lost, nothing mixed, every check passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
