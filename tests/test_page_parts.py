"""The parts of the page as HTML: what each shows, without a browser."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.ui.chat import answer_html, conversation_html, scope_html
from assistant.ui.compare import compare_html, detail_in
from assistant.ui.history import Turn
from assistant.ui.library import MOST_SHOWN, list_html, matching
from assistant.ui.reader import aligned_rows, article_html, left_out
from assistant.ui.strings import LANGUAGES, preferred, strings
from assistant.ui.suggested import Suggested
from index.article import Article, Comparison, Pair, Passage, Version
from index.text import visible

EN, VI = strings("en"), strings("vi")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    from samples import BUNDLE

    place = tmp_path_factory.mktemp("news") / "bridge.txt"
    place.write_text(BUNDLE, encoding="utf-8")
    return Assistant.open(place)


@pytest.fixture(scope="module")
def article(assistant: Assistant) -> Article:
    return assistant.library.article("bridge")


@pytest.fixture(scope="module")
def comparison(assistant: Assistant) -> Comparison:
    return assistant.library.compare("bridge")


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    assert list(EN) == list(VI)
    for key, text in EN.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", VI[key])), key


def test_every_word_is_used_and_every_word_that_is_used_exists() -> None:
    folder = Path(__file__).resolve().parent.parent / "assistant" / "ui"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    made = ("language_", "kind_", "pane_")
    values = {"original", "translation", "digest", "verbatim", "altered", "unsupported", "extractive", "generative"}
    assert [key for key in EN if not re.search(f"[\"']{key}[\"']", code) and not key.startswith(made) and key not in values] == []
    assert set(re.findall(r"""words\[["'](\w+)["']\]""", code)) <= {*EN, *made}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("vi-VN,vi;q=0.9,en;q=0.8", "vi"), ("fr-FR,en;q=0.5", "en"), ("de", "en"), ("", "en"), ("en-GB", "en")],
)
def test_the_page_follows_the_browsers_languages(accepted: str, language: str) -> None:
    assert preferred(accepted) == language
    assert language in LANGUAGES


def test_an_answer_shows_its_quote_beside_the_counterpart_in_the_other_language(assistant: Assistant) -> None:
    shown = answer_html(assistant.ask("How much did the bridge cost?"), EN)
    assert "1.8 billion dollars" in shown
    assert "1,8 tỷ USD" in shown
    assert 'class="cite verbatim"' in shown


@pytest.mark.parametrize(("status", "sign"), [("verbatim", "✓"), ("altered", "≈"), ("unsupported", "✕")])
def test_a_status_has_a_sign_a_class_and_a_word(assistant: Assistant, status: str, sign: str) -> None:
    answer = assistant.ask("How much did the bridge cost?")
    citation = replace(answer.citations[0], status=status)  # type: ignore[arg-type]
    shown = answer_html(replace(answer, citations=(citation,)), VI)
    assert f'class="status {status}"' in shown
    assert sign in shown
    assert VI[status] in shown


def test_the_name_of_an_article_is_no_marker(assistant: Assistant) -> None:
    answer = assistant.ask("How much did the bridge cost?")
    first = answer.citations[0]
    named = [replace(first, marker=n, place=replace(first.place, article="storm [2]"), counterparts=()) for n in (1, 2)]
    html = answer_html(replace(answer, text="One. [1] Two. [2]", citations=tuple(named)), strings("en"))
    assert html.count('data-article="storm [2]"') == 4
    assert html.count('<button type="button" class="cite') == 2


def test_a_refusal_says_so_and_carries_a_class_of_its_own(assistant: Assistant) -> None:
    shown = answer_html(assistant.ask("What is the population of Brazil?"), EN)
    assert 'class="answer refusal"' in shown
    assert EN["refused"] in shown


def test_an_answer_that_grows_offers_nothing_to_do_with_it_yet(assistant: Assistant) -> None:
    turn = Turn("1", assistant.ask("How much did the bridge cost?"))
    assert 'data-do="retry"' in conversation_html((turn,), EN)
    growing = conversation_html((turn,), EN, whole=False)
    assert 'aria-busy="true"' in growing
    assert 'data-do="retry"' not in growing


def test_what_limits_a_question_is_said_and_can_be_lifted() -> None:
    assert "<button" not in scope_html([], EN)
    assert "A &lt;b&gt; story" in scope_html(["A <b> story"], EN)
    assert "2" in scope_html(["A", "B"], EN)


def test_the_reader_gives_every_paragraph_one_row_and_shows_gaps(article: Article, comparison: Comparison) -> None:
    shown = article_html(article, comparison, EN)
    for version in article.versions:
        for sentence in version.sentences:
            assert shown.count(f'id="s-{sentence.id}"') == 1
    assert shown.count('class="gap"') == len(
        [row for row in aligned_rows(article.version("en"), article.version("vi"), comparison) if not all(row)]
    )


@st.composite
def alignments(draw: st.DrawFn) -> tuple[Version, Version, Comparison]:
    def version(name: str, count: int) -> Version:
        passages = tuple(Passage("x", name, name, "original", "x.txt", n, "body", n, n + 1, "a") for n in range(count))
        return Version(name, "x", name, "original", "x.txt", 0, count, passages)

    a, b = version("en", draw(st.integers(1, 6))), version("vi", draw(st.integers(1, 6)))
    pairs = draw(st.lists(st.tuples(st.sampled_from(a.passages), st.sampled_from(b.passages), st.booleans()), max_size=9))
    links = tuple(Pair(y, x, 0.5) if turned else Pair(x, y, 0.5) for x, y, turned in pairs)
    return a, b, Comparison("x", (), links, ())


@given(alignments())
def test_rows_hold_each_paragraph_once_and_in_order_whatever_is_aligned(made: tuple[Version, Version, Comparison]) -> None:
    a, b, comparison = made
    rows = aligned_rows(a, b, comparison)
    assert [n for left, _ in rows for n in left] == [p.paragraph for p in a.passages]
    assert [n for _, right in rows for n in right] == [p.paragraph for p in b.passages]


@given(st.text(st.sampled_from("ab ​‮\u200dé\U0001f469\U000e0041"), max_size=30))
def test_positions_left_out_are_those_that_nobody_sees(text: str) -> None:
    hidden = set(left_out(text))
    assert "".join(c for n, c in enumerate(text) if n not in hidden) == visible(text)


def test_differences_lead_to_their_places_and_bands_tell_their_confidence(article: Article, comparison: Comparison) -> None:
    shown = compare_html(article, comparison, EN)
    assert shown.count('class="band"') == len(comparison.paragraphs)
    assert re.search(r"confidence \d+ %", shown)
    for difference in comparison.differences:
        place = difference.a or difference.b
        assert place is not None
        assert f'data-start="{place.start}"' in shown


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("one denies what the other affirms", "một bản phủ định điều bản kia khẳng định"),
        ("one rises where the other falls", "một bản nói tăng, bản kia nói giảm"),
        ("Paris in one only", "chỉ một bản có Paris"),
        ("12 against 13", "12 ≠ 13"),
    ],
)
def test_what_differs_is_said_in_the_language_of_the_page(detail: str, said: str) -> None:
    assert detail_in(detail, VI) == said
    source = (Path(__file__).resolve().parent.parent / "index" / "differences.py").read_text(encoding="utf-8")
    assert detail.removeprefix("Paris ").removeprefix("12 ").removesuffix(" 13") in source


