"""Every naughty string in every field of the page, in a real browser without the policy that would stop what got through."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.ui.chat import conversation_html
from assistant.ui.compare import compare_html
from assistant.ui.history import Turn
from assistant.ui.library import list_html
from assistant.ui.reader import article_html
from assistant.ui.strings import strings
from index.errors import QuestionError

pytestmark = pytest.mark.e2e
# What the page itself is made of; anything else was made by an article or a question.
FOREIGN = """() => {
  const tags = "script img iframe object embed video audio style link meta base marquee math template foreignobject animate set use".split(" ");
  const active = (e) => e.getAttributeNames().some((name) => name.startsWith("on") || name === "srcdoc");
  const leads = (e) => e.hasAttribute("href") && !/^https?:/.test(e.getAttribute("href"));
  return [...document.body.querySelectorAll("*")]
    .filter((e) => tags.includes(e.tagName.toLowerCase()) || active(e) || leads(e))
    .map((e) => e.outerHTML.slice(0, 200));
}"""


def everything(folder: Path, asked: list[str]) -> list[str]:
    """All parts of the page over a folder, and the conversation after each question."""
    words = strings("en")
    with Assistant.open(folder) as assistant:
        library = assistant.library
        parts = [list_html(library.contents(), library.articles(), (), words, "en", may_change=True)]
        for name in library.articles():
            article, comparison = library.article(name), library.compare(name)
            parts += [article_html(article, comparison, words), compare_html(article, comparison, words)]
        for number, text in enumerate(asked):
            limits = [library.articles()[number % len(library.articles())]]
            try:
                turn = Turn(text, assistant.ask(text, [(text, text)], articles=limits))
            except QuestionError as error:
                parts.append(conversation_html((), words, problem=str(error)))
                continue
            parts.append(conversation_html((turn,), words))
    return parts


def batched(parts: list[str], size: int) -> Iterator[list[str]]:
    for begin in range(0, len(parts), size):
        yield parts[begin : begin + size]


@pytest.mark.threat("every field a naughty string")
@pytest.mark.parametrize("step", [24, pytest.param(1, marks=pytest.mark.slow)])
def test_no_naughty_string_becomes_an_element_or_a_request_or_runs(
    step: int, browser: Any, naughty: Path, naughty_strings: list[str], tried: Callable[[int], None], tmp_path: Path
) -> None:
    for file in sorted(naughty.iterdir())[::step]:
        (tmp_path / file.name).write_bytes(file.read_bytes())
    page = browser.new_page()
    happened: list[str] = []
    page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: happened.append(request.url))
    for parts in batched(everything(tmp_path, naughty_strings[::step]), 25):
        tried(len(parts))
        page.set_content("".join(parts), wait_until="domcontentloaded")
        assert page.evaluate(FOREIGN) == []
    assert happened == []
    page.close()
