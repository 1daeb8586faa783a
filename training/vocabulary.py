"""One tokenizer for both languages.

WordPiece over BERT's English pieces, every English word and Vietnamese syllable of the material, and letters for the rest, so that no
word is nothing; Vietnamese words of several syllables are tokens of their own, found before the text is split at spaces. Forms
typed without diacritics share the row of the form they stand for, or have a row of their own where they stand for several.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

from index.text import bare
from training.material import Pair, read_lexicon

UNKNOWN = "[UNK]"
_WORD = re.compile(r"[^\W\d_]+")
_VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
_OLD_PLACEMENT = [
    (new, old)
    for pair in ("oa", "oe", "uy")
    for new, old in zip(
        {"oa": "òa óa ỏa õa ọa", "oe": "òe óe ỏe õe ọe", "uy": "ùy úy ủy ũy ụy"}[pair].split(),
        {"oa": "oà oá oả oã oạ", "oe": "oè oé oẻ oẽ oẹ", "uy": "uỳ uý uỷ uỹ uỵ"}[pair].split(),
        strict=True,
    )
]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tokens and what stands behind them.

    ``forms`` gives, for a token that is another's form (no diacritics, old tone placement), the tokens that it stands for.
    ``counts`` is how often a token occurs in the material.
    """

    tokens: list[str]
    compounds: list[str]
    forms: dict[str, list[str]]
    counts: Counter[str]


def words(text: str) -> list[str]:
    """Lower-case words."""
    return _WORD.findall(text.lower())


def build_vocabulary(pieces: Iterable[str], pairs: Iterable[Pair]) -> Vocabulary:
    """Choose the tokens. ``pieces`` are BERT's, in their order."""
    english: Counter[str] = Counter()
    vietnamese: Counter[str] = Counter()
    glossary: Counter[str] = Counter()
    for pair in pairs:
        english.update(words(pair.a))
        vietnamese.update(words(pair.b))
        if pair.source == "wiktionary_vi_en_lexicon":
            glossary[pair.b.lower()] += 1
    for head, equivalents in read_lexicon():
        english.update(words(head))
        for equivalent in equivalents:
            vietnamese.update(words(equivalent))
            glossary[equivalent.lower()] += 2
    syllables = {word for word, n in vietnamese.items() if (n >= 2 and bare(word) != word) or n >= 5}
    plain = [piece for piece in pieces if not piece.startswith("[unused")]
    known = dict.fromkeys([UNKNOWN, *(piece for piece in plain if not piece.startswith("["))])
    known.update(dict.fromkeys(letter for letter in _VIETNAMESE))
    known.update(dict.fromkeys("##" + letter for letter in _VIETNAMESE))
    known.update(dict.fromkeys(sorted(word for word, n in english.items() if n >= 3 and len(word) < 30)))
    known.update(dict.fromkeys(sorted(syllables)))
    compounds = _compounds(glossary, syllables)
    forms = _forms(known, syllables, compounds, english, vietnamese)
    singles = [form for form in forms if " " not in form]
    known.update(dict.fromkeys(singles))
    return Vocabulary(list(known), [*compounds, *(form for form in forms if " " in form)], forms, english + vietnamese)


def _compounds(glossary: Counter[str], syllables: set[str]) -> list[str]:
    """Words of two to four syllables that the lexicons name and whose syllables are Vietnamese."""
    found = []
    for entry in sorted(glossary):
        parts = entry.split(" ")
        if 2 <= len(parts) <= 4 and all(part in syllables for part in parts) and re.fullmatch(r"[^\W\d_]+( [^\W\d_]+)+", entry):
            found.append(entry)
    return found


def _forms(
    known: dict[str, None], syllables: set[str], compounds: list[str], english: Counter[str], vietnamese: Counter[str]
) -> dict[str, list[str]]:
    """Forms that people type instead of the full one; a form that is an English word already stays what it is."""
    meant: defaultdict[str, list[str]] = defaultdict(list)
    for new, old in _OLD_PLACEMENT:
        for word in [*sorted(syllables), *compounds]:
            if re.search(rf"{new}(?!\w)", word):
                meant[re.sub(rf"{new}(?!\w)", old, word)].append(word)
    for word in sorted(syllables, key=lambda w: (-vietnamese[w], w)):
        if bare(word) != word:
            meant[bare(word)].append(word)
    for word in compounds:
        plain = bare(word)
        # "can you" must stay English though "cần yêu" exists: a phrase of common English words is no Vietnamese form.
        if plain != word and not all(english[part] >= 20 for part in plain.split()):
            meant[plain].append(word)
    taken = set(known) | set(compounds)
    return {form: list(dict.fromkeys(full)) for form, full in meant.items() if form not in taken}


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The tokenizer; token ids are the positions in ``tokens``, then in ``compounds``."""
    ids = {token: number for number, token in enumerate(vocabulary.tokens)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token=UNKNOWN, max_input_chars_per_word=60))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_tokens([AddedToken(word, single_word=True, normalized=True) for word in vocabulary.compounds])
    return tokenizer
