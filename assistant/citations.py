"""Quotes checked in code: a model's word about its sources is never taken."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.agreement import Disagreement, disagreements
from assistant.answer import Status
from assistant.phrases import phrase
from index.article import Passage, Place
from index.language import detect_language
from index.text import fold, fold_with_offsets

SHORTEST_QUOTE = 8
"""Characters of a folded quote; a shorter one proves nothing."""
NEAR = 88.0
"""Similarity in percent from which a quote that is not there word for word counts as an altered one."""
TELLING = 8
"""Words from which a statement's language and meaning can be told."""
RELATED = 0.2
"""Likeness below which a statement has nothing to do with its quote. True statements measured above 0.45, unrelated ones below 0.3."""

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\"“”]+|[\w.+-]+@[\w-]+\.\w[\w.]+", re.I)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: the quote's place, None when it is not there, and why it does not stand, in the statement's language."""

    status: Status
    place: Place | None
    reason: str = ""


def verify(
    statement: str,
    statement_language: str,
    quote: str,
    passage: Passage | None,
    names: Sequence[tuple[str, str]] = (),
    *,
    twins: Callable[[Place], Sequence[Place]] = lambda sentence: (),
    likeness: Callable[[str, str], float] = lambda a, b: 1.0,
) -> Verdict:
    """Check a statement against the quote that it names.

    Args:
        statement: one sentence of an answer.
        statement_language: the language that the answer should be in.
        quote: what the model says the passage says.
        passage: the passage whose key the model gave; None for a key that was never given out.
        names: names in one language with their form in the other.
        twins: gives the sentences of other versions that say the same as a sentence.
        likeness: of two texts' meanings, cosine in [-1, 1]; higher is more alike.

    Returns:
        ``verbatim``: the quote is there, but for case, marks' encoding and white space, and bears the statement out. ``altered``: only
        something near it is there; the place shows the true words. ``unsupported``: neither, or the facts disagree.
    """
    language = statement_language
    if passage is None:
        return Verdict("unsupported", None, phrase("unknown-key", language))
    exact = find_quote(quote, passage)
    place = exact or _nearest(quote, passage)
    if place is None:
        return Verdict("unsupported", None, phrase("no-such-quote", language))
    if _is_in_another_language(statement, language):
        return Verdict("unsupported", place, phrase("wrong-language", language))
    if any(link not in passage.text for link in _LINK.findall(statement)):
        return Verdict("unsupported", place, phrase("foreign-link", language))
    around = sentences_around(place, passage)
    shown = " ".join(sentence.text for sentence in around) or place.text
    twin = " ".join(other.text for sentence in around for other in twins(sentence) if other.language == language)
    differing = disagreements(statement, language, shown, passage.language, names, "" if language == passage.language else twin)
    if differing:
        return Verdict("unsupported", place, _in_words(differing[0], language))
    if len(statement.split()) >= TELLING and max(likeness(statement, shown), likeness(statement, place.text)) < RELATED:
        return Verdict("unsupported", place, phrase("beside-the-point", language))
    return Verdict("verbatim", place) if exact else Verdict("altered", place, phrase("not-word-for-word", language))


def find_quote(quote: str, passage: Passage) -> Place | None:
    """Where the passage says exactly this, whatever the case, the spacing and the way its letters are encoded."""
    # Folded just as the passage is, so that marks without a letter do no harm.
    key = fold_with_offsets(quote)[0].strip("\"'. ")
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


def _is_in_another_language(statement: str, language: str) -> bool:
    """Whether a statement is plainly in another language than the answer; a few words may all be names."""
    return len(statement.split()) >= TELLING and detect_language(statement, default=language) != language


def _in_words(differing: Disagreement, language: str) -> str:
    """A disagreement in the reader's language."""
    return phrase(f"{differing.kind}-not-there" if differing.said else differing.kind, language).format(differing.said)


def sentences_around(place: Place, passage: Passage) -> list[Place]:
    """The whole sentences that a quote stands in: they hold the names and numbers that it leaves out."""
    return [sentence for sentence in passage.sentences if sentence.start < place.end and place.start < sentence.end]


def _place(passage: Passage, start: int, end: int) -> Place:
    text = passage.text[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    whole = Place(
        passage.article, passage.version, passage.language, passage.kind, passage.file, passage.paragraph, passage.role,
        passage.start, passage.end, passage.text,
    )  # fmt: skip
    return replace(whole, start=passage.start + start, end=passage.start + start + len(text), text=text)
