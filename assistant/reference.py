"""Whom or what a quoted sentence means by "she" or "động thái này": the sentence before it that says so, and the name for square brackets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Place
from index.names import find_names
from index.text import bare

LOOKED_BACK = 3
"""Sentences before the quoted one in which a name is looked for."""

_REFERS_BACK = (
    "he", "she", "they", "it", "this", "these", "that", "those", "his", "her", "their", "its", "such",
    "ong ay", "ong ta", "ba ay", "ba ta", "anh ay", "anh ta", "co ay", "ho", "no", "dieu nay", "dieu do", "dong thai nay", "viec nay", "su viec nay",
    "cac cong ty nay", "cong ty nay", "cac co quan nay", "cuoc gap", "quan he nay", "nguoi nay", "vi vay", "do do", "ngoai ra", "tuy nhien",
)  # fmt: skip
_PRONOUN = r"(?:[Hh]e|[Ss]he|[ÔôBb](?:ng|à)(?: ấy| ta)?)(?!\w)(?! [A-ZÀ-ỸĐ])"
_SPEAKS = (
    r"(?= (?:said|says|told|tells|added|adds|warned|warns|explained|explains|noted|argued|recalled|wrote|asked|"
    r"nói|cho biết|cho rằng|kể|giải thích|cảnh báo|nhận xét|nhấn mạnh|viết|hỏi|thừa nhận|khẳng định)(?!\w))"
)
# Whom a pronoun in the midst of a sentence means is often somebody in it; one that opens it, or speaks, means who was spoken of before.
_PERSON = re.compile(rf"^{_PRONOUN}|(?<!\w){_PRONOUN}{_SPEAKS}|(?<=[Tt]heo ){_PRONOUN}")
_PLACED = r"(?<!\w)(?:in|at|near|from|to|of|across|outside|ở|tại|gần|làng|xã|thị trấn|thành phố|tỉnh) "
_TITLED = r"(?<!\w)(?:Mr\.|Mrs\.|Ms\.|Dr\.|[ÔôBb](?:ng|à)|[Aa]nh|[Cc](?:hị|ô|hú|ụ)) "
_PERSONAL = r", (?:\d|who|whose|người)| (?:said|says|told|nói|cho biết|kể)(?!\w)"
_SPOKEN = r"(?<!\w)(?:said|says|asked|according to|theo) "
_TOLD_BODY = ("body", "dateline", "standfirst")


@dataclass(frozen=True, slots=True)
class Reference:
    """``context`` is the sentence that says what is meant; ``name``, where it is a person, stands behind the pronoun that ends at ``end``.

    ``end`` is an offset into the file.
    """

    context: Place
    name: str = ""
    end: int = 0


def sentence_behind(place: Place, sentences: Sequence[Place]) -> Place | None:
    """The sentence that follows one in its version, of whose sentences in reading order it is; None behind the last, or where it is not there."""
    at = next((number for number, sentence in enumerate(sentences) if sentence.id == place.id), len(sentences))
    return sentences[at + 1] if at + 1 < len(sentences) else None


def reference_of(place: Place, sentences: Sequence[Place]) -> Reference | None:
    """What a sentence refers back to, among the sentences of its version in reading order; None where it stands alone."""
    at = next((i for i, sentence in enumerate(sentences) if sentence.id == place.id), 0)
    before = [sentence for sentence in sentences[max(0, at - LOOKED_BACK) : at] if sentence.role in _TOLD_BODY]
    if not before:
        return None
    pronoun = next((found for found in _PERSON.finditer(place.text) if not _inside_quotes(place.text, found.start())), None)
    if pronoun and not any(_is_person(name.tokens) and name.start < pronoun.start() for name in find_names(place.text)):
        for sentence in reversed(before):
            name = _subject(sentence.text)
            if name is not None and _is_somebody(name, sentences):
                return Reference(sentence, name, place.start + pronoun.end())
    opening = bare(place.text[:30]).lstrip("\"'“‘ ")
    if any(opening.startswith(word) and not opening[len(word) : len(word) + 1].isalnum() for word in _REFERS_BACK):
        return Reference(before[-1])
    return None


def _inside_quotes(text: str, at: int) -> bool:
    before = text[:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _subject(text: str) -> str | None:
    """The person whom a sentence is about: the name that it begins with, behind a title or an office at most."""
    names = find_names(text)
    if not names or not _is_person(names[0].tokens):
        return None
    opening = text[: names[0].start]
    return names[0].text if len(opening.split()) <= 3 and not re.search(r"[,.;:]", opening) else None


def _is_somebody(name: str, sentences: Sequence[Place]) -> bool:
    """Whether a name that may be a place's as well is a person's: nothing says that it is a place's, or something that it is a person's."""
    told = re.escape(name)
    texts = [sentence.text for sentence in sentences if name in sentence.text]
    placed = any(re.search(rf"{_PLACED}{told}(?!\w)", text) for text in texts)
    return not placed or any(re.search(rf"{_TITLED}{told}|{told}(?:{_PERSONAL})|{_SPOKEN}{told}", text) for text in texts)


def _is_person(tokens: Sequence[str]) -> bool:
    return len(tokens) >= 2
