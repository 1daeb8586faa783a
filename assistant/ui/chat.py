"""A conversation as HTML. Pure functions; whatever comes from an article, a question or a model is escaped."""

import re
from collections.abc import Sequence

from assistant.answer import Answer, Citation
from assistant.rendering import answer_to_markdown
from assistant.ui.history import Turn, Turns
from assistant.ui.html import Words, icon_button, safe, target, version_name
from index.article import Place

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_MARKER = re.compile(r"\[\d+\]")
_STRUCK = re.compile(r"~~(.+?)~~")
_STATUS_SIGN = {"verbatim": "✓", "altered": "≈", "unsupported": "✕"}


def conversation_html(turns: Turns, words: Words, *, whole: bool = True, problem: str = "") -> str:
    """Every turn, or a welcome; ``whole`` is False while the last answer still grows, ``problem`` says why a question was not answered."""
    if not turns and not problem:
        return f'<div class="welcome"><h2>{safe(words["welcome"])}</h2><p>{safe(words["welcome_hint"])}</p></div>'
    last = len(turns) - 1
    shown = "".join(_turn_html(n, turn, words, latest=n == last, whole=whole or n < last) for n, turn in enumerate(turns))
    alert = f'<p class="problem" role="alert">{safe(words["failed"].format(reason=problem))}</p>' if problem else ""
    told = " ".join(
        f'data-{key.replace("_", "-")}="{safe(words[key])}"' for key in ("edit_ask", "edit_cancel", "copied", "thanks")
    )
    return f'<div class="talk" role="log" aria-label="{safe(words["conversation"])}" {told}>{shown}{alert}</div>'


def _turn_html(number: int, turn: Turn, words: Words, *, latest: bool, whole: bool) -> str:
    edit = icon_button("edit", words["edit"], 'data-do="edit"') if whole else ""
    asked = f'<div class="asked"><p dir="auto">{safe(turn.question)}</p>{edit}</div>'
    answer = answer_html(turn.answer, words, number, latest=latest) if whole else _growing_html(turn.answer, words, number)
    actions = _actions(turn, words) if whole else ""
    kept = f'data-markdown="{safe(answer_to_markdown(turn.answer))}"' if whole else ""
    return f'<section class="turn" data-turn="{number}" {kept}>{asked}{answer}{actions}</section>'


def _growing_html(answer: Answer, words: Words, turn: int) -> str:
    said = _with_markers(answer, words, turn) or f'<span class="thinking">{safe(words["thinking"])}</span>'
    return f'<div class="answer pending" aria-busy="true"><p class="said">{said}</p></div>'


def answer_html(answer: Answer, words: Words, turn: int = 0, *, latest: bool = True) -> str:
    """One answer with its quotes below it, open for the latest; a refusal looks different."""
    refusal = "" if answer.answered else f'<p class="verdict">{safe(words["refused"])}</p>'
    note = f'<p class="note">{safe(answer.note)}</p>' if answer.note else ""
    took = words["took"].format(mode=words[answer.mode], ms=f"{answer.timings_ms.get('total', 0):.0f}")
    said = f'<p class="said" lang="{safe(answer.language)}" dir="auto">{_with_markers(answer, words, turn)}</p>'
    quotes = _quotes_html(answer, words, turn, opened=latest)
    kind = "answer" if answer.answered else "answer refusal"
    return f'<div class="{kind}">{refusal}{said}{note}{quotes}<p class="small">{safe(took)}</p></div>'


def _with_markers(answer: Answer, words: Words, turn: int) -> str:
    """The answer's text with bold and struck parts, and a button for each marker that has a citation."""
    text = _STRUCK.sub(r"<s>\1</s>", _BOLD.sub(r"<strong>\1</strong>", safe(answer.text)))
    buttons = {f"[{citation.marker}]": _marker(citation, words, turn) for citation in answer.citations}
    # In one go: the name of an article in a button may itself look like a marker.
    return _MARKER.sub(lambda found: buttons.get(found.group(), found.group()), text)


