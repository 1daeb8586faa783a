"""What kind of thing a question asks for, in its own words: "which *city*", "what was the *cause*", "*môn học* nào"."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from index.text import bare_token, tokenise

LONGEST = 2
"""Words of a focus."""

_BEFORE = frozenset("what which".split())
_BEHIND = frozenset("nao gi".split())
_LINKS = frozenset("is was are were s the a an his her its their kind kinds type types sort sorts of".split())
# Where the words of a focus end; alone they are none.
_NO_FOCUS = frozenset(
    """is was are were be been being did do does has have had will would can could should may might must of in on at to for from with by that who the
    a an and or made makes make happened happen happens took take it he she they we you this these those there if about most
    la lam co duoc bi dieu cai nhung cac khi luc ngay dang se da cua voi cho vi the bang den ra vao o tu ve cach viec su noi""".split()
)


@lru_cache(maxsize=2_048)
def focus_of(question: str) -> str:
    """The one or two words that say what kind of thing would be an answer; empty where the question does not say."""
    words = tokenise(question)
    plain = [bare_token(word) for word in words]
    for at, word in enumerate(plain):
        if word in _BEFORE:
            begin = next((i for i in range(at + 1, len(plain)) if plain[i] not in _LINKS), len(plain))
            if found := _run(words[begin : begin + LONGEST], plain[begin : begin + LONGEST]):
                return " ".join(found)
        if word in _BEHIND:
            begin = max(0, at - LONGEST)
            if found := _run(words[begin:at][::-1], plain[begin:at][::-1]):
                return " ".join(reversed(found))
    return ""


def _run(words: Sequence[str], plain: Sequence[str]) -> list[str]:
    return [word for word, _ in takewhile(lambda pair: pair[1] not in _NO_FOCUS, zip(words, plain, strict=True))]
