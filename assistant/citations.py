"""Quotes checked in code: a model's word about its sources is never taken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer import Status
from index.article import Passage, Place
from index.facts import disagreements
from index.text import fold, fold_with_offsets

SHORTEST_QUOTE = 8
"""Characters of a folded quote; a shorter one proves nothing."""
NEAR = 88.0
"""Similarity in percent from which a quote that is not there word for word counts as an altered one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: the quote's place, None when it is not there, and why it does not stand."""

    status: Status
    place: Place | None
    reason: str = ""


def verify(
    statement: str, statement_language: str, quote: str, passage: Passage | None, names: Sequence[tuple[str, str]] = ()
) -> Verdict:
    """Check a statement against the quote that it names.

    Args:
        statement: one sentence of an answer.
        statement_language: its language.
        quote: what the model says the passage says.
        passage: the passage whose key the model gave; None for a key that was never given out.
        names: names in one language with their form in the other.

    Returns:
        ``verbatim``: the quote is there, but for case, marks' encoding and white space, and bears the statement out. ``altered``: only
        something near it is there; the place shows the true words. ``unsupported``: neither, or the facts disagree.
    """
    if passage is None:
        return Verdict("unsupported", None, "it names a passage that there is not")
    place = find_quote(quote, passage)
    altered = place is None
    if place is None:
        place = _nearest(quote, passage)
    if place is None:
        return Verdict("unsupported", None, "its quote is not in the passage")
    reasons = disagreements(statement, statement_language, _sentences_around(place, passage), passage.language, names)
    if reasons:
        return Verdict("unsupported", place, reasons[0])
    return (
        Verdict("altered", place, "the quote was not word for word; this is what the article says")
        if altered
        else Verdict("verbatim", place)
    )


def find_quote(quote: str, passage: Passage) -> Place | None:
    """Where the passage says exactly this, whatever the case, the spacing and the way its letters are encoded."""
    key = " ".join(fold(quote).strip("\"'. ").split())
    if len(key) < SHORTEST_QUOTE:
        return None
    text, offsets = fold_with_offsets(passage.text)
    at = text.find(key)
    # A quote begins and ends with whole words: "20" is no quote from "2025".
    while at >= 0 and ((at and text[at - 1].isalnum() and key[0].isalnum()) or text[at + len(key) : at + len(key) + 1].isalnum()):
        at = text.find(key, at + 1)
    return _place(passage, offsets[at], offsets[at + len(key)]) if at >= 0 else None


def _nearest(quote: str, passage: Passage) -> Place | None:
    """The sentence that a quote was changed from, if it is plainly that one."""
    from rapidfuzz import fuzz

    key = fold(quote)
    if len(key) < SHORTEST_QUOTE or not passage.sentences:
        return None
    best = max(passage.sentences, key=lambda sentence: fuzz.partial_ratio(key, fold(sentence.text)))
    close = fuzz.partial_ratio(key, fold(best.text)) >= NEAR
    # A changed number or negation is no slip of the pen.
    return best if close and not disagreements(quote, passage.language, best.text, passage.language) else None


def _sentences_around(place: Place, passage: Passage) -> str:
    """The whole sentences that a quote stands in: they hold the names and numbers that it leaves out."""
    inside = [sentence.text for sentence in passage.sentences if sentence.start < place.end and place.start < sentence.end]
    return " ".join(inside) or place.text


def _place(passage: Passage, start: int, end: int) -> Place:
    text = passage.text[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    whole = Place(
        passage.article, passage.version, passage.language, passage.kind, passage.file, passage.paragraph, passage.role,
        passage.start, passage.end, passage.text,
    )  # fmt: skip
    return replace(whole, start=passage.start + start, end=passage.start + start + len(text), text=text)
