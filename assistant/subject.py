"""Whether a question is about the article itself – its author, date, source, summary, versions – told by likeness to examples."""

import json
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding import load_embedder
from index.names import find_names
from index.text import bare, tokenise

FloatArray = NDArray[np.float32]

ALIKE = 0.68
"""Cosine from which a question is taken for its nearest example. Of the 4,700 questions about content in the project's articles and XQuAD's dev half,
three come as near, about who wrote something."""
LIKE = 0.55
"""Cosine that is enough where no sentence of the article answers; eleven of those questions come as near."""
OTHER = "other"
"""The subject of examples that are not about an article, but worded like those that are."""
NO_OTHER_WORD = 0.45
"""Cosine that is enough where the question has no word that the examples of that subject have not; none of those questions comes as near."""
# However it goes on – "for me in a line or two" –, this asks for nothing else.
_SUMMARISE = re.compile(
    r"^(?:(?:please|can|could|would|will|you|hay|nho|ban|giup|cho|minh|toi|em|xin) )*"
    r"(?:sum up|summari[sz]e|recap|condense|tom tat|tom luoc|rut gon)"
    r"(?: (?:please|for|me|us|giup|cho|minh|toi|em|lai|nhanh|gon|ngan|the|this|ca|toan|noi|dung))*"
    r"(?: (?:article|story|news|piece|report|text|it|this|bai|tin|cau chuyen|van ban)\b|$)"
)
# Names that a question about an article's versions may well have.
_LANGUAGES = frozenset("english vietnamese anh viet nam ai".split())


@lru_cache(maxsize=1)
def _examples() -> tuple[list[str], FloatArray, dict[str, frozenset[str]]]:
    """What each example is about, its ``(n, d)`` unit rows, typed with and without diacritics, and the words of each subject.

    They are always the shipped model's: other models draw their lines elsewhere.
    """
    stored: dict[str, list[str]] = json.loads((Path(__file__).parent / "subjects.json").read_text(encoding="utf-8"))
    subjects = [subject for subject, texts in stored.items() for text in texts for _ in (text, bare(text))]
    texts = [form for texts in stored.values() for text in texts for form in (text, bare(text))]
    words = {subject: frozenset(word for text in texts for word in tokenise(bare(text))) for subject, texts in stored.items()}
    return subjects, load_embedder().encode_query(texts), words


@lru_cache(maxsize=2_048)
def subject_of(question: str, line: float = ALIKE) -> str | None:
    """What of the article a question is about: summary, left-out, differences, byline, updated, title, standfirst, link, contact or credit.

    None for a question about what the article tells: its likeness to each example lies below ``line``.
    """
    if any(set(name.tokens) - _LANGUAGES for name in find_names(question)):
        return None
    if _SUMMARISE.match(" ".join(tokenise(bare(question)))):
        return "summary"
    subjects, vectors, words = _examples()
    alike = vectors @ load_embedder().encode_query([question])[0]
    nearest = int(alike.argmax())
    subject = subjects[nearest]
    enough = min(line, NO_OTHER_WORD) if words[subject].issuperset(tokenise(bare(question))) else line
    return subject if subject != OTHER and alike[nearest] >= enough else None
