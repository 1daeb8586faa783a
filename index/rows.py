"""What an article is in the catalogue: rows of plain values out of articles, and articles out of rows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.alignment import Alignment
from index.article import Article, Pair, Passage, Place, Source, Version
from index.errors import DamagedLibrary

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article with everything that indexing computes.

    ``passage_vectors`` are ``(passages, d)`` and ``sentence_vectors`` ``(sentences, d)`` float32 unit rows, in reading order of the versions.
    """

    article: Article
    passage_vectors: FloatArray
    sentence_vectors: FloatArray
    alignments: Mapping[tuple[str, str], Alignment]


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage with the vectors that it is ranked by: its own ``(d,)`` and its sentences' ``(n, d)``."""

    passage: Passage
    vector: FloatArray
    sentence_vectors: FloatArray


def pack(vectors: FloatArray) -> bytes:
    """Unit rows as float16: half the size, and cosines to within 0.001."""
    return vectors.astype(np.float16).tobytes()


def unpack(data: bytes, rows: int) -> FloatArray:
    """``(rows, d)`` float32 from ``pack``."""
    found: FloatArray = np.frombuffer(data, dtype=np.float16).reshape(rows, -1).astype(np.float32)
    return found


def version_rows(article: Article) -> Iterator[tuple[Any, ...]]:
    """Rows of ``versions``."""
    for position, v in enumerate(article.versions):
        tags = json.dumps(v.tags, ensure_ascii=False)
        yield article.id, v.id, position, v.language, v.kind, v.file, v.start, v.end, v.title, v.byline, v.date, v.link, tags


def passage_rows(indexed: Indexed, generation: int) -> Iterator[tuple[Any, ...]]:
    """Rows of ``passages`` but for their number."""
    at = 0
    passages = [passage for version in indexed.article.versions for passage in version.passages]
    for p, vector in zip(passages, indexed.passage_vectors, strict=True):
        spans = np.array([(s.start, s.end) for s in p.sentences], dtype=np.int32).tobytes()
        inner = pack(indexed.sentence_vectors[at : at + len(p.sentences)])
        at += len(p.sentences)
        place = (p.id, p.article, p.version, p.language, p.kind, p.file, p.paragraph, p.role, p.start, p.end, p.text)
        yield *place, spans, pack(vector), inner, generation


PASSAGE_COLUMNS = "id, article, version, language, kind, file, paragraph, role, start, end, text, sentences, vector, sentence_vectors, generation"


def passage_from(row: Sequence[Any]) -> Passage:
    """A passage from the first columns of its row, up to ``sentences``."""
    _, article, version, language, kind, file, paragraph, role, start, end, text, spans = row[:12]
    sentences = tuple(
        Place(article, version, language, kind, file, paragraph, role, s, e, text[s - start : e - start])
        for s, e in np.frombuffer(spans, dtype=np.int32).reshape(-1, 2).tolist()
    )
    return Passage(article, version, language, kind, file, paragraph, role, start, end, text, sentences=sentences)


def entry_from(row: Sequence[Any]) -> Entry:
    """A passage with its vectors from its row. Raises ``DamagedLibrary`` if they make no sense."""
    with _undamaged(row[1]):
        passage = passage_from(row)
        vector, inner = unpack(row[12], 1)[0], unpack(row[13], len(passage.sentences))
        if inner.shape[1] != len(vector) or not (np.isfinite(vector).all() and np.isfinite(inner).all()):
            raise ValueError(f"the vectors of {passage.id}")
        return Entry(passage, vector, inner)


def version_from(row: Sequence[Any], passages: Sequence[Passage] = ()) -> Version:
    """A version from its row."""
    article, id, _, language, kind, file, start, end, title, byline, date, link, tags = row
    inside = tuple(passages)
    return Version(id, article, language, kind, file, start, end, inside, title, byline, date, link, tuple(json.loads(tags)))


