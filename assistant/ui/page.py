"""The page: ask on one side, read and check on the other. Layout, and what happens on which event; the HTML is made elsewhere."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.engine import Assistant
from assistant.feedback import Feedback, beside
from assistant.ui.api import may_change
from assistant.ui.chat import conversation_html, scope_html, suggestions_html
from assistant.ui.compare import compare_html
from assistant.ui.guard.refusal import told
from assistant.ui.head import head_html
from assistant.ui.history import Turns, from_browser, to_browser
from assistant.ui.html import safe, title_of
from assistant.ui.leaving import while_page_is_open
from assistant.ui.library import add_html, list_html, matching
from assistant.ui.reader import article_html
from assistant.ui.replies import rated, reply
from assistant.ui.strings import LANGUAGES, strings
from assistant.ui.suggested import Suggested
from assistant.ui.theme import bridge
from index.errors import DoichieuError, UnknownArticle
from index.formats import READERS

# What the browser keeps is the visitor's own and is checked whenever it is read; the key only keeps it from being read by accident.
_STORAGE = {"storage_key": "doichieu-conversation", "secret": "doichieu"}
_QUIET = {"api_name": False, "show_progress": "hidden"}


def build_page(assistant: Assistant, language: str) -> gr.Blocks:
    """The page in one language. One page serves every visitor; what a visitor asked stays in his browser."""
    return _Page(assistant, language).build()


def _html(value: str, name: str, *events: str) -> gr.HTML:
    """A part of the page that is made here, without Gradio's style; ``events`` are those that the page's script sends from it."""
    return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=bridge(*events) if events else None)


class _Page:
    """The components of one page, and what each event does to them."""

    def __init__(self, assistant: Assistant, language: str) -> None:
        self.assistant, self.library = assistant, assistant.library
        self.language, self.words = language, strings(language)
        self.feedback = Feedback(beside(self.library.path))
        self.suggested = Suggested(assistant, language, self.words)

    # Layout ------------------------------------------------------------------------------------------------------------------

    def build(self) -> gr.Blocks:
        words = self.words
        with gr.Blocks(title=words["title"], analytics_enabled=False, fill_width=True) as page:
            self.history = gr.BrowserState([], **_STORAGE)
            self.article, self.scope = gr.State(None), gr.State([])
            _html(head_html(words, self.language), "masthead")
            with gr.Row(elem_id="room"):
                with gr.Column(elem_id="talk-pane", min_width=300):
                    self._build_talk()
                with gr.Column(elem_id="read-pane", min_width=300):
                    self._build_side()
            self._bind(page)
        page.queue(max_size=64, default_concurrency_limit=8)
        return page

    def _build_talk(self) -> None:
        words = self.words
        events = ("submit", "edit", "retry", "like", "word", "open", "clear")
        self.talk = _html(conversation_html((), words), "talk", *events)
        self.suggestions = _html("", "suggestions")
        with gr.Row(elem_id="composer"):
            self.question = gr.Textbox(
                placeholder=words["placeholder"],
                label=words["question"],
                show_label=False,
                container=False,
                max_lines=5,
                max_length=4_000,
                elem_id="question",
                autofocus=True,
            )
            self.ask = gr.Button(words["ask"], variant="primary", elem_id="ask", min_width=72)
            self.stop = gr.Button(words["stop"], variant="secondary", elem_id="stop", min_width=72)
        with gr.Row(elem_id="settings"):
            choices = [(words["as_asked"], ""), *((name, code) for code, name in LANGUAGES.items())]
            self.answer_in = gr.Radio(choices, value="", label=words["answer_in"], elem_id="answer-in", container=False)
            self.limits = _html(scope_html((), words), "limits", "clear")
            buttons = f'<button type="button" class="plain" data-do="save" data-name="{safe(words["saved_as"])}">{safe(words["save"])}</button>'
            buttons += f'<button type="button" class="plain" data-do="clear">{safe(words["clear"])}</button>'
            _html(f'<div class="row">{buttons}</div>', "keep")

    def _build_side(self) -> None:
        words = self.words
        with gr.Tabs(elem_id="side"):
            with gr.Tab(words["reader"], elem_id="tab-reader", render_children=True):
                self.reader = _html("", "reader")
            with gr.Tab(words["compare"], elem_id="tab-compare", render_children=True):
                self.compare = _html("", "compare")
            with gr.Tab(words["library"], elem_id="tab-library", render_children=True):
                with gr.Row(elem_id="find"):
                    self.query = gr.Textbox(label=words["filter"], placeholder=words["filter_hint"], elem_id="query", scale=3)
                    codes = sorted({v.language for versions in self.library.contents().values() for v in versions})
                    named = [(words["every_language"], ""), *((words.get(f"language_{code}", code), code) for code in codes)]
                    self.in_language = gr.Dropdown(named, value="", label=words["in_language"], elem_id="in-language", scale=1)
                self.shelf = _html("", "shelf", "choose", "changed")
                if may_change(self.assistant.settings, self.library):
                    _html(add_html(words, sorted(READERS), self.assistant.settings.max_upload_mb), "add")
                else:
                    _html(f'<p class="hint">{safe(words["read_only"])}</p>', "add")

    # Events ------------------------------------------------------------------------------------------------------------------

    def _bind(self, page: gr.Blocks) -> None:
        talk = [self.talk, self.question, self.history, self.article]
        asked = [self.history, self.answer_in, self.scope]
        # A model that was stopped may be silent for a while yet; the next question does not wait for it.
        freely = {**_QUIET, "trigger_mode": "multiple"}
        replies = [
            gr.on([self.ask.click, self.question.submit], self._ask, [self.question, *asked], talk, **freely),
            self.talk.submit(self._ask_suggested, asked, talk, **freely),
            self.talk.edit(self._ask_anew, asked, talk, **freely),
            self.talk.retry(self._ask_anew, asked, talk, **freely),
        ]
        self.stop.click(self._show, [self.history], [self.talk], cancels=replies, queue=False, **_QUIET)
        self.talk.like(self._rate, [self.history], [self.talk, self.history], **_QUIET)
        self.talk.word(self._add_word, [self.history], None, **_QUIET)
        self.talk.clear(self._begin_anew, None, [self.talk, self.history], **_QUIET)
        self.talk.open(self._turn_to, None, [self.article], **_QUIET)
        listed = [self.query, self.in_language, self.scope]
        chosen = [self.scope, self.limits]
        self.shelf.choose(self._choose, [self.scope], chosen, **_QUIET)
        self.limits.clear(self._ask_all, None, chosen, **_QUIET)
        opened = self.article.change(self._open, [self.article], [self.reader, self.compare, self.suggestions], **_QUIET)
        if self.assistant.settings.model:
            opened.then(self._suggest, [self.article], [self.suggestions], **_QUIET)
        gr.on(
            [self.query.input, self.in_language.change],
            self._list,
            listed,
            [self.shelf],
            trigger_mode="always_last",
            **_QUIET,
        )
        self.shelf.changed(self._changed, [*listed, self.article], [self.shelf, *chosen, self.article], **_QUIET)
        page.load(self._arrive, [self.history], [self.talk, self.article, self.shelf], **_QUIET)

    def _turns(self, kept: Any) -> Turns:
        return from_browser(kept, self.library, self.words["gone"])

    def _arrive(self, kept: Any) -> tuple[str, str | None, str]:
        """A visitor comes, or comes back: his conversation, the article that it was about, the library."""
        turns, names = self._turns(kept), self.library.articles()
        cited = [citation.article for turn in reversed(turns) for citation in turn.answer.citations if citation.article in names]
        article = cited[0] if cited else names[0] if names else None
        return conversation_html(turns, self.words), article, self._list("", "", [])

    def _ask(self, question: str, kept: Any, answer_in: str, scope: list[str]) -> Iterator[tuple[Any, ...]]:
        """The conversation as it grows; a question that cannot be asked says why and loses nothing."""
        yield from self._reply(question, self._turns(kept), answer_in, scope)

    def _ask_suggested(self, kept: Any, answer_in: str, scope: list[str], event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        yield from self._reply(event.question, self._turns(kept), answer_in, scope)

    def _ask_anew(self, kept: Any, answer_in: str, scope: list[str], event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """Answer a turn's question again, perhaps in other words; what came after it goes."""
        turns, number = self._turns(kept), event.turn
        if number < len(turns):
            yield from self._reply(event.question or turns[number].question, turns[:number], answer_in, scope)

    def _reply(self, question: str, turns: Turns, answer_in: str, scope: list[str]) -> Iterator[tuple[Any, ...]]:
        stopped, limits = self.words["stopped"], scope or None
        try:
            events = reply(self.assistant, question, turns, language=answer_in or None, articles=limits, stopped=stopped)
            box: Any = ""
            for grown, whole in while_page_is_open(events):
                citations = grown[-1].answer.citations
                article = citations[0].article if whole and citations else gr.skip()
                yield conversation_html(grown, self.words, whole=whole), box, to_browser(grown), article
                # The next question may be being typed.
                box = gr.skip()
        except DoichieuError as error:
            yield conversation_html(turns, self.words, problem=told(error, self.words)), question, gr.skip(), gr.skip()

    def _show(self, kept: Any) -> str:
        return conversation_html(self._turns(kept), self.words)

    def _begin_anew(self) -> tuple[str, list[Any]]:
        return conversation_html((), self.words), []

    def _turn_to(self, event: gr.EventData) -> str:
        return str(event.article)

    def _rate(self, kept: Any, event: gr.EventData) -> tuple[str, list[Any]]:
        turns = self._turns(kept)
        if event.turn < len(turns):
            turns = rated(turns, event.turn, bool(event.liked), self.feedback)
        return conversation_html(turns, self.words), to_browser(turns)

    def _add_word(self, kept: Any, event: gr.EventData) -> None:
        turns = self._turns(kept)
        if event.turn < len(turns):
            self.feedback.add_word(turns[event.turn].id, str(event.word))

    def _open(self, name: str | None) -> tuple[str, str, str]:
        """An article beside the conversation, with questions to begin with."""
        try:
            if name is None:
                raise UnknownArticle(self.words["no_article"])
            article, comparison = self.library.article(name), self.library.compare(name)
        except UnknownArticle as error:
            return f'<p class="empty">{safe(str(error))}</p>', "", ""
        return (
            article_html(article, comparison, self.words),
            compare_html(article, comparison, self.words),
            suggestions_html(self.suggested.at_once(article, comparison), self.words),
        )

    def _suggest(self, name: str | None) -> Any:
        """The chat model takes its time; an article is there before."""
        known = name is not None and name in self.library.articles()
        return suggestions_html(self.suggested.with_model(str(name)), self.words) if known else gr.skip()

    def _list(self, query: str | None, language: str, scope: list[str]) -> str:
        contents, query = self.library.contents(), (query or "").strip()
        hits = self.library.search(query[:1_000], k=50) if query else []
        # Far behind the best hit, an article no longer fits; it is merely the next one there is.
        found = [hit.passage.article for hit in hits if hit.score >= hits[0].score / 2]
        shown = matching(contents, query, language, found)
        return list_html(
            contents, shown, scope, self.words, self.language, may_change=may_change(self.assistant.settings, self.library)
        )

    def _choose(self, scope: list[str], event: gr.EventData) -> tuple[list[str], str]:
        """An article is chosen for questions, or no longer."""
        others = [name for name in scope if name != event.article]
        chosen = [*others, str(event.article)] if event.chosen else others
        return chosen, self._limits(chosen)

    def _ask_all(self) -> tuple[list[str], str]:
        return [], self._limits([])

    def _limits(self, scope: list[str]) -> str:
        contents = self.library.contents()
        return scope_html([title_of(name, contents.get(name, ()), self.language) for name in scope], self.words)

    def _changed(self, query: str | None, language: str, scope: list[str], article: str | None) -> tuple[Any, ...]:
        """Articles came or went."""
        names = self.library.articles()
        left = [name for name in scope if name in names]
        now = article if article in names else names[0] if names else None
        return self._list(query, language, left), left, self._limits(left), now
