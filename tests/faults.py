"""Damage one file of a library again and again, and look at what its readers get: ``python faults.py LIBRARY FILE FIRST COUNT [use]``.

Each trial works on a copy, and a line of JSON says what was done and how it ended:

- ``same``: everything is as in the sound library, since the damage was repaired or touched nothing that is read;
- ``told``: something differs, and ``Library.check`` says what is damaged;
- ``refused``: one clear line;
- ``unnoticed``, ``wrong`` (a quote that does not stand in its file) and ``trace`` are failures.

With ``use`` the file is damaged while the library is open and has answered. A process of its own, so that a crash is seen.
"""

import json
import logging
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.answer import Answer
from assistant.rendering import answer_to_json
from index.embedding import Embedder
from index.errors import DoichieuError
from index.library import Library
from index.opening import open_disk
from index.static import StaticEmbedder

BEFORE = "Who opened the bridge?"
QUESTIONS = ("How much did the bridge cost?", "Ngư dân sợ điều gì?")


def damage(data: bytes, trial: int) -> tuple[bytes, str]:
    """Every third trial cuts the file, the others flip one bit."""
    chance = random.Random(trial)
    if not data:
        return b"\x00", "grown"
    if trial % 3 == 0:
        length = chance.randrange(len(data))
        return data[:length], f"cut to {length}"
    place, bit = chance.randrange(len(data)), chance.randrange(8)
    return data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :], f"bit {bit} of byte {place}"


def opened(library: Path, embedder: Embedder, file: str) -> Assistant:
    """The assistant; vectors are searched in Chroma where it is Chroma that is damaged."""
    parts = open_disk(library, embedder, exact_up_to=0) if "chroma" in file else open_disk(library, embedder)
    return Assistant(Library(parts, embedder, library))


def told(assistant: Assistant) -> tuple[list[Answer], str]:
    """Answers, and all that a reader gets to see of them and of a search."""
    given = [assistant.ask(question) for question in QUESTIONS]
    hits = [(hit.passage.id, round(hit.score, 4)) for question in QUESTIONS for hit in assistant.library.search(question)]
    seen = [{key: value for key, value in answer_to_json(answer).items() if key != "timings_ms"} for answer in given]
    return given, json.dumps([seen, hits])


def stands(answer: Answer, texts: dict[str, str]) -> bool:
    places = [place for c in answer.citations for place in (c.place, *c.counterparts)]
    return all(texts.get(place.file, "")[place.start : place.end] == place.text != "" for place in places)


def outcome(
    library: Path, file: str, embedder: Callable[[], Embedder], harm: Callable[[], None], in_use: bool, expected: str
) -> tuple[str, str]:
    """How a reader fares with a file that is damaged before, or after, the library is opened; and what he is told."""
    texts = {path.name: path.read_bytes().decode() for path in library.glob("*.txt")}
    try:
        if not in_use:
            harm()
        with opened(library, embedder(), file) as assistant:
            if in_use:
                assistant.ask(BEFORE)
                harm()
            answers, seen = told(assistant)
            if not all(stands(answer, texts) for answer in answers):
                return "wrong", seen
            if seen == expected:
                return "same", ""
            problems = assistant.library.check()
            return ("told", problems[0]) if problems else ("unnoticed", seen)
    except DoichieuError as error:
        return "refused", str(error)
    except Exception as error:
        return "trace", repr(error)


def trials(library: Path, file: str, first: int, count: int, in_use: bool) -> Iterator[dict[str, Any]]:
    model = Path(file).parent if Path(file).is_absolute() else None
    sound = StaticEmbedder()
    with opened(library, sound, file) as assistant:
        expected = told(assistant)[1]
    for trial in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            copy, weights = Path(folder) / "library", Path(folder) / "model"
            target = weights / Path(file).name if model else copy / file
            shutil.copytree(library, copy)
            if model:
                shutil.copytree(model, weights, copy_function=lambda a, b: Path(b).symlink_to(a))
                target.unlink()
                shutil.copyfile(file, target)
            data, how = damage(target.read_bytes(), trial)

            def harm(target: Path = target, data: bytes = data) -> None:
                # In place, as a failing disk does it: a file that is mapped changes under its reader.
                with target.open("r+b") as stream:
                    stream.write(data)
                    stream.truncate()

            embedder = (lambda weights=weights: StaticEmbedder(weights)) if model else (lambda: sound)
            ended, said = outcome(copy, file, embedder, harm, in_use, expected)
            yield {"trial": trial, "how": how, "outcome": ended, "said": said}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    for found in trials(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), "use" in sys.argv[5:]):
        print(json.dumps(found), flush=True)
