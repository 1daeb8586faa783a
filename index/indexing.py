"""Files that belong together → articles with their vectors and alignments, ready for the catalogue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, islice

from index.alignment import Alignment, align
from index.article import Article
from index.embedding import Embedder, FloatArray, static_beside
from index.errors import DoichieuError, InputError, MissingExtra, UnreadableFile
from index.files import article_id, read_articles
from index.folder import ArticleFile
from index.rows import Indexed

FULLY_ALIGNED = 4
"""Versions up to which each is aligned with each other; more are aligned with the original alone."""


@dataclass(slots=True)
class Group:
    """Files that hold the versions of one article, or a feed or an archive of several.

    ``gone`` names files that were there before, and ``older`` has what a file would replace. ``read`` fills in the articles with ``made``, their ids,
    and why some files could not be read.
    """

    name: str
    files: list[ArticleFile]
    gone: list[str] = field(default_factory=list)
    older: dict[str, ArticleFile] = field(default_factory=dict)
    articles: list[Indexed] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    problems: dict[ArticleFile, str] = field(default_factory=dict)


def group(files: Iterable[ArticleFile], gone: Iterable[str] = ()) -> dict[str, Group]:
    """Groups by name, sorted; ``gone`` are names of files that are there no longer."""
    groups: dict[str, Group] = {}

    def of(name: str) -> Group:
        key = article_id(name.rpartition("/")[2])
        return groups.setdefault(key, Group(key, []))

    for file in sorted(files, key=lambda file: file.name):
        of(file.name).files.append(file)
    for name in sorted(gone):
        of(name).gone.append(name)
    return dict(sorted(groups.items()))


def read(group: Group, embedder: Embedder) -> None:
    """Read, embed and align a group's articles. A file that cannot be read is noted, and the others are read without it."""
    seen: dict[str, ArticleFile] = {}
    for file in list(group.files):
        first = seen.setdefault(file.base, file)
        if first is not file:
            _leave_out(group, file, f"{file.path}: {first.path} has the same name; rename one of them")
    try:
        articles = _articles(group.files)
    except (InputError, MissingExtra):
        for file in list(group.files):
            try:
                _articles([file])
            except (InputError, MissingExtra) as error:
                _leave_out(group, file, str(error))
        articles = _articles(group.files)
    group.articles = [index_article(article, embedder) for article in articles]
    group.made = [article.id for article in articles]


def _leave_out(group: Group, file: ArticleFile, problem: str) -> None:
    group.files.remove(file)
    group.problems[file] = problem
    if file.name in group.older:
        group.files.append(group.older.pop(file.name))
        group.files.sort(key=lambda file: file.name)


def _articles(files: Sequence[ArticleFile]) -> list[Article]:
    articles = read_articles([file.path for file in files], [file.base for file in files]) if files else []
    for source in (source for article in articles for source in article.sources):
        try:
            source.text.encode()
        except UnicodeEncodeError:
            raise UnreadableFile(f"{source.file}: half a character (a lone surrogate) in it; save it as UTF-8") from None
    return articles


def index_article(article: Article, embedder: Embedder) -> Indexed:
    """Vectors of every passage and sentence, the sentences' tokens, and the alignment of the versions.

    Tokens and alignment are the static model's, whatever model searches: the bounds of an alignment are of its scale.
    """
    passages = [passage for version in article.versions for passage in version.passages]
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    static = static_beside(embedder)
    tokens = static.token_ids([sentence.text for sentence in sentences])
    inner = static.vectors_of(tokens)
    alignments = _alignments(article, inner)
    if static is embedder:
        # No token goes over the end of a sentence, so that a passage's are those of its sentences.
        own = iter(tokens)
        whole = [list(chain.from_iterable(islice(own, len(passage.sentences)))) for passage in passages]
        return Indexed(article, static.vectors_of(whole), inner, tokens, alignments)
    vectors = embedder.encode_document([place.text for place in (*passages, *sentences)])
    return Indexed(article, vectors[: len(passages)], vectors[len(passages) :], tokens, alignments)


def _alignments(article: Article, inner: FloatArray) -> dict[tuple[str, str], Alignment]:
    """The versions side by side, by the ``(sentences, d)`` vectors of all their sentences."""
    of_version: dict[str, FloatArray] = {}
    at = 0
    for version in article.versions:
        of_version[version.id] = inner[at : at + len(version.sentences)]
        at += len(version.sentences)
    pairs = list(combinations(article.versions, 2))
    if len(article.versions) > FULLY_ALIGNED:
        original = next((v for v in article.versions if v.kind == "original"), article.versions[0])
        pairs = [(a, b) for a, b in pairs if original in (a, b)]
    return {(a.id, b.id): align(a, b, of_version[a.id], of_version[b.id]) for a, b in pairs}


def complaint(problems: Sequence[str], total: int) -> DoichieuError:
    """What to raise for files that could not be read: one line for all of them."""
    listed = "; ".join(problems[:5]) + (f"; and {len(problems) - 5} more" if len(problems) > 5 else "")
    others = f" (the other {total - len(problems):,} files are in)" if total > len(problems) else ""
    return UnreadableFile(f"{listed}{others}")
