"""Which language a text is in.

Vietnamese letters decide at once and common function words of either language nearly always do, typed with marks or without; only what is
left is put to py3langid, which chooses among the languages that news is written in.
"""

import re
from functools import lru_cache
from typing import Any

from index.text import bare, bare_token, fold

_VIETNAMESE_LETTER = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
# Letters that hardly any other language has; those above also occur in French, Italian or Portuguese.
_ONLY_VIETNAMESE = re.compile(r"[đơưảãạằắẳẵặầấẩẫậẻẽẹềếểễệỉĩịỏọồốổỗộờớởỡợủũụừứửữựỳỷỹỵ]")
_FEW = 12
"""Words; a shorter text is taken for a question or a search."""
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_WORD = re.compile(r"[a-z]+")
_LATIN_WORD = re.compile("[A-Za-zª²³µ¹º¼-¾À-ÖØ-öø-\u024f\u1e00-\u1eff]+")
# Nothing that folding drops, takes apart, or makes a letter of what was none; no apostrophe, behind which a word may be short for another.
_PLAIN = re.compile("[ -&(-~\u00a1-\u00ac\u00ae-\u012f\u0131-\u024f\u1e00-\u1eff–—“”…]*")

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
    tram ty trieu nghin o""".split()
)
# Words of both languages when marks are left out; they decide nothing.
_EITHER = frozenset("""a an on in to do the he ho ban con may hay sang chi no long dang but me ma them""".split())
_SURELY_ENGLISH, _SURELY_VIETNAMESE = _ENGLISH - _EITHER, _BARE_VIETNAMESE - _EITHER
# English words that look like syllables of Vietnamese; a phrase of nothing but these is English.
_LOOKALIKE = frozenset(
    """can do get go got had ham hang hat he hen her him hit hot in it let man me men met mine my net nice nine no not on one out
    own pan pen pin pop pot put ran rat run sat see sin sit so sun tan ten tin to too top up us van we win you""".split()
)
# What a Vietnamese syllable can look like without marks; few English words do, and hardly ever all words of a phrase.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:[ie]u|[iu]?e|[iu]?a|oa|oe|oo|uo|uu|uy|uye|[aeiouy])(?:ch|ng|nh|[cmnptiyou])?"
)
# Languages with news of their own. The model's others (Latin, Esperanto, pidgins, dialects) win short lines of names by chance.
_LANGUAGES = """ar az bg bn ca cs da de el en es et fa fi fr ga he hi hr hu hy id is it ja ka kk km ko lo lt lv mk mn ms my ne nl no pl
    pt ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi zh""".split()
_CONTRACTION = re.compile(r"'(?<=[a-z]')(?:ve|re|ll|d|s|t|m)\b")
_QUOTED = re.compile(r"\"[^\"]*\"")
_OTHER_SCRIPT = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")


def detect_language(text: str, default: str = "en") -> str:
    """ISO 639-1 code of the language that most of the text is in.

    Args:
        text: a line, a question or an article; only its first 2,000 characters are read.
        default: the answer for a text without words.
    """
    text = text[:2_000]
    if _is_plainly_vietnamese(text):
        return "vi"
    folded = _CONTRACTION.sub("", fold(text))
    words = _words(folded)
    if not words:
        return default
    if len(words) > _FEW and (sure := _plainly(text, folded, words)):
        return sure
    if 2 * len(_OTHER_SCRIPT.findall(folded)) > sum(map(len, words)):
        return str(_identifier().classify(" ".join(words))[0])
    names = _names(text)
    own = [word for word in words if not word.isascii() and word not in names]
    marked = sum(1 for word in own if _VIETNAMESE_LETTER.search(word))
    only = sum(1 for word in own if _ONLY_VIETNAMESE.search(word))
    if _has_marks(words, marked, only):
        return "vi"
    english = sum(1 for word in words if word in _ENGLISH and word not in _EITHER)
    if not english and len(words) <= _FEW and _are_syllables(text, words, marked):
        return "vi"
    if not marked and _has_bare_vietnamese(words, english):
        return "vi"
    if english and not only and english >= 0.12 * len(words):
        return "en"
    if only and english < only:
        return "vi"
    return _classify([word for word in words if word not in names], default)


def _words(folded: str) -> list[str]:
    """The words of a text; a question's own words tell its language, not those that it quotes."""
    word = _ASCII_WORD if folded.isascii() else _WORD
    words = word.findall(folded)
    own = word.findall(_QUOTED.sub(" ", folded)) if len(words) <= _FEW else []
    return own if len(own) > 1 else words


