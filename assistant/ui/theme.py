"""How the page looks: Gradio's theme laid bare, and the page's own style and script in files that the server hands out."""

from pathlib import Path

import gradio as gr

STATIC = Path(__file__).parent / "static"
_PARTS = ("page", "chat", "reader", "compare", "library")
"""A style sheet and a script module each."""

# A custom event carries what the script has to say to Python; see send() in static/page.js.
BRIDGE = "element.addEventListener('send', (event) => trigger(event.detail.name, event.detail));"
HEAD = '<link rel="icon" href="/static/icon.svg">' + "".join(
    f'<link rel="stylesheet" href="/static/{part}.css">' for part in _PARTS
)
SCRIPT = "() => import('/static/page.js').then((page) => page.begin())"


def theme() -> gr.themes.Base:
    """System fonts and plain colours; nothing is fetched from anywhere."""
    return gr.themes.Base(
        primary_hue="red", neutral_hue="stone", font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
    )


def bridge(*names: str) -> str:
    """The script of an HTML component that takes these events from the page's script. Gradio wants to read their names in it."""
    return f"{BRIDGE} // {' '.join(map(repr, names))}"
