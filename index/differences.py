"""What the versions of an article do not agree on. Precision first: who is shown three false alarms stops looking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.alignment import Alignment
from index.article import Article, Difference, Pair, Place, Version
from index.facts import Fact, Name, denies, extract_facts, negations_agree, opposite_directions, supports
from index.text import bare

LITTLE = 12
"""Characters; what is shorter is too little to be called missing."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Sentences of two versions that together say the same."""

    a: tuple[Place, ...]
    b: tuple[Place, ...]
    score: float


def find_differences(article: Article, alignments: Mapping[tuple[str, str], Alignment]) -> tuple[Difference, ...]:
    """Every difference between aligned versions, in the order of the article's text.

    Args:
        article: the article.
        alignments: for pairs of version ids, as ``(first, second)``.
    """
    found: list[Difference] = []
    for (first, second), alignment in alignments.items():
        a, b = article.version(first), article.version(second)
        for group in _groups(alignment.sentences):
            found += _compare(group, alignment.names, a, b)
        if "digest" not in (a.kind, b.kind):
            found += _missing(a, b, alignment.sentences)
        elif _is_measure(article, a, b):
            found += _left_out(a, b, alignment)
    return tuple(found)


def _is_measure(article: Article, a: Version, b: Version) -> bool:
    """Whether what the digest leaves out is told by this version: one in its own language, or else the original."""
    digest, full = (a, b) if a.kind == "digest" else (b, a)
    same = [v for v in article.versions if v.kind != "digest" and v.language == digest.language]
    return full in same[:1] if same else full.kind == "original"


def _groups(pairs: Sequence[Pair]) -> list[_Group]:
    """Pairs that share a sentence, taken together."""
    groups: list[_Group] = []
    for pair in pairs:
        touching = [g for g in groups if pair.a in g.a or pair.b in g.b]
        a = tuple(dict.fromkeys([place for g in touching for place in g.a] + [pair.a]))
        b = tuple(dict.fromkeys([place for g in touching for place in g.b] + [pair.b]))
        merged = _Group(a, b, min([pair.score, *(g.score for g in touching)]))
        groups = [g for g in groups if g not in touching] + [merged]
    return groups


def _compare(group: _Group, names: Sequence[tuple[str, str]], a: Version, b: Version) -> list[Difference]:
    if group.score < 0.3:
        return []
    first, second = _facts(group.a), _facts(group.b)
    found = [
        *_conflicts(first, second, "number", ("number", "percent")),
        *_conflicts(first, second, "date", ("date",)),
        *_name_conflicts(first, second, names, a, b),
    ]
    if len(group.a) == len(group.b) == 1 and group.score >= 0.55 and "digest" not in (a.kind, b.kind):
        found += _denials(group.a[0], group.b[0])
    return found


def _facts(places: Iterable[Place]) -> list[tuple[Fact, Place]]:
    return [(fact, place) for place in places for fact in extract_facts(place.text, place.language)]


def _conflicts(
    first: list[tuple[Fact, Place]], second: list[tuple[Fact, Place]], kind: str, kinds: tuple[str, ...]
) -> list[Difference]:
    """A number or date on either side that the other side does not have, each set against the other."""
    left = _unmatched(first, second, kinds)
    right = _unmatched(second, first, kinds)
    if len(left) != len(right) or not left:
        return []
    found = []
    for (fact, place), (other, other_place) in zip(left, right, strict=True):
        if not (fact.sure and other.sure) and not _both_small(fact, other):
            continue
        detail = f"{_said(fact, place)} against {_said(other, other_place)}"
        found.append(Difference(kind, place, other_place, detail))  # type: ignore[arg-type]
    return found


def _both_small(fact: Fact, other: Fact) -> bool:
    """A small number in words may be no number; set against digits of about its size it is one."""
    values = [f.value for f in (fact, other)]
    return (fact.sure or other.sure) and all(isinstance(value, float) and value < 100 for value in values)


def _unmatched(
    facts: list[tuple[Fact, Place]], others: list[tuple[Fact, Place]], kinds: tuple[str, ...]
) -> list[tuple[Fact, Place]]:
    shown = [fact for fact, _ in others]
    kept = [(fact, place) for fact, place in facts if fact.kind in kinds and not supports(fact, shown, "", "")]
    sure = [(fact, place) for fact, place in kept if fact.sure]
    return sure or kept


