"""Which names of aligned sentences are one in two forms: "Zhejiang" and "Chiết Giang", "Xi Jinping" and "Tập Cận Bình"."""

from collections import Counter
from collections.abc import Iterable

from index.article import Pair
from index.chinese_names import one_person
from index.name_forms import may_be_one_name
from index.names import find_names
from index.text import bare, tokenise

SURE = 0.4
"""Score from which a pair of sentences is looked at."""


def name_pairs(pairs: Iterable[Pair]) -> tuple[tuple[str, str], ...]:
    """Names in the first version with their form in the second, sorted."""
    sure = [pair for pair in pairs if pair.score >= SURE]
    return tuple(sorted(_persons(sure) | _left_over(sure)))


def _persons(pairs: Iterable[Pair]) -> set[tuple[str, str]]:
    """Chinese persons, told by their family names; of forms that compete, the one that is met in most sentences."""
    counts: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        if pair.a.language != pair.b.language:
            names_a, names_b = find_names(pair.a.text), find_names(pair.b.text)
            counts.update({one for x in names_a for y in names_b if (one := one_person(x.text, y.text))})
    in_a, in_b = Counter(x for x, _ in counts.elements()), Counter(y for _, y in counts.elements())
    return {(x, y) for (x, y), n in counts.items() if 2 * n > in_a[x] and 2 * n > in_b[y]}


def _left_over(pairs: Iterable[Pair]) -> set[tuple[str, str]]:
    """What is left of the names of two sentences when those that agree are taken out, if that is one name on each side, or one of each that may
    be the other's.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        names_a, names_b = find_names(pair.a.text), find_names(pair.b.text)
        if not (names_a and names_b):
            continue
        tokens_a = {token for name in names_a for token in name.tokens}
        tokens_b = {token for name in names_b for token in name.tokens}
        words_a, words_b = set(tokenise(bare(pair.a.text))), set(tokenise(bare(pair.b.text)))
        left = [rest for name in names_a if (rest := _without(name.text, tokens_b | words_b))]
        right = [rest for name in names_b if (rest := _without(name.text, tokens_a | words_a))]
        alike = [(x, y) for x in left for y in right if may_be_one_name(x, y)]
        if len(left) == len(right) == 1:
            counts[left[0], right[0]] += 1
        elif len(alike) == 1:
            counts[alike[0]] += 1
    sides_a, sides_b = Counter(x for x, _ in counts.elements()), Counter(y for _, y in counts.elements())
    return {
        (x, y)
        for (x, y), n in counts.items()
        if (n >= 2 and 2 * n > sides_a[x] and 2 * n > sides_b[y])
        or (min(len(x.split()), len(y.split())) >= 2 and sides_a[x] == sides_b[y] == 1 and may_be_one_name(x, y))
    }


def _without(name: str, shared: set[str]) -> str:
    """A name without the words at its ends that the other sentence has too."""
    words = name.split()
    while words and bare(words[0]).removesuffix("'s").strip("'.,") in shared:
        words.pop(0)
    while words and bare(words[-1]).removesuffix("'s").strip("'.,") in shared:
        words.pop()
    return " ".join(words)
