import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.lexical
import index.lexical_store
import index.postings
from index.lexical import LexicalIndex
from index.lexical_store import LexicalStore
from index.postings import K1, B, Postings, keys_of, rarity
from index.segment import Segment
from index.strings import SortedStrings
from index.words import bare_words, both_bags, both_fields, marked_words, stem

BRIDGE, MARKET, STORM = 1, 2, 3
VIETNAMESE = [
    (BRIDGE, "Cây cầu bắc qua sông Hàn thông xe hôm thứ Hai."),
    (MARKET, "Chợ hàng cũ bán đủ thứ, từ hàn xì đến đồ sứ."),
    (STORM, "Cơn bão số 3 làm tốc mái 1.200 ngôi nhà ở Hòa Bình."),
]
COMPANY, GALE, COUNCIL = 1, 2, 3
ENGLISH = [
    (COMPANY, "The company invited its partners to visit the factories."),
    (GALE, "The storm damaged 1,200 houses near the river."),
    (COUNCIL, "Councillors voted on the new ferry timetable."),
]

words = st.text(alphabet="aăâbcdđeêoôơuư", min_size=1, max_size=4)
documents = st.lists(st.lists(words, max_size=12), max_size=12)
texts = st.lists(st.lists(words, min_size=1, max_size=9).map(" ".join), max_size=30)


@given(st.lists(texts.map(" ".join) | st.text(max_size=40), max_size=8), st.sampled_from(["vi", "en"]))
def test_bags_hold_the_words_of_each_text_by_itself(found: list[str], language: str) -> None:
    for field, bags in enumerate(both_bags(found, language)):
        assert len(set(bags.words)) == len(bags.words)
        held: list[list[str]] = [[] for _ in found]
        for owner, number in zip(bags.owners.tolist(), bags.numbers.tolist(), strict=True):
            held[owner].append(bags.words[number])
        assert bags.documents == len(found)
        assert [sorted(words) for words in held] == [sorted(both_fields(text, language)[field]) for text in found]


def made(language: str, passages: list[tuple[int, str]]) -> LexicalIndex:
    return LexicalIndex(language, [Segment.build(language, passages)])


def best(index: LexicalIndex, query: str) -> int:
    return int(index.best(index.look_up(query), 1)[0])


def shares(index: LexicalIndex, query: str, *numbers: int) -> np.ndarray:
    return index.shares(index.look_up(query), np.array(numbers))


def same(a: LexicalIndex, b: LexicalIndex) -> bool:
    def held(index: LexicalIndex) -> list[tuple[int, int]]:
        prints = [segment.fingerprints() for segment in index.segments]
        return [pair for numbers, sums in prints for pair in zip(numbers.tolist(), sums.tolist(), strict=True)]

    return held(a) == held(b)


def gains(postings: Postings, word: str, n: int) -> list[float]:
    mean = float(postings.lengths.mean()) if n else 1.0
    (number,) = postings.find(keys_of([word])).tolist()
    return postings.gains_of(number, np.arange(n, dtype=np.int32), mean).tolist() if number >= 0 else [0.0] * n


def frequency(postings: Postings, word: str) -> int:
    return int(postings.frequencies(postings.find(keys_of([word])))[0])


@given(documents, words)
@settings(max_examples=60)
def test_gains_are_those_of_the_published_formula(found: list[list[str]], word: str) -> None:
    postings = Postings.build(found)
    mean = sum(map(len, found)) / max(1, len(found)) or 1e-9
    assert frequency(postings, word) == sum(word in document for document in found)
    for document, gain in zip(found, gains(postings, word, len(found)), strict=True):
        count = document.count(word)
        assert gain == pytest.approx(count / (count + K1 * (1 - B + B * len(document) / mean)) if count else 0.0, abs=1e-5)


