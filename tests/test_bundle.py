import itertools
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import BUNDLE, DIGEST, ENGLISH, VIETNAMESE

from index.article import Source, Version
from index.bundle import parse_bundle
from index.decoding import decode


def parse(text: str, language: str | None = None) -> tuple[Version, ...]:
    return parse_bundle(Source("bridge.txt", text, ""), "bridge", language)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(version.id, version.kind) for version in parse(text)]


THREE = [("vi-digest", "digest"), ("vi", "translation"), ("en", "original")]


def test_a_bundle_without_any_separator_gives_its_three_versions() -> None:
    assert kinds(BUNDLE) == THREE


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("#VinhHoa\n", "#VinhHoa\n---\n"),
        lambda text: "\n\n" + text.replace("\n", "  \n"),
    ],
    ids=["blank lines", "CRLF", "decomposed", "separator", "stray space"],
)
def test_layout_makes_no_difference_to_the_versions(change: object) -> None:
    assert kinds(change(BUNDLE)) == THREE  # type: ignore[operator]


@pytest.mark.parametrize("count", [2, 3])
def test_versions_may_come_in_any_order(count: int) -> None:
    parts = dict(zip([DIGEST, VIETNAMESE, ENGLISH], THREE, strict=True))
    for order in itertools.permutations(parts, count):
        expected = [parts[part] for part in order]
        if ENGLISH not in order:
            expected = [("vi", "original") if kind == "translation" else (name, kind) for name, kind in expected]
        versions = parse("".join(order))
        assert [(version.id, version.kind) for version in versions] == expected
        assert [version.start for version in versions] == [sum(map(len, order[:i])) for i in range(count)]


@pytest.mark.parametrize("line", [r"https?:.*|#.*", r"Tác giả.*|By .*", r"Cập nhật.*|Updated.*"])
def test_a_version_begins_where_it_does_whatever_lines_are_missing(line: str) -> None:
    assert kinds(re.sub(rf"(?m)^(?:{line})\n", "", BUNDLE)) == THREE


def test_a_short_digest_above_a_long_text_is_a_version() -> None:
    long = "".join(f"Ferry number {n} carried people and squid from pier {n} to the market hall that day.\n" for n in range(60))
    assert kinds(DIGEST + ENGLISH + long) == [("vi-digest", "digest"), ("en", "original")]


def test_a_label_above_a_version_is_no_headline() -> None:
    vietnamese, english = parse(f"Bản tiếng Việt:\n{VIETNAMESE}\nEnglish version\n{ENGLISH}")
    assert (vietnamese.title, english.title) == ("Cầu cảng Vĩnh Hòa thông xe", "Harbour Bridge Opens in Vinh Hoa")


def test_a_french_text_is_a_version_like_any_other() -> None:
    french = (
        "Le pont du port ouvre à Vinh Hoa\nPar Mai Tran\nMis à jour le 2 mars 2025 à 9h30\n"
        "Le pont du port de Vinh Hoa ouvrira à la circulation le 3 mars, a annoncé lundi le conseil municipal.\n"
        "L'ingénieure Lan Pham affirme que le pont a coûté 1,8 milliard de dollars et six années de travaux.\n"
        "Les pêcheurs craignent que les piliers chassent les calmars dont vivent leurs villages.\n"
    )
    versions = parse(DIGEST + french + ENGLISH)
    assert [(version.id, version.kind) for version in versions] == [
        ("vi-digest", "digest"),
        ("fr", "translation"),
        ("en", "original"),
    ]
    assert (versions[1].byline, versions[1].date) == ("Mai Tran", "Mis à jour le 2 mars 2025 à 9h30")


def test_markdown_marks_are_no_part_of_what_is_said() -> None:
    (version,) = parse(
        "# The bridge opens\n\n*By Mai Tran*\n\nThe bridge opened on Monday.\n\n- It is long, they said.\n\n"
        "[Source](https://news.example/b)\n"
    )
    assert [(sentence.role, sentence.text) for sentence in version.sentences[:4]] == [
        ("headline", "The bridge opens"),
        ("byline", "By Mai Tran"),
        ("body", "The bridge opened on Monday."),
        ("body", "It is long, they said."),
    ]
    assert version.link == "https://news.example/b"


def test_lines_wrapped_in_mid_sentence_are_no_headings() -> None:
    (version,) = parse(
        "The harbour bridge was opened\nby the mayor on Monday, in\nheavy rain and a cold wind.\nCrowds cheered.\n"
    )
    assert "heading" not in {sentence.role for sentence in version.sentences}


