import json
from pathlib import Path

import pytest
from samples import BUNDLE, ENGLISH, VIETNAMESE

from index.alignment import Alignment, align
from index.article import Article, Source
from index.differences import find_differences
from index.embedding import Embedder
from index.files import make_article

ARTICLES = Path(__file__).resolve().parent.parent / "training" / "data" / "articles.jsonl"


def aligned(article: Article, embedder: Embedder, first: str = "en", second: str = "vi") -> Alignment:
    a, b = article.version(first), article.version(second)
    vectors = [embedder.encode_document([s.text for s in version.sentences]) for version in (a, b)]
    return align(a, b, vectors[0], vectors[1])


def two_files(english: str, vietnamese: str) -> Article:
    return make_article("bridge", [Source("bridge.en.txt", english, ""), Source("bridge.vi.txt", vietnamese, "")])


def test_sentences_of_two_versions_meet_in_order(embedder: Embedder) -> None:
    alignment = aligned(two_files(ENGLISH, VIETNAMESE), embedder)
    assert len(alignment.sentences) == 11
    starts = [(pair.a.start, pair.b.start) for pair in alignment.sentences]
    assert starts == sorted(starts)
    assert all(0 <= pair.score <= 1 for pair in alignment.sentences)
    assert all(pair.a.paragraph == pair.b.paragraph for pair in alignment.paragraphs)


def test_a_dropped_sentence_is_a_gap_and_not_merged_into_its_neighbour(embedder: Embedder) -> None:
    dropped = VIETNAMESE.replace(" “Chúng tôi mất hai mùa đông vì bão”, bà nói.", "")
    pairs = aligned(two_files(ENGLISH, dropped), embedder).sentences
    assert not any("two winters" in pair.a.text for pair in pairs)


def test_one_sentence_meets_the_two_that_render_it(embedder: Embedder) -> None:
    joined = ENGLISH.replace("April.", "April. ").replace("on Monday. It replaces", "on Monday, and it replaces")
    pairs = [pair for pair in aligned(two_files(joined, VIETNAMESE), embedder).sentences if "it replaces" in pair.a.text]
    assert len(pairs) == 2


def test_a_digest_finds_the_sentences_that_it_sums_up(embedder: Embedder) -> None:
    article = make_article("bridge", [Source("bridge.txt", BUNDLE, "")])
    pairs = aligned(article, embedder, "vi-digest", "vi").sentences
    assert any("mực" in pair.a.text and "mực" in pair.b.text for pair in pairs)


def test_a_name_that_differs_in_form_is_learnt_from_its_sentences(embedder: Embedder) -> None:
    english = "Liang Wenfeng turned down an invitation to a summit in Paris.\nThe summit was held in February.\n"
    vietnamese = "Lương Văn Phong đã từ chối lời mời dự hội nghị thượng đỉnh ở Paris.\nHội nghị diễn ra hồi tháng 2.\n"
    assert ("Liang Wenfeng", "Lương Văn Phong") in aligned(two_files(english, vietnamese), embedder).names


def test_the_projects_held_out_articles_align_sentence_for_sentence(embedder: Embedder) -> None:
    right = wanted = found = 0
    for line in ARTICLES.read_text(encoding="utf-8").splitlines()[-50:]:
        paragraphs = json.loads(line)["paragraphs"]
        texts = {language: "\n".join(" ".join(p[language]) for p in paragraphs) + "\n" for language in ("en", "vi")}
        article = two_files(texts["en"], texts["vi"])
        order = {v.id: {s.id: i for i, s in enumerate(v.sentences)} for v in article.versions}
        pairs = {(order["en"][pair.a.id], order["vi"][pair.b.id]) for pair in aligned(article, embedder).sentences}
        gold = {(i, i) for i in range(len(order["en"]))}
        right, wanted, found = right + len(pairs & gold), wanted + len(gold), found + len(pairs)
    assert 2 * right / (wanted + found) >= 0.98


def differences(english: str, vietnamese: str, embedder: Embedder) -> list[tuple[str, str]]:
    article = two_files(english, vietnamese)
    return [(d.kind, d.detail) for d in find_differences(article, {("en", "vi"): aligned(article, embedder)})]


def test_versions_that_agree_have_no_differences(embedder: Embedder) -> None:
    assert differences(ENGLISH, VIETNAMESE, embedder) == []


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("1,8 tỷ", "1,9 tỷ", "number"),
        ("12.000", "21.000", "number"),
        ("ngày 3/3", "ngày 4/3", "date"),
        ("hôm thứ Hai", "hôm thứ Tư", "date"),
        ("Đà Nẵng", "Đà Lạt", "name"),
        ("“Chúng tôi mất hai mùa đông vì bão”, bà nói.", "", "missing"),
    ],
)
def test_a_planted_difference_is_found_and_named(old: str, new: str, kind: str, embedder: Embedder) -> None:
    assert old in VIETNAMESE
    assert kind in {found for found, _ in differences(ENGLISH, VIETNAMESE.replace(old, new), embedder)}
