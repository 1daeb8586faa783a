"""Answers, articles and differences as HTML. Pure functions; whatever comes from an article, a question or a model is escaped."""

import re
from collections.abc import Sequence
from html import escape

from assistant.answer import Answer, Citation
from assistant.ui.strings import strings
from index.article import Article, Comparison, Difference, Place, Version
from index.text import visible

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_STRUCK = re.compile(r"~~(.+?)~~")
_STATUS_SIGN = {"verbatim": "✓", "altered": "≈", "unsupported": "✕"}


def safe(text: str) -> str:
    """Text as it may stand in HTML: markup escaped, characters that nobody sees left out."""
    return escape(visible(text))


def conversation_html(turns: Sequence[tuple[str, Answer | str]], language: str) -> str:
    """Every turn: a question, then an answer or an answer's text so far."""
    return (
        '<div class="talk" role="log" aria-live="polite">'
        + "".join(_turn(n, *turn, language) for n, turn in enumerate(turns))
        + "</div>"
    )


def _turn(number: int, question: str, answer: Answer | str, language: str) -> str:
    asked = f'<p class="asked">{safe(question)}</p>'
    if isinstance(answer, str):
        return f'<section class="turn">{asked}<div class="answer pending">{safe(answer)}</div></section>'
    return f'<section class="turn">{asked}{answer_html(answer, language, number)}</section>'


def answer_html(answer: Answer, language: str, turn: int = 0) -> str:
    """One answer with its quotes below it; a refusal looks different."""
    words = strings(language)
    text = _with_buttons(answer, words, turn)
    note = f'<p class="note">{safe(answer.note)}</p>' if answer.note else ""
    title = words["sources"] if answer.answered else words["nearest"]
    quotes = "".join(_quote_html(citation, words, turn) for citation in answer.citations)
    cards = f'<h3 class="quotes-title">{safe(title)}</h3><ol class="quotes">{quotes}</ol>' if quotes else ""
    took = words["took"].format(mode=words[answer.mode], ms=f"{answer.timings_ms.get('total', 0):.0f}")
    kind = "answer" if answer.answered else "answer refusal"
    return f'<div class="{kind}" lang="{safe(answer.language)}"><p class="said">{text}</p>{note}{cards}<p class="small">{safe(took)}</p></div>'


def _with_buttons(answer: Answer, words: dict[str, str], turn: int) -> str:
    """The answer's text with bold parts, and a button for each marker that has a citation."""
    text = _STRUCK.sub(r"<s>\1</s>", _BOLD.sub(r"<strong>\1</strong>", safe(answer.text)))
    for citation in answer.citations:
        text = text.replace(f"[{citation.marker}]", _button(citation, words, turn))
    return text


def _button(citation: Citation, words: dict[str, str], turn: int) -> str:
    label = words["show"].format(marker=citation.marker)
    return f'<button type="button" class="cite" {_target(citation.place)} aria-describedby="quote-{turn}-{citation.marker}" aria-label="{safe(label)}">{citation.marker}</button>'


def _target(place: Place) -> str:
    data = {"article": place.article, "version": place.version, "start": place.start, "end": place.end}
    return " ".join(f'data-{name}="{safe(str(value))}"' for name, value in data.items())


def _quote_html(citation: Citation, words: dict[str, str], turn: int) -> str:
    status = f'<span class="status {citation.status}" title="{safe(words[citation.status])}">{_STATUS_SIGN[citation.status]}<span class="hidden"> {safe(words[citation.status])}</span></span>'
    reason = f'<p class="reason">{safe(citation.reason)}</p>' if citation.reason else ""
    sides = [
        f'{reason}<blockquote {_target(citation.place)} lang="{safe(citation.language)}">{status}{safe(citation.quote)}{_where(citation.place, words)}</blockquote>'
    ]
    other = _other_language(citation)
    if other is not None:
        sides.append(
            f'<blockquote class="twin" {_target(other)} lang="{safe(other.language)}">{safe(other.text)}{_where(other, words)}</blockquote>'
        )
    else:
        sides.append(f'<p class="twin none">{safe(words["no_counterpart"])}</p>')
    return f'<li id="quote-{turn}-{citation.marker}" value="{citation.marker}">{"".join(sides)}</li>'


def _other_language(citation: Citation) -> Place | None:
    """The counterpart to show beside a quote: in another language if there is one, full text before digest."""
    ordered = sorted(citation.counterparts, key=lambda place: (place.language == citation.language, place.kind == "digest"))
    return ordered[0] if ordered else None


def _where(place: Place, words: dict[str, str]) -> str:
    return f"<cite>{safe(words[place.kind])} · {safe(place.language.upper())}</cite>"


