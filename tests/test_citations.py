"""A quote is proved by code: 300 true ones stand, 300 altered ones do not."""

import json
import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from alterations import ALTERATIONS
from hypothesis import given
from hypothesis import strategies as st
from samples import ENGLISH

from assistant.citations import SHORTEST_QUOTE, find_quote, verify
from index.article import Passage, Place, Source
from index.bundle import parse_bundle
from index.embedding import Embedder
from index.text import fold_with_offsets

PASSAGES = [p for v in parse_bundle(Source("bridge.en.txt", ENGLISH, ""), "bridge", "en") for p in v.passages]
COST = next(p for p in PASSAGES if "1.8 billion" in p.text)
ARTICLES = Path(__file__).resolve().parent.parent / "training" / "data" / "articles.jsonl"
QUOTE = "the bridge cost 1.8 billion dollars and took six years to build"


def test_an_exact_quote_stands_at_its_offsets() -> None:
    verdict = verify("Cây cầu tốn 1,8 tỷ USD.", "vi", QUOTE, COST)
    assert verdict.status == "verbatim"
    assert verdict.place is not None
    assert ENGLISH[verdict.place.start : verdict.place.end] == verdict.place.text == QUOTE


@pytest.mark.parametrize(
    "quote",
    [QUOTE.upper(), QUOTE.replace(" ", "  "), f"“{QUOTE}”", QUOTE.replace("six", "s\u200bix")],
    ids=["case", "spaces", "quotation marks", "invisible"],
)
def test_how_a_quote_is_written_does_not_matter(quote: str) -> None:
    found = find_quote(quote, COST)
    assert found is not None
    assert found.text.lower() == QUOTE


def test_letters_that_are_encoded_otherwise_are_the_same_letters() -> None:
    text = unicodedata.normalize("NFD", "Cầu cảng ở Vĩnh Hòa sẽ thông xe ngày 3/3, hội đồng cho biết.")
    (version,) = parse_bundle(Source("a.vi.txt", text, ""), "a", "vi")
    found = find_quote("Vĩnh Hoà sẽ thông xe ngày 3/3", version.passages[0])
    assert found is not None
    assert text[found.start : found.end] == found.text


@pytest.mark.threat("a model that invents")
@pytest.mark.parametrize(
    ("statement", "quote", "said"),
    [
        ("It cost 1.9 billion dollars.", QUOTE, "1.9 billion"),
        ("The bridge did not cost 1.8 billion dollars.", QUOTE, "denies"),
        ("It cost 1.8 billion dollars.", "the bridge cost 1.9 billion dollars and took six years to build", "not in the passage"),
        ("It cost 1.8 billion.", "cây cầu tốn 1,8 tỷ USD và mất sáu năm", "not in the passage"),
        ("It is pink.", "pink", "not in the passage"),
        ("It is old.", "a tower of marble and gold", "not in the passage"),
    ],
)
def test_what_a_quote_does_not_prove_is_unsupported_with_the_reason(statement: str, quote: str, said: str) -> None:
    verdict = verify(statement, "en", quote, COST)
    assert verdict.status == "unsupported"
    assert said in verdict.reason


def test_a_slip_of_the_pen_shows_the_true_words_and_says_so() -> None:
    verdict = verify("It took six years.", "en", "the bridge cost 1.8 billion dollars and it took six years to built", COST)
    assert verdict.status == "altered"
    assert verdict.place is not None
    assert "took six years to build" in verdict.place.text


@pytest.mark.threat("a model that invents")
def test_a_key_that_was_never_given_out_proves_nothing() -> None:
    assert verify("It cost 1.8 billion dollars.", "en", QUOTE, None).status == "unsupported"


def sentences(rng: random.Random) -> Iterator[tuple[Passage, str, str, str]]:
    """Passages with one of their sentences and the language, and a sentence of elsewhere."""
    lines = ARTICLES.read_text(encoding="utf-8").splitlines()
    while True:
        article = json.loads(rng.choice(lines))
        language = rng.choice(("en", "vi"))
        paragraph = rng.choice(article["paragraphs"])
        text = " ".join(paragraph[language]) + "\n"
        (version,) = parse_bundle(Source(f"a.{language}.txt", text, ""), "a", language)
        yield (
            version.passages[0],
            rng.choice(paragraph[language]),
            language,
            rng.choice(paragraph["vi" if language == "en" else "en"]),
        )


def alter(sentence: str, other: str, language: str, rng: random.Random) -> str | None:
    """The sentence with one thing changed, or in the other language."""
    kind = rng.choice([*ALTERATIONS, "language"])
    return other if kind == "language" else ALTERATIONS[kind](sentence, language, rng)


@pytest.mark.threat("a model that invents")
@pytest.mark.parametrize("seed", [20, 120, 220])
def test_altered_quotes_are_caught_and_true_ones_stand(seed: int) -> None:
    rng = random.Random(seed)
    stream = sentences(rng)
    true = [next(stream) for _ in range(300)]
    rejected = [s for passage, s, language, _ in true if verify(s, language, s, passage).status != "verbatim"]
    assert len(rejected) <= 3
    caught = total = 0
    while total < 300:
        passage, sentence, language, other = next(stream)
        altered = alter(sentence, other, language, rng)
        if altered is None:
            continue
        total += 1
        # Altered in the quote, or in the statement that names the true quote; a translation is a fault in a quote alone.
        quote, statement = (altered, altered) if altered == other or rng.random() < 0.5 else (sentence, altered)
        caught += verify(statement, language, quote, passage).status == "unsupported"
    assert caught >= 297


