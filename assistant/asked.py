"""What a question asks for: a person, a place, a time, a number, a reason, yes or no, a summary.

Patterns are matched against the question without diacritics, so that one list serves both ways of typing Vietnamese.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.subject import subject_of
from index.text import bare

KINDS = (
    "age", "money", "percent", "reason", "number", "count", "date", "place", "person", "way", "list", "definition", "yes-no", "thing",
)  # fmt: skip
"""What may be asked for; of several that fit a question, the first."""

_PATTERNS: dict[str, str] = {
    "age": r"\b(bao nhieu tuoi|may tuoi|tuoi bao nhieu|how old|what age|age of|sinh nam (nao|bao nhieu)|born)\b",
    "money": r"\b(bao nhieu tien|bao nhieu (usd|do la|dong|euro|ty|trieu)|(?<!danh )(?<!tri )(?<!quoc )(?<!chuyen )(?<!tac )gia (bao nhieu|the nao|la)|tri gia|chi phi|ton bao nhieu|"
    r"how much (money|did it cost|is it worth)|what (do|does|did) (?!.*\b(with|for|about) \?)(\w+ ){1,4}(charge|earn|pay)|costs?|prices?|worth|salary|luong (la )?bao nhieu|muc phat|fined?)\b",
    "percent": r"\b(phan tram|ty le (bao nhieu|la)|(what|how many) percent\w*|what (share|proportion))\b",
    "count": r"\b((?:(?:moi|mot|hang) (?:ngay|thang|nam) |(?<!ngay )(?<!thang )(?<!nam ))bao nhieu|how much|may (nguoi|lan|nuoc|chiec|con|quoc gia|cong ty|phan|dua|vu)|how many|what (number|population)|so luong|population of)\b",
    "number": r"\b(may (ngay|nam|thang|gio|phut|tuan)(?! (sau|truoc|nay|qua|gan day|lien))|how (far|long|often|tall|big|large|deep|high|fast|heavy)|bao lau|bao xa|ty le|what (distance|size))\b",
    "date": r"\b(khi nao|(?<!khong )(?<!chua )bao gio|luc nao|ngay nao|nam nao|thang nao|hom nao|thoi (gian|diem) nao|(?<!nguoi )mua nao|thu may|(?<!moi )(?<!mot )(?<!hang )(ngay|thang|nam) bao nhieu|(ngay|mung) may(?! man)|{when}|"
    r"(what|which) (day|date|year|month|time|season|century|decade))\b",
    "place": r"\b(o dau|tai dau|noi nao|dau la noi|tu dau|den dau|di dau|(thanh pho|nuoc|quoc gia|tinh|vung|khu vuc|dia diem|noi|chau luc|bang|hon dao|cho) nao|{where}|"
    r"(what|which) (city|country|place|state|province|region|town|location|continent|island))\b",
    "reason": r"\b(vi sao|tai sao|vi dau|do dau|ly do|nguyen nhan|vi (ly do|le) gi|dong co|sao (lai|khong|ho|ong|ba)|^(the |vay )?sao (?!(hoa|thuy|kim|moc|tho|bang|hai vuong|thien vuong)\b)\w+( \w+){0,5} (lai|khong(?! \?|$)|phai|bi|the)|why|what (caused|reason|made|prompted|motivat\w+)|reasons? (for|why|behind)|how come)\b",
    "way": r"\b(bang cach nao|nhu the nao|the nao|ra sao|lam (sao|cach nao)|cach nao|how)\b",
    "person": r"\b(ai (la|da|se|dang|duoc|bi|co|noi|cho|tu|moi|muon|phai|dung|sang|gap|mua|ban|lam)|nguoi nao|nhung ai|voi ai|cua ai|boi ai|la ai|cho ai|gap ai|ten (la )?gi|"
    r"(nha|chuyen gia|quan chuc|lanh dao|ong|ba|vi) nao|{who}|which (person|man|woman|official|analyst|founder|executive|expert)|what (is|was|are|were) the names?)\b",
    "list": r"\b(nhung (gi|ai|cong ty|nuoc|nguoi|noi|thanh pho|dieu|mon|loai|linh vuc|hang|ten tuoi) nao|nhung ai|cac (cong ty|nuoc|linh vuc|thanh pho) nao|liet ke|ke ten|gom (nhung|co)|"
    r"(what|which) (compan|countr|cit|place|thing|factor|step|sector|hub|firm|name|measure|model|industr|field)\w*(ies|es|s)|list|name the)\b",
    "definition": r"\b((la|nghia la) (gi|cai gi|ai)|what (is|are|was|does .* mean)|who (is|was|are)|dinh nghia|define)\b",
    "what-happened": r"\b((dieu|chuyen|viec) gi (da |se |dang )?(xay ra|dien ra)|what (happened|is happening|will happen|took place))\b",
}  # fmt: skip
# English question words also join clauses ("the man who", "when it rains"): they ask where a question or a clause of it begins, before a verb form that
# asks, or at the end.
_OPENS = r"(?:(?:^|[,;:.]\s*|\b(?:and|but|to|by|with|for|from|of|in|at|on|since|until) ){0}|{0} (?:did|do|does|was|were|is|are|will|would|has|have|had|can|could|should)|{0} ?\?$)"
_COMPILED = {
    kind: re.compile(
        re.sub(r"\{(who|when|where)\}", lambda m: _OPENS.format("who(?:m|se)?" if m.group(1) == "who" else m.group(1)), pattern)
    )
    for kind, pattern in _PATTERNS.items()
}
_NAMED = re.compile(
    r"\bwhat( is|'s| was| are| were) .*\b(named|called) ?\??$|"
    r"\b(ten( gi| ai|(?! lua)( \w+){0,4} la (gi|ai))|ten (cua|ho)|mang ten|(what|which) (is|was|are|were) .*\bnames?|names? of|"
    r"(thanh pho|nuoc|quoc gia|tinh|bang|chau luc|hon dao|huyen|thi tran) nao|(what|which) (city|country|province|town|continent|island)|which state)\b"
)
# Kinds of which a name may be the answer: why somebody was called so, no name tells.
_NAMEABLE = ("person", "place", "definition", "list", "thing", "")
_LASTING = re.compile(r"\b(how long|bao lau)\b")
_DATED = re.compile(
    r"\b((ngay|hom|thang|nam|the ky) (nao|bao nhieu)|ngay may|(what|which) (day|date|year|month|decade|century))\b"
)
_HOW_MUCH = re.compile(r"\b(bao nhieu|how much|what (is|was|are|were) the (price|cost|fine|salary)|gia the nao)\b")
_QUOTED = ('"', "“", "‘", "'", "«", "—", "–", "- ")
# "Kể tên mấy công ty": some are to be named, and not to be counted.
_NAME_SOME = re.compile(r"\b(ke ten|liet ke|neu ten|list|name)( \w+){0,2} (may|some|several|a few)\b")
_YES_NO = re.compile(
    r"^(is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)\b|\b(phai khong|dung khong|hay khong|co phai|"
    r"co .{2,60} khong|da .{2,60} chua|khong a|chu|right)\s*\??$"
)
_WHO_ALONE = re.compile(
    r"(?:^|[.?!]\s*)(?:Ai|ai)\s|\bai\s*\?|\b(?:là|bởi|của|với|cho|gặp|do|người|những)\s+ai\b|\bai\s+(?:là|đã|sẽ|đang|được|bị|nói)\b"
)


def asks(sentence: str) -> bool:
    """Whether a sentence of an article is a question of its own, not one that it quotes: it answers nothing, and what comes behind it does."""
    return sentence.endswith("?") and not sentence.startswith(_QUOTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for.

    ``kind`` is the first of ``KINDS`` that fits. ``about`` is set when the article itself is asked about: its author, date, summary or versions.
    ``many`` tells that more than one sentence may be needed, ``named`` that nothing but a name will do: somebody's, a city's, ``lasting`` that how
    long something takes or is, ``dated`` that a day, a month or a year will do and no clause.
    """

    kind: str
    about: str | None = None
    many: bool = False
    yes_no: bool = False
    named: bool = False
    lasting: bool = False
    dated: bool = False