def _is_plainly_vietnamese(text: str) -> bool:
    """Whether a paragraph has so many Vietnamese letters that nobody need fold it to see; False where folding might change their share."""
    letters = len(_ONLY_VIETNAMESE.findall(text))
    return 2 * letters > _FEW and _PLAIN.fullmatch(text) is not None and _FEW < len(_LATIN_WORD.findall(text)) <= 2 * letters


def _plainly(text: str, folded: str, words: list[str]) -> str:
    """What most paragraphs show at a glance, names or not; empty for all others."""
    if folded.isascii():
        english = sum(map(_SURELY_ENGLISH.__contains__, words))
        common = sum(map(_SURELY_VIETNAMESE.__contains__, words))
        return "en" if english >= max(0.12 * len(words), common, 1) else ""
    # Letters inside names are counted too, and are never so many.
    return "vi" if len(_ONLY_VIETNAMESE.findall(text)) >= 0.5 * len(words) else ""


def _names(text: str) -> set[str]:
    """Words of names, where the words around them are of another language: an English sentence may name Vietnamese people and places."""
    tokens = _WORD.findall(text)
    keys = list(map(fold, tokens))
    small = [key for token, key in zip(tokens, keys, strict=True) if token[0].islower()]
    if _SURELY_ENGLISH.isdisjoint(keys) and not _are_foreign(small):
        return set()
    return {key for token, key in zip(tokens, keys, strict=True) if token[0].isupper()}


def _are_foreign(words: list[str]) -> bool:
    """Whether half the words or more have a shape that no Vietnamese syllable has, and none has a Vietnamese letter."""
    if not words or any(map(_VIETNAMESE_LETTER.search, words)):
        return False
    return 2 * sum(1 for word in words if not _SYLLABLE.fullmatch(word)) >= len(words)


def _has_marks(words: list[str], marked: int, only: int) -> bool:
    """Whether as many words are marked as in Vietnamese, or nearly so and a common word is among them."""
    if (only and marked >= 0.25 * len(words)) or (only >= 0.15 * len(words) and only > 1):
        return True
    return marked * 4 >= len(words) and any(bare(word) in _BARE_VIETNAMESE for word in words if word not in _ENGLISH)


def _are_syllables(text: str, words: list[str], marked: int) -> bool:
    """Whether a few words are nothing but Vietnamese syllables, names left out."""
    small = {fold(token) for token in _WORD.findall(text) if token[0].islower()}
    said = [word for word in words if word in small] if small else words
    if not said or not all(_SYLLABLE.fullmatch(bare_token(word)) for word in said):
        return False
    return marked > 0 or (len(said) > 1 and bool(small) and not all(word in _LOOKALIKE for word in said))


def _has_bare_vietnamese(words: list[str], english: int) -> bool:
    """Whether words without marks are Vietnamese by its commonest words, which stand among other short ones."""
    common = sum(1 for word in words if word in _BARE_VIETNAMESE and word not in _EITHER)
    short = sum(1 for word in words if len(word) <= 6 and word.isascii()) / len(words)
    sure = common > 1 and not english
    return common > english and short >= (0.5 if sure else 0.7) and (common > 1 or len(words) <= 6)


def _classify(words: list[str], default: str) -> str:
    """What py3langid says, if it is sure: a few words say little."""
    if not words:
        return default
    code, score = _identifier().classify(" ".join(words))
    return default if score < (0.9 if len(words) <= 4 else 0.7 if len(words) <= _FEW else 0) else str(code)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES)
    return identifier


def is_syllable(word: str) -> bool:
    """Whether a folded word has the shape of a Vietnamese syllable, with or without diacritics."""
    return _SYLLABLE.fullmatch(bare(word)) is not None


def is_vietnamese_without_marks(text: str) -> bool:
    """Whether a Vietnamese text was typed without diacritics."""
    return fold(text) == bare(text)