def article_html(article: Article, comparison: Comparison, language: str) -> str:
    """The versions side by side, a row for each paragraph, paragraphs that say the same in one row, gaps shown."""
    words = strings(language)
    versions = sorted(article.versions, key=lambda v: (v.kind == "digest", v.kind != "original"))
    full = [version for version in versions if version.kind != "digest"] or versions
    heads = "".join(f'<th scope="col" lang="{safe(v.language)}">{_version_name(v, words)}</th>' for v in full[:2])
    rows = _rows(full[0], full[1], comparison) if len(full) > 1 else [([n], None) for n in _paragraphs(full[0])]
    body = "".join(_row(row, full, article, words) for row in rows)
    digests = "".join(_digest_html(version, article, words) for version in versions if version not in full[:2])
    return f'<article class="reader" data-article="{safe(article.id)}">{digests}<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></article>'


def _version_name(version: Version, words: dict[str, str]) -> str:
    return f"{safe(words[version.kind])} · {safe(version.language.upper())}"


def _paragraphs(version: Version) -> list[int]:
    return sorted({passage.paragraph for passage in version.passages})


def _rows(a: Version, b: Version, comparison: Comparison) -> list[tuple[list[int], list[int] | None]]:
    """Paragraph numbers of both versions in reading order; those that are aligned stand in one row."""
    links = sorted(
        {_oriented(pair.a, pair.b, a) for pair in comparison.paragraphs if {pair.a.version, pair.b.version} == {a.id, b.id}}
    )
    rows: list[tuple[list[int], list[int] | None]] = []
    left, right = _paragraphs(a), _paragraphs(b)
    i = j = 0
    for x, y in links:
        if x < i or y < j:
            if rows and (x in rows[-1][0] or y in (rows[-1][1] or [])):
                rows[-1][0].extend(n for n in [x] if n >= i)
                (rows[-1][1] or []).extend(n for n in [y] if n >= j)
                i, j = max(i, x + 1), max(j, y + 1)
            continue
        rows += [([n], []) for n in left if i <= n < x]
        rows += [([], [n]) for n in right if j <= n < y]
        rows.append(([x], [y]))
        i, j = x + 1, y + 1
    rows += [([n], []) for n in left if n >= i]
    rows += [([], [n]) for n in right if n >= j]
    return rows


def _oriented(first: Place, second: Place, a: Version) -> tuple[int, int]:
    return (first.paragraph, second.paragraph) if first.version == a.id else (second.paragraph, first.paragraph)


def _row(row: tuple[list[int], list[int] | None], versions: Sequence[Version], article: Article, words: dict[str, str]) -> str:
    cells = [row[0]] if row[1] is None else [row[0], row[1]]
    inner = ""
    for numbers, version in zip(cells, versions, strict=False):
        text = "".join(_paragraph_html(version, number, article) for number in numbers)
        inner += (
            f'<td lang="{safe(version.language)}">{text}</td>'
            if text
            else f'<td class="gap"><span>{safe(words["gap"])}</span></td>'
        )
    return f"<tr>{inner}</tr>"


def _paragraph_html(version: Version, number: int, article: Article) -> str:
    passages = [passage for passage in version.passages if passage.paragraph == number]
    role = passages[0].role
    spans = " ".join(
        f'<span class="s" {_target(sentence)} id="s-{safe(sentence.id)}">{safe(sentence.text)}</span>'
        for p in passages
        for sentence in p.sentences
    )
    tag = {"headline": "h2", "standfirst": "h3", "heading": "h4"}.get(role, "p")
    return f'<{tag} class="{role}">{spans}</{tag}>'


def _digest_html(version: Version, article: Article, words: dict[str, str]) -> str:
    body = "".join(_paragraph_html(version, number, article) for number in _paragraphs(version))
    return f'<details class="digest" lang="{safe(version.language)}"><summary>{_version_name(version, words)}</summary>{body}</details>'


def differences_html(article: Article, comparison: Comparison, language: str) -> str:
    """What the versions do not agree on; each place is a button that leads to it."""
    words = strings(language)
    if len(article.versions) < 2:
        return f'<p class="note">{safe(words["one_version"])}</p>'
    if not comparison.differences:
        return f'<p class="note">{safe(words["no_differences"])}</p>'
    return '<ul class="differences">' + "".join(_difference_html(d, words) for d in comparison.differences) + "</ul>"


def _difference_html(difference: Difference, words: dict[str, str]) -> str:
    places = [place for place in (difference.a, difference.b) if place is not None]
    quotes = "".join(
        f'<button type="button" class="cite place" {_target(place)} lang="{safe(place.language)}">{safe(place.text)}</button>'
        for place in places
    )
    detail = f'<span class="detail">{safe(difference.detail)}</span>' if len(places) == 2 else ""
    return f'<li class="{difference.kind}"><b>{safe(words["kind_" + difference.kind])}</b> {detail}{quotes}</li>'