def test_scores_rank_like_bm25s() -> None:
    bm25s = pytest.importorskip("bm25s")
    rng = np.random.default_rng(4)
    found = [[f"w{int(w)}" for w in rng.zipf(1.6, size=int(rng.integers(3, 40))) if w < 200] for _ in range(60)]
    names = sorted({w for document in found for w in document})
    theirs = bm25s.BM25(method="lucene", k1=K1, b=B)
    theirs.index(([[names.index(w) for w in d] for d in found], {w: i for i, w in enumerate(names)}), show_progress=False)
    query = ["w1", "w3", "w7", "w12"]
    postings = Postings.build(found)
    rarities = [rarity(60, frequency(postings, word)) for word in query]
    ours = sum(np.array(gains(postings, word, 60)) * rare for word, rare in zip(query, rarities, strict=True))
    expected = np.asarray(theirs.get_scores_from_ids([names.index(w) for w in query if w in names]))
    np.testing.assert_allclose(ours / ours.max(), expected / expected.max(), atol=1e-4)


@given(st.lists(st.tuples(documents, st.data()), min_size=1, max_size=3))
@settings(max_examples=40)
def test_merged_postings_are_those_of_the_documents_that_stay(parts: list[tuple[list[list[str]], st.DataObject]]) -> None:
    masks = [np.array([data.draw(st.booleans()) for _ in found], dtype=np.bool_) for found, data in parts]
    stays = [d for (found, _), mask in zip(parts, masks, strict=True) for d, kept in zip(found, mask, strict=True) if kept]
    merged = Postings.merged([(Postings.build(found), mask) for (found, _), mask in zip(parts, masks, strict=True)])
    anew = Postings.build(stays)
    for name in ("keys", "starts", "documents", "counts", "lengths"):
        np.testing.assert_array_equal(getattr(merged, name), getattr(anew, name))


@given(texts, st.data())
@settings(max_examples=60)
def test_an_index_that_grew_and_shrank_is_the_one_built_anew(found: list[str], data: st.DataObject) -> None:
    passages = list(enumerate(found, 1))
    cut = data.draw(st.integers(0, len(passages)))
    gone = [number for number, _ in passages[:cut] if data.draw(st.booleans())]
    index = made("vi", passages[:cut]).updated(np.array(gone, dtype=np.int64), Segment.build("vi", passages[cut:]))
    assert same(index, made("vi", [(number, text) for number, text in passages if number not in gone]))


@given(texts, st.lists(words, min_size=1, max_size=4).map(" ".join), st.data())
@settings(max_examples=60)
def test_segments_are_searched_as_one(found: list[str], query: str, data: st.DataObject) -> None:
    passages = list(enumerate(found, 1))
    cut = data.draw(st.integers(0, len(passages)))
    whole = made("vi", passages)
    parts = LexicalIndex("vi", [Segment.build("vi", part) for part in (passages[:cut], passages[cut:]) if part])
    numbers = [number for number, _ in passages]
    np.testing.assert_allclose(shares(parts, query, *numbers), shares(whole, query, *numbers), atol=1e-5)
    scores = dict(zip(numbers, shares(whole, query, *numbers).sum(axis=1).round(4).tolist(), strict=True))
    assert [scores[n] for n in parts.best(parts.look_up(query), 5)] == [scores[n] for n in whole.best(whole.look_up(query), 5)]