@lru_cache(maxsize=2_048)
def what_is_asked(text: str) -> Asked:
    """Read a question, in Vietnamese (with or without diacritics) or English."""
    plain = " ".join(bare(text).replace("?", " ?").split())
    found = {kind for kind, pattern in _COMPILED.items() if pattern.search(plain)}
    if "person" not in found and _WHO_ALONE.search(text):
        found.add("person")
    if (
        "person" in found
        and re.search(r"\bAI\b", text)
        and not (_WHO_ALONE.search(text) or re.search(r"\b(who|whom|whose|nguoi nao|la ai|ten)\b", plain))
    ):
        found.discard("person")
    if _NAME_SOME.search(plain):
        found -= {"count", "number"}
    # "Mấy" without its marks is no "may".
    some = plain.startswith("may ") and bool(found & {"count", "number"})
    yes_no = bool(_YES_NO.search(plain)) and not some and not found & {"reason", "date", "place"}
    many = bool(found & {"reason", "list", "what-happened", "way"})
    if found & {"reason", "way", "place", "person"} and not _HOW_MUCH.search(plain):
        # "Why might house prices tumble?"
        found.discard("money")
    kind = next((kind for kind in KINDS if kind in found), "")
    named = kind in _NAMEABLE and not yes_no and bool(_NAMED.search(plain))
    lasting = kind == "number" and bool(_LASTING.search(plain))
    dated = kind == "date" and bool(_DATED.search(plain))
    return Asked(kind or ("yes-no" if yes_no else "thing"), subject_of(text), many, yes_no, named, lasting, dated)
