"""What an article is in the catalogue: rows of plain values out of articles, and articles out of rows."""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.alignment import Alignment
from index.article import Article, Pair, Passage, Place, Source, Version
from index.errors import DamagedLibrary
from index.seals import seal

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int32]
NthSentence = tuple[str, int]
"""A version, and the number of a sentence in it."""

_NONSENSE = (ValueError, LookupError, TypeError)
"""Errors of values that make no sense."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article with everything that indexing computes.

    ``passage_vectors`` are ``(passages, d)`` and ``sentence_vectors`` ``(sentences, d)`` float32 unit rows, in reading order of the versions, and
    ``tokens`` the numbers of each sentence's tokens in the static model.
    """

    article: Article
    passage_vectors: FloatArray
    sentence_vectors: FloatArray
    tokens: Sequence[Sequence[int]]
    alignments: Mapping[tuple[str, str], Alignment]


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage with what it is ranked by: its own ``(d,)`` vector, its sentences' ``(n, d)``, and its tokens as ``pack_tokens`` numbers them."""

    passage: Passage
    vector: FloatArray
    sentence_vectors: FloatArray
    tokens: IntArray


def halved(vectors: FloatArray) -> NDArray[np.float16]:
    """Unit rows as float16: half the size, and cosines to within 0.001."""
    return vectors.astype(np.float16)


def unpack(data: bytes, rows: int) -> FloatArray:
    """``(rows, d)`` float32 from the bytes of ``halved``."""
    found: FloatArray = np.frombuffer(data, dtype=np.float16).reshape(rows, -1).astype(np.float32)
    return found


def vectors_from(packed: Sequence[tuple[str, bytes]]) -> FloatArray:
    """``(n, d)`` float32 from ids of passages with their packed vectors. Raises ``DamagedLibrary`` if they make no sense."""
    size = len(packed[0][1]) if packed else 0
    for passage, data in packed:
        if not size or len(data) != size:
            raise _damaged(passage.rsplit(":", 2)[0], f"the vector of {passage}")
    table = unpack(b"".join(data for _, data in packed), len(packed))
    for row in np.flatnonzero(~np.isfinite(table.sum(axis=1)))[:1]:
        raise _damaged(packed[row][0].rsplit(":", 2)[0], f"the vector of {packed[row][0]}")
    return table


def pack_tokens(sentences: Sequence[Sequence[int]]) -> bytes:
    """A passage's tokens, one sentence after another; the first of each is turned negative (``~number``). A sentence without any gets number 0."""
    marked = ((~tokens[0], *tokens[1:]) if tokens else (~0,) for tokens in sentences)
    return np.fromiter(chain.from_iterable(marked), dtype=np.int32).tobytes()


def unpack_tokens(packed: IntArray) -> list[list[int]]:
    """The tokens of each sentence of a passage, as ``pack_tokens`` numbers them."""
    starts = np.flatnonzero(packed < 0)[1:]
    return [part.tolist() for part in np.split(np.where(packed < 0, ~packed, packed), starts)]


def version_rows(article: Article) -> Iterator[tuple[Any, ...]]:
    """Rows of ``versions``."""
    for position, v in enumerate(article.versions):
        tags = json.dumps(v.tags, ensure_ascii=False)
        yield article.id, v.id, position, v.language, v.kind, v.file, v.start, v.end, v.title, v.byline, v.date, v.link, tags


def passage_rows(indexed: Indexed, generation: int) -> Iterator[tuple[Any, ...]]:
    """Rows of ``passages`` but for their number."""
    at = 0
    passages = [passage for version in indexed.article.versions for passage in version.passages]
    # Taken out of arrays of the whole article: an array for each passage takes longer to make than to fill.
    spans = np.array([(s.start, s.end) for p in passages for s in p.sentences], dtype=np.int32)
    vectors, inner = halved(indexed.passage_vectors), halved(indexed.sentence_vectors)
    for p, vector in zip(passages, vectors, strict=True):
        own = slice(at, at + len(p.sentences))
        at = own.stop
        place = (p.id, p.article, p.version, p.language, p.kind, p.file, p.paragraph, p.role, p.start, p.end, p.text)
        values = (*place, spans[own].tobytes(), vector.tobytes(), inner[own].tobytes(), pack_tokens(indexed.tokens[own]))
        yield *values, seal(values), generation


PASSAGE_COLUMNS = (
    "id, article, version, language, kind, file, paragraph, role, start, end, text, "
    "sentences, vector, sentence_vectors, tokens, seal, generation"
)


def passage_from(row: Sequence[Any]) -> Passage:
    """A passage from the first columns of its row, up to ``sentences``."""
    _, article, version, language, kind, file, paragraph, role, start, end, text, spans = row[:12]
    sentences = tuple(
        Place(article, version, language, kind, file, paragraph, role, s, e, text[s - start : e - start])
        for s, e in np.frombuffer(spans, dtype=np.int32).reshape(-1, 2).tolist()
    )
    return Passage(article, version, language, kind, file, paragraph, role, start, end, text, sentences=sentences)


def _sealed_passage_from(row: Sequence[Any]) -> Passage:
    """A passage from its whole row. Raises ``ValueError`` if that is not what was indexed."""
    if seal(row[:15]) != row[15]:
        raise ValueError(f"{row[0]} is not what was indexed")
    return passage_from(row)


