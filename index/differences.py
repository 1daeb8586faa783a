"""What the versions of an article do not agree on. Precision first: who is shown three false alarms stops looking."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from index.alignment import Alignment
from index.article import Article, Difference, Pair, Place, Version
from index.capitals import stand_for_one_state
from index.facts import Fact, extract_facts, same_number, supports
from index.lexicon import lexicon, spaced
from index.name_forms import NamePairs, Presence, Reading, keeps_its_letters, may_be_one_name, presence
from index.names import Name
from index.negation import negations_agree, opposite_directions
from index.text import bare, fold

CLOSE = 0.85
"""Confidence of a pair from which one sentence is the other word for word."""
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
    readings = {v.id: Reading.of("\n".join(p.text for p in v.passages), v.language) for v in article.versions}
    for (first, second), alignment in alignments.items():
        a, b = article.version(first), article.version(second)
        for group in _groups(alignment.sentences):
            found += _compare(group, alignment.names, a, b, readings)
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


def _compare(group: _Group, names: NamePairs, a: Version, b: Version, readings: Mapping[str, Reading]) -> list[Difference]:
    if group.score < 0.3:
        return []
    first, second = _facts(group.a), _facts(group.b)
    found = [
        *_conflicts(first, second, "number", ("number", "percent")),
        *_conflicts(first, second, "date", ("time",)),
        *_conflicts(first, second, "date", ("date",)),
        *_name_conflicts(group, names, a, b, readings),
    ]
    if len(group.a) == len(group.b) == 1 and "digest" not in (a.kind, b.kind):
        found += _denials(group.a[0], group.b[0], group.score)
    return found


def _facts(places: Iterable[Place]) -> list[tuple[Fact, Place]]:
    return [(fact, place) for place in places for fact in extract_facts(place.text, place.language)]


def _conflicts(
    first: list[tuple[Fact, Place]], second: list[tuple[Fact, Place]], kind: Literal["number", "date"], kinds: tuple[str, ...]
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
        if same_number(fact, other) and fact.unit != other.unit:
            found.append(Difference("unit", place, other_place, f"{detail}: {fact.unit} against {other.unit}"))
        elif _said(fact, place) != _said(other, other_place):
            # "10,000" is ten in Vietnamese, but not where the English says it in the same figures.
            found.append(Difference(kind, place, other_place, detail))
    return found


def _both_small(fact: Fact, other: Fact) -> bool:
    """A small number in words may be no number; set against another of about its size it is one."""
    return all(isinstance(f.value, float) and 1 < f.value < 100 for f in (fact, other))


def _unmatched(
    facts: list[tuple[Fact, Place]], others: list[tuple[Fact, Place]], kinds: tuple[str, ...]
) -> list[tuple[Fact, Place]]:
    shown = [fact for fact, _ in others]
    kept = [(fact, place) for fact, place in facts if fact.kind in kinds and not supports(fact, shown, "", "")]
    sure = [(fact, place) for fact, place in kept if fact.sure]
    # "One" is rather an article or a pronoun.
    return sure or [(fact, place) for fact, place in kept if not isinstance(fact.value, float) or fact.value > 1]


def _said(fact: Fact, place: Place) -> str:
    return place.text[fact.start : fact.end].strip()


def _name_conflicts(group: _Group, names: NamePairs, a: Version, b: Version, readings: Mapping[str, Reading]) -> list[Difference]:
    """A name that the other side does not have, where that side has one of its own instead."""
    # Where the translation is loose, a name of the one may be a pronoun in the other, for a name just before.
    first, second = (
        " ".join(place.text for place in ((*_just_before(side[0], version), *side) if group.score < CLOSE else side))
        for side, version in ((group.a, a), (group.b, b))
    )
    left = _absent(group.a, Reading.of(second, b.language), readings[b.id], names)
    right = _absent(group.b, Reading.of(first, a.language), readings[a.id], names)
    left, right = _unlike(left, right), _unlike(right, left)
    for one, other in product(left, right):
        strange = Presence.STRANGE in (one.here, other.here) and max(one.here, other.here) <= Presence.UNKNOWN
        if strange and _stand_for_each_other(one.name, first, other.name, second):
            return [Difference("name", one.place, other.place, f"{one.name.text} against {other.name.text}")]
    # A foreign name in a Vietnamese text is spelt as in English: one that the English version has nowhere is another's.
    intruder = next((absent for absent in (*left, *right) if absent.is_foreign and absent.place.language == "vi"), None)
    if intruder is None or a.language == b.language:
        return []
    ends = (intruder.place, group.b[0]) if intruder in left else (group.a[0], intruder.place)
    return [Difference("name", *ends, f"{intruder.name.text} in one only")]


def _just_before(place: Place, version: Version) -> tuple[Place, ...]:
    """The sentence before one in its paragraph, if there is one."""
    sentences = version.sentences
    at = next((number for number, sentence in enumerate(sentences) if sentence.id == place.id), 0)
    return sentences[at - 1 : at] if at and sentences[at - 1].paragraph == place.paragraph else ()


@dataclass(frozen=True, slots=True)
class _Absent:
    """A name that the sentences of the other side do not have; foreign if their whole version has it nowhere, and would spell it alike."""

    name: Name
    place: Place
    here: Presence
    is_foreign: bool


def _absent(places: Sequence[Place], other: Reading, version: Reading, names: NamePairs) -> list[_Absent]:
    found = []
    for place in places:
        for name in Reading.of(place.text, place.language).names:
            here = presence(name, place.language, other, names)
            if here < Presence.THERE:
                nowhere = here is presence(name, place.language, version, names) is Presence.STRANGE
                found.append(_Absent(name, place, here, nowhere and keeps_its_letters(name)))
    return found


def _unlike(these: Sequence[_Absent], others: Sequence[_Absent]) -> list[_Absent]:
    """Those that no other may be: the same name cut short, a Chinese name as either language says it, a capital for its country."""

    def may_be(one: Name, other: Name) -> bool:
        a, b = one.tokens[0], other.tokens[0]
        shorter = len(one.tokens) == len(other.tokens) == 1 and min(len(a), len(b)) > 2 and (a.startswith(b) or b.startswith(a))
        known = any(lexicon().is_name(fold(name.text)) or lexicon().is_vietnamese_name(fold(name.text)) for name in (one, other))
        return shorter or (not known and may_be_one_name(one.text, other.text)) or stand_for_one_state(one.text, other.text)

    return [this for this in these if not any(may_be(this.name, other.name) for other in others)]


def _stand_for_each_other(one: Name, first: str, other: Name, second: str) -> bool:
    """Whether one name may have been put for the other: what each keeps of a name in the other's text, the other has too."""
    kept = {token for token in one.tokens if token in spaced(bare(second)).split()}
    kept |= {token for token in other.tokens if token in spaced(bare(first)).split()}
    return kept <= set(one.tokens) & set(other.tokens)


