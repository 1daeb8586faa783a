"""Texts that share words and do not belong together, found by the product's own index of words, and put into one batch.

Every other pair of a batch is a wrong answer (``contrast.py``). At random they are wrong at a glance; a neighbour by words asks for more than words.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from index.lexical import LexicalIndex
from index.segment import Segment
from training.bags import Numbers
from training.material import Pair

Neighbours = Mapping[int, Sequence[int]]
"""Of a pair's number, the numbers of pairs that are wrong answers to it."""

NEIGHBOURS = 3
"""Of each pair, at most, that are told something else."""
_LOOKED_AT = 8


def lexical_neighbours(pairs: list[Pair]) -> Neighbours:
    """For pairs of prose and questions, by number: those whose text has most of the first's words, and another meaning, the nearest first."""
    prose = [number for number, pair in enumerate(pairs) if pair.taught or pair.source.startswith("question")]
    places: dict[str, list[int]] = {}
    for number in prose:
        places.setdefault(pairs[number].english[1], []).append(number)
    texts = sorted(places)
    words = LexicalIndex("en", [Segment.build("en", enumerate(texts))])
    found: dict[str, list[str]] = {}
    for asked in sorted({pairs[number].english[0] for number in prose}):
        found[asked] = [texts[int(at)] for at in words.best(words.look_up(asked), _LOOKED_AT)]
    rng = np.random.default_rng(7)
    neighbours = {}
    for number in prose:
        asked, told = pairs[number].english
        # A paragraph is no wrong answer to a sentence of its own.
        wrong = [text for text in found[asked] if not any(a in b for a, b in ((told, text), (text, told), (asked, text)))]
        # The same text may stand in several pairs, in other languages: one of them.
        neighbours[number] = [places[text][int(rng.integers(len(places[text])))] for text in wrong[:NEIGHBOURS]]
    return neighbours


def gathered(order: Numbers, neighbours: Neighbours) -> Numbers:
    """The same pair numbers as often, in the same order but that each is followed by its neighbours, where these come later."""
    left: dict[int, int] = {}
    for number in order.tolist():
        left[number] = left.get(number, 0) + 1
    arranged: list[int] = []
    for number in order.tolist():
        for each in (number, *neighbours.get(number, ())):
            if left.get(each, 0):
                left[each] -= 1
                arranged.append(each)
    return np.array(arranged, dtype=np.int64)
