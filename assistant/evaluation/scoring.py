"""A case and a response → its scores: which metric applies to what, and nothing else.

A metric that does not apply, or that could not be judged, is None and counts nowhere; it is never zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.evaluation import answers, citations, ranking
from assistant.evaluation.cases import Case, Evidence
from assistant.evaluation.response import Quote, Response
from index.name_forms import NamePairs

K = 10
"""Ranks that retrieval is judged on."""

Scores = dict[str, float | None]

METRICS: dict[str, str] = {
    "hit@1": "the first passage found holds evidence",
    "recall@10": "share of the evidence in the first ten passages",
    "mrr@10": "one over the rank of the first passage with evidence",
    "ndcg@10": "evidence found, discounted by rank",
    "exact_match": "the short answer is a right one",
    "token_f1": "words in common with a right short answer",
    "fact_coverage": "share of what a right answer says",
    "nothing_forbidden": "says nothing that it must not say",
    "language_match": "is in the language expected",
    "fact_agreement": "numbers, dates and names that its quotes bear out",
    "citation_validity": "citations whose offsets give exactly their quote",
    "citation_precision": "citations that are evidence",
    "citation_recall": "evidence that is cited",
    "counterpart_recall": "other versions of the evidence shown beside it",
    "sentence_coverage": "sentences that a citation proves",
    "answer_rate": "answerable questions that were answered",
    "refusal_precision": "refusals that were right",
    "refusal_recall": "unanswerable questions that were refused",
    "twin_evidence": "evidence that both languages reach",
    "twin_facts": "facts that both languages agree to say",
}
"""Every metric with what its mean says; each is in [0, 1], higher is better."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the library knows that scoring needs: files' texts, and the names it has learnt."""

    text: citations.SourceText = lambda quote: None
    names: Callable[[str], NamePairs] = lambda article: ()


def score(case: Case, response: Response, sources: Sources, twin: tuple[Case, Response] | None = None) -> Scores:
    """The scores of one case under every metric of ``METRICS``.

    Args:
        case: what is asked.
        response: what was answered; one with an error has no scores at all.
        sources: the library's texts and names.
        twin: the same question in another language, with its answer.
    """
    scores: Scores = dict.fromkeys(METRICS)
    if response.error:
        return scores
    scores |= _ranking(case, response.contexts)
    scores |= _answer(case, response)
    scores |= _citations(case, response, sources)
    scores |= _refusal(case, response)
    if twin is not None and not twin[1].error:
        scores |= _twins(case, response, *twin)
    return scores


def _ranking(case: Case, contexts: Sequence[Quote]) -> Scores:
    if not case.cites or not contexts:
        return {}
    ranked, relevant = rank_evidence(case.cites, contexts), {f"gold {i}" for i in range(len(case.cites))}
    return {
        "hit@1": ranking.hit_at_k(ranked, relevant, 1),
        "recall@10": ranking.recall_at_k(ranked, relevant, K),
        "mrr@10": ranking.reciprocal_rank(ranked, relevant, K),
        "ndcg@10": ranking.ndcg_at_k(ranked, dict.fromkeys(relevant, 1.0), K),
    }


def rank_evidence(gold: Sequence[Evidence], contexts: Sequence[Quote]) -> list[str]:
    """The contexts as ids: the evidence that each brings for the first time, or else its own rank.

    A passage that holds several gold sentences brings them all at its rank, one after another.
    """
    ranked: list[str] = []
    for rank, context in enumerate(contexts):
        brings = [f"gold {i}" for i, one in enumerate(gold) if _holds(context, one) and f"gold {i}" not in ranked]
        ranked += brings or [f"rank {rank}"]
    return ranked


def _holds(context: Quote, gold: Evidence) -> bool:
    if gold.span is None:
        return citations.matches(context, gold)
    inside = context.start <= gold.span.start and gold.span.end <= context.end
    return inside and (context.article, context.version) == (gold.span.article, gold.span.version)


def _answer(case: Case, response: Response) -> Scores:
    scores: Scores = {"language_match": answers.language_match(response.text, response.language, case.expected_language)}
    if case.answers:
        scores["exact_match"] = answers.exact_match(response.short_answer, case.answers, case.expected_language)
        scores["token_f1"] = answers.token_f1(response.short_answer, case.answers, case.expected_language)
    if case.holds.groups:
        scores["fact_coverage"] = answers.fact_coverage(response.text, case.holds.groups) if response.answered else 0.0
    if case.forbidden:
        scores["nothing_forbidden"] = answers.nothing_forbidden(response.text, case.forbidden)
    return scores


def _citations(case: Case, response: Response, sources: Sources) -> Scores:
    if response.citations is None:
        return {}
    scores: Scores = {"citation_validity": citations.citation_validity(response.citations, sources.text)}
    if case.cites:
        scores["citation_recall"] = citations.citation_recall(response.quoted, case.cites)
        scores["citation_precision"] = citations.citation_precision(response.quoted, case.cites)
        scores["counterpart_recall"] = citations.counterpart_recall(response.quoted, case.cites)
    if response.answered:
        scores["sentence_coverage"] = citations.sentence_coverage(response.text, response.quoted)
        scores["fact_agreement"] = _agreement(response, sources)
    return scores


def _agreement(response: Response, sources: Sources) -> float | None:
    """The mean over the statements that say a number, a date or a name."""
    quotes = {cited.marker: cited.quote for cited in response.quoted}
    contexts = {cited.marker: cited.context for cited in response.quoted if cited.context}
    judged = []
    for said, markers in citations.statements(response.text):
        held = [quotes[marker] for marker in markers if marker in quotes]
        names = [pair for article in {quote.article for quote in held} for pair in sources.names(article)]
        texts = [(quote.text, quote.language) for quote in held]
        texts += [(contexts[marker], quotes[marker].language) for marker in markers if marker in contexts]
        if markers:
            judged.append(answers.fact_agreement(said, response.language, texts, names))
    known = [value for value in judged if value is not None]
    return sum(known) / len(known) if known else None


def _refusal(case: Case, response: Response) -> Scores:
    """Each value counts where it is not None, so that the means are the rate, the precision and the recall themselves."""
    if case.answerable:
        return {"answer_rate": float(response.answered), "refusal_precision": None if response.answered else 0.0}
    return {"refusal_recall": float(not response.answered), "refusal_precision": None if response.answered else 1.0}


def _twins(case: Case, response: Response, twin: Case, other: Response) -> Scores:
    scores: Scores = {}
    if response.citations is not None and other.citations is not None:
        agree = response.answered == other.answered
        scores["twin_evidence"] = citations.evidence_parity(response.quoted, other.quoted) if agree else 0.0
    if case.holds.groups and twin.holds.groups:
        said = answers.facts_found(response.text, case.holds.groups)
        scores["twin_facts"] = citations.facts_parity(said, answers.facts_found(other.text, twin.holds.groups))
    return scores
