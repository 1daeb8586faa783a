"""The head of the page as HTML: its name, which side a narrow screen shows, the languages, light or dark."""

from assistant.ui.html import Words, icon_button, safe
from assistant.ui.strings import LANGUAGES


def head_html(words: Words, language: str) -> str:
    """The head of the page in a language."""
    panes = "".join(
        f'<button type="button" data-do="pane" data-pane="{pane}">{safe(words["pane_" + pane])}</button>'
        for pane in ("talk", "read")
    )
    theme = icon_button("theme", words["theme"], 'data-do="theme"')
    return (
        f'<header lang="{language}"><a class="skip" href="#question">{safe(words["skip"])}</a>'
        f'<h1>{safe(words["title"])}</h1><p>{safe(words["tagline"])}</p><div class="panes">{panes}</div>'
        f'<nav aria-label="{safe(words["page_language"])}">{"".join(_link(code, name, code == language) for code, name in LANGUAGES.items())}</nav>'
        f"{theme}</header>"
    )


def _link(code: str, name: str, current: bool) -> str:
    mark = 'aria-current="true"' if current else ""
    return f'<a href="/{code}/" lang="{code}" {mark}><span class="long">{safe(name)}</span><span class="short">{code.upper()}</span></a>'
