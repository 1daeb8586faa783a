"""Assertions on answers; a failure shows the question, the answer, its quotes and what was missing.

>>> assert_answers(assistant.ask("How much did the bridge cost?"), "1.8 billion dollars")
"""

from collections.abc import Mapping, Sequence

from assistant.answer import Answer
from assistant.evaluation.answers import facts_found, language_match
from assistant.evaluation.cases import Evidence
from assistant.evaluation.citations import evidence_parity, matches, same_sentence
from assistant.evaluation.response import Response, from_answer

Wanted = str | Sequence[str]
"""What an answer must say: a text, or alternatives of which it must say one."""


def assert_answers(answer: Answer, *holds: Wanted, without: Sequence[str] = (), language: str | None = None) -> None:
    """The answer is no refusal and says what it should.

    Args:
        answer: what was answered.
        holds: what it must say, each a text or a list of alternatives.
        without: what it must not say.
        language: that it must be in; None for the one it says it is in.

    Raises:
        AssertionError: it does not.
    """
    __tracebackhide__ = True
    groups = [[one] if isinstance(one, str) else list(one) for one in holds]
    wrong = [] if answer.answered else ["it was refused"]
    wrong += [
        f"it does not say {' or '.join(map(repr, group))}"
        for group, found in zip(groups, facts_found(answer.text, groups), strict=True)
        if not found
    ]
    wrong += [f"it says {one!r}" for one in without if all(facts_found(answer.text, [[one]]))]
    expected = language or answer.language
    if not language_match(answer.text, answer.language, expected):
        wrong.append(f"it is not in the language {expected!r}")
    _check(answer, wrong)


def assert_cites(answer: Answer, *quotes: str | Mapping[str, str]) -> None:
    """The answer cites each of these sentences: a text, or its text by version (``{"en": ..., "vi": ...}``) with all of them shown.

    Raises:
        AssertionError: it does not.
    """
    __tracebackhide__ = True
    wrong = []
    for wanted in quotes:
        gold = Evidence(forms={"*": wanted} if isinstance(wanted, str) else dict(wanted))
        cited = next((one for one in from_answer(answer).quoted if matches(one.quote, gold)), None)
        if cited is None:
            wrong.append(f"it does not cite {' / '.join(gold.forms.values())!r}")
            continue
        for version, form in gold.forms.items():
            shown = [quote.text for quote in (cited.quote, *cited.counterparts) if version in ("*", quote.version)]
            if not any(same_sentence(text, form) for text in shown):
                wrong.append(f"it does not show {form!r} ({version}) as a counterpart of {cited.quote.text!r}")
    _check(answer, wrong)


def assert_refuses(answer: Answer) -> None:
    """The answer is a refusal. Raises ``AssertionError`` if it is not."""
    __tracebackhide__ = True
    _check(answer, ["it was answered, and should have been refused"] if answer.answered else [])


def assert_twins_agree(answer: Answer, twin: Answer, *, least: float = 0.5) -> None:
    """Two answers to one question in two languages rest on the same evidence, as ``evidence_parity`` measures it.

    Raises:
        AssertionError: one is refused and the other not, or less than ``least`` of their citations is shared.
    """
    __tracebackhide__ = True
    one, other = from_answer(answer), from_answer(twin)
    parity = evidence_parity(one.quoted, other.quoted) if one.answered == other.answered else 0.0
    if parity < least:
        raise AssertionError(f"the twins share {parity:.0%} of their evidence\n{describe(answer)}\n{describe(twin)}")


def _check(answer: Answer, wrong: Sequence[str]) -> None:
    __tracebackhide__ = True
    if wrong:
        raise AssertionError("; ".join(wrong) + "\n" + describe(answer))


def describe(answer: Answer) -> str:
    """Question, answer and quotes, for reading in a test's output."""
    return describe_response(answer.question, from_answer(answer))


def describe_response(question: str, response: Response) -> str:
    """Question, answer and quotes, for reading in a test's output."""
    lines = [f"  question: {question}", f"  answer:   {response.text or '(none)'}"]
    for cited in response.citations or ():
        kind = "nearest" if cited.nearest else "quote"
        lines.append(
            f"  {kind} [{cited.marker}]: {_where(cited.quote.file, cited.quote.start, cited.quote.end)} {cited.quote.text}"
        )
        lines += [f"      ↔ {_where(quote.file, quote.start, quote.end)} {quote.text}" for quote in cited.counterparts]
    return "\n".join(lines)


def _where(file: str, start: int, end: int) -> str:
    return f"{file}:{start}-{end}"
