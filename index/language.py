"""Which language a text is in.

Vietnamese letters decide at once and common function words of either language nearly always do, typed with marks or without; only what is
left is put to py3langid, whose model covers 97 languages.
"""

import re
from functools import lru_cache
from typing import Any

from index.text import bare, fold

_VIETNAMESE_LETTER = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
# Letters that hardly any other language has; those above also occur in French, Italian or Portuguese.
_ONLY_VIETNAMESE = re.compile(r"[đơưảãạằắẳẵặầấẩẫậẻẽẹềếểễệỉĩịỏọồốổỗộờớởỡợủũụừứửữựỳỷỹỵ]")
_WORD = re.compile(r"[^\W\d_]+")

_ENGLISH = frozenset(
    """the of and to in is was are were be been has have had do does did what who whom whose when where why how which that this
    these those it its he she they them his her their for on at by with from as an not no or but if than then about into
    over after before between will would can could should may might must there here also because during such some any all
    more most said you your we our""".split()
)
_BARE_VIETNAMESE = frozenset(
    """la va cua nhung duoc khong cho trong voi mot nguoi nay da khi nao gi ai dau sao vi bao nhieu nhu the co cac tai ra den
    tu ve bi se thi ma hay hoac roi ong ba anh chi ho minh toi ban nam ngay thang nuoc viec cung neu nhat hon moi con bai
    bao viet noi tren duoi vao boi sau truoc dang phai lam biet muon hoi tra loi theo may gia doi sang thuoc ten tuoi phan
    tram ty trieu nghin""".split()
)
# Words of both languages when marks are left out; they decide nothing.
_EITHER = frozenset("""a an on in to do the he ho ban con may hay sang chi no long dang but me""".split())


def detect_language(text: str, default: str = "en") -> str:
    """ISO 639-1 code of the language that most of the text is in.

    Args:
        text: a line, a question or an article; only its first 2,000 characters are read.
        default: the answer for a text without words.
    """
    folded = fold(text[:2_000])
    words = _WORD.findall(folded)
    if not words:
        return default
    names = _capitalised(text[:2_000]) if any(word in _ENGLISH and word not in _EITHER for word in words) else set()
    marked = sum(1 for word in words if _VIETNAMESE_LETTER.search(word) and word not in names)
    only = sum(1 for word in words if _ONLY_VIETNAMESE.search(word) and word not in names)
    if (only and marked >= 0.25 * len(words)) or (only >= 0.15 * len(words) and only > 1):
        return "vi"
    english = sum(1 for word in words if word in _ENGLISH and word not in _EITHER)
    unmarked = 0 if marked else sum(1 for word in words if word in _BARE_VIETNAMESE and word not in _EITHER)
    # Unmarked Vietnamese is made of short syllables; English words that look like some of them stand among longer ones.
    short = sum(1 for word in words if len(word) <= 6 and word.isascii()) / len(words)
    if marked * 4 >= len(words) and any(bare(word) in _BARE_VIETNAMESE for word in words if word not in _ENGLISH):
        return "vi"
    if unmarked > english and short >= 0.7 and (unmarked >= 2 or len(words) <= 6):
        return "vi"
    if english and not only and english >= 0.12 * len(words):
        return "en"
    if only and english < only:
        return "vi"
    return _classify(" ".join(words), default)


def _capitalised(text: str) -> set[str]:
    """Words of names: an English sentence may name Vietnamese people and places."""
    return {fold(match.group()) for match in _WORD.finditer(text) if match.group()[0].isupper()}


def _classify(text: str, default: str) -> str:
    code: str
    code, score = _identifier().classify(text)
    words = text.split()
    if len(words) <= 4 and score < 0.9:
        return default
    return code


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def is_vietnamese_without_marks(text: str) -> bool:
    """Whether a Vietnamese text was typed without diacritics."""
    return fold(text) == bare(text)