def test_words_of_many_passages_are_looked_through_from_their_head(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    common = [f"từ{i}" for i in range(12)]
    passages = [(n, " ".join([*rng.choice(common, size=6), f"riêng{n % 40}"])) for n in range(1, 1_001)]
    whole = made("vi", passages)
    monkeypatch.setattr(index.postings, "HEAD", 50)
    cut = made("vi", passages)
    query = "từ1 từ2 riêng7"
    expected, found = whole.best(whole.look_up(query), 10), cut.best(cut.look_up(query), 10)
    assert {int(number) % 40 for number in found[:5]} == {7}
    assert shares(whole, query, *found).sum() > 0.9 * shares(whole, query, *expected).sum()
    np.testing.assert_allclose(shares(cut, query, *expected), shares(whole, query, *expected), atol=1e-6)


@given(st.integers(0, 2**32 - 1), st.lists(st.sampled_from([f"từ{i}" for i in range(30)]), min_size=1, max_size=6, unique=True))
@settings(max_examples=40, deadline=None)
def test_words_that_could_lift_nobody_are_passed_over_and_the_best_are_the_same(seed: int, query: list[str]) -> None:
    rng = np.random.default_rng(seed)
    passages = [(n, " ".join(f"từ{min(int(w), 29)}" for w in rng.zipf(1.4, size=8))) for n in range(1, 301)]
    parts = LexicalIndex("vi", [Segment.build("vi", part) for part in (passages[:200], passages[200:])])
    lookup = parts.look_up(" ".join(query))
    among = np.array([number for number, _ in passages if number % 3])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(index.lexical, "LOOKED_AT", 300)
        patched.setattr(index.lexical, "LONG", 0)
        hasty = parts.best(lookup, 5), parts.best(lookup, 5, among)
        patched.setattr(index.lexical, "LONG", 10**9)
        thorough = parts.best(lookup, 5), parts.best(lookup, 5, among)
    for quick, slow in zip(hasty, thorough, strict=True):
        scores = [parts.shares(lookup, numbers).sum(axis=1) for numbers in (quick, slow)]
        np.testing.assert_allclose(scores[0], scores[1], atol=1e-5)


def test_segments_merged_into_one_are_searched_alike_and_what_was_removed_is_gone() -> None:
    passages = [(number, f"story {number} of a storm") for number in range(1, 61)]
    parts = LexicalIndex("en", [Segment.build("en", passages[begin : begin + 20]) for begin in (0, 20, 40)])
    cut = LexicalIndex("en", [segment.without(np.array([7, 33])) for segment in parts.segments])
    merged = cut.merged()
    assert len(merged.segments) == 1
    assert same(merged, made("en", [(number, text) for number, text in passages if number not in (7, 33)]))
    assert merged.merged() is merged
    assert LexicalIndex("en").merged().size == 0


def test_many_small_batches_become_few_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.lexical, "SMALL", 8)
    grown = LexicalIndex("en")
    for begin in range(1, 401, 5):
        grown = grown.updated(
            np.array([], dtype=np.int64), Segment.build("en", [(n, f"w{n} x") for n in range(begin, begin + 5)])
        )
    assert grown.size == 400
    assert len(grown.segments) <= 3 * 4
    assert best(grown, "w123") == 123


@given(st.sets(st.text(max_size=6)))
def test_sorted_strings_find_each_of_theirs(found: set[str]) -> None:
    strings = SortedStrings.of(sorted(found))
    assert strings.all() == sorted(found)
    assert [strings[strings.find(text)] for text in found] == list(found)
    assert strings.find("something longer than any of them") == -1


def test_exact_diacritics_outrank_the_same_letters_without() -> None:
    index = made("vi", VIETNAMESE)
    assert best(index, "sông Hàn") == BRIDGE
    assert best(index, "hàng") == MARKET
    (market, market_bare), (bridge, bridge_bare) = shares(index, "hàn xì", MARKET, BRIDGE)
    assert market > bridge > 0
    assert market_bare > 0 < bridge_bare


def test_a_query_without_diacritics_counts_by_the_bare_field_alone() -> None:
    index = made("vi", VIETNAMESE)
    found = shares(index, "con bao so 3 hoa binh", BRIDGE, MARKET, STORM)
    np.testing.assert_array_equal(found[:, 0], found[:, 1])
    assert best(index, "con bao so 3 hoa binh") == STORM


def test_syllables_that_stand_together_count_as_a_word() -> None:
    apart, together = 1, 2
    index = made("vi", [(apart, "bình sứ đẹp, hòa nhạc hay"), (together, "hòa bình sứ mệnh hay")])
    assert best(index, "hòa bình") == together
    assert "hoà_bình" not in marked_words("hoà bình")
    assert "hoa_binh" in bare_words("Hòa Bình", "vi")


@pytest.mark.parametrize(("a", "b"), [("companies", "company"), ("invited", "invite"), ("votes", "vote"), ("ferries", "ferry")])
def test_forms_of_an_english_word_meet(a: str, b: str) -> None:
    assert stem(a) == stem(b)


@pytest.mark.parametrize(
    ("language", "query", "wanted"),
    [("en", "companny", COMPANY), ("en", "timetbale", COUNCIL), ("vi", "thoong xe song", BRIDGE)],
)
def test_a_typing_error_is_mended_at_less_weight(language: str, query: str, wanted: int) -> None:
    index = made(language, ENGLISH if language == "en" else VIETNAMESE)
    assert best(index, query) == wanted
    assert 0 < shares(index, query, wanted)[0, 1] < 1


