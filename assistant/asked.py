"""What a question asks for: a person, a place, a time, a number, a reason, yes or no, a summary.

Patterns are matched against the question without diacritics, so that one list serves both ways of typing Vietnamese.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.text import bare

KINDS = ("person", "place", "date", "number", "money", "age", "reason", "definition", "way", "yes-no", "list", "thing")

_PATTERNS: dict[str, str] = {
    "summary": r"\b(tom tat|tom luoc|noi dung chinh|y chinh|diem chinh|bai (bao|viet|nay|bao nay)( nay)? (noi|viet|ke|ban)( ve)? (gi|dieu gi|chuyen gi)|"
    r"noi ve (dieu |chuyen )?gi$|summar\w+|gist|main (point|idea|message)s?|key (point|takeaway)s?|in short|"
    r"what('s| is| does| did)? (the |this )?(article|story|piece|text|news)( is)? (about|say|report)\w*)\b",
    "left-out": r"\b((ban )?(tom tat|diem tin|tom luoc) .*(bo (qua|sot|di)|thieu|khong (nhac|noi|de cap|co))|(digest|summary) .*(leave|left|omit|miss|skip)\w*|"
    r"(leave|left|omit\w*|miss\w*) .*(digest|summary))\b",
    "differences": r"\b((cac |hai |ba )?(phien ban|ban dich|ban) .*(khac nhau|khac gi|khac biet|mau thuan|khong khop|giong nhau)|"
    r"(version|translation)s? .*(differ|disagree|contradict|match|same)\w*|differences? between (the )?(version|translation|text)s?)\b",
    "byline": r"\b(ai (la nguoi )?(viet|la tac gia|dua tin)|tac gia (bai|cua bai|la ai)|nguoi viet|nha bao nao|phong vien nao|do ai viet|"
    r"who (is |was )?(wrote|the author|author|reported|the (reporter|journalist|writer))|(author|written|reported) (of|by)|whose byline|"
    r"(which|what) (journalist|reporter))\b",
    "updated": r"\b((bai|bai bao|bai viet|tin)( nay| bao)? .*(cap nhat|dang|xuat ban|dua len)|cap nhat (lan cuoi|khi nao|luc|ngay|vao)|"
    r"(article|story|piece|it|this) .*(updated|published|posted|last (updated|changed))|(date|time) (of|was) .*(article|publi\w+|updat\w+)|"
    r"when was (it|this|the article|the story) (updated|published|posted|written))\b",
    "title": r"\b(tieu de|tit bai|nhan de|headline|title)\b",
    "link": r"\b(duong (link|dan)|link (bai|goc)|url|nguon goc bai|bao nao dang|to bao nao|which (newspaper|outlet|publication))\b",
    "contact": r"\b(lien he|email|e-mail|contact|reach the (author|reporter))\b",
    "age": r"\b(bao nhieu tuoi|may tuoi|tuoi bao nhieu|how old|what age|age of|sinh nam (nao|bao nhieu)|born)\b",
    "money": r"\b(bao nhieu tien|bao nhieu (usd|do la|dong|euro|ty|trieu)|gia (bao nhieu|the nao|la)|tri gia|chi phi|ton bao nhieu|"
    r"how much (money|did|does|do|will|would|is|was|were|are)|cost|price|worth|salary|luong bao nhieu|muc phat|fine)\b",
    "number": r"\b(bao nhieu|may (nguoi|lan|ngay|nam|thang|gio|nuoc|chiec|con|quoc gia|cong ty|phan)|how (many|much|far|long|often|tall|big|large|deep|high|fast|heavy)|"
    r"bao lau|bao xa|ty le|phan tram|what (percent\w*|share|proportion|number|distance|size)|so luong)\b",
    "date": r"\b(khi nao|bao gio|luc nao|ngay nao|nam nao|thang nao|hom nao|thoi (gian|diem) nao|mua nao|thu may|ngay bao nhieu|ngay may|when|"
    r"(what|which) (day|date|year|month|time|season|century|decade))\b",
    "place": r"\b(o dau|tai dau|noi nao|dau la noi|tu dau|den dau|di dau|(thanh pho|nuoc|quoc gia|tinh|vung|khu vuc|dia diem|noi|chau luc|bang|hon dao|cho) nao|where|"
    r"(what|which) (city|country|place|state|province|region|town|location|continent|island))\b",
    "reason": r"\b(vi sao|tai sao|vi dau|do dau|ly do|nguyen nhan|vi (ly do|le) gi|dong co|sao (lai|khong|ho|ong|ba)|why|what (caused|reason|made|prompted|motivat\w+)|reasons? (for|why|behind)|how come)\b",
    "way": r"\b(bang cach nao|nhu the nao|the nao|ra sao|lam (sao|cach nao)|cach nao|how)\b",
    "person": r"\b(ai (la|da|se|dang|duoc|bi|co|noi|cho|tu|moi|muon|phai|dung|sang|gap|mua|ban|lam)|nguoi nao|nhung ai|voi ai|cua ai|boi ai|la ai|cho ai|gap ai|ten (la )?gi|"
    r"(nha|chuyen gia|quan chuc|lanh dao|ong|ba|vi) nao|who|whom|whose|which (person|man|woman|official|analyst|founder|executive|expert))\b",
    "list": r"\b(nhung (gi|ai|cong ty|nuoc|nguoi|noi|thanh pho|dieu|mon|loai|linh vuc|hang|ten tuoi) nao|nhung ai|cac (cong ty|nuoc|linh vuc|thanh pho) nao|liet ke|ke ten|gom (nhung|co)|"
    r"(what|which) (compan|countr|cit|place|thing|factor|step|sector|hub|firm|name|measure|model|industr|field)\w*(ies|es|s)|list|name the)\b",
    "definition": r"\b((la|nghia la) (gi|cai gi|ai)|what (is|are|was|does .* mean)|who (is|was|are)|dinh nghia|define)\b",
    "what-happened": r"\b((dieu|chuyen|viec) gi (da |se |dang )?(xay ra|dien ra)|what (happened|is happening|will happen|took place))\b",
}  # fmt: skip
_COMPILED = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}
_YES_NO = re.compile(
    r"^(is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)\b|\b(phai khong|dung khong|hay khong|co phai|"
    r"co .{2,60} khong|da .{2,60} chua|khong a|chu|right)\s*\??$"
)
_META = ("left-out", "differences", "summary", "byline", "updated", "title", "link", "contact")
_WHO_ALONE = re.compile(
    r"(?:^|[.?!]\s*)(?:Ai|ai)\s|\bai\s*\?|\b(?:là|bởi|của|với|cho|gặp|do|người|những)\s+ai\b|\bai\s+(?:là|đã|sẽ|đang|được|bị|nói)\b"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for.

    ``kind`` is the first of ``KINDS`` that fits. ``about`` is set when the article itself is asked about: its author, date, summary or versions.
    ``many`` tells that more than one sentence may be needed.
    """

    kind: str
    about: str | None = None
    many: bool = False
    yes_no: bool = False


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
    about = next((kind for kind in _META if kind in found), None)
    yes_no = bool(_YES_NO.search(plain)) and not found & {"reason", "date", "place"}
    many = bool(found & {"reason", "list", "summary", "what-happened", "left-out", "differences", "way"})
    kind = next(
        (
            kind
            for kind in ("age", "money", "reason", "number", "date", "place", "person", "way", "list", "definition")
            if kind in found
        ),
        "",
    )
    return Asked(kind or ("yes-no" if yes_no else "thing"), about, many, yes_no)
