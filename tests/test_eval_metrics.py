"""Every metric against values worked by hand, and against public implementations."""

import collections
import math
import re
import string
from typing import Any

import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation import answers, citations, intervals, ranking
from assistant.evaluation.cases import Evidence, Span
from assistant.evaluation.response import Cited, Quote

RANKED = ["d3", "d1", "d7", "d2"]


def test_ranking_by_hand() -> None:
    relevant = {"d1", "d2", "d9"}
    assert ranking.recall_at_k(RANKED, relevant, 2) == pytest.approx(1 / 3)
    assert ranking.recall_at_k(RANKED, relevant, 10) == pytest.approx(2 / 3)
    assert ranking.hit_at_k(RANKED, relevant, 1) == 0
    assert ranking.hit_at_k(RANKED, relevant, 2) == 1
    assert ranking.reciprocal_rank(RANKED, relevant, 10) == 0.5
    assert ranking.reciprocal_rank(RANKED, {"d9"}, 10) == 0
    assert ranking.reciprocal_rank(RANKED, {"d2"}, 3) == 0
    # Found at ranks 2 and 4: 1/log2(3) + 1/log2(5) = 0.6309 + 0.4307; ideal: 1 + 0.6309 + 0.5.
    assert ranking.ndcg_at_k(RANKED, dict.fromkeys(relevant, 1.0), 10) == pytest.approx(1.0616 / 2.1309, abs=1e-4)
    # Graded: gain 3 at rank 1, 1 at rank 2, the ideal order is the same.
    assert ranking.ndcg_at_k(["a", "b"], {"a": 3.0, "b": 1.0}, 10) == 1
    assert ranking.ndcg_at_k(["b", "a"], {"a": 3.0, "b": 1.0}, 10) == pytest.approx(
        (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))
    )


@given(
    st.permutations([f"d{i}" for i in range(12)]),
    st.dictionaries(st.sampled_from([f"d{i}" for i in range(14)]), st.integers(1, 3), min_size=1),
)
def test_ranking_equals_trec_eval(ranked: list[str], gains: dict[str, int]) -> None:
    run = {"q": {name: float(len(ranked) - rank) for rank, name in enumerate(ranked)}}
    evaluator = pytrec_eval.RelevanceEvaluator({"q": gains}, {"recall.5", "recip_rank", "ndcg_cut.10", "success.1"})
    found = evaluator.evaluate(run)["q"]
    relevant = set(gains)
    assert ranking.recall_at_k(ranked, relevant, 5) == pytest.approx(found["recall_5"])
    assert ranking.reciprocal_rank(ranked, relevant, 12) == pytest.approx(found["recip_rank"])
    assert ranking.hit_at_k(ranked, relevant, 1) == found["success_1"]
    assert ranking.ndcg_at_k(ranked, {name: float(gain) for name, gain in gains.items()}, 10) == pytest.approx(
        found["ndcg_cut_10"]
    )


def test_exact_match_and_token_f1_by_hand() -> None:
    assert answers.exact_match("The Cat!", ["a cat", "dog"]) == 1
    assert answers.exact_match("the black cat", ["cat"]) == 0
    # 2 of 3 tokens said are right, 2 of 2 right ones are said: 2·2 / (3 + 2).
    assert answers.token_f1("big black cat", ["the black cat"]) == pytest.approx(0.8)
    assert answers.token_f1("cat", ["dog", "cat cat"]) == pytest.approx(2 / 3)
    assert answers.token_f1("", ["cat"]) == 0
    assert answers.exact_match("Hoà Bình", ["hòa bình"], "vi") == 1
    # "a" is no article in Vietnamese.
    assert answers.token_f1("a lô", ["lô"], "vi") == pytest.approx(2 / 3)


def squad_normalise(text: str) -> str:
    """The rules as the SQuAD evaluation states them: lower case, no punctuation, no articles, white space collapsed."""
    text = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


