"""A library: a folder of article files, and beside them what makes them searchable."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.alignment import Alignment, align
from index.article import Article, Comparison, Hit, Passage, Place
from index.catalogue import Catalogue, Indexed
from index.differences import find_differences
from index.embedding import Embedder, load_embedder
from index.errors import InputError, QuestionError, UnreadableFile
from index.files import article_id, find_files, group_files, read_articles
from index.search import Searcher, fold_versions
from index.storage import Storage, is_built

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

FloatArray = NDArray[np.float32]
Progress = Callable[[int, int, str], None]

SHIPPED = Path(__file__).resolve().parent.parent / "articles"
LONGEST_QUERY = 10_000
KEPT = 20_000
"""Passages whose vectors stay in memory once read."""


class Library:
    """Articles to search. Opened from a file, a folder of files, or a built library; reads from several threads are safe."""

    def __init__(self, storage: Storage, embedder: Embedder) -> None:
        self.embedder = embedder
        self.path = storage.folder
        self._storage = storage
        self._vectors: dict[str, tuple[FloatArray, FloatArray]] = {}
        self._articles: dict[str, Article] = {}
        self._alignments: dict[str, dict[tuple[str, str], Alignment]] = {}
        self._counterparts: dict[str, dict[str, list[Place]]] = {}
        self._seen = -1

    @classmethod
    def open(
        cls, path: str | Path | None = None, *, create: bool = False, anew: bool = False, embedder: Embedder | None = None
    ) -> "Library":
        """Open what is at ``path``; None opens the articles that ship.

        A file, and a folder that was never built, are indexed in memory and nothing is written. A built library is opened from disk, and
        files that were dropped in, changed or removed since are taken up.

        Args:
            path: a file, a folder, or None.
            create: build the folder, making it if need be.
            anew: for the caller who rebuilds at once: an index of another model or a damaged one is put aside.
            embedder: defaults to the shipped model.

        Raises:
            UnreadableFile: there is no article at that place.
            LibraryError: the library there cannot be opened.
        """
        embedder = embedder or load_embedder()
        place = Path(path) if path is not None else SHIPPED
        if is_built(place) or (create and not place.is_file()):
            library = cls(Storage.on_disk(place, embedder, anew=anew), embedder)
            if not anew:
                library._take_up_changes()
            return library
        library = cls(Storage.in_memory(place if place.is_dir() else None, embedder), embedder)
        files = find_files([place])
        if not files:
            raise UnreadableFile(f"{place}: no articles in this folder; put .txt files there")
        library._index(group_files(files), None)
        return library

    # Reading -----------------------------------------------------------------------------------------------------------------

    def articles(self) -> tuple[str, ...]:
        """Ids of the articles, sorted."""
        return self._catalogue().articles()

    def article(self, article_id: str) -> Article:
        """One article. Raises ``UnknownArticle`` if there is none with that id."""
        catalogue = self._catalogue()
        if article_id not in self._articles:
            self._articles[article_id] = catalogue.article(article_id)
        return self._articles[article_id]

    def search(
        self, query: str, *, k: int = 10, languages: Sequence[str] | None = None, articles: Sequence[str] | None = None
    ) -> list[Hit]:
        """The best ``k`` passages for a query, highest score first, ties by passage id.

        Args:
            query: words in any language, with or without diacritics.
            k: how many; at least 1.
            languages: only passages in these; None for all.
            articles: only passages of these articles; None for all.

        Raises:
            QuestionError: the query is empty or too long.
        """
        if not query.strip():
            raise QuestionError("the query is empty: write what you are looking for")
        if len(query) > LONGEST_QUERY:
            raise QuestionError(f"the query has {len(query):,} characters: search with at most {LONGEST_QUERY:,}")
        if k < 1:
            raise InputError(f"k is {k}: ask for at least one passage")
        catalogue = self._catalogue()
        lexical = self._storage.lexical()
        wanted = [language for language in lexical if languages is None or language in languages]
        searcher = Searcher(catalogue, self._storage.vectors(), lexical, self.embedder, self._vectors_of)
        scored = searcher.rank(query, wanted, articles)
        passages = catalogue.passages([s.id for s in scored[: 4 * k + 20]])
        return fold_versions(scored, passages, self._says_the_same, k)

    def sentence_vectors(self, passage: Passage) -> FloatArray:
        """``(len(passage.sentences), d)`` float32 unit rows."""
        return self._vectors_of([passage.id])[passage.id][1]

    def counterparts(self, place: Place) -> tuple[Place, ...]:
        """Sentences of the other versions that say the same as this sentence, the surest first."""
        return tuple(self._links(place.article).get(place.id, ()))

    def names(self, article_id: str) -> tuple[tuple[str, str], ...]:
        """Names in one version with their form in another, as the alignment shows them."""
        found = dict.fromkeys(pair for alignment in self._aligned(article_id).values() for pair in alignment.names)
        return tuple(found)

    def query_words(self, query: str, language: str) -> dict[str, float]:
        """A query's words as passages of a language are searched for them – no diacritics, stems, typing errors mended – with their rarity.

        Rarity is the inverse document frequency, highest for a word that no passage has.
        """
        index = self._storage.lexical().get(language)
        return index.query_words(query) if index else {}

    def compare(self, article_id: str) -> Comparison:
        """The article's versions side by side. Raises ``UnknownArticle``."""
        alignments = self._aligned(article_id)
        pairs = tuple(pair for alignment in alignments.values() for pair in alignment.sentences)
        paragraphs = tuple(pair for alignment in alignments.values() for pair in alignment.paragraphs)
        return Comparison(article_id, pairs, paragraphs, find_differences(self.article(article_id), alignments))

    def as_retriever(self, k: int = 10) -> "BaseRetriever":
        """This library as a LangChain retriever of ``k`` passages."""
        from index.retriever import LibraryRetriever

        return LibraryRetriever(library=self, k=k)

    # Writing -----------------------------------------------------------------------------------------------------------------

    def add(self, paths: Sequence[str | Path], progress: Progress | None = None) -> list[str]:
        """Add files and folders; a file from outside is copied into the library's folder. Gives the ids of their articles.

        What is there already, unchanged, costs a hash. Files that cannot be read are left out and named at the end.

        Raises:
            UnreadableFile: one or more files could not be read; the others were added.
            LibraryLocked: another process is writing.
            LibraryError: the disk is full or cannot be written; what was added before stays.
        """
        files = find_files([Path(path) for path in paths])
        with self._storage.writing():
            groups = group_files(self._storage.bring_in(files))
            self._index(groups, progress, strict=True)
        return sorted({article for group in groups.values() for file in group for article in self._articles_of(file)})

    def remove(self, article_ids: Sequence[str]) -> None:
        """Remove articles and the files that hold nothing else.

        Raises:
            UnknownArticle: an id that is not there; then nothing was removed.
            LibraryLocked: another process is writing.
        """
        catalogue = self._catalogue()
        for article in article_ids:
            catalogue.article(article)
        with self._storage.writing():
            # The files go first: without them a crash in between leaves articles that the next opening takes out.
            for article in article_ids:
                for file in catalogue.files_of(article):
                    if set(catalogue.articles_of(file)) <= set(article_ids):
                        self._storage.remove_file(file)
            with catalogue.change():
                for article in article_ids:
                    for file in catalogue.files_of(article):
                        if set(catalogue.articles_of(file)) <= set(article_ids):
                            catalogue.forget_file(file)
                    catalogue.drop_article(article)
            self._storage.refresh()
        self._forget()

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make everything anew from the files. Raises ``LibraryLocked`` and ``LibraryError`` as ``add`` does."""
        with self._storage.writing():
            self._storage.start_over()
            files = self._storage.files()
            self._index(group_files(files), progress, strict=True)

    def check(self) -> list[str]:
        """Problems of the catalogue, the vectors, the words and the files against each other; empty when all is sound."""
        return self._storage.check()

    def close(self) -> None:
        """Give back the library's files."""
        self._storage.close()

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # Indexing ----------------------------------------------------------------------------------------------------------------

    def _index(self, groups: dict[str, list[Path]], progress: Progress | None, *, strict: bool = False) -> None:
        """Index groups of files, an article a transaction; what cannot be read is named at the end."""
        failures: list[InputError] = []
        catalogue = self._storage.catalogue
        for number, (name, files) in enumerate(groups.items(), 1):
            try:
                made = [index_article(article, self.embedder) for article in read_articles(files)]
            except InputError as error:
                failures.append(error)
                self._storage.refuse(files)
                continue
            names = tuple(self._storage.name_of(file) for file in files)
            with catalogue.change():
                for gone in {old for file in names for old in catalogue.articles_of(file)} - {
                    indexed.article.id for indexed in made
                }:
                    catalogue.drop_article(gone)
                for indexed in made:
                    own = Indexed(indexed.article, indexed.passage_vectors, indexed.sentence_vectors, indexed.alignments, names)
                    catalogue.put_article(own)
                for file in files:
                    self._storage.remember(file)
            if progress:
                progress(number, len(groups), name)
        if groups:
            self._storage.refresh()
            self._forget()
        if failures and (strict or len(failures) == len(groups)):
            rest = f" (and {len(failures) - 1} more of {len(groups)} could not be read)" if len(failures) > 1 else ""
            raise UnreadableFile(f"{failures[0]}{rest}") from failures[0]

    def _take_up_changes(self) -> None:
        """Index what was dropped into the folder or changed, and drop what was removed, unless somebody else is writing."""
        changed, gone = self._storage.changes()
        if not (changed or gone or self._storage.is_stale()) or not self._storage.try_writing():
            return
        try:
            catalogue = self._storage.catalogue
            if gone:
                with catalogue.change():
                    for file in gone:
                        for article in catalogue.articles_of(file):
                            catalogue.drop_article(article)
                        catalogue.forget_file(file)
            # A file belongs to its article's group: the other versions are read again with it.
            whole = group_files(self._storage.files())
            touched = {
                name: files for name, files in whole.items() if set(files) & set(changed) or self._lost_a_version(name, gone)
            }
            self._index(touched, None)
            self._storage.refresh()
        finally:
            self._storage.stop_writing()

    @staticmethod
    def _lost_a_version(name: str, gone: Sequence[str]) -> bool:
        return any(article_id(file) == name for file in gone)

    def _articles_of(self, file: Path) -> list[str]:
        return self._storage.catalogue.articles_of(self._storage.name_of(file))

    # Caches ------------------------------------------------------------------------------------------------------------------

    def _catalogue(self) -> Catalogue:
        """The catalogue, after forgetting what another process has made stale."""
        generation = self._storage.catalogue.generation
        if generation != self._seen:
            self._forget()
            self._seen = generation
        return self._storage.catalogue

    def _forget(self) -> None:
        for cache in (self._vectors, self._articles, self._alignments, self._counterparts):
            cache.clear()

    def _vectors_of(self, ids: Sequence[str]) -> dict[str, tuple[FloatArray, FloatArray]]:
        missing = [name for name in ids if name not in self._vectors]
        if missing:
            if len(self._vectors) > KEPT:
                self._vectors.clear()
                missing = list(ids)
            self._vectors.update(self._storage.catalogue.vectors_of(missing))
        return {name: self._vectors[name] for name in ids if name in self._vectors}

    def _aligned(self, article_id: str) -> dict[tuple[str, str], Alignment]:
        article = self.article(article_id)
        if article_id not in self._alignments:
            self._alignments[article_id] = self._storage.catalogue.alignments(article)
        return self._alignments[article_id]

    def _links(self, article_id: str) -> dict[str, list[Place]]:
        self._catalogue()
        if article_id not in self._counterparts:
            links: dict[str, list[tuple[float, Place]]] = {}
            for alignment in self._aligned(article_id).values():
                for pair in alignment.sentences:
                    links.setdefault(pair.a.id, []).append((pair.score, pair.b))
                    links.setdefault(pair.b.id, []).append((pair.score, pair.a))
            self._counterparts[article_id] = {
                name: [place for _, place in sorted(found, key=lambda x: (-x[0], x[1].id))] for name, found in links.items()
            }
        return self._counterparts[article_id]

    def _says_the_same(self, a: Passage, b: Passage) -> bool:
        """Whether most of a passage's sentences have their counterpart in the other."""
        links = self._links(a.article)
        inside = {sentence.id for sentence in b.sentences}
        shared = sum(1 for sentence in a.sentences if any(place.id in inside for place in links.get(sentence.id, ())))
        return 2 * shared >= len(a.sentences)


def index_article(article: Article, embedder: Embedder) -> Indexed:
    """Vectors of every passage and sentence, and the alignment of every two versions."""
    passages = [passage for version in article.versions for passage in version.passages]
    sentences = [sentence for version in article.versions for sentence in version.sentences]
    vectors = embedder.encode_document([place.text for place in (*passages, *sentences)])
    inner = vectors[len(passages) :]
    spans: dict[str, FloatArray] = {}
    at = 0
    for version in article.versions:
        spans[version.id] = inner[at : at + len(version.sentences)]
        at += len(version.sentences)
    alignments = {
        (a.id, b.id): align(a, b, spans[a.id], spans[b.id])
        for number, a in enumerate(article.versions)
        for b in article.versions[number + 1 :]
    }
    return Indexed(article, vectors[: len(passages)], inner, alignments)