def _said(fact: Fact, place: Place) -> str:
    return place.text[fact.start : fact.end].strip()


def _name_conflicts(
    first: list[tuple[Fact, Place]], second: list[tuple[Fact, Place]], names: Sequence[tuple[str, str]], a: Version, b: Version
) -> list[Difference]:
    """A name of which one word was replaced: "Lan Pham" where the other version writes "Minh Pham"."""
    known = {frozenset((bare(x), bare(y))) for x, y in names}
    everywhere = {"a": _words(a), "b": _words(b)}
    found = []
    for fact, place in first:
        for other, other_place in second:
            if not isinstance(fact.value, Name) or not isinstance(other.value, Name):
                continue
            left, right = set(fact.value.tokens), set(other.value.tokens)
            one, two = left - right, right - left
            if not (left & right and len(one) == len(two) == 1 and len(left) == len(right) <= 4):
                continue
            (x,), (y,) = one, two
            # Each version must spell the other's word nowhere: else both belong to the story.
            if (
                x in everywhere["b"]
                or y in everywhere["a"]
                or frozenset((x, y)) in known
                or not _spelt_alike(fact.value, other.value)
            ):
                continue
            found.append(Difference("name", place, other_place, f"{fact.value.text} against {other.value.text}"))
    return found


def _spelt_alike(a: Name, b: Name) -> bool:
    """Both in plain letters or both in Vietnamese ones: otherwise a word was translated."""
    if set(a.tokens + b.tokens) & _TRANSLATED:
        return False
    if a.text.isascii() == b.text.isascii():
        return True
    marked = b if a.text.isascii() else a
    # "Pham" and "Phạm" are one Vietnamese name; "Java" stands unmarked beside a translated "Đông".
    return any(not word.isascii() and bare(word) in a.tokens and bare(word) in b.tokens for word in marked.text.split())


_TRANSLATED = frozenset(
    "north south east west new old lake river mount bank university center centre city council court group".split()
)


def _words(version: Version) -> set[str]:
    """Every word of a version, and of its names, without diacritics."""
    plain = {word for passage in version.passages for word in bare(passage.text).replace("-", " ").split()}
    facts = (fact for passage in version.passages for fact in extract_facts(passage.text, version.language))
    return plain | {token for fact in facts if isinstance(fact.value, Name) for token in fact.value.tokens}


def _denials(a: Place, b: Place) -> list[Difference]:
    if not negations_agree(a.text, a.language, b.text, b.language) and _plainly_denied(a, b):
        return [Difference("negation", a, b, "one denies what the other affirms")]
    if opposite_directions(a.text, b.text):
        return [Difference("negation", a, b, "one rises where the other falls")]
    return []


def _plainly_denied(a: Place, b: Place) -> bool:
    """Within one language any flip counts; across languages only in a sentence short enough to have no room for another reading."""
    if a.language == b.language:
        return True
    return abs(denies(a.text, a.language) - denies(b.text, b.language)) == 1 and max(len(a.text), len(b.text)) < 110


def _missing(a: Version, b: Version, pairs: Sequence[Pair]) -> list[Difference]:
    """Sentences of two full versions that have no counterpart."""
    paired = {pair.a.id for pair in pairs} | {pair.b.id for pair in pairs}
    found = [Difference("missing", place, None, f"not in {b.id}") for place in _tellable(a) if place.id not in paired]
    found += [Difference("missing", None, place, f"not in {a.id}") for place in _tellable(b) if place.id not in paired]
    return found


def _tellable(version: Version) -> list[Place]:
    return [s for s in version.sentences if s.role in ("body", "dateline", "headline", "standfirst") and len(s.text) >= LITTLE]


def _left_out(a: Version, b: Version, alignment: Alignment) -> list[Difference]:
    """Paragraphs of the full version of which the digest says nothing."""
    digest_first = a.kind == "digest"
    full = b if digest_first else a
    covered = {(pair.b if digest_first else pair.a).paragraph for pair in alignment.sentences if pair.score >= 0.4}
    found = []
    for passage in full.passages:
        if passage.role in ("body", "dateline") and passage.paragraph not in covered:
            place = passage.sentences[0] if len(passage.sentences) == 1 else passage
            found.append(
                Difference("left-out", None, place, f"not in {a.id}")
                if digest_first
                else Difference("left-out", place, None, f"not in {b.id}")
            )
    return found
