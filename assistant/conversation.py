"""Follow-up questions → questions that can be searched on their own.

What a follow-up leaves out is taken from the turn before it: its question's topic, and the names in its answer. A question that brings a topic of its
own is left alone, so that an old topic does not colour a new one.
"""

import re
from collections.abc import Sequence

from index.names import find_names
from index.text import bare, tokenise

Turns = Sequence[tuple[str, str]]

LONGEST_TURN = 3_000
"""Characters of an earlier question and of an earlier answer that are looked at."""
MOST_ADDED = 30
"""Words that are added to a follow-up."""

_PRONOUN = re.compile(
    r"\b(he|him|his|she|her|hers|they|them|their|theirs|it|its|this|that|these|those|there|then|one|ones|such|"
    r"ong ay|ong ta|ba ay|ba ta|anh ay|anh ta|co ay|chi ay|ho|no|nguoi do|nguoi nay|dieu do|dieu nay|viec do|viec nay|cai do|su kien do|su kien nay|cuoc hop do|"
    r"luc do|khi do|o do|tai do|chuyen do|chuyen nay|hoi nghi do|cong ty do|cong ty nay|hang nay|nuoc nay|do|nay)\b"
)
_GOES_ON = re.compile(r"^(and|but|so|what about|how about|con|the con|vay con|vay|the|roi|nhung|va)\b")
_QUESTION_WORDS = frozenset(
    """the a an of to in on at for by with from as is are was were be been do does did has have had what who whom whose when where why how which and
    or not no so there any some about can could will would should la va cua nhung duoc cho trong voi mot da khi nao gi ai dau sao vi bao nhieu nhu the co
    cac tai ra den tu ve bi se thi ma hay o do nay khong phai vay con thi roi lai a nhi he him his she her they them their it its this that ong ay ba ho
    no tell me more please noi them ke giai thich ro hon""".split()
)


def standalone(question: str, history: Turns) -> str:
    """The question as it is searched: itself, or with what it left out added behind it.

    Args:
        question: as asked.
        history: earlier ``(question, answer)`` pairs, oldest first.
    """
    if not history or not _leans_back(question):
        return question
    asked, answered = history[-1]
    topic = _topic(asked[:LONGEST_TURN], history[:-1])
    said = set(tokenise(bare(question)))
    added = [word for word in topic if bare(word) not in said]
    names = [name.text for name in find_names(_unmarked(answered[:LONGEST_TURN])) if not set(name.tokens) & said]
    if _asks_for_a_person(question):
        added = [*names[:2], *added]
    elif not added:
        added = names[:2]
    return f"{question.rstrip(' ?.!')} {' '.join(list(dict.fromkeys(added))[:MOST_ADDED])}".strip() if added else question


def followed(question: str, history: Turns) -> str:
    """What a follow-up leans on: the question and the answer before it; empty for a question that stands alone."""
    return (
        " ".join((history[-1][0][:LONGEST_TURN], _unmarked(history[-1][1][:LONGEST_TURN])))
        if history and _leans_back(question)
        else ""
    )


def _leans_back(question: str) -> bool:
    """Whether a question refers to something before it, or is too short to stand alone."""
    plain = " ".join(tokenise(bare(question)))
    own = [word for word in plain.split() if word not in _QUESTION_WORDS]
    names = find_names(question)
    if len(own) <= 1:
        return True
    if _GOES_ON.match(plain) and len(own) <= 4:
        return True
    return bool(_PRONOUN.search(plain)) and len(own) <= 6 and not (len(names) >= 2 or (names and len(own) >= 4))


def _topic(question: str, earlier: Turns) -> list[str]:
    """The words of the last question that carry its topic; of the one before it too when it leaned back itself."""
    words = [word for word in re.findall(r"\w+", question) if bare(word) not in _QUESTION_WORDS and len(word) > 1]
    if earlier and _leans_back(question):
        words += [word for word in _topic(earlier[-1][0][:LONGEST_TURN], earlier[:-1]) if word not in words]
    return words


def _asks_for_a_person(question: str) -> bool:
    return bool(
        re.search(
            r"\b(he|him|his|she|her|ong ay|ong ta|ba ay|ba ta|anh ay|anh ta|co ay|nguoi do|nguoi nay|they|their|ho)\b",
            bare(question),
        )
    )


def _unmarked(answer: str) -> str:
    return re.sub(r"\*\*|\[\d+\]", "", answer)