@given(st.text("ab the.,-'XY 12", max_size=20), st.text("ab the.,-'XY 12", max_size=20))
def test_exact_match_and_token_f1_follow_the_squad_rules(said: str, right: str) -> None:
    one, other = squad_normalise(said), squad_normalise(right)
    assert answers.exact_match(said, [right]) == float(one == other)
    common = sum((collections.Counter(one.split()) & collections.Counter(other.split())).values())
    if not one.split() or not other.split():
        expected = float(one.split() == other.split())
    elif not common:
        expected = 0.0
    else:
        precision, recall = common / len(one.split()), common / len(other.split())
        expected = 2 * precision * recall / (precision + recall)
    assert answers.token_f1(said, [right]) == pytest.approx(expected)


def test_facts_are_found_as_whole_words_in_any_way_of_saying() -> None:
    text = "It cost **1.8 billion** dollars [1] and took six years. [2]"
    assert answers.facts_found(text, [["1.8 billion dollars"], ["6 years", "six years"], ["8 billion years"], ["illion"]]) == (
        True,
        True,
        False,
        False,
    )
    assert answers.fact_coverage(text, [["six years"], ["Paris"]]) == 0.5
    assert answers.facts_found("1,412 of 12.000, and 3.", [["412"], ["12"], ["3"], ["1,412"]]) == (False, False, True, True)
    assert answers.fact_coverage("Thành phố Hoà Bình", [["HÒA BÌNH"]]) == 1
    assert answers.nothing_forbidden(text, ["seven years"]) == 1
    assert answers.nothing_forbidden(text, ["six years"]) == 0


def test_language_is_what_the_answer_says_and_what_its_text_is() -> None:
    english, vietnamese = "The bridge will open to traffic in March.", "Cây cầu sẽ thông xe vào tháng 3."
    assert answers.language_match(english, "en", "en") == 1
    assert answers.language_match(english, "vi", "vi") == 0
    assert answers.language_match(vietnamese, "vi", "en") == 0


def test_agreement_is_the_share_of_numbers_dates_and_names_borne_out() -> None:
    quote = ("The bridge cost 1.8 billion dollars and took 6 years.", "en")
    assert answers.fact_agreement("It cost 1.8 billion dollars and took 6 years.", "en", [quote]) == 1
    assert answers.fact_agreement("It cost 1.8 billion dollars and took 7 years.", "en", [quote]) == 0.5
    assert answers.fact_agreement("Cầu tốn 1,8 tỷ đô la.", "vi", [quote]) == 1
    assert answers.fact_agreement("it was expensive", "en", [quote]) is None


SOURCE = "First sentence here. Second sentence there."
VI = "Câu thứ nhất ở đây. Câu thứ hai ở kia."


def quote(start: int, end: int, text: str = SOURCE, version: str = "en") -> Quote:
    return Quote(text[start:end], "a", version, version, f"a.{version}.txt", start, end)


def source(place: Quote) -> str | None:
    return {"a.en.txt": SOURCE, "a.vi.txt": VI}.get(place.file)


FIRST, SECOND = quote(0, 20), quote(21, 43)
FIRST_VI = quote(0, 19, VI, "vi")
GOLD = Evidence(forms={"en": "First sentence here.", "vi": "Câu thứ nhất ở đây."})


def test_validity_holds_offsets_to_the_source() -> None:
    good = Cited(1, FIRST, (FIRST_VI,))
    shifted = Cited(2, Quote(FIRST.text, "a", "en", "en", "a.en.txt", 1, 21))
    bad_counterpart = Cited(3, FIRST, (Quote("Câu khác.", "a", "vi", "vi", "a.vi.txt", 0, 9),))
    unknown = Cited(4, Quote("x", "a", "en", "en", "none.txt", 0, 1))
    assert citations.citation_validity([good], source) == 1
    assert citations.citation_validity([good, shifted, bad_counterpart, unknown], source) == 0.25
    assert citations.citation_validity([Cited(1, FIRST, status="unsupported")], source) == 0
    assert citations.citation_validity([Cited(1, Quote("somewhere"))], source) is None


