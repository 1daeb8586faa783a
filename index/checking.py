"""Whether a library's parts fit together: the catalogue in itself, vectors and words against it, the files against it."""

from collections.abc import Mapping, Sequence

import numpy as np

from index.catalogue import Catalogue
from index.folder import ArticleFolder
from index.lexical import LexicalIndex
from index.segment import Segment
from index.vectors import VectorStore

FOUND_BY_ITSELF = 200
"""Passages of each language that are searched for by their own vector: rows can be there and yet not be found."""

MISSED = 0.1
"""Share of those that an approximate search may miss, among near copies, without anything being wrong."""


def check_vectors(catalogue: Catalogue, store: VectorStore) -> list[str]:
    """Passages that the store lacks, has too many, has wrong or does not find; a line for each language and fault."""
    problems = []
    wanted: dict[str, dict[str, object]] = {}
    wrong: dict[str, int] = {}
    lost: dict[str, int] = {}
    for batch in catalogue.passages_since(0):
        for language in sorted({row[0] for row in batch}):
            rows = {name: vector for code, name, _, vector in batch if code == language}
            tried = FOUND_BY_ITSELF - len(wanted.setdefault(language, {}))
            wanted[language] |= dict.fromkeys(rows)
            held = store.rows(language, list(rows))
            wrong[language] = wrong.get(language, 0) + sum(
                1 for name in held if not np.allclose(held[name], rows[name], atol=2e-3)
            )
            for vector in list(rows.values())[: max(0, tried)]:
                hits = store.query(language, vector, 10) if np.any(vector) else [("", 1.0)]
                lost[language] = lost.get(language, 0) + (not hits or hits[0][1] < 0.99)
    for language in sorted({*wanted, *store.languages()}):
        ids, own = store.ids(language), set(wanted.get(language, ()))
        found = {
            "missing": len(own - ids),
            "too many": len(ids - own),
            "wrong": wrong.get(language, 0),
            "not found by their own vector": lost.get(language, 0)
            if lost.get(language, 0) > MISSED * min(len(own), FOUND_BY_ITSELF)
            else 0,
        }
        problems += [f"vectors ({language}): {count} passages {what}" for what, count in found.items() if count]
    return problems


def check_words(catalogue: Catalogue, lexical: Mapping[str, LexicalIndex]) -> list[str]:
    """Languages whose words are not what the catalogue's passages hold."""
    held = {language: [segment.fingerprints() for segment in index.segments] for language, index in lexical.items()}
    numbers = {language: np.concatenate([part[0] for part in parts]) for language, parts in held.items()}
    prints = {language: np.concatenate([part[1] for part in parts]) for language, parts in held.items()}
    seen: dict[str, int] = {}
    differ = set()
    for batch in catalogue.texts_since(0):
        for language in {row[1] for row in batch}:
            made = Segment.build(language, [(number, text) for number, code, text in batch if code == language])
            begin = seen.get(language, 0)
            end = seen[language] = begin + len(made.numbers)
            same = language in numbers and np.array_equal(numbers[language][begin:end], made.numbers)
            if not same or not np.array_equal(prints[language][begin:end], made.fingerprints()[1]):
                differ.add(language)
    differ |= {language for language in numbers if len(numbers[language]) != seen.get(language, 0)}
    return [f"words ({language}): not those of the catalogue's passages" for language in sorted(differ)]


def check_files(catalogue: Catalogue, folder: ArticleFolder) -> list[str]:
    """Files that differ from what the catalogue knows, and files that could not be read."""
    known = catalogue.files()
    changes = folder.changes(known)
    problems: Sequence[str] = [f"{file.name}: changed since it was indexed" for file in changes.changed]
    gone = [f"{name}: indexed, but the file is gone" for name in changes.gone]
    return [*problems, *gone, *(f"{record.problem}" for record in known.values() if record.problem)]
