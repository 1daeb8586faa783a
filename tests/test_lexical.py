import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import LexicalIndex, bare_words, load_lexical, marked_words, save_lexical, stem
from index.postings import K1, B, Postings, SortedStrings

VIETNAMESE = [
    ("bridge", "Cây cầu bắc qua sông Hàn thông xe hôm thứ Hai."),
    ("market", "Chợ hàng cũ bán đủ thứ, từ hàn xì đến đồ sứ."),
    ("storm", "Cơn bão số 3 làm tốc mái 1.200 ngôi nhà ở Hòa Bình."),
]
ENGLISH = [
    ("company", "The company invited its partners to visit the factories."),
    ("storm", "The storm damaged 1,200 houses near the river."),
    ("council", "Councillors voted on the new ferry timetable."),
]

words = st.text(alphabet="aăâbcdđeêoôơuư", min_size=1, max_size=4)
documents = st.lists(st.lists(words, max_size=12), max_size=12)


def best(index: LexicalIndex, query: str) -> str:
    marked, bare = index.scores(query)
    return index.ids[int(np.argmax(marked + bare))]


@given(documents, st.lists(words, max_size=6))
@settings(max_examples=60)
def test_scores_are_those_of_the_published_formula(found: list[list[str]], query: list[str]) -> None:
    scores = Postings.build(found).scores(dict.fromkeys(query, 1.0))
    mean = sum(map(len, found)) / max(1, len(found)) or 1e-9
    rarity = {w: math.log(1 + (len(found) - n + 0.5) / (n + 0.5)) for w in query for n in [sum(w in d for d in found)]}
    for document, score in zip(found, scores, strict=True):
        gained = 0.0
        for word in set(query):
            count = document.count(word)
            gained += rarity[word] * count / (count + K1 * (1 - B + B * len(document) / mean)) if count else 0.0
        assert score == pytest.approx(gained / sum(rarity.values()) if query else 0.0, abs=1e-5)


def test_scores_rank_like_bm25s() -> None:
    bm25s = pytest.importorskip("bm25s")
    rng = np.random.default_rng(4)
    found = [[f"w{int(w)}" for w in rng.zipf(1.6, size=int(rng.integers(3, 40))) if w < 200] for _ in range(60)]
    names = sorted({w for document in found for w in document})
    theirs = bm25s.BM25(method="lucene", k1=K1, b=B)
    theirs.index(([[names.index(w) for w in d] for d in found], {w: i for i, w in enumerate(names)}), show_progress=False)
    query = ["w1", "w3", "w7", "w12"]
    ours = Postings.build(found).scores(dict.fromkeys(query, 1.0))
    expected = np.asarray(theirs.get_scores_from_ids([names.index(w) for w in query if w in names]))
    np.testing.assert_allclose(ours / ours.max(), expected / expected.max(), atol=1e-4)


@given(st.lists(st.tuples(words, documents.map(lambda d: " ".join(w for x in d for w in x))), max_size=10), st.data())
@settings(max_examples=60)
def test_an_updated_index_is_the_one_built_anew(passages: list[tuple[str, str]], data: st.DataObject) -> None:
    whole = dict(passages)
    before = {name: data.draw(st.sampled_from([text, "cũ", ""])) for name, text in whole.items() if data.draw(st.booleans())}
    extra = {f"old{i}": "đồ cũ" for i in range(data.draw(st.integers(0, 3)))}
    changed = {name: text for name, text in whole.items() if before.get(name) != text}
    index = LexicalIndex.build("vi", {**before, **extra}.items()).updated(extra, changed.items())
    assert index.same_as(LexicalIndex.build("vi", whole.items()))


@given(st.sets(st.text(max_size=6)))
def test_sorted_strings_find_each_of_theirs(texts: set[str]) -> None:
    strings = SortedStrings.of(sorted(texts))
    assert strings.all() == sorted(texts)
    assert [strings[strings.find(text)] for text in texts] == list(texts)
    assert strings.find("something longer than any of them") == -1


def test_exact_diacritics_outrank_the_same_letters_without() -> None:
    index = LexicalIndex.build("vi", VIETNAMESE)
    assert best(index, "sông Hàn") == "bridge"
    assert best(index, "hàng") == "market"
    marked, bare = index.scores("hàn xì")
    assert marked[index.row("market")] > marked[index.row("bridge")] > 0
    assert bare[index.row("bridge")] > 0


def test_a_query_without_diacritics_counts_by_the_bare_field_alone() -> None:
    index = LexicalIndex.build("vi", VIETNAMESE)
    marked, bare = index.scores("con bao so 3 hoa binh")
    np.testing.assert_array_equal(marked, bare)
    assert best(index, "con bao so 3 hoa binh") == "storm"


def test_syllables_that_stand_together_count_as_a_word() -> None:
    passages = [("apart", "bình sứ đẹp, hòa nhạc hay"), ("together", "hòa bình sứ mệnh hay")]
    index = LexicalIndex.build("vi", passages)
    assert best(index, "hòa bình") == "together"
    assert "hoà_bình" not in marked_words("hoà bình")
    assert "hoa_binh" in bare_words("Hòa Bình", "vi")


@pytest.mark.parametrize(("a", "b"), [("companies", "company"), ("invited", "invite"), ("votes", "vote"), ("ferries", "ferry")])
def test_forms_of_an_english_word_meet(a: str, b: str) -> None:
    assert stem(a) == stem(b)


@pytest.mark.parametrize(
    ("language", "query", "wanted"),
    [("en", "companny", "company"), ("en", "timetbale", "council"), ("vi", "thoong xe song", "bridge")],
)
def test_a_typing_error_is_mended_at_less_weight(language: str, query: str, wanted: str) -> None:
    index = LexicalIndex.build(language, ENGLISH if language == "en" else VIETNAMESE)
    assert best(index, query) == wanted
    assert index.scores(query)[1].max() > 0


def test_query_words_say_how_rare_each_word_is() -> None:
    index = LexicalIndex.build("en", ENGLISH)
    found = index.query_words("the storm zeppelin")
    assert list(found) == ["the", "storm", "zeppelin"]
    assert found["zeppelin"] > found["storm"] > found["the"]


def test_saved_words_are_loaded_as_they_were(tmp_path: Path) -> None:
    indexes = {"en": LexicalIndex.build("en", ENGLISH), "vi": LexicalIndex.build("vi", VIETNAMESE)}
    save_lexical(indexes, tmp_path / "lexical")
    loaded = load_lexical(tmp_path / "lexical")
    assert list(loaded) == ["en", "vi"]
    assert all(loaded[language].same_as(indexes[language]) for language in loaded)
    assert best(loaded["vi"], "chợ đồ sứ") == "market"


def test_a_file_cut_short_is_not_taken_for_an_index(tmp_path: Path) -> None:
    save_lexical({"en": LexicalIndex.build("en", ENGLISH)}, tmp_path / "lexical")
    file = tmp_path / "lexical" / "en" / "bare" / "documents.npy"
    file.write_bytes(file.read_bytes()[:-8])
    with pytest.raises((ValueError, OSError)):
        load_lexical(tmp_path / "lexical")
