"""What answers the cases: Doichieu itself, or any function from a question to a text and the contexts it used."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from assistant.engine import Assistant
from assistant.evaluation.cases import Case
from assistant.evaluation.response import Quote, Response, from_answer
from assistant.evaluation.scoring import K, Sources
from index.errors import DoichieuError
from index.language import detect_language


class System(Protocol):
    """Answers cases.

    Attributes:
        name: as reports show it.
        fingerprint: of everything that its answers depend on besides the case; answers are kept under it.
        sources: what scoring needs of its library.
    """

    name: str
    fingerprint: str
    sources: Sources

    def respond(self, case: Case) -> Response:
        """Answer one case."""
        ...


class AssistantSystem:
    """An ``Assistant`` with its library."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        model = assistant.settings.model
        self.name = f"doichieu {model}" if model else "doichieu"
        self.fingerprint = _fingerprint(assistant)
        self.sources = Sources(self._text, assistant.library.names)

    def respond(self, case: Case) -> Response:
        """Ask the assistant, and search for the question as it was understood."""
        answer = self._assistant.ask(case.question, case.history, language=case.answer_language, articles=case.articles)
        return from_answer(answer, self._assistant.library.search(answer.searched, k=K, articles=case.articles))

    def _text(self, quote: Quote) -> str | None:
        try:
            return self._assistant.library.article(quote.article).text(quote.file)
        except (DoichieuError, KeyError):
            return None


def _fingerprint(assistant: Assistant) -> str:
    settings = assistant.settings
    parts = [
        settings.model,
        settings.base_url,
        settings.unsupported,
        str(settings.token_budget),
        assistant.library.embedder.fingerprint,
    ]
    for name in assistant.library.articles():
        parts += [f"{source.file} {source.sha256}" for source in assistant.library.article(name).sources]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


Answering = Callable[[str], tuple[str, Sequence[str]]]


class FunctionSystem:
    """Another system: a function from a question to its answer and the texts of the passages it used, best first.

    Args:
        answer: the function.
        name: as reports show it.
        refuses: tells whether a text is a refusal; by default, an empty text is.

    Its citations cannot be judged, as it gives none; retrieval, facts, language and refusals can.
    """

    def __init__(self, answer: Answering, *, name: str = "function", refuses: Callable[[str], bool] | None = None) -> None:
        self._answer = answer
        self._refuses = refuses or (lambda text: not text.strip())
        self.name = name
        self.fingerprint = name
        self.sources = Sources()

    def respond(self, case: Case) -> Response:
        """Call the function with the question alone."""
        text, contexts = self._answer(case.question)
        return Response(
            text=text,
            language=detect_language(text, default=case.language) if text.strip() else case.language,
            answered=not self._refuses(text),
            contexts=tuple(Quote(context) for context in contexts),
        )


def as_target(assistant: Assistant) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The assistant as other evaluators call one: ``{"question": ...}`` in; ``answer``, ``citations`` and ``retrieved_contexts`` out."""
    system = AssistantSystem(assistant)

    def target(inputs: dict[str, Any]) -> dict[str, Any]:
        question = str(inputs["question"])
        response = system.respond(Case(id="target", question=question, language=detect_language(question)))
        return {
            "answer": response.text,
            "citations": [cited.quote.text for cited in response.quoted],
            "retrieved_contexts": [context.text for context in response.contexts],
        }

    return target