def test_precision_recall_and_counterparts_against_gold() -> None:
    other = Evidence(forms={"*": "Third."})
    cited = [Cited(1, FIRST, (FIRST_VI,)), Cited(2, SECOND)]
    assert citations.citation_precision(cited, [GOLD]) == 0.5
    assert citations.citation_recall(cited, [GOLD, other]) == 0.5
    assert citations.counterpart_recall(cited, [GOLD]) == 1
    assert citations.counterpart_recall([Cited(1, FIRST)], [GOLD]) == 0
    assert citations.counterpart_recall([Cited(1, SECOND)], [GOLD]) is None
    assert citations.citation_precision([], [GOLD]) is None
    by_offsets = Evidence(span=Span(article="a", version="en", start=0, end=20))
    assert citations.citation_recall(cited, [by_offsets]) == 1
    assert citations.citation_recall([Cited(1, SECOND)], [by_offsets]) == 0


def test_a_cited_scrap_of_a_sentence_is_not_the_sentence() -> None:
    assert citations.same_sentence("He said: First  sentence here. And more.", "first sentence here.")
    assert not citations.same_sentence("First", "First sentence here.")
    assert not citations.same_sentence("", "First sentence here.")


def test_a_sentence_is_covered_by_the_marker_behind_it_or_by_the_quote_it_stands_in() -> None:
    both = Cited(1, quote(0, 43))
    assert citations.sentence_coverage("First sentence here. [1]", [Cited(1, FIRST)]) == 1
    assert citations.sentence_coverage("Out of thin air. First sentence here. [1]", [Cited(1, FIRST)]) == 0.5
    assert citations.sentence_coverage("First sentence here. Second sentence there. [1]", [both]) == 1
    assert citations.sentence_coverage("First sentence here. [7] Unproved.", [Cited(1, FIRST)]) == 0
    assert citations.sentence_coverage("", []) is None


def test_statements_go_with_the_markers_behind_them() -> None:
    assert citations.statements("One. [1] **Two** three. [2][3] Four.") == [("One.", (1,)), ("Two three.", (2, 3)), ("Four.", ())]


def test_twins_share_evidence_through_counterparts() -> None:
    english, vietnamese = Cited(1, FIRST, (FIRST_VI,)), Cited(1, FIRST_VI, (FIRST,))
    assert citations.evidence_parity([english], [vietnamese]) == 1
    assert citations.evidence_parity([english], [Cited(1, FIRST_VI)]) == 1
    # Of three citations in all, the two of the first sentence are shared.
    assert citations.evidence_parity([english, Cited(2, SECOND)], [vietnamese]) == pytest.approx(2 / 3)
    assert citations.evidence_parity([], []) == 1
    assert citations.evidence_parity([english], []) == 0
    assert citations.facts_parity([True, False], [True, True]) == 0.5
    assert citations.facts_parity([True], [True, True]) is None


def test_intervals_are_seeded_and_hold_the_mean() -> None:
    values = [0.0, 1.0, 1.0, 0.5, 1.0, 0.0, 1.0, 1.0]
    one, again = intervals.estimate(values), intervals.estimate(values)
    assert one is not None
    assert one == again
    assert one.mean == pytest.approx(0.6875)
    assert 0 <= one.low < one.mean < one.high <= 1
    assert intervals.estimate([]) is None
    same = intervals.estimate([1.0] * 5)
    assert same is not None
    assert (same.low, same.high) == (1, 1)


def test_the_interval_is_as_wide_as_theory_says() -> None:
    # Half of 400 are 1: the standard error is sqrt(0.25 / 400) = 0.025, and 95 % are within 1.96 of it.
    found = intervals.estimate([0.0, 1.0] * 200)
    assert found is not None
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.025, rel=0.06)
    # Drawn in clusters of two that agree, there is half as much to know: sqrt(2) wider.
    twins = intervals.estimate([0.0, 0.0, 1.0, 1.0] * 100, [str(i // 2) for i in range(400)])
    assert twins is not None
    assert twins.high - twins.low == pytest.approx(math.sqrt(2) * 2 * 1.96 * 0.025, rel=0.06)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_a_mean_lies_in_its_interval(values: list[float]) -> None:
    found: Any = intervals.estimate(values)
    assert found.low - 1e-9 <= found.high + 1e-9
    assert min(values) - 1e-9 <= found.low
    assert found.high <= max(values) + 1e-9


def test_percentiles_lie_between_neighbours() -> None:
    assert intervals.percentile([10, 20, 30, 40, 50], 0.5) == 30
    assert intervals.percentile([10, 20], 0.95) == pytest.approx(19.5)