def _marker(citation: Citation, words: Words, turn: int) -> str:
    label = f"{words['show'].format(marker=citation.marker)} ({words[citation.status]})"
    attributes = f'{target(citation.place)} data-quote="quote-{turn}-{citation.marker}" aria-label="{safe(label)}"'
    return f'<button type="button" class="cite {citation.status}" {attributes}>{citation.marker}</button>'


def _quotes_html(answer: Answer, words: Words, turn: int, *, opened: bool) -> str:
    if not answer.citations:
        return ""
    count = len(answer.citations)
    title = words["nearest"] if not answer.answered else words["source" if count == 1 else "sources"].format(count=count)
    quotes = "".join(_quote_html(citation, words, turn) for citation in answer.citations)
    state = "open" if opened else ""
    return f'<details class="sources" {state}><summary>{safe(title)}</summary><ol class="quotes">{quotes}</ol></details>'


def _quote_html(citation: Citation, words: Words, turn: int) -> str:
    """A quote beside its counterpart; each half leads to its place in the article."""
    reason = f'<p class="reason">{safe(citation.reason)}</p>' if citation.reason else ""
    other = _other_language(citation)
    twin = _half(other, words, "twin") if other else f'<p class="twin none">{safe(words["no_counterpart"])}</p>'
    first = _half(citation.place, words, "own", _status(citation, words))
    return f'<li id="quote-{turn}-{citation.marker}" value="{citation.marker}">{reason}{first}{twin}</li>'


def _status(citation: Citation, words: Words) -> str:
    """Told apart by sign, shape and colour, and said to those who see none of them."""
    label = safe(words[citation.status])
    return f'<span class="status {citation.status}" title="{label}">{_STATUS_SIGN[citation.status]}<span class="hidden"> {label}</span></span>'


def _half(place: Place, words: Words, kind: str, status: str = "") -> str:
    quote = f'<q lang="{safe(place.language)}" dir="auto">{safe(place.text)}</q>'
    source = f'<span class="source">{status}{version_name(place, words)}</span>'
    return f'<button type="button" class="half {kind}" {target(place)}>{source}{quote}</button>'


def _other_language(citation: Citation) -> Place | None:
    """The counterpart to show beside a quote: in another language if there is one, full text before digest."""
    ordered = sorted(citation.counterparts, key=lambda place: (place.language == citation.language, place.kind == "digest"))
    return ordered[0] if ordered else None


def _actions(turn: Turn, words: Words) -> str:
    """What can be done with an answer: copy it, ask anew, say whether it is good."""
    rate = "".join(
        icon_button(
            name, words[name], f'data-do="rate" data-liked="{int(liked)}" aria-pressed="{str(turn.liked is liked).lower()}"'
        )
        for name, liked in (("like", True), ("dislike", False))
    )
    copy = icon_button("copy", words["copy"], 'data-do="copy"')
    retry = icon_button("retry", words["retry"], 'data-do="retry"')
    return f'<div class="actions">{copy}{retry}{rate}{_word_form(words) if turn.liked is not None else ""}</div>'


def _word_form(words: Words) -> str:
    label = safe(words["word"])
    return (
        f'<form class="word" data-do="word"><input name="word" maxlength="500" aria-label="{label}" placeholder="{label}">'
        f'<button type="submit" class="plain">{safe(words["word_send"])}</button></form>'
    )


def suggestions_html(questions: Sequence[str], words: Words) -> str:
    """Questions to begin with, each a button that asks it."""
    buttons = "".join(
        f'<li><button type="button" class="plain" data-do="ask" data-question="{safe(q)}">{safe(q)}</button></li>'
        for q in questions
    )
    return f'<ul class="suggestions" aria-label="{safe(words["suggestions"])}">{buttons}</ul>' if questions else ""


def scope_html(titles: Sequence[str], words: Words) -> str:
    """Which articles a question is asked of: ``titles`` of the chosen ones, none for all."""
    if not titles:
        return f'<p class="scope">{safe(words["scope_all"])}</p>'
    said = words["scope_one"].format(title=titles[0]) if len(titles) == 1 else words["scope_some"].format(count=len(titles))
    clear = f'<button type="button" class="plain" data-do="everywhere">{safe(words["scope_clear"])}</button>'
    return f'<p class="scope limited"><span>{safe(said)}</span>{clear}</p>'
