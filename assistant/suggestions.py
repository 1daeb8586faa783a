"""What a chat model words beside answers: a conversation's title, questions that an article answers. Each has a plain form for when it fails."""

import logging
import secrets
from collections import Counter
from collections.abc import Callable

from assistant.chat_model import ChatModel
from index.article import Version
from index.errors import ModelError
from index.names import find_names
from index.text import visible
from prompts import language_name, load_prompt

LONGEST_TITLE = 60
"""Characters."""
LONGEST_SUGGESTION = 120
SHOWN = 6_000
"""Characters of an article that questions are made from."""

log = logging.getLogger(__name__)


def title_of(question: str, language: str, model: ChatModel | None = None) -> str:
    """A title of a few words for the conversation that a question begins; without a model, the question's own beginning."""
    lines = _lines(model, "title", language, question=visible(question)) if model else []
    title = lines[0].rstrip(".") if len(lines) == 1 and len(lines[0]) <= LONGEST_TITLE else " ".join(visible(question).split())
    return title if len(title) <= LONGEST_TITLE else title[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def names_most_said(version: Version, count: int) -> list[str]:
    """The names that a text says most often, at most ``count``: what it can surely be asked about."""
    said = Counter(name.text for sentence in version.sentences if sentence.role == "body" for name in find_names(sentence.text))
    return [name for name, _ in sorted(said.items(), key=lambda item: (-item[1], item[0]))[:count]]


def suggest_questions(
    version: Version, language: str, model: ChatModel, is_answered: Callable[[str], bool], count: int = 3
) -> list[str]:
    """Questions that a reader could ask of an article, at most ``count``; none where the model has none that the articles answer.

    Args:
        version: the text that the model is shown.
        language: of the questions.
        model: writes them.
        is_answered: whether a question gets an answer; what the model makes up is not offered.
        count: most questions.
    """
    text = "\n".join(
        passage.text for passage in version.passages if passage.role in ("headline", "standfirst", "dateline", "body")
    )
    lines = _lines(model, "suggestions", language, passages=visible(text)[:SHOWN], count=str(count))
    asked = [line.lstrip("-*•0123456789.) ") for line in lines]
    fitting = [question for question in dict.fromkeys(asked) if question.endswith("?") and len(question) <= LONGEST_SUGGESTION]
    return [question for question in fitting[: 2 * count] if is_answered(question)][:count]


def _lines(model: ChatModel, prompt: str, language: str, **values: str) -> list[str]:
    """What the model wrote, without empty lines and quotation marks; nothing when it failed."""
    fence = f"=== {secrets.token_hex(8)} ==="
    values = {"fence": fence, "language": language_name(language)} | values
    try:
        reply = model.reply([("human", load_prompt(prompt, language).render(**values))])
    except ModelError as error:
        log.warning("%s", error)
        return []
    return [line for part in visible(reply).splitlines() if (line := " ".join(part.split()).strip('"“”*# '))]
