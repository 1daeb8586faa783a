"""Which sentences and paragraphs of two versions say the same.

A full version follows the other in order, so its best path is found by dynamic programming over the similarity of sentences, one to one, one to
two, two to one, or none (Gale and Church, 1993; with embeddings in place of lengths, Thompson and Koehn, 2019). A digest picks and merges, so each
of its sentences is matched with the nearest ones.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.article import Pair, Place, Version
from index.name_pairs import name_pairs
from index.names import find_names
from index.numbers import find_numbers
from index.text import bare, tokenise

FloatArray = NDArray[np.float32]

GAP = 0.30
"""Similarity below which two sentences are better left without a counterpart."""
MISFIT = 0.35
"""Cost of two sentences standing for one of another length, times the logarithm of the ratio."""
NEAREST = 0.5
"""Similarity above which a sentence that the path left out is paired all the same: captions and digests stand out of order."""
BAND = 60
"""Sentences that the path may stray from the diagonal, beside a tenth of the length."""

_ANCHOR = re.compile(r"[a-z0-9]{3,}")


@dataclass(frozen=True, slots=True)
class Alignment:
    """Pairs of two versions, in the order of the first, and names that differ in form between them."""

    sentences: tuple[Pair, ...]
    paragraphs: tuple[Pair, ...]
    names: tuple[tuple[str, str], ...]


def align(a: Version, b: Version, vectors_a: FloatArray, vectors_b: FloatArray) -> Alignment:
    """Align two versions.

    Args:
        a: a version.
        b: another version of the same article.
        vectors_a: ``(len(a.sentences), d)`` float32 unit rows.
        vectors_b: ``(len(b.sentences), d)`` float32 unit rows.

    Returns:
        Pairs with a confidence in [0, 1].
    """
    first, second = a.sentences, b.sentences
    if not first or not second:
        return Alignment((), (), ())
    similar = similarities(first, second, vectors_a, vectors_b)
    if "digest" in (a.kind, b.kind):
        links = _nearest(similar) if a.kind == "digest" else [(i, j) for j, i in _nearest(similar.T)]
    else:
        links = _path(similar, _merged(vectors_a, vectors_b, similar), _lengths(first), _lengths(second))
        links += _stray(similar, links)
    pairs = tuple(Pair(first[i], second[j], _confidence(similar[i, j])) for i, j in sorted(set(links)))
    return Alignment(pairs, _paragraphs(a, b, pairs), name_pairs(pairs))


def similarities(first: Sequence[Place], second: Sequence[Place], vectors_a: FloatArray, vectors_b: FloatArray) -> FloatArray:
    """``(n, m)`` in about [-0.2, 1.2]: cosine of the vectors, raised where names, numbers or shared words agree."""
    cosine = vectors_a @ vectors_b.T
    same_language = first[0].language == second[0].language
    anchors_a = [_anchors(place, same_language) for place in first]
    anchors_b = [_anchors(place, same_language) for place in second]
    found: Counter[str] = Counter(anchor for anchors in (*anchors_a, *anchors_b) for anchor in anchors)
    names = {anchor: column for column, anchor in enumerate(sorted(anchor for anchor, n in found.items() if n > 1))}
    rarity = np.array([1 / math.sqrt(found[anchor]) for anchor in names], dtype=np.float32)
    left, right = _indicator(anchors_a, names), _indicator(anchors_b, names)
    shared = (left * rarity) @ right.T
    most = np.maximum((left @ rarity)[:, None], (right @ rarity)[None, :])
    overlap = np.divide(shared, most, out=np.zeros_like(shared), where=most > 0)
    result: FloatArray = cosine + np.float32(0.25) * overlap
    return result


def _anchors(place: Place, same_language: bool) -> set[str]:
    """What reads the same in both versions: numbers by value, names by their letters; within one language every word."""
    numbers = {f"={number.value:g}" for number in find_numbers(place.text, place.language) if number.sure}
    if same_language:
        return numbers | set(tokenise(place.text))
    words = {token for name in find_names(place.text) for token in name.tokens}
    leading = _ANCHOR.match(bare(place.text[:64].split(" ", 1)[0]))
    return numbers | {word for word in words if len(word) > 2} | ({leading.group()} if leading else set())


def _indicator(anchors: list[set[str]], names: dict[str, int]) -> FloatArray:
    table = np.zeros((len(anchors), len(names)), dtype=np.float32)
    for row, found in enumerate(anchors):
        table[row, [names[anchor] for anchor in found if anchor in names]] = 1
    return table


def _lengths(places: Sequence[Place]) -> FloatArray:
    return np.array([len(place.text) + 10 for place in places], dtype=np.float32)


def _merged(vectors_a: FloatArray, vectors_b: FloatArray, similar: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Similarity of each sentence to two neighbours taken together: (a, b+b') and (a+a', b)."""

    def joined(vectors: FloatArray) -> FloatArray:
        both = vectors[:-1] + vectors[1:]
        unit: FloatArray = both / np.linalg.norm(both, axis=1, keepdims=True).clip(1e-9)
        return unit

    extra = similar - vectors_a @ vectors_b.T
    one_two = vectors_a @ joined(vectors_b).T + np.maximum(extra[:, :-1], extra[:, 1:])
    two_one = joined(vectors_a) @ vectors_b.T + np.maximum(extra[:-1], extra[1:])
    return one_two, two_one


