"""What a chat model is shown: passages under keys that nobody can guess, behind a fence that no article can forge."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.answer import Question
from assistant.chat_model import Message
from assistant.statements import Statement
from index.article import Passage
from index.text import visible
from prompts import language_name, load_prompt

CHARACTERS_A_TOKEN = 3
"""About; Vietnamese takes more tokens a character than English does."""
TURNS = 2
LONGEST_TURN = 400
"""Characters of an earlier question or answer."""


@dataclass(frozen=True, slots=True)
class Grounding:
    """One question's passages by their keys; keys and fence are drawn anew for each question."""

    question: Question
    passages: dict[str, Passage]
    fence: str = field(default_factory=lambda: _fence())

    def passage(self, key: str) -> Passage | None:
        """The passage that a model means by a key; None for a key that was never given out."""
        return self.passages.get(key.strip("[] "))

    def messages(self) -> list[Message]:
        """The rules, then the passages with the question."""
        language = self.question.language
        rules = load_prompt("answer", language).render(
            language=language_name(language), fence=self.fence, refusal=_refusal(language)
        )
        asked = load_prompt("question", language).render(
            fence=self.fence,
            passages="\n\n".join(_entry(key, passage) for key, passage in self.passages.items()),
            history=told(self.question.history),
            question=visible(self.question.text),
        )
        return [("system", rules), ("human", asked)]

    def repair(self, failed: Sequence[tuple[Statement, str]], reply: str) -> list[Message]:
        """What to say when statements did not stand: which, and why; with none, that nothing could be read."""
        language = self.question.language
        lines = "\n".join(f"{statement.as_line()}\n({reason})" for statement, reason in failed)
        wrong = load_prompt("repair", language).render(failed=lines or visible(reply)[:LONGEST_TURN], refusal=_refusal(language))
        return [*self.messages(), ("ai", lines or visible(reply)[:LONGEST_TURN]), ("human", wrong)]


def ground(question: Question, passages: Sequence[Passage], tokens: int) -> Grounding:
    """The best passages that fit into a budget of tokens, the question and the conversation counted in; never fewer than one."""
    room = tokens * CHARACTERS_A_TOKEN - len(question.text) - len(told(question.history))
    kept: dict[str, Passage] = {}
    for passage in passages:
        room -= len(passage.text) + 80
        if room < 0 and kept:
            break
        kept[secrets.token_hex(4)] = passage
    return Grounding(question, kept)


def condense(question: Question) -> list[Message]:
    """What to say to have a follow-up question written out."""
    prompt = load_prompt("condense", question.language)
    return [("human", prompt.render(fence=_fence(), history=told(question.history), question=visible(question.text)))]


def told(history: Sequence[tuple[str, str]]) -> str:
    """The last turns of a conversation on one line; they repeat articles, so they stand behind the fence too."""
    turns = (visible(f"{asked[:LONGEST_TURN]} → {answered[:LONGEST_TURN]}") for asked, answered in history[-TURNS:])
    return " ".join(" / ".join(turns).split()) or "–"


def _entry(key: str, passage: Passage) -> str:
    name = " ".join(visible(passage.article).split())
    return f"[{key}] {name}, {passage.kind}, {passage.language}\n{visible(passage.text)}"


def _refusal(language: str) -> str:
    return load_prompt("refusal", language).render()


def _fence() -> str:
    return f"=== {secrets.token_hex(8)} ==="
