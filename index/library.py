"""A library: a folder of article files, and beside them what makes them searchable."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from index.article import Article, Comparison, Hit, Passage, Place, Version
from index.cache import CatalogueCache
from index.checking import check_files, check_vectors, check_words
from index.differences import find_differences
from index.embedding import Embedder, FloatArray, load_embedder, static_beside
from index.errors import InputError, LibraryError, QuestionError, UnreadableFile
from index.fetching import Fetcher
from index.indexing import complaint
from index.intake import Progress
from index.language import detect_language
from index.links import save_pages
from index.offers import Offer, find_offers
from index.opening import Parts, is_built, open_disk, open_memory
from index.scope import Filter
from index.search import CANDIDATES, Scored, fold_versions
from index.searcher import Searcher

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

SHIPPED = Path(__file__).resolve().parent.parent / "articles"
LONGEST_QUERY = 10_000
"""Characters."""


class Library:
    """Articles to search. Opened from a file, a folder of files, or a built library; safe to use from several threads."""

    def __init__(self, parts: Parts, embedder: Embedder, path: Path) -> None:
        self.embedder, self.static = embedder, static_beside(embedder)
        self.path = path
        self._catalogue, self._folder, self._indexes, self._writer = parts.catalogue, parts.folder, parts.indexes, parts.writer
        self._lock = parts.lock
        self._cache = CatalogueCache(parts.catalogue)
        self._searcher = Searcher(self._cache, parts.indexes, embedder)

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        create: bool = False,
        anew: bool = False,
        embedder: Embedder | None = None,
        store: str = "",
    ) -> "Library":
        """Open what is at ``path``; None opens the articles that ship.

        A file, and a folder that was never built, are indexed in memory and nothing is written. A built library is opened from disk, and
        files that were dropped in, changed or removed since are taken up, unless another process is writing.

        Args:
            path: a file, a folder, or None.
            create: build the folder, making it if need be.
            anew: for the caller who rebuilds at once: a damaged index, or one of another model, is no hindrance.
            embedder: defaults to the shipped model.
            store: address of a store that others share, as ``chroma+http://127.0.0.1:8000``; empty keeps vectors in the folder.

        Raises:
            UnreadableFile: there is no article at that place, or a file that is indexed in memory cannot be read.
            InputError: the store's address is none, or the library is no built one.
            WrongModel: the library was indexed with another model.
            LibraryError: the library there cannot be opened.
        """
        embedder = embedder or load_embedder()
        place = Path(path) if path is not None else SHIPPED
        if is_built(place) or (create and not place.is_file()):
            return cls(open_disk(place, embedder, anew=anew, store=store), embedder, place)
        if store:
            raise InputError(
                f"{place} is no built library, and others can share no other: `doichieu index rebuild --library {place}`"
            )
        return cls(open_memory(place, embedder), embedder, place)

    # Reading -----------------------------------------------------------------------------------------------------------------

    def articles(self) -> tuple[str, ...]:
        """Ids of the articles, sorted."""
        return self._cache.articles()

    def article(self, article_id: str) -> Article:
        """One article. Raises ``UnknownArticle`` if there is none with that id."""
        return self._cache.article(article_id)

    def originals(self, article_id: str) -> tuple[Path, ...]:
        """The files that an article came from, as they were added: a page, a PDF, a feed. Raises ``UnknownArticle``."""
        self.article(article_id)
        return tuple(self._folder.path_of(name) for name in self._catalogue.files_of(article_id))

    def contents(self) -> Mapping[str, tuple[Version, ...]]:
        """The versions of every article by its id, sorted: title, byline, date, link and tags, without the text."""
        return self._cache.contents()

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        languages: Sequence[str] | None = None,
        articles: Sequence[str] | None = None,
        where: Filter | None = None,
    ) -> list[Hit]:
        """The best ``k`` passages for a query, highest score first, ties by passage id; each story once.

        Args:
            query: words in any language, with or without diacritics.
            k: how many; at least 1.
            languages: only passages in these; None for all.
            articles: only passages of these articles; None for all.
            where: only articles of these dates, sources and tags; None for all.

        Raises:
            QuestionError: the query is empty or too long.
            InputError: ``k`` is less than 1, or the filter's date is none.
        """
        if not query.strip():
            raise QuestionError("the query is empty: write what you are looking for")
        if len(query) > LONGEST_QUERY:
            raise QuestionError(f"the query has {len(query):,} characters: search with at most {LONGEST_QUERY:,}")
        if k < 1:
            raise InputError(f"k is {k}: ask for at least one passage")
        scored = self.rank(query, languages=languages, articles=articles, where=where, count=max(CANDIDATES, 2 * k))
        return fold_versions(scored, detect_language(query), self._cache.coverage(), k)

    def rank(
        self,
        query: str,
        *,
        languages: Sequence[str] | None = None,
        articles: Sequence[str] | None = None,
        where: Filter | None = None,
        count: int = CANDIDATES,
    ) -> list[Scored]:
        """Every candidate passage of a query with the features of its score, highest first, ties by id, before versions are folded.

        ``count`` is how many each leg proposes in each language; of few articles, all passages are candidates.
        """
        return self._searcher.rank(query, languages=languages, articles=articles, where=where, count=count)

    def sentence_vectors(self, passage: Passage) -> FloatArray:
        """``(len(passage.sentences), d)`` float32 unit rows."""
        entry = self._cache.entries([passage.id]).get(passage.id)
        if entry is None or entry.passage.text != passage.text:
            return self.embedder.encode_document([sentence.text for sentence in passage.sentences])
        return entry.sentence_vectors

    def counterparts(self, place: Place) -> tuple[Place, ...]:
        """Sentences of the other versions that say the same as this sentence, the surest first."""
        return self._cache.counterparts(place)

    def names(self, article_id: str) -> tuple[tuple[str, str], ...]:
        """Names in one version with their form in another, as the alignment shows them."""
        return tuple(dict.fromkeys(pair for alignment in self._cache.alignments(article_id).values() for pair in alignment.names))

    def query_words(self, query: str, language: str) -> dict[str, float]:
        """A query's words as passages of a language are searched for them – no diacritics, stems, typing errors mended – with their rarity.

        Rarity is the inverse document frequency, highest for a word that no passage has.
        """
        return self._searcher.query_words(query, language)

    def compare(self, article_id: str) -> Comparison:
        """The article's versions side by side. Raises ``UnknownArticle``."""
        alignments = self._cache.alignments(article_id)
        pairs = tuple(pair for alignment in alignments.values() for pair in alignment.sentences)
        paragraphs = tuple(pair for alignment in alignments.values() for pair in alignment.paragraphs)
        return Comparison(article_id, pairs, paragraphs, find_differences(self.article(article_id), alignments))

    def offers(self, articles: Sequence[str] | None = None) -> list[Offer]:
        """Articles that seem to be versions of one story in languages that the other has not, the surest first; ``join`` makes them one.

        Args:
            articles: whose story is looked for among all; None for every article's.

        Raises:
            UnknownArticle: an id that is not there.
        """
        names = self.articles() if articles is None else articles
        return find_offers(names, self.article, self._indexes.vectors(), self._search_vector, self._static_vectors)

    def _search_vector(self, passage: Passage) -> FloatArray:
        (entry,) = self._cache.entries([passage.id]).values()
        return entry.vector

    def _static_vectors(self, passage: Passage) -> FloatArray:
        """Of its sentences, by the static model: an alignment's bounds are of its scale."""
        if self.static is self.embedder:
            return self.sentence_vectors(passage)
        return self.static.encode_document([sentence.text for sentence in passage.sentences])

    def join(self, article: str, other: str) -> None:
        """Make a second article's text another version of the first, by giving its file the first one's name.

        Raises:
            UnknownArticle, InputError: an id that is not there; a file that cannot be renamed so. Nothing was changed.
            LibraryLocked, LibraryError: as ``add`` does.
        """
        self._writer.join(article, other)

    def as_retriever(self, k: int = 10) -> "BaseRetriever":
        """This library as a LangChain retriever of ``k`` passages."""
        from index.retriever import LibraryRetriever

        return LibraryRetriever(library=self, k=k)

    # Writing -----------------------------------------------------------------------------------------------------------------

    def add(
        self,
        paths: str | Path | Sequence[str | Path],
        progress: Progress | None = None,
        *,
        processes: int | None = None,
        cluster: str = "",
    ) -> list[str]:
        """Add files and folders; a file from outside is copied into the library's folder. Gives the ids of their articles.

        What is there already, unchanged, costs a hash; after an interruption the same call goes on where it was.

        Args:
            paths: files and folders.
            progress: is told of each group of files: how many are done, of how many, and its name.
            processes: how many read and index the files; None for one a processor when the files are many, and this one alone when they are few.
            cluster: ``HOST:PORT`` of a Ray cluster that reads and indexes them instead; empty for none.

        Raises:
            UnreadableFile: one or more files could not be read; the others were added.
            LibraryLocked: another process is writing.
            LibraryError: the disk is full or cannot be written, or no cluster answers; what was added before stays.
            MissingExtra: Ray is not installed.
        """
        listed = [paths] if isinstance(paths, str | Path) else paths
        return self._writer.add([Path(path) for path in listed], progress, processes, cluster)

    def add_links(self, links: Sequence[str], progress: Progress | None = None, *, fetcher: Fetcher | None = None) -> list[str]:
        """Fetch pages and add them as files, each with its link. Gives the ids of their articles.

        Args:
            links: on the public internet; ``index.fetching`` says what is refused.
            progress: as ``add`` tells it.
            fetcher: follows the links; None for one with the usual limits.

        Raises:
            InputError: the library is in memory, which keeps no files.
            UnreadableFile: some links were refused or gave no article; the others were added.
            LibraryLocked, LibraryError: as ``add`` does.
        """
        if self._catalogue.path is None:
            raise InputError(
                f"{self.path} is no built library, and keeps no pages: `doichieu index rebuild --library {self.path}`"
            )
        with tempfile.TemporaryDirectory() as folder:
            files, problems = save_pages(links, Path(folder), fetcher)
            try:
                added = self._writer.add(files, progress) if files else []
            except UnreadableFile as error:
                problems.append(str(error))
            if problems:
                raise complaint(problems, len(links))
        return added

    def remove(self, article_ids: Sequence[str]) -> None:
        """Remove articles and the files that hold nothing else.

        Raises:
            UnknownArticle: an id that is not there; then nothing was removed.
            LibraryLocked, LibraryError: as ``add`` does.
        """
        self._writer.remove([article_ids] if isinstance(article_ids, str) else list(article_ids))

    def rebuild(self, progress: Progress | None = None, *, cluster: str = "") -> None:
        """Make everything anew from the files, on a Ray cluster where one is named. Raises what ``add`` raises."""
        self._writer.rebuild(progress, cluster)

    def check(self) -> list[str]:
        """Problems of the catalogue, the vectors, the words and the files against each other; empty when all is sound.

        Files that were changed since are taken up first, as opening does, unless another process goes on writing.
        """
        is_ours = False
        with ExitStack() as stack:
            # Nobody writes meanwhile, so that the parts can catch up first; where nobody can write, none of them moves.
            with suppress(LibraryError):
                stack.enter_context(self._lock)
                is_ours = True
            problems = self._catalogue.check()
            if problems:
                return problems
            if is_ours and self._catalogue.path is not None:
                # An opening leaves this to whoever holds the lock, were it a reader and for a moment. What cannot be taken up is told below.
                with suppress(LibraryError):
                    self._writer.catch_up()
            return [
                *check_vectors(self._catalogue, self._indexes.kept_vectors()),
                *self._wrong_words(),
                *check_files(self._catalogue, self._folder),
            ]

    def _wrong_words(self) -> list[str]:
        if not self._indexes.words_are_ours():
            return []
        return self._indexes.damaged_words() or check_words(self._catalogue, self._indexes.lexical())

    def verify_words(self) -> None:
        """Read all the words on disk, which opening a large library leaves out, and have them made anew if they are damaged."""
        if self._indexes.damaged_words():
            self._indexes.remake_words()

    def close(self) -> None:
        """Give back the library's files."""
        self._indexes.close()
        self._catalogue.close()

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