def _path(
    similar: FloatArray, merged: tuple[FloatArray, FloatArray], lengths_a: FloatArray, lengths_b: FloatArray
) -> list[tuple[int, int]]:
    """The best monotone path; each step gains its similarity above ``GAP``."""
    n, m = similar.shape
    gain = (similar - GAP - 0.06 * _misfit(lengths_a, lengths_b)).tolist()
    # Two sentences for one only where together they are as long as it: else one of them has no counterpart.
    one_two = (1.35 * (merged[0] - GAP) - 0.08 - MISFIT * _misfit(lengths_a, lengths_b[:-1] + lengths_b[1:])).tolist()
    two_one = (1.35 * (merged[1] - GAP) - 0.08 - MISFIT * _misfit(lengths_a[:-1] + lengths_a[1:], lengths_b)).tolist()
    band = BAND + max(n, m) // 10
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    move = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        centre = i * m // n
        for j in range(max(0, centre - band), min(m, centre + band) + 1):
            value, step = (best[i - 1][j], 1) if i else (0.0, 0)
            if j and best[i][j - 1] > value:
                value, step = best[i][j - 1], 2
            if i and j and best[i - 1][j - 1] + gain[i - 1][j - 1] > value:
                value, step = best[i - 1][j - 1] + gain[i - 1][j - 1], 3
            if i and j > 1 and best[i - 1][j - 2] + one_two[i - 1][j - 2] > value:
                value, step = best[i - 1][j - 2] + one_two[i - 1][j - 2], 4
            if i > 1 and j and best[i - 2][j - 1] + two_one[i - 2][j - 1] > value:
                value, step = best[i - 2][j - 1] + two_one[i - 2][j - 1], 5
            best[i][j], move[i][j] = value, step
    return _walk_back(move, n, m)


def _misfit(lengths_a: FloatArray, lengths_b: FloatArray) -> FloatArray:
    """How far two lengths are from each other, as the logarithm of their ratio; Vietnamese and English run about equal."""
    result: FloatArray = np.abs(np.log(lengths_a)[:, None] - np.log(lengths_b)[None, :])
    return result


def _walk_back(move: list[list[int]], n: int, m: int) -> list[tuple[int, int]]:
    links = []
    i, j = n, m
    while i > 0 or j > 0:
        step = move[i][j]
        if step == 3:
            links.append((i - 1, j - 1))
        elif step == 4:
            links += [(i - 1, j - 2), (i - 1, j - 1)]
        elif step == 5:
            links += [(i - 2, j - 1), (i - 1, j - 1)]
        i -= {1: 1, 3: 1, 4: 1, 5: 2}.get(step, 0) if i else 0
        j -= {2: 1, 3: 1, 4: 2, 5: 1}.get(step, 0) if j else 0
        if step == 0:
            i, j = max(i - 1, 0), max(j - 1, 0)
    return links


def _stray(similar: FloatArray, links: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences that the path left out, paired with one that is plainly theirs."""
    left, right = {i for i, _ in links}, {j for _, j in links}
    found = [(i, int(similar[i].argmax())) for i in range(len(similar)) if i not in left]
    found += [(int(similar[:, j].argmax()), j) for j in range(similar.shape[1]) if j not in right]
    return [(i, j) for i, j in found if similar[i, j] >= NEAREST + 0.15]


def _nearest(similar: FloatArray) -> list[tuple[int, int]]:
    """For each sentence of a digest the nearest one, and a second that is nearly as near."""
    links = []
    for i, row in enumerate(similar):
        order = np.argsort(-row, kind="stable")[:2]
        links += [(i, int(j)) for j in order if row[j] >= max(NEAREST, row[order[0]] - 0.12)]
    return links


def _confidence(similarity: float) -> float:
    return round(float(min(1.0, max(0.0, (similarity - 0.1) / 0.75))), 4)


def _paragraphs(a: Version, b: Version, pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Paragraphs that share aligned sentences, with the share of the smaller one that is aligned as confidence."""
    shared: defaultdict[tuple[int, int], float] = defaultdict(float)
    for pair in pairs:
        shared[pair.a.paragraph, pair.b.paragraph] += min(len(pair.a.text), len(pair.b.text)) * pair.score
    first, second = _whole(a), _whole(b)
    found = []
    for (i, j), weight in sorted(shared.items()):
        share = weight / max(1, min(len(first[i].text), len(second[j].text)))
        if share >= 0.2:
            found.append(Pair(first[i], second[j], round(min(1.0, share), 4)))
    return tuple(found)


def _whole(version: Version) -> dict[int, Place]:
    """Each paragraph's first passage stands for it; a long paragraph has several."""
    found: dict[int, Place] = {}
    for passage in version.passages:
        found.setdefault(passage.paragraph, passage)
    return found
