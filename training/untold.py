"""Near misses: what an article does not tell of things that it mentions – a name, an age, a price, a day.

Such a question shares nearly all its words with a sentence that does not answer it.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from assistant.fit import Holdings, holdings_of
from index.embedding import Embedder
from training.bags import without_marks
from training.questions import Case, article_texts, asked_of, case_of, kept, nothing, several, stories, written


def _one_of(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words.replace(' ', '|')})\b")


_THING = {
    "en": re.compile(r"\b(?:the|a|an) ((?:[a-z]{3,} ){0,2}[a-z]{4,})\b"),
    "vi": re.compile(r"\b((?:một|vị|chiếc|ngôi|cuộc|vụ|người|nhà|trận|con|cây) (?:[^\W\d_A-ZĐ]+ ){1,2}[^\W\d_A-ZĐ]+)\b"),
}
# Where the words of a thing end.
_ENDS = {
    "en": _one_of(
        "and or of in on at to for from with that which who whose when has have had was were is are can would by into as after [a-z]+ed"
    ),
    "vi": _one_of(
        "đã được bị là và của ở tại trong với cho để khi mà có sẽ đang từ đến vào ra nói bằng như vì do này đó không sau trước hơn"
    ),
}
_ASKED = {
    "en": {
        "name": ("What is the name of the {x}?", "What was the {x} called?"),
        "age": ("How old is the {x}?",),
        "money": ("How much did the {x} cost?",),
        "time": ("How long did the {x} last?", "When did the {x} begin?", "On what day was the {x} seen?"),
        "place": ("Which city is the {x} in?", "Where does the {x} come from?"),
        "count": ("How many people saw the {x}?", "How many others like the {x} are there?"),
    },
    "vi": {
        "name": ("{x} tên là gì?", "Tên của {x} là gì?"),
        "age": ("{x} bao nhiêu tuổi?",),
        "money": ("{x} tốn bao nhiêu tiền?", "{x} giá bao nhiêu?"),
        "time": ("{x} kéo dài bao lâu?", "{x} bắt đầu ngày nào?"),
        "place": ("{x} ở thành phố nào?", "{x} đến từ nước nào?"),
        "count": ("Có bao nhiêu người biết {x}?",),
    },
}
_TOLD: dict[str, Callable[[Holdings], bool]] = {
    "name": lambda holds: bool(holds.names),
    "age": lambda holds: "age" in holds.kinds or "count" in holds.kinds,
    "money": lambda holds: bool(holds.kinds & {"money", "count"}),
    "time": lambda holds: bool(holds.kinds & {"date", "count"}),
    "place": lambda holds: bool(holds.names),
    "count": lambda holds: "count" in holds.kinds,
}
"""Whether a sentence may tell it."""


def untold_cases(articles: Sequence[dict[str, Any]], embedder: Embedder, group: str = "untold") -> Iterator[Case]:
    """Questions of which no sentence with the thing's words, nor one beside it, has what is asked."""
    rng = random.Random(13)
    told = {(n, language): written(a, language) for n, a in enumerate(articles) for language in ("en", "vi")}
    with asked_of(article_texts(told), embedder) as (_, ranker):
        for n, article in enumerate(articles):
            for language in ("en", "vi"):
                found = list(untold(article, language))
                for text in rng.sample(found, min(several(article), len(found))):
                    typed = without_marks(text) if language == "vi" and rng.random() < 0.3 else text
                    yield from kept(
                        case_of(ranker, typed, language, [f"n{n:03d}"], nothing, group, stories(n, articles), answerable=False)
                    )


def untold(article: dict[str, Any], language: str) -> Iterator[str]:
    """Every such question."""
    sentences = [sentence for paragraph in article["paragraphs"] for sentence in paragraph[language]]
    holds = [holdings_of(sentence, language) for sentence in sentences]
    for at, sentence in enumerate(sentences):
        for thing in things(sentence, language):
            near = [holds[i] for i, other in enumerate(sentences) if abs(i - at) <= 1 or thing.split()[-1] in other]
            for kind, wordings in _ASKED[language].items():
                if not any(map(_TOLD[kind], near)):
                    yield from (_begun(wording.format(x=thing)) for wording in wordings)


def things(sentence: str, language: str) -> Iterator[str]:
    """What a sentence speaks of, in one to four words."""
    for match in _THING[language].finditer(sentence):
        thing = _ENDS[language].split(match.group(1), maxsplit=1)[0].strip()
        if len(thing.split()) > (1 if language == "vi" else 0):
            yield thing


def _begun(text: str) -> str:
    return text[0].upper() + text[1:]