def _denials(a: Place, b: Place, score: float) -> list[Difference]:
    # Where the translation is loose, a negation is often worded otherwise.
    if not negations_agree(a.text, a.language, b.text, b.language, plainly=score < CLOSE):
        return [Difference("negation", a, b, "one denies what the other affirms")]
    if opposite_directions(a.text, b.text):
        return [Difference("negation", a, b, "one rises where the other falls")]
    return []


def _missing(a: Version, b: Version, pairs: Sequence[Pair]) -> list[Difference]:
    """Sentences of two full versions that have no counterpart.

    Between the same neighbours, a sentence of each that found no counterpart is rather the other's, freely translated.
    """
    found: list[Difference] = []
    for left, right in _gaps(a, b, pairs):
        if len(left) > len(right):
            found += [Difference("missing", place, None, f"not in {b.id}") for place in left[len(right) :]]
        else:
            found += [Difference("missing", None, place, f"not in {a.id}") for place in right[len(left) :]]
    return found


def _gaps(a: Version, b: Version, pairs: Sequence[Pair]) -> Iterator[tuple[list[Place], list[Place]]]:
    """Sentences without a counterpart, by the pair of sentences that they stand behind; either list may be empty."""
    other = {pair.a.id: pair.b.id for pair in pairs}
    paired = set(other.values())
    behind: defaultdict[str, list[Place]] = defaultdict(list)
    last = ""
    for place in _tellable(b):
        last = place.id if place.id in paired else last
        if place.id not in paired:
            behind[last].append(place)
    gap: list[Place] = []
    last = ""
    for place in _tellable(a):
        if place.id in other:
            yield gap, behind.pop(last, [])
            gap, last = [], other[place.id]
        else:
            gap.append(place)
    yield gap, behind.pop(last, [])
    yield from (([], left) for left in behind.values())


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
