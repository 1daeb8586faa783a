"""A shard: a batch of files indexed apart, by another process or on another machine, for a library to take over in one transaction.

It is a small catalogue of its own with the words of its passages, under numbers that begin at 1; nothing in it depends on the library.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.catalogue import Catalogue
from index.embedding import Embedder
from index.folder import ArticleFile
from index.indexing import Group, read
from index.lexical import LexicalIndex
from index.lexical_store import LexicalStore
from index.segment import Segment

CATALOGUE, WORDS, JOB, RESULT = "catalogue.sqlite", "lexical", "job.json", "result.json"


def write_job(folder: Path, groups: Sequence[Group]) -> None:
    """Say which files make a shard."""
    folder.mkdir(parents=True)
    job = [
        {
            "name": group.name,
            "files": [_pair(file) for file in group.files],
            "older": [_pair(file) for file in group.older.values()],
        }
        for group in groups
    ]
    (folder / JOB).write_text(json.dumps(job), encoding="utf-8")


def make_shard(folder: Path, embedder: Embedder) -> None:
    """Read and index the files of a job, and write what came of it."""
    groups = []
    catalogue = Catalogue(folder / CATALOGUE, lasting=False)
    with catalogue.change() as generation:
        for job in json.loads((folder / JOB).read_text(encoding="utf-8")):
            older = {name: ArticleFile(Path(path), name) for path, name in job["older"]}
            group = Group(job["name"], [ArticleFile(Path(path), name) for path, name in job["files"]], older=older)
            read(group, embedder)
            for indexed in group.articles:
                catalogue.put_article(indexed, [file.name for file in group.files], generation)
            group.articles.clear()
            groups.append(group)
    words = {}
    for batch in catalogue.texts_since(0, batch=10**9):
        for language in sorted({row[1] for row in batch}):
            segment = Segment.build(language, [(number, text) for number, code, text in batch if code == language])
            words[language] = LexicalIndex(language, [segment])
    LexicalStore(folder / WORDS).save(words, 1)
    catalogue.close()
    result = [
        {
            "made": group.made,
            "files": [_pair(file) for file in group.files],
            "problems": [(*_pair(file), problem) for file, problem in group.problems.items()],
        }
        for group in groups
    ]
    (folder / RESULT).write_text(json.dumps(result), encoding="utf-8")


def read_result(folder: Path, groups: Sequence[Group]) -> None:
    """Note in the groups what became of their files."""
    for group, result in zip(groups, json.loads((folder / RESULT).read_text(encoding="utf-8")), strict=True):
        group.made = result["made"]
        group.files = [ArticleFile(Path(path), name) for path, name in result["files"]]
        group.problems = {ArticleFile(Path(path), name): problem for path, name, problem in result["problems"]}


def segments(folder: Path) -> Iterator[tuple[str, Segment]]:
    """The words of a shard, by language."""
    for language, index in LexicalStore(folder / WORDS).load().items():
        yield from ((language, segment) for segment in index.segments)


def _pair(file: ArticleFile) -> tuple[str, str]:
    return str(file.path), file.name
