"""Which sentences answer a question: candidates from the passages found, features of each, one learnt score.

The versions vote: a sentence is judged together with its counterparts, so that what the question's own words miss in one language they may meet
in the other.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Question
from assistant.asked import Asked, what_is_asked
from assistant.fit import holds_what_is_asked
from index.article import Place
from index.library import Library
from index.names import find_names
from index.numbers import find_numbers
from index.text import bare, bare_token, tokenise
from index.words import bare_words, stem

FloatArray = NDArray[np.float32]

SAME_NAME = 0.5
"""Cosine from which a word counts as another form of a name."""
PASSAGES = 8
"""Passages whose sentences are looked at, in each language."""
KEPT = 20_000
"""Sentences whose analysis is kept in memory."""

FEATURES = (
    "cosine", "cosine_twin", "late", "late_twin", "words", "words_twin", "pairs", "passage", "passage_cosine", "neighbour",
    "fits", "misfits", "numbers", "meta", "length", "lead", "digest",
)  # fmt: skip
_META_ROLES = ("headline", "standfirst", "byline", "date", "link", "tag", "contact", "caption", "credit", "heading")
_STOPWORDS = frozenset(
    """the a an of to in on at for by with from as is are was were be been do does did has have had it its this that these those he she they his
    her their what who whom whose when where why how which and or not no so than then there any some about can could will would should
    la va cua nhung duoc cho trong voi mot da khi nao gi ai dau sao vi bao nhieu nhu the co cac tai ra den tu ve bi se thi ma hay o do nay
    khong phai dieu viec bai theo may""".split()
)


# Words that ask or tell without adding to what is asked for.
_EMPTY = frozenset(
    """say said says tell told article mention mentioned according happen happened happens many much long kind type name called call way thing
    people noi ke bai ten nguoi lam nhung tuc luc theo cach loai dien xay biet goi""".split()
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer, with its counterparts; ``score`` ranks the sentences of one question, higher is better.

    ``features`` are in the order of ``FEATURES``; ``covered`` is the share in [0, 1] of the question's words, by rarity, that the sentence,
    its counterparts or its passage have.
    """

    place: Place
    twins: tuple[Place, ...]
    score: float
    features: tuple[float, ...]
    covered: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is kept of a sentence: its words without diacritics, pairs of them, its vector and its tokens' directions."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    vector: FloatArray
    tokens: FloatArray


@lru_cache(maxsize=1)
def learnt() -> dict[str, dict[str, float]]:
    """Weights and thresholds, as ``training.evidence`` fitted them."""
    stored: dict[str, dict[str, float]] = json.loads((Path(__file__).parent / "evidence.json").read_text(encoding="utf-8"))
    return stored


@lru_cache(maxsize=1)
def _weights() -> FloatArray:
    return np.array([learnt()["weights"].get(name, 0.0) for name in FEATURES], dtype=np.float32)


