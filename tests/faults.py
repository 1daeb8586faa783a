"""Damage one file of a library again and again, and look at what its readers get: ``python faults.py LIBRARY FILE FIRST COUNT``.

Each trial works on a copy, and a line of JSON says what was done and how it ended: ``same`` (the answers of the sound library), ``sound``
(other answers, every quote of which stands in its file), ``refused`` (one clear line), else ``wrong`` or ``trace``. A process of its own, so that a
crash is seen.
"""

import json
import logging
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.answer import Answer
from index.embedding import StaticEmbedder
from index.errors import DoichieuError
from index.library import Library
from index.opening import open_disk

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


def answers(library: Path, model: Path | None) -> list[Answer]:
    """What a reader gets, with the vectors searched in Chroma."""
    embedder = StaticEmbedder(model) if model else StaticEmbedder()
    with Assistant(Library(open_disk(library, embedder, exact_up_to=0), embedder, library)) as assistant:
        return [assistant.ask(question) for question in QUESTIONS]


def stands(answer: Answer, texts: dict[str, str]) -> bool:
    places = [place for c in answer.citations for place in (c.place, *c.counterparts)]
    return all(texts.get(place.file, "")[place.start : place.end] == place.text != "" for place in places)


def trials(library: Path, file: str, first: int, count: int) -> Iterator[dict[str, Any]]:
    texts = {path.name: path.read_bytes().decode() for path in library.glob("*.txt")}
    expected = [answer.text for answer in answers(library, None)]
    model = Path(file).parent if Path(file).is_absolute() else None
    for trial in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            copy, target = (
                Path(folder) / "library",
                Path(folder) / "model" / Path(file).name if model else Path(folder) / "library" / file,
            )
            shutil.copytree(library, copy)
            if model:
                shutil.copytree(model, target.parent, copy_function=lambda a, b: Path(b).symlink_to(a))
                target.unlink()
            data, how = damage((library / file).read_bytes(), trial)
            target.write_bytes(data)
            try:
                given = answers(copy, target.parent if model else None)
            except DoichieuError as error:
                yield {"trial": trial, "how": how, "outcome": "refused", "said": str(error)}
            except Exception as error:
                yield {"trial": trial, "how": how, "outcome": "trace", "said": repr(error)}
            else:
                sound = all(stands(answer, texts) for answer in given)
                same = [answer.text for answer in given] == expected
                yield {"trial": trial, "how": how, "outcome": "wrong" if not sound else "same" if same else "sound", "said": ""}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    for found in trials(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])):
        print(json.dumps(found), flush=True)
