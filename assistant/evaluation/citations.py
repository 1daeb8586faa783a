"""How well an answer is proved. Pure functions on quotes; every value is in [0, 1], higher is better, None is "could not be judged".

Precision and recall of citations are those of Gao et al., *Enabling Large Language Models to Generate Text with Citations* (EMNLP 2023), held
against gold sentences instead of the judgement of a model.
"""

import re
from collections.abc import Callable, Sequence

from assistant.evaluation.answers import contains, plain
from assistant.evaluation.cases import Evidence
from assistant.evaluation.response import Cited, Quote
from index.sentences import split_sentences
from index.text import fold

SourceText = Callable[[Quote], str | None]
"""The untouched text of the file that a quote says it stands in; None if there is no such file."""

_MARKED = re.compile(r"(?P<said>.*?)(?P<markers>(?:\s*\[\d+\])+)|(?P<rest>.+)", re.S)


def matches(quote: Quote, gold: Evidence) -> bool:
    """Whether a quote is the gold sentence: they overlap by half, or one holds the other and is at most twice as long."""
    if gold.span is not None:
        span = gold.span
        if (quote.article, quote.version) != (span.article, span.version):
            return False
        shared = min(quote.end, span.end) - max(quote.start, span.start)
        return 2 * shared >= min(span.end - span.start, quote.end - quote.start) > 0
    # A system that does not say which version it quotes is held to any of them.
    forms = (form for version, form in gold.forms.items() if "*" in version or quote.version in ("", version))
    return any(same_sentence(quote.text, form) for form in forms)


def same_sentence(cited: str, gold: str) -> bool:
    """Whether the cited text holds the gold text, or is at least half of it."""
    one, other = _key(cited), _key(gold)
    return bool(one and other) and (other in one or (one in other and 2 * len(one) >= len(other)))


def _key(text: str) -> str:
    return " ".join(fold(text).split())


def citation_validity(citations: Sequence[Cited], source: SourceText) -> float | None:
    """Share of citations that stand where they say: ``source[start:end] == text`` for the quote and each counterpart, and not unsupported.

    None without a citation that says where it stands.
    """
    located = [cited for cited in citations if cited.quote.file]
    if not located:
        return None
    valid = [
        cited.status != "unsupported" and all(_is_exact(quote, source) for quote in (cited.quote, *cited.counterparts))
        for cited in located
    ]
    return sum(valid) / len(valid)


def _is_exact(quote: Quote, source: SourceText) -> bool:
    text = source(quote)
    return text is not None and 0 <= quote.start < quote.end and text[quote.start : quote.end] == quote.text


def citation_precision(citations: Sequence[Cited], gold: Sequence[Evidence]) -> float | None:
    """Share of the citations that are a gold sentence, in whichever version; None without citations."""
    if not citations:
        return None
    return sum(any(matches(cited.quote, one) for one in gold) for cited in citations) / len(citations)


def citation_recall(citations: Sequence[Cited], gold: Sequence[Evidence]) -> float:
    """Share of the gold sentences that are cited, in whichever version; there is at least one gold sentence."""
    return sum(any(matches(cited.quote, one) for cited in citations) for one in gold) / len(gold)


def counterpart_recall(citations: Sequence[Cited], gold: Sequence[Evidence]) -> float | None:
    """Share of the other versions' forms of the gold sentences cited that are shown beside the citation; None if there are none."""
    wanted = found = 0
    for one in gold:
        cited = next((cited for cited in citations if matches(cited.quote, one)), None)
        if cited is None:
            continue
        for version, form in one.forms.items():
            if version in ("*", cited.quote.version):
                continue
            wanted += 1
            found += any(quote.version == version and same_sentence(quote.text, form) for quote in cited.counterparts)
    return found / wanted if wanted else None


def sentence_coverage(text: str, citations: Sequence[Cited]) -> float | None:
    """Share of the answer's sentences that a marker proves: the one before it, and those that stand in its quote. None for no text."""
    quotes = {cited.marker: cited.quote.text for cited in citations}
    covered: list[bool] = []
    for match in _MARKED.finditer(text):
        if match["rest"] is not None:
            covered += [False for _ in _sentences(match["rest"])]
            continue
        said = _sentences(match["said"])
        markers = [int(number) for number in re.findall(r"\d+", match["markers"])]
        held = [quotes[marker] for marker in markers if marker in quotes]
        covered += [bool(held) and (last or any(contains(quote, one) for quote in held)) for one, last in _with_last(said)]
    return sum(covered) / len(covered) if covered else None


def _sentences(text: str) -> list[str]:
    said = plain(text)
    return [said[start:end] for start, end in split_sentences(said) if re.search(r"\w", said[start:end])]


def _with_last(said: Sequence[str]) -> list[tuple[str, bool]]:
    return [(one, i == len(said) - 1) for i, one in enumerate(said)]


def statements(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """What is said before each group of markers, with the markers; what no marker follows has none."""
    found = []
    for match in _MARKED.finditer(text):
        markers = tuple(int(number) for number in re.findall(r"\d+", match["markers"] or ""))
        found.append((plain(match["said"] if match["rest"] is None else match["rest"]).strip(), markers))
    return [(said, markers) for said, markers in found if said]


def evidence_parity(one: Sequence[Cited], other: Sequence[Cited]) -> float:
    """How far two answers rest on the same evidence: share of both answers' citations that the other cites, or shows as a counterpart.

    1 if neither cites anything.
    """
    if not one and not other:
        return 1.0
    shared = sum(_is_among(cited, other) for cited in one) + sum(_is_among(cited, one) for cited in other)
    return shared / (len(one) + len(other))


def _is_among(cited: Cited, others: Sequence[Cited]) -> bool:
    own = _places(cited)
    return any(own & _places(other) for other in others)


def _places(cited: Cited) -> set[tuple[str, str, str, int, int]]:
    return {(quote.article, quote.version, quote.file, quote.start, quote.end) for quote in (cited.quote, *cited.counterparts)}


def facts_parity(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """Share of the facts that two answers both say or both leave out; None if the cases do not list the same number of facts."""
    if not one or len(one) != len(other):
        return None
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)