def test_each_line_has_its_role_and_metadata_is_read() -> None:
    english = parse(BUNDLE)[-1]
    roles = [passage.role for passage in english.passages]
    assert roles == ["headline", "standfirst", "byline", "date", "dateline", "body", "body", "body"]
    assert (english.title, english.byline, english.date) == (
        "Harbour Bridge Opens in Vinh Hoa",
        "Mai Tran",
        "Updated March 2, 2025 9:30 am",
    )
    assert english.link == "https://news.example/vinh-hoa"
    assert parse(BUNDLE)[0].tags == ("VinhHoa",)


def test_a_byline_on_two_lines_is_one_line_of_the_article() -> None:
    version = parse(ENGLISH.replace("By Mai Tran", "By\nMai Tran"))[0]
    (byline,) = (sentence for sentence in version.sentences if sentence.role == "byline")
    assert byline.text == "By\nMai Tran"
    assert version.byline == "Mai Tran"


def test_one_plain_paragraph_is_one_version_of_body_text() -> None:
    (version,) = parse("The council met in Đà Nẵng. Mayor Nguyễn Thị Hoa spoke for an hour about the harbour.")
    assert (version.id, version.kind) == ("en", "original")
    assert [passage.role for passage in version.passages] == ["body"]


def test_a_quotation_in_another_language_is_no_version() -> None:
    quoted = VIETNAMESE.replace("Ngư dân sợ", "“We will fight this in every court that we can find,” she said.\nNgư dân sợ")
    assert kinds(quoted) == [("vi", "original")]


def test_front_matter_gives_metadata_and_answerable_lines() -> None:
    front = '---\ntitle: "Bridge opens"\nauthor: Mai Tran\ndate: 2025-03-02\nurl: https://news.example/b\n---\n'
    (version,) = parse(
        front + "The bridge opened on Monday after six years. Crowds cheered.\nFerries will stop in April, the city said.\n"
    )
    assert (version.byline, version.date, version.link) == ("Mai Tran", "2025-03-02", "https://news.example/b")
    assert {"headline", "byline", "date"} <= {sentence.role for sentence in version.sentences}


def test_a_long_paragraph_is_cut_at_sentences() -> None:
    text = (
        " ".join(f"Sentence number {n} says something about the harbour bridge." for n in range(60))
        + "\nThe end came soon after that.\n"
    )
    (version,) = parse(text)
    first = [passage for passage in version.passages if passage.paragraph == 0]
    assert len(first) > 1
    assert all(len(passage.text) <= 1_300 for passage in first)


ODD = st.text(alphabet=st.sampled_from("aàbđê\u0301\u0323 .?!\n\r\t\u2028#-—“”123ABCĐ👩‍🚀\ufeff") | st.characters(), max_size=300)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*BUNDLE.splitlines(), "---", "", "By", "#tag", "https://a.example/x"]) | ODD, max_size=12))
def test_every_place_is_exactly_the_text_that_its_offsets_name(lines: list[str]) -> None:
    text = "\n".join(lines)
    for version in parse(text):
        for passage in version.passages:
            for place in (passage, *passage.sentences):
                assert text[place.start : place.end] == place.text
                assert place.text.strip() == place.text != ""


def test_the_real_bundle_has_exactly_its_three_versions(shared: Path) -> None:
    path = shared / "article" / "china-ai-travel.txt"
    text = decode(path.read_bytes(), path.name)
    versions = parse_bundle(Source(path.name, text, ""), "china-ai-travel")
    assert [(version.id, version.kind) for version in versions] == THREE
    assert versions[1].byline == versions[2].byline != ""


def test_a_paragraph_quoted_at_length_in_another_language_is_of_that_language() -> None:
    english = (
        "The district council met on Monday and spoke for three hours about the old ferry pier and what should become of it.\n"
    )
    vietnamese = (
        "“Chúng tôi đã sống bằng nghề chèo đò ở bến này hơn bốn mươi năm, và bây giờ không ai hỏi chúng tôi muốn gì”, bà nói.\n"
    )
    decided = "Councillors agreed that nothing would be decided before the summer was over.\n"
    source = Source("pier.en.txt", english + decided + vietnamese + english.replace("Monday", "Tuesday"), "0")
    (version,) = parse_bundle(source, "pier", "en")
    assert version.language == "en"
    assert [passage.language for passage in version.passages] == ["en", "en", "vi", "en"]
    assert {sentence.language for sentence in version.passages[2].sentences} == {"vi"}
