"""From the material to ``index/model/``: ``python -m training [--parallel FOLDER] [--eval FOLDER]``."""

import argparse
import random
import time
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from training.distil import FloatArray, first_vectors, teacher_folder, teacher_vectors
from training.evaluate import evaluate
from training.export import export
from training.hard_negatives import lexical_neighbours
from training.material import (
    FIRST_HALF,
    FIRST_STORIES,
    article_choices,
    article_pairs,
    lexicon_pairs,
    neighbour_pairs,
    read_articles,
    read_parallel,
    read_stories,
    thesaurus_pairs,
)
from training.pupil import Recipe, train
from training.readers import with_readers_questions
from training.vocabulary import Vocabulary, build_tokenizer, build_vocabulary

# Both pupils begin at the same rows, so the mean of their tables is a model as well, and a better one than either (Wortsman et al., 2022).
RECIPES = (Recipe(epochs=5, teaching=0.0), Recipe(epochs=4, teaching=1.0))
ROOT = Path(__file__).resolve().parent.parent


def encoder(tokenizer: Tokenizer, rows: FloatArray):  # noqa: ANN201 - a closure for the evaluation alone
    """Unit vectors from a table that has not been exported yet."""

    def encode(texts: list[str]) -> FloatArray:
        ids = [e.ids or [0] for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
        sums = np.add.reduceat(rows[np.concatenate(ids)], np.cumsum([0, *map(len, ids[:-1])]), axis=0)
        unit: FloatArray = sums / np.linalg.norm(sums, axis=1, keepdims=True).clip(1e-12)
        return unit

    return encode


def aliases(vocabulary: Vocabulary) -> dict[int, int]:
    """Forms that stand for exactly one other token share its row."""
    ids = {name: number for number, name in enumerate([*vocabulary.tokens, *vocabulary.compounds])}
    return {ids[form]: ids[full[0]] for form, full in vocabulary.forms.items() if len(full) == 1 and full[0] in ids}


def main() -> None:
    """Train and export, printing figures before and after."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parallel", type=Path, help="folder of third-party parallel text, see training/README.md")
    parser.add_argument("--eval", type=Path, help="folder of evaluation sets")
    parser.add_argument("--output", type=Path, default=ROOT / "index" / "model")
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument(
        "--half", action="store_true", help="train on half of the articles and stories, for fitting on the others"
    )
    parser.add_argument("--everything", action="store_true", help="train on the held-out articles and stories too")
    options = parser.parse_args()
    started = time.time()
    parallel = read_parallel(options.parallel)
    articles, stories = read_articles(), read_stories()
    if options.half:
        articles, stories = articles[:FIRST_HALF], stories[:FIRST_STORIES]
    articles = with_readers_questions(articles) + stories
    if options.everything:
        articles += read_articles(held_out=True) + read_stories(held_out=True)
    pairs = [*parallel, *article_pairs(articles), *lexicon_pairs(), *thesaurus_pairs()]
    pieces = [
        t
        for t, _ in sorted(Tokenizer.from_file(str(teacher_folder() / "tokenizer.json")).get_vocab().items(), key=lambda x: x[1])
    ]
    vocabulary = build_vocabulary(pieces, pairs)
    tokenizer = build_tokenizer(vocabulary)
    print(f"{len(pairs):,} pairs, {len(vocabulary.tokens):,} tokens and {len(vocabulary.compounds):,} compounds")
    rows = first_vectors(vocabulary, tokenizer, pairs, options.dimension)
    _print(evaluate(encoder(tokenizer, rows), options.eval), f"before training, {time.time() - started:.0f} s")
    pairs += neighbour_pairs(parallel, random.Random(5), 20_000)
    choices = list(article_choices(articles))
    neighbours = lexical_neighbours(pairs)
    pupils = [train(rows, tokenizer, pairs, choices, neighbours, recipe, teacher_vectors) for recipe in RECIPES]
    rows = np.mean([pupil / np.linalg.norm(pupil, axis=1).mean() for pupil in pupils], axis=0, dtype=np.float32)
    export(options.output, tokenizer, rows, aliases(vocabulary))
    _print(evaluate(encoder(tokenizer, rows), options.eval), f"after training, {time.time() - started:.0f} s")


def _print(results: dict[str, float], title: str) -> None:
    print(f"\n{title}")
    for name, value in results.items():
        print(f"  {name:28} {value:.3f}")


if __name__ == "__main__":
    main()