def test_suggested_questions_are_answered_by_their_article(
    assistant: Assistant, article: Article, comparison: Comparison
) -> None:
    for language in LANGUAGES:
        suggested = Suggested(assistant, language, strings(language))
        asked = suggested.at_once(article, comparison)
        assert suggested.with_model("bridge") == asked, "there is no model"
        assert len(asked) >= 2
        for question in asked:
            answer = assistant.ask(question)
            assert answer.answered, question
            assert answer.language == language


def test_articles_are_found_by_title_date_source_and_what_they_say(assistant: Assistant) -> None:
    contents = assistant.library.contents()
    for query in ("harbour bridge", "cau cang", "news.example", "Mai Tran", "2025", ""):
        assert matching(contents, query, "", ()) == ["bridge"], query
    assert matching(contents, "squid", "", ()) == []
    assert matching(contents, "squid", "", ["bridge"]) == ["bridge"]
    assert matching(contents, "", "vi", ()) == ["bridge"]
    assert matching(contents, "", "fr", ()) == []


def test_a_list_offers_removal_only_where_it_is_allowed_and_never_more_than_a_screen_can_hold(assistant: Assistant) -> None:
    versions = assistant.library.contents()["bridge"]
    many = {f"article-{n:03}": versions for n in range(MOST_SHOWN + 7)}
    shown = list_html(many, list(many), ["article-001"], EN, "en", may_change=False)
    assert shown.count('data-do="choose" checked') == 1
    assert shown.count('data-do="choose"') == MOST_SHOWN
    assert EN["more_articles"].format(count=7) in shown
    assert 'data-do="remove"' not in shown
    assert 'data-do="remove"' in list_html(many, list(many), (), EN, "en", may_change=True)