def article_from(name: str, sources: Sequence[Any], versions: Sequence[Any], passages: Sequence[Any]) -> Article:
    """An article from its rows, each list in order.

    Raises:
        DamagedLibrary: a passage or a sentence is not what its file says there: what nobody can check is not handed out.
    """
    texts = {file: text for file, text, _ in sources}
    found: dict[str, list[Passage]] = {}
    with _undamaged(name):
        for row in passages:
            passage = passage_from(row)
            if any(texts[p.file][p.start : p.end] != p.text for p in (passage, *passage.sentences)):
                raise ValueError(f"{passage.id} is not what its file says")
            found.setdefault(row[2], []).append(passage)
        made = tuple(version_from(row, found.get(row[1], ())) for row in versions)
    return Article(name, made, tuple(Source(file, text, sha256) for file, text, sha256 in sources))


def alignment_rows(indexed: Indexed) -> Iterator[tuple[Any, ...]]:
    """Rows of ``alignments``: sentences by their number in the version, paragraphs by their own number."""
    for (first, second), alignment in indexed.alignments.items():
        a, b = ({s.id: i for i, s in enumerate(indexed.article.version(name).sentences)} for name in (first, second))
        sentences = [(a[pair.a.id], b[pair.b.id], pair.score) for pair in alignment.sentences]
        paragraphs = [(pair.a.paragraph, pair.b.paragraph, pair.score) for pair in alignment.paragraphs]
        names = json.dumps(alignment.names, ensure_ascii=False)
        yield indexed.article.id, first, second, json.dumps(sentences), json.dumps(paragraphs), names


def alignment_from(article: Article, row: Sequence[Any]) -> Alignment:
    """An alignment from its row; a paragraph is stood for by its first passage."""
    _, first, second, sentences, paragraphs, names = row
    with _undamaged(article.id):
        a, b = article.version(first), article.version(second)
        in_a, in_b = a.sentences, b.sentences
        begins_a, begins_b = ({p.paragraph: p for p in reversed(version.passages)} for version in (a, b))
        return Alignment(
            tuple(Pair(in_a[i], in_b[j], score) for i, j, score in json.loads(sentences)),
            tuple(Pair(begins_a[i], begins_b[j], score) for i, j, score in json.loads(paragraphs)),
            tuple((x, y) for x, y in json.loads(names)),
        )


@contextmanager
def _undamaged(article: str) -> Iterator[None]:
    """Rows that make no sense are damage. Raises ``DamagedLibrary``."""
    try:
        yield
    except (ValueError, LookupError, TypeError) as error:
        raise DamagedLibrary(
            f"the article {article} is damaged in the catalogue ({error}): `doichieu index rebuild` makes it anew from the files"
        ) from error


def counterparts_from(article: str, passages: Sequence[Any], alignments: Sequence[Any]) -> dict[str, tuple[str, ...]]:
    """Ids of sentences that are aligned, and of those that a third version connects where their own versions are not aligned.

    Args:
        article: its id.
        passages: version and sentences of each, in order.
        alignments: two versions with their sentence pairs.
    """
    ids: dict[str, list[str]] = {}
    links: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
    with _undamaged(article):
        for version, spans in passages:
            whole = np.frombuffer(spans, dtype=np.int32).reshape(-1, 2).tolist()
            ids.setdefault(version, []).extend(f"{article}:{version}:{start}-{end}" for start, end in whole)
        for first, second, pairs in alignments:
            for i, j, score in json.loads(pairs):
                a, b = (first, ids[first][i]), (second, ids[second][j])
                links.setdefault(a, {})[b] = links.setdefault(b, {})[a] = score
    aligned = {frozenset((first, second)) for first, second, _ in alignments}
    apart = {(a, b) for a in ids for b in ids if a != b and frozenset((a, b)) not in aligned}
    found = {sentence: _through_others(sentence, links, apart) if apart else direct for sentence, direct in links.items()}
    return {
        sentence[1]: tuple(name for (_, name), _ in sorted(others.items(), key=lambda other: (-other[1], other[0][1])))
        for sentence, others in found.items()
    }


def _through_others(
    sentence: tuple[str, str], links: Mapping[tuple[str, str], Mapping[tuple[str, str], float]], apart: set[tuple[str, str]]
) -> dict[tuple[str, str], float]:
    found = dict(links[sentence])
    for middle, first in links[sentence].items():
        for other, second in links[middle].items():
            if (sentence[0], other[0]) in apart and first * second > found.get(other, 0.0):
                found[other] = first * second
    return found