def test_query_words_say_how_rare_each_word_is() -> None:
    index = made("en", ENGLISH)
    found = index.query_words("the storm zeppelin")
    assert list(found) == ["the", "storm", "zeppelin"]
    assert found["zeppelin"] > found["storm"] > found["the"]
    assert found["zeppelin"] == pytest.approx(math.log(1 + 3.5 / 0.5))


def test_what_is_not_there_has_no_share() -> None:
    index = made("en", ENGLISH).updated(np.array([GALE]))
    assert not shares(index, "storm", GALE, 99).any()
    assert index.has(np.array([COMPANY, GALE, 99])).tolist() == [True, False, False]


def test_saved_words_are_loaded_as_they_were(tmp_path: Path) -> None:
    store = LexicalStore(tmp_path / "lexical")
    indexes = {"en": made("en", ENGLISH), "vi": made("vi", VIETNAMESE)}
    store.save(indexes, 7)
    loaded = store.load()
    assert store.generation() == 7
    assert list(loaded) == ["en", "vi"]
    assert all(same(loaded[language], indexes[language]) for language in loaded)
    assert best(loaded["vi"], "chợ đồ sứ") == MARKET


def test_a_segment_is_written_once_and_what_was_removed_from_it_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.lexical, "SMALL", 2)
    store = LexicalStore(tmp_path / "lexical")
    passages = [(number, f"story {number} of a storm") for number in range(1, 11)]
    first = store.save({"en": made("en", passages)}, 1)
    written = {file: file.stat().st_mtime_ns for file in store.folder.rglob("*.npy")}
    store.save({"en": first["en"].updated(np.array([4]))}, 2)
    assert {file: file.stat().st_mtime_ns for file in written} == written
    assert same(store.load()["en"], made("en", [passage for passage in passages if passage[0] != 4]))


def test_a_file_cut_short_is_not_taken_for_an_index(tmp_path: Path) -> None:
    store = LexicalStore(tmp_path / "lexical")
    store.save({"en": made("en", ENGLISH)}, 1)
    file = next(store.folder.glob("*/bare/documents.npy"))
    file.write_bytes(file.read_bytes()[:-8])
    assert store.load() == {}


def flip(file: Path, place: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)


def test_one_flipped_bit_of_any_array_or_of_their_list_is_noticed(tmp_path: Path) -> None:
    store = LexicalStore(tmp_path / "lexical")
    indexes = {"en": made("en", ENGLISH), "vi": made("vi", VIETNAMESE).updated(np.array([STORM]))}
    store.save(indexes, 1)
    files = sorted(file for file in store.folder.rglob("*") if file.is_file())
    assert len(files) > 30
    for file in files:
        flip(file, file.stat().st_size - 1)
        assert store.load() == {}, file
        flip(file, file.stat().st_size - 1)
        assert list(store.load()) == ["en", "vi"]


def test_words_that_are_too_many_to_verify_at_once_are_verified_when_asked_and_before_they_are_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.lexical_store, "VERIFIED_AT_ONCE", 0)
    store = LexicalStore(tmp_path / "lexical")
    held = store.save({"en": made("en", ENGLISH)}, 1)
    store.verify()
    flip(next(store.folder.glob("*/bare/lengths.npy")), -1)
    assert list(store.load()) == ["en"]
    with pytest.raises(ValueError, match="not what was saved"):
        store.verify()
    merged = held["en"].updated(np.empty(0, dtype=np.int64), Segment.build("en", [(9, "The ferry sank.")]))
    assert len(merged.segments) == 1
    with pytest.raises(ValueError, match="not what was saved"):
        store.save({"en": merged}, 2)
    assert store.generation() == 1


def test_a_list_of_before_there_were_checksums_is_still_read(tmp_path: Path) -> None:
    store = LexicalStore(tmp_path / "lexical")
    store.save({"en": made("en", ENGLISH)}, 1)
    entry = json.loads((store.folder / "segments.json").read_text(encoding="utf-8").partition("\n")[0])
    del entry["sums"]
    (store.folder / "segments.json").write_text(json.dumps(entry), encoding="utf-8")
    assert list(store.load()) == ["en"]
    store.save(store.load(), 2)
    assert "sums" in (store.folder / "segments.json").read_text(encoding="utf-8")
