"""Follow-up questions → questions that can be searched on their own.

What a follow-up leaves out is taken from the turn before it: its question's topic, and the names in its answer. A question that brings a topic of its
own is left alone, so that an old topic does not colour a new one.
"""

import re
from collections.abc import Sequence

from assistant.fit import may_be_person
from index.names import find_names
from index.text import bare, fold, tokenise

Turns = Sequence[tuple[str, str]]

LONGEST_TURN = 3_000
"""Characters of an earlier question and of an earlier answer that are looked at."""
SHORT = 2
"""Words of its own up to which a question takes over the topic of the one before it, and not just the person that it means."""
MOST_ADDED = 30
"""Words that are added to a follow-up."""

_PRONOUN = re.compile(
    r"\b(he|him|his|she|her|hers|they|them|their|theirs|it|its|this|that|these|those|there|then|one|ones|such|"
    r"ong ay|ong ta|ba ay|ba ta|anh ay|anh ta|co ay|chi ay|ho|no|nguoi do|nguoi nay|dieu do|dieu nay|viec do|viec nay|cai do|su kien do|su kien nay|cuoc hop do|"
    r"luc do|khi do|o do|tai do|chuyen do|chuyen nay|hoi nghi do|cong ty do|cong ty nay|hang nay|nuoc nay|do|nay)\b"
)
_PERSON = re.compile(
    r"\b(he|him|his|she|her|hers|ong ay|ong ta|ba ay|ba ta|anh ay|anh ta|co ay|co ta|chi ay|nguoi do|nguoi nay)\b"
)
# Names or not: where or when that was, only the turn before it tells. Without marks "ở đó" is like "ở đô thị", but for its place.
_POINTS_BACK = re.compile(
    r"\b(?:(?:ở|tại|đến) (?:đó|đấy)|(?:lúc|khi|hôm|dịp|lần|hồi) (?:đó|ấy|đấy)|(?:luc|khi|hom|dip|lan|hoi) (?:do|ay))\b|\b(?:there|(?:o|tai|den) do)$"
)
_GOES_ON = re.compile(r"^(and|but|so|what about|how about|con|the con|vay con|vay|the|roi|nhung|va)\b")
_QUESTION_WORDS = frozenset(
    """the a an of to in on at for by with from as is are was were be been do does did has have had what who whom whose when where why how which and
    or not no so there any some about can could will would should la va cua nhung duoc cho trong voi mot da khi nao gi ai dau sao vi bao nhieu nhu the co
    cac tai ra den tu ve bi se thi ma hay o do nay khong phai vay con thi roi lai a nhi he him his she her they them their it its this that ong ay ba ho
    no tell me more please noi them ke giai thich ro hon""".split()
)
MARKED_WORDS = frozenset(
    """là và của những được với một đã gì đâu vì nhiêu như thế có các tại đến từ về bị sẽ thì mà ở đó này không phải vậy còn rồi lại à nhỉ ông ấy bà họ nó nói
    thêm kể giải thích rõ hơn""".split()
)
"""Those that carry marks; with others it is another word: "chợ" is no "cho", "hồ" no "họ"."""


def lent(question: str, history: Turns) -> str:
    """What a question left out, taken from the turn before it; empty for one that stands alone.

    Args:
        question: as asked.
        history: earlier ``(question, answer)`` pairs, oldest first.
    """
    if not history or not _leans_back(question):
        return ""
    asked, answered = history[-1]
    said = set(tokenise(bare(question)))
    added = [word for word in _topic(asked[:LONGEST_TURN], history[:-1]) if bare(word) not in said]
    turn = (asked[:LONGEST_TURN], _unmarked(answered[:LONGEST_TURN]))
    if _means_a_person(question):
        persons = [name.text for text in turn for name in find_names(text) if may_be_person(name, text)]
        added = persons[:1] if persons and len(_own_words(question)) > SHORT else [*persons[:1], *added]
    elif not added:
        added = [name.text for name in find_names(turn[1]) if not set(name.tokens) & said][:2]
    return " ".join(list(dict.fromkeys(added))[:MOST_ADDED])


def standalone(question: str, added: str) -> str:
    """The question as it is searched: itself, or with what was lent to it added behind it."""
    return f"{question.rstrip(' ?.!')} {added}".strip() if added else question


def followed(question: str, history: Turns) -> str:
    """What a follow-up leans on: the question and the answer before it; empty for a question that stands alone."""
    return (
        " ".join((history[-1][0][:LONGEST_TURN], _unmarked(history[-1][1][:LONGEST_TURN])))
        if history and _leans_back(question)
        else ""
    )


def _leans_back(question: str) -> bool:
    """Whether a question refers to something before it, or is too short to stand alone."""
    plain, own, names = " ".join(tokenise(bare(question))), _own_words(question), find_names(question)
    if len(own) <= 1 or _opens_with_a_person(question) or _POINTS_BACK.search(" ".join(tokenise(fold(question)))):
        return True
    if _GOES_ON.match(plain) and len(own) <= 4:
        return True
    return bool(_PRONOUN.search(plain)) and len(own) <= 6 and not (len(names) >= 2 or (names and len(own) >= 4))


def _topic(question: str, earlier: Turns) -> list[str]:
    """The words of the last question that carry its topic; of the one before it too when it leaned back itself."""
    named = {word for name in find_names(question) for word in name.text.split()}
    words = [w for w in re.findall(r"\w+", question) if w in named or not (_asks(w) or len(w) == 1)]
    if earlier and _leans_back(question):
        words += [word for word in _topic(earlier[-1][0][:LONGEST_TURN], earlier[:-1]) if word not in words]
    return words


def _own_words(question: str) -> list[str]:
    """What a question brings of its own, folded without marks."""
    return [bare(word) for word in tokenise(fold(question)) if not _asks(word)]


def _asks(word: str) -> bool:
    """Whether it is a word of asking, or one that joins others."""
    folded, plain = fold(word), bare(word)
    return folded in MARKED_WORDS if folded != plain else plain in _QUESTION_WORDS


def _means_a_person(question: str) -> bool:
    """Whether a question says "she" or "ông ấy" of somebody whom it does not name before."""
    found = _PERSON.search(bare(question))
    return found is not None and not find_names(question[: found.start()])


def _opens_with_a_person(question: str) -> bool:
    """Whether it does so before it brings anything of its own: in "why did the mayor lose his seat" he is the mayor."""
    found = _PERSON.search(bare(question))
    return found is not None and not _own_words(question[: found.start()])


def _unmarked(answer: str) -> str:
    return re.sub(r"\*\*|\[\d+\]", "", answer)
