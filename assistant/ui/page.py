"""The page: ask on one side, read and check on the other."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.answer import Answer, Piece
from assistant.ui.render import answer_html, article_html, conversation_html, differences_html, safe
from assistant.ui.strings import LANGUAGES, preferred, strings
from index.errors import DoichieuError

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.settings import Settings

HERE = Path(__file__).parent
EXAMPLES = {
    "vi": ("Bài báo nói về điều gì?", "Ai viết bài này?", "Bản tóm tắt bỏ qua điều gì?"),
    "en": ("What is the article about?", "Who wrote it?", "What does the digest leave out?"),
}
Turns = list[tuple[str, Answer]]


def build_page(assistant: "Assistant") -> gr.Blocks:
    """The page over an assistant; one page serves every visitor, what a visitor asked stays in his session."""
    articles = assistant.library.articles()
    with gr.Blocks(title="Doichieu", analytics_enabled=False, fill_width=True) as page:
        words = strings("vi")
        turns, language = gr.State([]), gr.State("vi")
        with gr.Row(elem_id="top"):
            masthead = gr.HTML(_masthead("vi"), scale=5)
            page_language = gr.Radio(
                [(name, code) for code, name in LANGUAGES.items()],
                value="vi",
                show_label=False,
                container=False,
                elem_id="page-language",
                scale=1,
            )
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=5, min_width=320):
                talk = gr.HTML(_welcome("vi"), elem_id="conversation")
                with gr.Row():
                    question = gr.Textbox(
                        placeholder=words["placeholder"],
                        label=words["question"],
                        show_label=False,
                        scale=6,
                        elem_id="question",
                        max_length=4_000,
                        autofocus=True,
                    )
                    ask = gr.Button(words["ask"], variant="primary", scale=1, min_width=80, elem_id="ask")
                with gr.Row(elem_id="examples"):
                    examples = [gr.Button(text, size="sm", elem_classes="example", min_width=60) for text in EXAMPLES["vi"]]
                with gr.Row():
                    answer_in = gr.Dropdown(
                        _answer_choices("vi"), value="", label=words["answer_in"], elem_id="answer-in", scale=2
                    )
                    clear = gr.Button(words["clear"], size="sm", scale=1)
            with gr.Column(scale=7, min_width=320):
                chosen = gr.Dropdown(
                    list(articles), value=articles[0] if articles else None, label=words["article"], elem_id="article"
                )
                with gr.Tabs():
                    with gr.Tab(words["reader"], id="reader") as reader_tab:
                        reader = gr.HTML(elem_id="side")
                    with gr.Tab(words["compare"], id="compare") as compare_tab:
                        differences = gr.HTML(elem_id="differences")
        wanted = gr.Textbox(elem_id="wanted", visible="hidden", label="article")
        fetch = gr.Button("fetch", elem_id="fetch", visible="hidden")

        def show_article(name: str | None, shown_in: str) -> tuple[str, str]:
            if not name:
                return "", ""
            article, comparison = assistant.library.article(name), assistant.library.compare(name)
            return article_html(article, comparison, shown_in), differences_html(article, comparison, shown_in)

        def reply(asked: str, so_far: Turns, answer_language: str, shown_in: str) -> Iterator[tuple[Any, Any, Any, Any]]:
            yield from _reply(assistant, asked, so_far, answer_language, shown_in)

        def translate(shown_in: str, so_far: Turns, name: str | None) -> list[Any]:
            text = strings(shown_in)
            talk_now = conversation_html(so_far, shown_in) if so_far else _welcome(shown_in)
            return [
                shown_in,
                _masthead(shown_in),
                talk_now,
                gr.update(placeholder=text["placeholder"], label=text["question"]),
                text["ask"],
                gr.update(choices=_answer_choices(shown_in), label=text["answer_in"]),
                text["clear"],
                gr.update(label=text["article"]),
                gr.update(label=text["reader"]),
                gr.update(label=text["compare"]),
                *show_article(name, shown_in),
                *EXAMPLES[shown_in],
            ]

        def arrive(request: gr.Request) -> str:
            return preferred(request.headers.get("accept-language", ""))

        translated = [
            language,
            masthead,
            talk,
            question,
            ask,
            answer_in,
            clear,
            chosen,
            reader_tab,
            compare_tab,
            reader,
            differences,
            *examples,
        ]
        replied = [talk, question, turns, chosen]
        for trigger in (ask.click, question.submit):
            trigger(reply, [question, turns, answer_in, language], replied, api_name=False, show_progress="hidden")
        for example in examples:
            example.click(reply, [example, turns, answer_in, language], replied, api_name=False, show_progress="hidden")
        clear.click(lambda shown_in: ([], _welcome(shown_in)), [language], [turns, talk], api_name=False)
        chosen.change(show_article, [chosen, language], [reader, differences], api_name=False, show_progress="hidden")
        fetch.click(lambda name: name, [wanted], [chosen], api_name=False)
        page_language.change(translate, [page_language, turns, chosen], translated, api_name=False, show_progress="hidden")
        page.load(arrive, None, [page_language], api_name=False, show_progress="hidden").then(
            translate, [page_language, turns, chosen], translated, api_name=False, show_progress="hidden"
        )
    page.queue(max_size=64, default_concurrency_limit=8)
    return page


def _reply(
    assistant: "Assistant", asked: str, so_far: Turns, answer_language: str, shown_in: str
) -> Iterator[tuple[Any, Any, Any, Any]]:
    """The conversation as it grows; a question that cannot be asked says why and loses nothing."""
    history = [(question, answer.text) for question, answer in so_far]
    text = ""
    try:
        for event in assistant.stream(asked, history, language=answer_language or None):
            if isinstance(event, Piece):
                text += event.text
                yield conversation_html([*so_far, (asked, text)], shown_in), "", so_far, gr.skip()
            else:
                turns = [*so_far, (asked, event)]
                article = event.citations[0].article if event.citations else gr.skip()
                yield conversation_html(turns, shown_in), "", turns, article
    except DoichieuError as error:
        failed = strings(shown_in)["failed"].format(reason=error)
        shown = conversation_html(so_far, shown_in) + f'<p class="note" role="alert">{safe(failed)}</p>'
        yield shown, asked, so_far, gr.skip()


def _masthead(language: str) -> str:
    words = strings(language)
    return f'<header class="masthead"><h1>{safe(words["title"])}</h1><p>{safe(words["tagline"])}</p></header>'


def _welcome(language: str) -> str:
    return f'<p class="note">{safe(strings(language)["empty"])}</p>'


def _answer_choices(language: str) -> list[tuple[str, str]]:
    return [(strings(language)["as_asked"], ""), *((name, code) for code, name in LANGUAGES.items())]


def serve(settings: "Settings") -> None:
    """Open the library, serve the page, and stay until stopped.

    Raises:
        DoichieuError: the library cannot be opened.
    """
    import uvicorn

    from assistant.ui.web import build_app

    assistant = _open(settings)
    print(f"Doichieu: http://{settings.host}:{settings.port}", flush=True)  # noqa: T201 - the address that a user opens
    with assistant:
        uvicorn.run(
            build_app(assistant, build_page(assistant)),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            timeout_graceful_shutdown=5,
        )


def _open(settings: "Settings") -> "Assistant":
    """The assistant, its library built so that the next start is instant."""
    from assistant.engine import Assistant

    place = Path(settings.library) if settings.library else None
    assistant = Assistant.open(settings=settings, create=place is None or not place.is_file())
    if assistant.library.articles():
        # The first question loads what the others find in memory; no visitor should wait for it.
        assistant.ask("Who said what, and when?")
    return assistant


__all__ = ["answer_html", "build_page", "serve"]
