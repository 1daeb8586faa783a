"""Whether two texts affirm and deny the same, in one language or across two.

A negation of one text that the other does not have is none where the other denies by a word: "refused to go" is "không chịu đi". Such words are
looked for in the other text, and count only where they are not rendered as words there too.
"""

import re
from collections import Counter
from functools import lru_cache

from index.lexicon import lexicon, spaced
from index.text import fold

_NEGATION = {
    "en": re.compile(
        r"\b(?:not(?! (?:only|just|merely|least|to mention|so much|until|necessarily))|no(?! (?:doubt|matter|sooner|less|wonder|other than))|never(?! more than)|"
        r"none|"
        r"nobody|nothing(?! (?:but|more than|worse than|less than))|nowhere|neither(?:\b.{1,80}?\bnor)?|nor|without|cannot|\w+n't)\b"
    ),
    "vi": re.compile(
        r"(?<!\w)(?<!\bhay )(?<!\bcó )(?:(?<!hàng )|(?<=khách hàng )|(?<=bán hàng )|(?<=ngân hàng )|(?<=cửa hàng ))(?<!\bchân )(?<!\btay )(?<!đất )(?:không|chưa|chẳng|chả|đừng)(?!\w)"
        r"(?! (?:chỉ|những|gian|khí|quân|tặc|lực|kích|ảnh|người lái|kém|dây|trung|lời|phải chỉ|khỏi|ngừng|ít|hiểu sao|khác nào|qua(?: là)? |hề nhỏ|đầy|bằng|hạn|hẹn mà|(?:còn )?nghi ngờ gì|"
        r"(?:đến|tới) (?:\d|nửa|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)))(?!\s*[?”\"]|$)|(?<=có )không (?=có|được|thể)"
    ),
}
# Words that deny, with the negations that render them: "too shy to speak" is "quá ngại không dám nói".
_ANY = "không|chưa|chẳng|chả|đừng"
_DENYING_ENGLISH = [
    (re.compile(rf"\b(?:{words})\b"), re.compile(rf"(?<!\w)(?:{by})(?!\w)"))
    for words, by in (
        (r"fail\w*|refus\w*|lack\w*|absen\w*|den(?:y|ied|ies|ying)|reject\w*|hardly|barely|scarcely|rarely|seldom|reluctan\w*|unwilling\w*|"
         r"unable|hesita\w*|refrain\w*|ignor\w*|distrust\w*|doubt\w*|free (?:of|from)|devoid|short of|beyond|regardless|except\w*|exclud\w*|"
         r"exempt\w*|impossib\w*|in vain|empty|vacant|idle|zero|far from|rather than|instead|apart from|other than|\w+-free|away from|unless|otherwise|"
         r"or else|prevent\w*|forbid\w*|forbad\w*|prohibit\w*|neglect\w*|miss(?:ed|es|ing)|unlike\w*|deprive\w*|bare|los(?:e|es|ing|t) all|"
         r"ke(?:ep|pt)\w* (?:\w+ ){1,4}from|depriv\w*|left out|complain\w*|disput\w*|dry|warn\w* against|against \w+ing", _ANY),
        (r"yet to|as yet|still|until|till|before|remain\w*|pending|less than|fewer than|so far|first time|new", "chưa"),
        (r"too \w+|so \w+ (?:that|as)", r"(?:không|chẳng|chưa)(?: \w+){0,2} (?:dám|thể|nỡ|nổi|còn|đủ|sao|được|muốn|hết)|không \w+ nổi"),
        (r"afraid|fear\w*|scared|asham\w*|bother\w*|dislike\w*|hate[ds]?|tired?|sure|discontent\w*|badly|poor(?:ly)?",
         "(?:không|chẳng) (?:dám|muốn|nỡ|nổi|thích|thể|chắc|hài|yên|đành|tốt)"),
        (r"constant\w*|always|every\w*|all|any\w*|whatever|continu\w*|relentless\w*|steady|same|more|\w+er than|as \w+ as",
         r"không (?:ngừng|nghỉ|gì|ai|đổi|nơi)|chẳng (?:gì|ai)|không (?:\w+ ){1,4}(?:nào|hơn)"),
    )
]  # fmt: skip
_DENYING_VIETNAMESE = re.compile(
    r"(?<!\w)(?:từ chối|phủ nhận|bác bỏ|thiếu|trừ|tránh|cấm|ngừng|vô(?! địch)|phi (?:lý|pháp|thực|lợi|chính|thường|nghĩa|hạt)|"
    r"bất(?! (?:động sản|kỳ|kể|cứ|chấp|ngờ))|thất (?:bại|nghiệp|lạc)|khỏi (?:phải|bị|cần)|ngoại trừ|loại trừ|(?<!hầu )(?<!trước )hết(?! sức)|miễn(?! phí)|"
    r"khó|tha|trống|vắng|thay vì|bãi bỏ|"
    r"mất(?! (?:\d|gần|hơn|khoảng|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|nhiều|vài|hàng|nửa))|hụt|chối|lỡ|chớ|kẻo|làm gì|mới trở lại|"
    r"(?:chưa|không) (?:đến|tới|đầy|bằng)|(?:không|chẳng) (?:chỉ|những|khỏi|kém|ngừng|qua|phải chỉ))(?!\w)"
)
_PREFIXED = re.compile(r"\b(?:un|non|dis|mis|il|im|in|ir)[a-z]{4,}|[a-z]{3,}less(?:ly|ness)?\b")
_SURELY_PREFIXED = re.compile(r"\b(?:un(?!i|der|til|less)|non)[a-z]{4,}|[a-z]{3,}less|(?:in|im|ir|il)[a-z]+(?:ble|bly)")
_DENIES = re.compile(r"(?<!\w)(?:không|chưa|chẳng|vô|bất|phi|thiếu|khó|trái|mất|sai)(?!\w)")
_NEGATOR = re.compile(rf"(?<!\w)(?:{_ANY})(?!\w)")
_NEGATORS = {
    "en": re.compile(r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|\w+n't)\b"),
    "vi": _NEGATOR,
}
_ENGLISH_WORD = re.compile(r"[a-z]+")
_UP = re.compile(
    r"(?<!\w)(?:ris(?:e|es|en|ing)|rose|increas\w*|grow(?:s|n|th|ing)?|grew|climb\w*|gain\w*|jump\w*|surg\w*|soar\w*|tăng|gia tăng|nhảy vọt|leo thang|up)(?!\w)",
    re.I,
)
_DOWN = re.compile(
    r"(?<!\w)(?:fall(?:s|en|ing)?|fell|decreas\w*|drop\w*|declin\w*|reduc\w*|cut\w*|slid\w*|shr[aiu]nk\w*|lower\w*|plung\w*|giảm|sụt|hạ|tụt|down)(?!\w)",
    re.I,
)


def denies(text: str, language: str) -> int:
    """How many negations a text holds."""
    pattern = _NEGATION.get(language)
    return len(pattern.findall(fold(text))) if pattern else 0


def same_negators(a: str, b: str, language: str) -> bool:
    """Whether two texts of one language hold the same words that negate, whatever they negate: for texts that differ in a few words."""
    pattern = _NEGATORS.get(language)
    return pattern is None or Counter(pattern.findall(fold(a))) == Counter(pattern.findall(fold(b)))


def negations_agree(a: str, a_language: str, b: str, b_language: str, *, plainly: bool = False) -> bool:
    """Whether two texts deny alike; across languages a word that denies may stand for a negation.

    Languages that this module does not know agree with everything.

    Args:
        a: a text.
        a_language: its language.
        b: the other text.
        b_language: its language.
        plainly: let them agree unless what one denies stands affirmed in the other in so many words.
    """
    if a_language not in _NEGATION or b_language not in _NEGATION:
        return True
    if a_language == b_language:
        return denies(a, a_language) % 2 == denies(b, b_language) % 2
    english, vietnamese = (fold(a), fold(b)) if a_language == "en" else (fold(b), fold(a))
    in_english, in_vietnamese = denies(english, "en"), denies(vietnamese, "vi")
    if in_english == in_vietnamese == 0:
        return not _is_lost(english, vietnamese)
    if in_english and in_vietnamese:
        # "Neither office nor telephone" has one negation in Vietnamese, and Vietnamese denies more often.
        return in_english != in_vietnamese + 1 or not _is_affirmed_in_vietnamese(english, vietnamese)
    if in_vietnamese:
        accounted = plainly or in_vietnamese <= _denying_english(english, vietnamese)
        return accounted and not _is_affirmed_in_english(english, vietnamese)
    accounted = plainly or in_english <= len(_DENYING_VIETNAMESE.findall(vietnamese))
    return accounted and not _is_affirmed_in_vietnamese(english, vietnamese)


def opposite_directions(a: str, b: str) -> bool:
    """Whether one text only rises and the other only falls."""
    up, down = bool(_UP.search(a)), bool(_DOWN.search(a))
    other_up, other_down = bool(_UP.search(b)), bool(_DOWN.search(b))
    return (up and not down and other_down and not other_up) or (down and not up and other_up and not other_down)


def _denying_english(english: str, vietnamese: str) -> int:
    """How many negations of a Vietnamese text words of the English one account for."""
    words = spaced(vietnamese)
    by_words = [m for pattern, by in _DENYING_ENGLISH if by.search(vietnamese) for m in pattern.finditer(english)]
    by_form = [m for m in _ENGLISH_WORD.finditer(english) if _denies_by_its_form(m.group())]
    return sum(not _is_rendered(match.group(), words) for match in (*by_words, *by_form))


def _is_affirmed_in_vietnamese(english: str, vietnamese: str) -> bool:
    """Whether one of the things that an English text denies stands in the Vietnamese one, with no word near it that denies."""
    marks = [m for pattern in (_DENYING_VIETNAMESE, _NEGATOR) for m in pattern.finditer(vietnamese)]
    words, denials = spaced(vietnamese).split(), _word_places(vietnamese, marks)
    return any(
        _stands_free(
            [
                at
                for word in _denied(english[match.end() :])
                for equivalent in lexicon().vietnamese(word)
                for at in _places(equivalent.split(), words)
            ],
            denials,
        )
        for match in _NEGATION["en"].finditer(english)
    )


def _is_affirmed_in_english(english: str, vietnamese: str) -> bool:
    """Whether one of the things that a Vietnamese text denies stands in the English one, with no word near it that denies."""
    marks = [m for pattern, by in _DENYING_ENGLISH if by.search(vietnamese) for m in pattern.finditer(english)]
    marks += [m for m in _ENGLISH_WORD.finditer(english) if _denies_by_its_form(m.group())] + list(
        _NEGATION["en"].finditer(english)
    )
    words, denials = spaced(english).split(), _word_places(english, marks)
    for match in _NEGATION["vi"].finditer(vietnamese):
        behind = spaced(re.split(r"[,.;:]", vietnamese[match.end() :], maxsplit=1)[0]).split()[:5]
        heads = {head for i, j, found in lexicon().phrases(behind) if j - i > 1 or behind[i] not in _COMMON for head in found}
        said = [at for at, word in enumerate(words) if word not in _COMMON and not heads.isdisjoint(lexicon().forms(word))]
        if _stands_free(said, denials):
            return True
    return False


def _word_places(text: str, marks: list[re.Match[str]]) -> list[int]:
    return [len(spaced(text[: mark.start()]).split()) for mark in marks]


def _stands_free(said: list[int], denials: list[int]) -> bool:
    """Whether a thing is said, and nowhere near a denial; all in words from the text's beginning."""
    return bool(said) and not any(-BEHIND <= at - denial <= NEAR for at in said for denial in denials)


def _denied(behind: str) -> list[str]:
    """The words that an English negation denies: the next few that mean something, up to a comma."""
    words = re.findall(r"[a-z]+", re.split(r"[,.;:]", behind, maxsplit=1)[0])[:6]
    return [word for word in words if word not in _COMMON][:2]


def _places(phrase: list[str], words: list[str]) -> list[int]:
    return [i for i in range(len(words) - len(phrase) + 1) if words[i : i + len(phrase)] == phrase]


def _is_lost(english: str, vietnamese: str) -> bool:
    """Whether a Vietnamese text has nothing for an English word that denies as plainly as "not" does: "refused", "unfair"."""
    if _DENYING_VIETNAMESE.search(vietnamese) or _DENIES.search(vietnamese):
        return False
    words = spaced(vietnamese)
    if any(not _is_rendered(match.group(1), words) for match in _PLAINLY.finditer(english)):
        return True
    for word in (match.group() for match in _PREFIXED.finditer(english) if _denies_by_its_form(match.group())):
        affirmed = {
            _NEGATOR.sub("", equivalent).strip() for equivalent in lexicon().vietnamese(word) if _NEGATOR.match(equivalent)
        }
        if any(" " in phrase and f" {phrase} " in words for phrase in affirmed) and not _is_rendered(word, words):
            return True
    return False


@lru_cache(maxsize=20_000)
def _denies_by_its_form(word: str) -> bool:
    """Whether a word is a denial by its prefix or suffix, or by its only Vietnamese equivalents."""
    if any(pattern.fullmatch(word) for pattern, _ in _DENYING_ENGLISH) or word in (
        "not",
        "no",
        "never",
        "none",
        "nothing",
        "without",
    ):
        return False
    equivalents = lexicon().vietnamese(word)
    if equivalents:
        denying = sum(1 for equivalent in equivalents if _DENIES.search(equivalent))
        return denying == len(equivalents) or (denying > 0 and bool(_PREFIXED.fullmatch(word)))
    return bool(_SURELY_PREFIXED.fullmatch(word))


def _is_rendered(words: str, text: str) -> bool:
    """Whether an equivalent of a single word that does without a negation stands in a text."""
    if " " in words or words in _TIMES:
        return False
    return any(f" {e} " in text for e in lexicon().vietnamese(words) if not _NEGATOR.search(e))


_PLAINLY = re.compile(r"\b(refuse[sd]?(?= to)|fail(?:s|ed)?(?= to)|unable|impossible)\b")
_TIMES = frozenset("still until till before remain remains remained remaining pending new".split())
_COMMON = frozenset(
    """a an the be been being is are was were am have has had having do does did will would can could may might must should shall to of in on at by
    for from with as that this these those it its he she they them his her their there any all yet so very much many more most only even also
    or and but if than then who which what one ones other such some i you we our your my get got make made take taken về và của cho là có được
    bị đã sẽ đang cần phải thể muốn ai gì nào một các những này đó ra vào lên xuống đi đến với trong ở tại nữa còn thêm cả nhiều""".split()
)
NEAR = 5
"""Words before what is denied, within which a word that denies it stands."""
BEHIND = 2
"""Words behind it."""