class EvidenceRanker:
    """Ranks the sentences of a library for questions."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._readings: dict[str, _Reading] = {}

    def rank(self, question: Question) -> list[Evidence]:
        """Every candidate sentence, best first, in the question's language where a version has it; ties by id."""
        units, passage_scores = self._candidates(question)
        if not units:
            return []
        table, covered = self.features(question, units, passage_scores)
        scores = table @ _weights()
        ranked = [
            Evidence(place, twins, float(score), tuple(map(float, row)), float(share))
            for (place, twins), score, row, share in zip(units, scores, table, covered, strict=True)
        ]
        return sorted(ranked, key=lambda e: (-e.score, e.place.id))

    # Candidates --------------------------------------------------------------------------------------------------------------

    def _candidates(self, question: Question) -> tuple[list[tuple[Place, tuple[Place, ...]]], dict[str, float]]:
        """Sentences with their counterparts, and the score of the passage that brought each article paragraph."""
        hits = self._library.search(question.searched, k=PASSAGES, articles=question.articles)
        found: dict[str, tuple[Place, tuple[Place, ...]]] = {}
        scores: dict[str, float] = {}
        for hit in hits:
            for sentence in hit.passage.sentences:
                place, twins = self._in_language(sentence, question.language)
                if place.id not in found and not self._told_fully(place, question.language):
                    found[place.id] = (place, twins)
                    scores[place.id] = hit.score
        return list(found.values()), scores

    def _told_fully(self, place: Place, language: str) -> bool:
        """Whether a digest's sentence in another language stands for a full text in the answer's: that tells it better."""
        if place.language == language or place.kind != "digest":
            return False
        return any(v.language == language and v.kind != "digest" for v in self._library.article(place.article).versions)

    def _in_language(self, sentence: Place, language: str) -> tuple[Place, tuple[Place, ...]]:
        """The sentence as the answer's language has it, and its counterparts."""
        twins = self._library.counterparts(sentence)
        if sentence.language == language:
            return sentence, twins
        same = [twin for twin in twins if twin.language == language]
        best = next((twin for twin in same if twin.kind != "digest"), same[0] if same else None)
        if best is None:
            return sentence, twins
        return best, (sentence, *(twin for twin in self._library.counterparts(best) if twin.id != sentence.id))

    # Features ----------------------------------------------------------------------------------------------------------------

    def features(
        self, question: Question, units: Sequence[tuple[Place, tuple[Place, ...]]], passage_scores: dict[str, float]
    ) -> tuple[FloatArray, FloatArray]:
        """``(n, len(FEATURES))`` and ``(n,)`` coverage for candidate sentences with their counterparts."""
        asked = what_is_asked(question.searched)
        places = [place for unit in units for place in (unit[0], *unit[1][:3])]
        readings = self._read({place.id: place for place in places}.values())
        vector = self._library.embedder.encode_query([question.searched])[0]
        late = self._late_interaction(question.searched, readings)
        words = {language: self._content(question.searched, language) for language in {place.language for place in places}}
        numbers = {number.value for number in find_numbers(question.searched, question.language) if number.digits}
        context = self._paragraph_words(units, readings)
        table = np.zeros((len(units), len(FEATURES)), dtype=np.float32)
        covered = np.zeros(len(units), dtype=np.float32)
        previous: Place | None = None
        for row, (place, twins) in enumerate(units):
            own, others = readings[place.id], [(twin, readings[twin.id]) for twin in twins[:3]]
            cosine = float(own.vector @ vector)
            share = _share(own.words, words[place.language])
            twin_cosine = max((float(r.vector @ vector) for _, r in others), default=cosine)
            twin_share = max((_share(r.words, words[t.language]) for t, r in others), default=share)
            beside = previous is not None and previous.paragraph == place.paragraph and previous.version == place.version
            fits = holds_what_is_asked(asked, place, question.searched)
            table[row] = (
                cosine,
                twin_cosine,
                late[place.id],
                max((late[t.id] for t, _ in others), default=late[place.id]),
                share,
                twin_share,
                _pairs(own, words[place.language]),
                passage_scores.get(place.id, 0.0),
                0.0,
                float(readings[previous.id].vector @ vector) if beside and previous else 0.0,
                float(fits is True),
                float(fits is False),
                _number_share(numbers, place),
                float(place.role in _META_ROLES),
                np.log(len(place.text) + 1) / 5,
                1 / (1 + place.paragraph),
                float(place.kind == "digest"),
            )
            around = context.get((place.article, place.version, place.paragraph), frozenset())
            covered[row] = max(
                _share(own.words | around, words[place.language]), *(_share(r.words, words[t.language]) for t, r in others), 0.0
            )
            previous = place
        return table, covered

    def support(self, question: Question, evidence: Evidence) -> dict[str, float]:
        """For each word of the question that carries meaning, how well the sentence, its counterparts and its paragraph bear it out.

        1 for a word that is there, in any of the languages; else the nearest token's cosine. A name must be there to count.
        """
        article = self._library.article(evidence.place.article)
        around = [
            s for s in article.version(evidence.place.version).sentences
            if s.paragraph == evidence.place.paragraph or s.role in ("headline", "standfirst")
        ]  # fmt: skip
        places = {place.id: place for place in (evidence.place, *evidence.twins[:3], *around)}
        readings = self._read(places.values())
        present = frozenset().union(*(reading.words for reading in readings.values()))
        known = {bare(part) for pair in self._library.names(article.id) for name in pair for part in name.split()}
        names = {token for name in find_names(question.searched) for token in name.tokens}
        tokens = np.concatenate([reading.tokens for reading in readings.values()])
        token_vectors = getattr(self._library.embedder, "token_vectors", None)
        found = {}
        for word in dict.fromkeys(tokenise(question.searched)):
            plain = bare_token(word)
            if plain in _STOPWORDS or plain in _EMPTY:
                continue
            forms = {plain, stem(plain), *self._library.query_words(word, evidence.place.language)}
            if forms & present or (plain in names and plain in known):
                found[word] = 1.0
            elif token_vectors is None or not len(tokens):
                found[word] = 0.0
            else:
                vector = token_vectors(word).sum(axis=0)
                near = max(0.0, float((tokens @ vector).max() / max(float(np.linalg.norm(vector)), 1e-9)))
                # A name is there or it is not, unless another form of it is: "American" for "U.S.".
                found[word] = near if plain not in names or near >= SAME_NAME else 0.0
        return found

    def _content(self, text: str, language: str) -> dict[str, float]:
        """The question's words that carry meaning, with their rarity."""
        found = self._library.query_words(text, language)
        kept = {word: rarity for word, rarity in found.items() if word not in _STOPWORDS}
        return kept or found

    def _paragraph_words(
        self, units: Sequence[tuple[Place, tuple[Place, ...]]], readings: dict[str, _Reading]
    ) -> dict[tuple[str, str, int], frozenset[str]]:
        found: dict[tuple[str, str, int], frozenset[str]] = {}
        for place, _ in units:
            key = (place.article, place.version, place.paragraph)
            found[key] = found.get(key, frozenset()) | readings[place.id].words
        return found

    def _late_interaction(self, text: str, readings: dict[str, _Reading]) -> dict[str, float]:
        """For each sentence, the mean over the question's tokens, by weight, of the nearest token's cosine (Khattab and Zaharia, 2020)."""
        ids = list(readings)
        token_vectors = getattr(self._library.embedder, "token_vectors", None)
        if token_vectors is None:
            return dict.fromkeys(ids, 0.0)
        query = token_vectors(text)
        weight = np.linalg.norm(query, axis=1)
        if not len(query) or not weight.sum():
            return dict.fromkeys(ids, 0.0)
        filled = [name for name in ids if len(readings[name].tokens)]
        found = dict.fromkeys(ids, 0.0)
        if filled:
            tokens = np.concatenate([readings[name].tokens for name in filled])
            starts = np.cumsum([0, *(len(readings[name].tokens) for name in filled[:-1])])
            cosines = (query / weight.clip(1e-9)[:, None]) @ tokens.T
            best = np.maximum.reduceat(cosines, starts, axis=1)
            found.update(zip(filled, (weight @ best / weight.sum()).tolist(), strict=True))
        return found

    def _read(self, places: Iterable[Place]) -> dict[str, _Reading]:
        """The analysis of each sentence, made once."""
        places = list(places)
        missing = [place for place in places if place.id not in self._readings]
        if missing:
            if len(self._readings) > KEPT:
                self._readings.clear()
                missing = places
            vectors = self._library.embedder.encode_document([place.text for place in missing])
            for place, vector in zip(missing, vectors, strict=True):
                self._readings[place.id] = self._analyse(place, vector)
        return {place.id: self._readings[place.id] for place in places}

    def _analyse(self, place: Place, vector: FloatArray) -> _Reading:
        words = [word for word in bare_words(place.text, place.language) if "_" not in word]
        token_vectors = getattr(self._library.embedder, "token_vectors", None)
        tokens = token_vectors(place.text) if token_vectors else np.zeros((0, len(vector)), dtype=np.float32)
        norms = np.linalg.norm(tokens, axis=1, keepdims=True) if len(tokens) else np.zeros((0, 1), dtype=np.float32)
        kept = tokens[norms[:, 0] > 1e-6] / norms[norms[:, 0] > 1e-6] if len(tokens) else tokens
        return _Reading(frozenset(words), frozenset(pairwise(words)), vector, kept.astype(np.float32))


def _share(words: frozenset[str], wanted: dict[str, float]) -> float:
    total = sum(wanted.values())
    return sum(rarity for word, rarity in wanted.items() if word in words) / total if total else 0.0


def _pairs(reading: _Reading, wanted: dict[str, float]) -> float:
    """Share of the question's neighbouring words that stand side by side in the sentence too."""
    order = list(wanted)
    pairs = list(pairwise(order))
    return sum(1 for pair in pairs if pair in reading.pairs) / len(pairs) if pairs else 0.0


def _number_share(numbers: set[float], place: Place) -> float:
    if not numbers:
        return 0.0
    return len(numbers & {number.value for number in find_numbers(place.text, place.language)}) / len(numbers)


__all__ = ["FEATURES", "Asked", "Evidence", "EvidenceRanker", "bare", "learnt"]
