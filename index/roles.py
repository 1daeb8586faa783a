"""What a line of an article is: headline, byline, date, body and so on, told from its own words and its neighbours."""

import re
from dataclasses import dataclass, replace

from index.article import Role

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c]+")
_ALNUM = re.compile(r"[^\W_]")
# Bullets and Markdown marks are no part of what is said; a quotation mark or a bracket is.
_BULLET = re.compile(r"(?:#{1,6}[ \t]+|>[ \t]*|[-*+•▪●◦‣·→➤►✓✔✅⭐★☆👉📌🔹🔸➡\ufe0f]+[ \t]+|\d{1,2}\)[ \t]+)+")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})([^*_\s](?:[^*_]*[^*_\s])?)\1")
_LINK = re.compile(r"<?(?:(?:source|nguồn|link)\s*:\s*)?(https?://[^\s<>]+)>?|\[[^\]]+\]\((https?://[^\s<>]+)\)", re.I)
# What people write above a version to say which it is.
_LABEL = re.compile(
    r"[\W_]*(?:(?:(?:the )?(?:english|vietnamese|full|original)(?: (?:version|text|article|original))?|original|translation)"
    r"|(?:bản |phần )?(?:tiếng (?:anh|việt)|gốc|dịch|nguyên văn)(?: tiếng (?:anh|việt))?|en|vi)[\W_]*",
    re.I,
)
_TAGS = re.compile(r"(?:#[\w-]+[\s,]*)+")
_CONTACT = re.compile(r"(?:write to|contact|email|e-mail|reach|liên hệ|thư từ|mọi ý kiến)\b.*(?:@|\[email)", re.I)
_BYLINE = re.compile(
    r"(?:by|tác giả(?: bài gốc)?|người viết|bài viết|bài|biên dịch|dịch|written by|reporting by|par|von)\s*:?\s+(\S.*)", re.I
)
_BYLINE_LABEL = re.compile(r"(?:by|reporting by|written by|tác giả|người viết)\s*:?", re.I)
_NAME = re.compile(r"(?:[A-ZÀ-ỸĐ][\w.'’-]*|de|van|von|and|và|bin|al)(?:[ ,&]+(?:[A-ZÀ-ỸĐ][\w.'’-]*|de|van|von|and|và|bin|al))*")
_CREDIT = re.compile(
    r"(?:ảnh|photo|photograph|picture|image|illustration|minh họa|đồ họa|credit)s?\s*(?:by|:|của)?\s*\S.*"
    r"|.*\b(?:reuters|getty|afp|associated press|iStock|shutterstock|ttxvn|bloomberg news|epa)\b.*"
    r"|[^.,:;!?\d]{3,50}/[A-Z][^.!?]{1,50}",
    re.I,
)
_DATELINE = re.compile(
    r"(?:[A-ZÀ-ỸĐ]{3,}[A-ZÀ-ỸĐ .,’'-]*|[A-ZÀ-Ỹ][\w .]{2,30}, [\w ./]{3,20})(?:\s*\([^)]{2,30}\))?(?:\s*[—–]\s*|\s+-\s+)\S"
)
_DATE_WORDS = re.compile(
    r"\b(?:last|first|updated?|published|posted|on|at|of|cập nhật|lần cuối|đăng|xuất bản|lúc|vào|ngày|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|"
    r"tháng|năm|sáng|trưa|chiều|tối|đêm|giờ|phút|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|"
    r"august|september|october|november|december|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|mon|tue|wed|thu|fri|sat|sun|"
    r"am|pm|a\.m|p\.m|et|est|edt|pt|gmt|utc|ict|local time|"
    r"janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|mis à jour|publié|le|à|"
    r"januar|februar|märz|juni|juli|oktober|dezember|aktualisiert|veröffentlicht|um|uhr)\b|(?<=\d)h(?=\d|\b)",
    re.I,
)
_MONTH_OR_NUMBERS = re.compile(
    r"\d{4}|\d{1,2}[/.-]\d{1,2}|\d{1,2}\s+tháng|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|fév|avr|mai|jui|aoû|mär|okt|dez",
    re.I,
)
_STOPPED = re.compile(r"[.;:…,][\"'”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line with text in it: where it stands and what it is."""

    start: int
    end: int
    text: str
    role: Role = "body"


def read_lines(text: str, start: int = 0) -> list[Line]:
    """The lines that say something, bullets and outer white space left out, with the roles that each shows by itself."""
    lines = []
    for match in _LINE.finditer(text, start):
        begin, end = _said(text, *match.span())
        if _ALNUM.search(text, begin, end):
            content = text[begin:end]
            lines.append(Line(begin, end, content, own_role(content)))
    return _join_bylines(lines, text)


def _said(text: str, begin: int, end: int) -> tuple[int, int]:
    """The part of a line that is no bullet, mark of emphasis or outer white space."""
    bullet = _BULLET.match(text, end - len(text[begin:end].lstrip()), end)
    begin = bullet.end() if bullet and bullet.end() < end else begin
    content = text[begin:end]
    begin, end = end - len(content.lstrip()), begin + len(content.rstrip())
    emphasis = _EMPHASIS.fullmatch(text, begin, end)
    return emphasis.span(2) if emphasis else (begin, end)


def own_role(text: str) -> Role:
    """The role that a line shows by itself; ``body`` when only its neighbours can tell."""
    if len(text) > (200 if " " in text else 2_000):
        return "dateline" if _DATELINE.match(text) else "body"
    if _LINK.fullmatch(text):
        return "link"
    if _TAGS.fullmatch(text):
        return "tag"
    if _CONTACT.match(text):
        return "contact"
    if is_date(text):
        return "date"
    if _BYLINE_LABEL.fullmatch(text):
        return "byline"
    if _LABEL.fullmatch(text):
        return "heading"
    byline = _BYLINE.fullmatch(text)
    if byline and len(text) < 90 and _NAME.fullmatch(byline.group(1)):
        return "byline"
    if len(text) < 90 and not text.endswith((".", "?", "!")) and _CREDIT.fullmatch(text):
        return "credit"
    return "dateline" if _DATELINE.match(text) else "body"


def is_date(text: str) -> bool:
    """Whether a line holds a date and nothing else."""
    if len(text) > 90 or not re.search(r"\d", text):
        return False
    rest = re.sub(r"[\W\d_]+", " ", _DATE_WORDS.sub(" ", text.replace("T", " ") if "T00" in text else text))
    return not rest.strip() and bool(_MONTH_OR_NUMBERS.search(text))


def link_of(line: Line) -> str:
    """The address in a link line."""
    match = _LINK.fullmatch(line.text)
    return match.group(1) or match.group(2) if match else ""


def name_in(line: Line) -> str:
    """The name in a byline."""
    flat = " ".join(line.text.split())
    match = _BYLINE.fullmatch(flat)
    return match.group(1) if match else flat


def looks_like_headline(text: str) -> bool:
    """Whether a line could head an article: a few words, no full stop."""
    return len(text.split()) >= 2 and len(text) <= 200 and not _STOPPED.search(text)


def _join_bylines(lines: list[Line], text: str) -> list[Line]:
    """A label on a line of its own takes the name below it."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if (
            last
            and last.role == "byline"
            and _BYLINE_LABEL.fullmatch(last.text)
            and len(line.text) < 90
            and _NAME.fullmatch(line.text)
        ):
            joined[-1] = Line(last.start, line.end, text[last.start : line.end], "byline")
        else:
            joined.append(line)
    return joined


def with_roles(lines: list[Line]) -> list[Line]:
    """The lines of one version with the roles that their neighbours tell: headline, standfirst, headings, captions."""
    if len(lines) < 2:
        return lines
    roles: list[Role] = [line.role for line in lines]
    first = next((i for i, role in enumerate(roles) if role in ("body", "dateline")), None)
    if first is not None and first <= 2 and _heads(lines, first):
        roles[first] = "headline"
        second = first + 1
        if second + 1 < len(lines) and roles[second] == "body" and _introduces(lines, second):
            roles[second] = "standfirst"
    body = [line for line, role in zip(lines, roles, strict=True) if role == "body"]
    measure = sorted(len(line.text) for line in body)[len(body) // 2] if body else 0
    credited = "credit" in roles
    for i, (line, role) in enumerate(zip(lines, roles, strict=True)):
        if role != "body" or i == 0:
            continue
        if (
            i + 1 < len(lines)
            and looks_like_headline(line.text)
            and len(line.text) < 80
            and not line.text.endswith(("?", "!", '"', "”"))
            and not (line.text[0].islower() or lines[i + 1].text[0].islower())
        ):
            roles[i] = "heading"
        elif credited and _captions(line.text, measure):
            roles[i] = "caption"
    return [line if line.role == role else replace(line, role=role) for line, role in zip(lines, roles, strict=True)]


def _heads(lines: list[Line], at: int) -> bool:
    return lines[at].role == "body" and at + 1 < len(lines) and looks_like_headline(lines[at].text)


def _introduces(lines: list[Line], at: int) -> bool:
    unstopped = not _STOPPED.search(lines[at].text) and not lines[at].text.endswith(("?", "!"))
    return len(lines[at].text) <= 300 and (unstopped or lines[at + 1].role in ("byline", "date"))


def _captions(text: str, measure: int) -> bool:
    """A short sentence alone among long paragraphs, nobody quoted in it: in an article with photo credits, a caption."""
    return len(text) <= 130 and len(text) * 2.2 < measure and not re.search(r"[\"“”]|\b(?:said|says|nói|cho biết)\b", text)