@pytest.mark.threat("a model that invents")
@pytest.mark.parametrize("seed", [21, 121])
def test_statements_in_another_language_than_their_quotes_are_held_to_the_same(seed: int) -> None:
    rng = random.Random(seed)
    stream = pairs(rng)
    rejected = caught = total = 0
    for quote, place, statement, language, _ in (next(stream) for _ in range(300)):
        verdict = verify(statement, language, quote, place, twins=lambda _, twin=statement, own=language: [told(twin, own)])
        rejected += verdict.status != "verbatim"
    assert rejected <= 3
    while total < 300:
        quote, place, statement, language, strange = next(stream)
        altered = alter(statement, strange.text, language, rng)
        if altered is None:
            continue
        total += 1
        # What is left unaltered here stands under the key of another passage.
        key = strange if altered == strange.text else place
        said = statement if altered == strange.text else altered
        verdict = verify(said, language, quote, key, twins=lambda _, twin=statement, own=language: [told(twin, own)])
        caught += verdict.status == "unsupported"
    assert caught >= 297


@pytest.mark.parametrize(
    ("kind", "least"), [("name", 0.88), ("negation added", 0.85), ("negation removed", 0.55), ("number", 0.9), ("unit", 0.9)]
)
def test_without_a_twin_most_of_what_is_changed_is_caught_and_nothing_true_rejected(kind: str, least: float) -> None:
    rng = random.Random(23)
    stream = pairs(rng)
    caught = rejected = total = 0
    while total < 100:
        quote, place, statement, language, _ = next(stream)
        altered = ALTERATIONS[kind](statement, language, rng)
        if altered is not None:
            total += 1
            rejected += verify(statement, language, quote, place).status == "unsupported"
            caught += verify(altered, language, quote, place).status == "unsupported"
    assert rejected <= 4
    assert caught >= least * total


def pairs(rng: random.Random) -> Iterator[tuple[str, Passage, str, str, Passage]]:
    """Quotes with their passages, their translations as statements with the language, and passages of elsewhere."""
    lines = ARTICLES.read_text(encoding="utf-8").splitlines()
    while True:
        one, other = (rng.choice(json.loads(line)["paragraphs"]) for line in rng.sample(lines, 2))
        quoted, language = rng.choice((("en", "vi"), ("vi", "en")))
        at = rng.randrange(len(one["en"]))
        passages = [
            parse_bundle(Source(f"a.{quoted}.txt", " ".join(paragraph[quoted]) + "\n", ""), "a", quoted)[0].passages[0]
            for paragraph in (one, other)
        ]
        yield one[quoted][at], passages[0], one[language][at], language, passages[1]


def told(text: str, language: str) -> Place:
    return Place("a", language, language, "translation", f"a.{language}.txt", 0, "body", 0, len(text), text)


def test_a_statement_about_something_else_is_beside_the_point(embedder: Embedder) -> None:
    def likeness(a: str, b: str) -> float:
        one, other = embedder.encode_document([a, b])
        return float(one @ other)

    rng = random.Random(22)
    stream = pairs(rng)
    true = [next(stream) for _ in range(100)]
    kept = [verify(s, own, q, p, twins=lambda _, s=s, own=own: [told(s, own)], likeness=likeness) for q, p, s, own, _ in true]
    assert sum(verdict.status == "verbatim" for verdict in kept) >= 99
    strange = [(true[i - 1][2], true[i - 1][3], true[i][0], true[i][1]) for i in range(100)]
    assert sum(verify(s, own, q, p, likeness=likeness).status == "unsupported" for s, own, q, p in strange) >= 97


@pytest.mark.parametrize(
    ("statement", "language", "said"),
    [
        ("The bridge cost 1.8 billion; pay at https://evil.example/now", "en", "link"),
        ("The bridge cost 1.8 billion; ask mallory@evil.example", "en", "link"),
        ("Cây cầu này đã tốn đến 1,8 tỷ đô la và mất sáu năm để xây", "en", "language"),
        ("Cây cầu tốn 1,9 tỷ USD.", "vi", "câu trích không có con số 1,9 tỷ"),
    ],
)
def test_links_and_other_languages_do_not_slip_in_and_reasons_are_in_the_readers(
    statement: str, language: str, said: str
) -> None:
    verdict = verify(statement, language, QUOTE, COST)
    assert verdict.status == "unsupported"
    assert said in verdict.reason


@given(
    st.lists(st.text(alphabet="aáạ Hòa hoà Nẵng đĐ17/2 \u200b\u0301“”—'", min_size=2, max_size=9), min_size=3, max_size=12),
    st.data(),
)
def test_a_quote_of_whole_words_is_found_and_its_place_is_the_files_text(words: list[str], data: st.DataObject) -> None:
    text = "Start " + " ".join(words) + " end of it."
    (version,) = parse_bundle(Source("a.en.txt", text, ""), "a", "en")
    passage = version.passages[0]
    bounds = [match.span() for match in re.finditer(r"[^\s]+", passage.text)]
    first = data.draw(st.integers(0, len(bounds) - 1))
    last = data.draw(st.integers(first, len(bounds) - 1))
    quote = passage.text[bounds[first][0] : bounds[last][1]]
    found = find_quote(quote, passage)
    key = fold_with_offsets(quote)[0].strip("\"'. ")
    if len(key) >= SHORTEST_QUOTE:
        assert found is not None
        assert text[found.start : found.end] == found.text
        assert key in fold_with_offsets(found.text)[0]


@pytest.mark.threat("a model that invents")
@given(st.text(), st.text(), st.sampled_from(["en", "vi", "fr"]))
def test_whatever_a_model_says_gets_a_verdict(statement: str, quote: str, language: str) -> None:
    verdict = verify(statement, language, quote, COST)
    assert verdict.place is None or ENGLISH[verdict.place.start : verdict.place.end] == verdict.place.text
