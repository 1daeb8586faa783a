"""What the tests of hostile input share: a look at what a reader would be given."""

import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

from assistant import Answer

# What our own pages are made of; anything else came out of an article, a question or a model.
TAGS = frozenset(
    """a article b blockquote button caption cite dd del details div dl dt em figcaption figure footer h2 h3 h4 header i input ins label li mark meter nav ol option p path
    progress q rect section select small span strong s sub summary sup svg table tbody td th thead time title tr ul u""".split()
)


class Markup(HTMLParser):
    """Fails on a tag or an attribute that can do something."""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attributes:
            assert not name.startswith("on"), name
            assert name not in ("src", "srcdoc", "srcset", "formaction", "style"), name
            if name == "href":
                assert re.match(r"https?://|#|mailto:", value or ""), value


def assert_harmless_html(html: str) -> None:
    parser = Markup()
    parser.feed(html)
    parser.close()
    assert_nothing_hidden(html)


def assert_nothing_hidden(text: str) -> None:
    """No bidirectional control, tag, zero-width character; no control that a terminal obeys; joiners only inside emoji."""
    for i, c in enumerate(text):
        assert not (unicodedata.category(c) == "Cc" and c not in "\n\t\r\f\v\x1c\x1d\x1e\x1f\x85"), repr(
            text[max(0, i - 20) : i + 20]
        )
        assert c not in "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff", repr(
            text[max(0, i - 20) : i + 20]
        )


def assert_safe_in_a_terminal(text: str) -> None:
    assert_nothing_hidden(text)
    assert not [c for c in text if c != "\n" and unicodedata.category(c) == "Cc"]


def assert_exact(answer: Answer, texts: dict[str, str]) -> None:
    """Every quote and counterpart stands in its file, character for character."""
    for citation in answer.citations:
        for place in (citation.place, *citation.counterparts):
            assert texts[place.file][place.start : place.end] == place.text, place


def read_texts(folder: Path) -> dict[str, str]:
    """Names and texts of the plain files of a folder."""
    return {path.name: path.read_bytes().decode() for path in folder.glob("*.txt")}