def entries_from(rows: Sequence[Sequence[Any]]) -> list[Entry]:
    """Passages with what they are ranked by from their rows. Raises ``DamagedLibrary`` if it makes no sense."""
    if not rows:
        return []
    passages, size = [], len(rows[0][12])
    for row in rows:
        try:
            passage = _sealed_passage_from(row)
            if not size or len(row[12]) != size or len(row[13]) != size * len(passage.sentences):
                raise ValueError(f"the vectors of {passage.id}")
        except _NONSENSE as error:
            raise _damaged(row[1], error) from error
        passages.append(passage)
    # All at once: that takes a fraction of the time of one after another.
    counts = [len(passage.sentences) for passage in passages]
    vectors, inner = unpack(b"".join(row[12] for row in rows), len(rows)), unpack(b"".join(row[13] for row in rows), sum(counts))
    odd = (
        np.flatnonzero(~np.isfinite(vectors.sum(axis=1))),
        np.repeat(np.arange(len(rows)), counts)[~np.isfinite(inner.sum(axis=1))],
    )
    for number in np.concatenate(odd)[:1]:
        raise _damaged(rows[number][1], f"the vectors of {passages[number].id}")
    ends = list(accumulate(counts))
    return [
        Entry(passage, vector, inner[end - count : end], np.frombuffer(row[14], dtype=np.int32))
        for row, passage, vector, end, count in zip(rows, passages, vectors, ends, counts, strict=True)
    ]


def version_from(row: Sequence[Any], passages: Sequence[Passage] = ()) -> Version:
    """A version from its row."""
    article, id, _, language, kind, file, start, end, title, byline, date, link, tags = row
    inside = tuple(passages)
    return Version(id, article, language, kind, file, start, end, inside, title, byline, date, link, tuple(json.loads(tags)))


def article_from(
    name: str, sources: Sequence[Any], versions: Sequence[Any], passages: Sequence[Any], *, sound: bool = True
) -> Article:
    """An article from its rows, each list in order; ``sound`` is whether its seal holds.

    Raises:
        DamagedLibrary: it does not, or a passage or a sentence is not what its file says there: what nobody can check is not handed out.
    """
    texts = {file: text for file, text, _ in sources}
    found: dict[str, list[Passage]] = {}
    with _undamaged(name):
        for row in passages:
            passage = _sealed_passage_from(row)
            if any(texts[p.file][p.start : p.end] != p.text for p in (passage, *passage.sentences)):
                raise ValueError(f"{passage.id} is not what its file says")
            found.setdefault(row[2], []).append(passage)
        made = tuple(version_from(row, found.get(row[1], ())) for row in versions)
        if not sound:
            raise ValueError("it is not what was indexed")
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
    except _NONSENSE as error:
        raise _damaged(article, error) from error


def _damaged(article: str, why: object) -> DamagedLibrary:
    return DamagedLibrary(
        f"the article {article} is damaged in the catalogue ({why}): `doichieu index rebuild` makes it anew from the files"
    )


class Counterparts:
    """Which sentences of an article say the same: those that are aligned, and those that a third version connects where their own versions are not.

    Args:
        article: its id.
        passages: version and sentences of each, in order.
        alignments: two versions with their sentence pairs.

    Raises:
        DamagedLibrary: they do not fit together.
    """

    def __init__(self, article: str, passages: Sequence[Any], alignments: Sequence[Any]) -> None:
        self._article = article
        self._spans: dict[str, list[list[int]]] = {}
        self._links: dict[NthSentence, dict[NthSentence, float]] = {}
        with _undamaged(article):
            spans: dict[str, list[bytes]] = {}
            for version, own in passages:
                spans.setdefault(version, []).append(own)
            for version, parts in spans.items():
                self._spans[version] = np.frombuffer(b"".join(parts), dtype=np.int32).reshape(-1, 2).tolist()
            for first, second, pairs in alignments:
                for i, j, score in json.loads(pairs):
                    a, b = (first, i), (second, j)
                    self._links.setdefault(a, {})[b] = self._links.setdefault(b, {})[a] = score
        aligned = {frozenset((first, second)) for first, second, _ in alignments}
        self._apart = {(a, b) for a in spans for b in spans if a != b and frozenset((a, b)) not in aligned}

    def of(self, sentence: str) -> tuple[str, ...]:
        """Ids of the counterparts of a sentence by its id, the surest first; none for one that is not there. Raises ``DamagedLibrary``."""
        _, version, span = sentence.rsplit(":", 2)
        own, spans = [int(end) for end in span.split("-")], self._spans.get(version, [])
        number = bisect_left(spans, own)
        direct = self._links.get((version, number), {}) if spans[number : number + 1] == [own] else {}
        found = dict(direct)
        for middle, first in direct.items() if self._apart else ():
            for other, second in self._links[middle].items():
                if (version, other[0]) in self._apart and first * second > found.get(other, 0.0):
                    found[other] = first * second
        with _undamaged(self._article):
            return tuple(name for _, name in sorted((-score, self._id(*other)) for other, score in found.items()))

    def _id(self, version: str, number: int) -> str:
        start, end = self._spans[version][number]
        return f"{self._article}:{version}:{start}-{end}"
