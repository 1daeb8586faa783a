from dataclasses import replace

import numpy as np
import pytest

from index.article import Passage, Place
from index.embedding import load_embedder
from index.library import Library
from index.search import FEATURES, Query, Scored, fold_versions, learnt_weights

BREAD = ("Bakers on Cloth Street raised the price of a loaf to 15,000 dong in June.", "en")
BREAD_VI = ("Các lò bánh phố Hàng Vải tăng giá mỗi ổ lên 15.000 đồng từ tháng 6.", "vi")
TUNNEL = ("The tunnel under the pass was closed for 40 days after a landslide.", "en")
ORCHARD = ("Vườn bưởi ven sông Bồ mất trắng một nửa sau đợt lũ cuối năm.", "vi")
GHOST = ("Bà Mã bán ma cà rồng bằng giấy ở chợ má Sáu.", "vi")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("articles")
    stories = {"bread.en": BREAD, "bread.vi": BREAD_VI, "tunnel": TUNNEL, "orchard": ORCHARD, "ghost": GHOST}
    for name, (text, _) in stories.items():
        (folder / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    return Library.open(folder)


def first(library: Library, query: str) -> Passage:
    return library.search(query, k=1)[0].passage


@pytest.mark.parametrize(
    ("query", "article", "language"),
    [
        ("How much does a loaf cost now?", "bread", "en"),
        ("Giá một ổ bánh là bao nhiêu?", "bread", "vi"),
        ("gia mot o banh la bao nhieu", "bread", "vi"),
        ("How long was the tunnel closed?", "tunnel", "en"),
        ("Đường hầm đóng cửa bao nhiêu ngày vì sạt lở?", "tunnel", "en"),
        ("What did the flood do to the pomelo orchard?", "orchard", "vi"),
        ("tunel lanslide", "tunnel", "en"),
    ],
)
def test_the_passage_that_answers_comes_first(library: Library, query: str, article: str, language: str) -> None:
    found = first(library, query)
    assert (found.article, found.language) == (article, language)


def test_diacritics_decide_between_words_of_the_same_letters(library: Library) -> None:
    scored = {
        s.passage.article: dict(zip(FEATURES, s.features, strict=True)) for s in library.rank("chợ má Sáu", languages=["vi"])
    }
    worse = {
        s.passage.article: dict(zip(FEATURES, s.features, strict=True)) for s in library.rank("chớ mả Sâu", languages=["vi"])
    }
    assert scored["ghost"]["marked"] > worse["ghost"]["marked"]
    assert scored["ghost"]["bare"] == pytest.approx(worse["ghost"]["bare"])


def test_a_number_counts_however_its_language_writes_it(library: Library) -> None:
    for query in ("15.000 đồng", "15,000 dong"):
        shared = {s.passage.version: s.features[FEATURES.index("numbers")] for s in library.rank(query, articles=["bread"])}
        assert shared == {"en": 1.0, "vi": 1.0}


def test_features_are_in_their_ranges_and_make_the_score(library: Library) -> None:
    for found in library.rank("How much is bread, 15,000 dong?"):
        table = dict(zip(FEATURES, found.features, strict=True))
        assert all(-1.01 <= table[name] <= 1.01 for name in ("passage", "sentence"))
        assert all(0 <= table[name] <= 1 for name in ("marked", "bare", "numbers"))
        weights, base = learnt_weights(found.passage.language == "en")
        assert found.score == pytest.approx(float(np.dot(found.features, weights)) + base, abs=1e-5)


def test_neither_leg_filters_the_other(library: Library) -> None:
    names = {s.passage.article for s in library.rank("zeppelin")}
    assert names == {"bread", "tunnel", "orchard", "ghost"}


def test_half_a_character_in_a_query_is_no_error() -> None:
    assert Query.of("cầu \ud83d", load_embedder()).language == "vi"


def passage(version: str, language: str, start: int) -> Passage:
    place = Place("a", version, language, "original", "a.txt", start, "body", start, start + 1, f"{'word' * start} in {language}")
    return Passage(*(getattr(place, name) for name in Place.__dataclass_fields__), sentences=(place,))


def fold(*scored: tuple[Passage, float], language: str = "vi", k: int = 5, same: tuple[str, ...] = ("en", "vi")) -> list[str]:
    found = [Scored(p, (), score) for p, score in scored]
    hits = fold_versions(found, language, lambda a, b: a.start == b.start and {a.version, b.version} <= set(same), k)
    return [f"{hit.passage.version}{hit.passage.start} {hit.score}" for hit in hits]


def test_versions_of_one_story_count_once_and_the_reader_gets_their_own() -> None:
    english, vietnamese = passage("en", "en", 1), passage("vi", "vi", 1)
    assert fold((english, 0.9), (vietnamese, 0.5)) == ["vi1 0.9"]
    assert fold((english, 0.9), (vietnamese, 0.5), language="en") == ["en1 0.9"]
    assert fold((vietnamese, 0.9), (english, 0.5), language="fr") == ["vi1 0.9"]


def test_folding_stays_within_an_article_and_leaves_room_for_others() -> None:
    english, vietnamese, other = passage("en", "en", 1), passage("vi", "vi", 1), passage("vi", "vi", 1)
    other = replace(other, article="b", text="another story")
    assert fold((english, 0.9), (other, 0.8), (vietnamese, 0.7), k=2) == ["vi1 0.9", "vi1 0.8"]
    assert fold((english, 0.9), (passage("en", "en", 2), 0.8)) == ["en1 0.9", "en2 0.8"]


def test_a_copy_from_another_article_takes_no_place() -> None:
    story, copy = passage("en", "en", 1), replace(passage("en", "en", 1), article="b")
    assert fold((story, 0.9), (copy, 0.8), (passage("en", "en", 2), 0.7), k=2) == ["en1 0.9", "en2 0.7"]
