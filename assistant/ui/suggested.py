"""Questions to begin with: what can be asked of any article, of the names that one says most, and what a chat model would ask."""

from itertools import islice

from assistant.engine import Assistant
from assistant.suggestions import names_most_said
from assistant.ui.html import Words, in_language
from index.article import Article, Comparison

NAMES = 2
"""Names that a question is suggested about."""
TRIED = 6
"""Names that are tried for it."""


class Suggested:
    """Questions in one language that articles answer; others are not offered.

    Args:
        assistant: answers them, quoting, and asks its chat model.
        language: of the page.
        words: of the page.
    """

    def __init__(self, assistant: Assistant, language: str, words: Words) -> None:
        self._assistant, self._quoting = assistant, assistant.quoting
        self._language, self._words = language, words
        self._by_model: dict[str, list[str]] = {}

    def at_once(self, article: Article, comparison: Comparison) -> list[str]:
        """Of the article itself, and of the names that it says most in the page's language; ``comparison`` is of its versions."""
        words, name = self._words, article.id
        asked = [words["about_summary"]]
        if any(version.byline for version in article.versions):
            asked.append(words["about_author"])
        if any(difference.kind == "left-out" for difference in comparison.differences):
            asked.append(words["about_left_out"])
        names = names_most_said(in_language(article.versions, self._language)[0], TRIED)
        about = (question for said in names if self._is_answered(question := words["about_name"].format(name=said), name))
        return [*(question for question in asked if self._is_answered(question, name)), *islice(about, NAMES)]

    def with_model(self, name: str) -> list[str]:
        """What the chat model would ask, before the others; the model is asked once for each article, since each call is paid.

        Raises ``UnknownArticle``.
        """
        asked = self._by_model.get(name) or self._assistant.suggest(name, self._language)
        if asked:
            self._by_model[name] = asked
        library = self._assistant.library
        return list(dict.fromkeys([*asked, *self.at_once(library.article(name), library.compare(name))]))

    def _is_answered(self, question: str, name: str) -> bool:
        return self._quoting.ask(question, articles=[name]).answered
