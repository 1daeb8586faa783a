"""Changes to a library: add, remove, take up what changed in the folder, rebuild. Each is safe to be stopped anywhere.

Files come into the folder all together or not at all; an article and its files enter the catalogue in one transaction; vectors and words follow. A
process that dies in between leaves the old article or the new one, and the next opening finishes the rest.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.catalogue import Catalogue, FileRecord
from index.embedding import Embedder, made_by
from index.errors import InputError, LibraryError, UnreadableFile
from index.files import article_id, find_files
from index.folder import ArticleFile, ArticleFolder, sha256_of
from index.indexes import Indexes
from index.indexing import complaint, group
from index.intake import Intake, Progress
from index.lock import WriterLock
from index.pairing import paired


class Writer:
    """Everything that changes a library. Each method raises ``LibraryLocked`` if another process goes on writing, and ``LibraryError`` if
    the disk is full or cannot be written; what was there before is then intact.
    """

    def __init__(
        self, catalogue: Catalogue, folder: ArticleFolder, indexes: Indexes, lock: WriterLock, embedder: Embedder
    ) -> None:
        self._catalogue = catalogue
        self._folder = folder
        self._indexes = indexes
        self._lock = lock
        self._embedder = embedder
        self._intake = Intake(catalogue, folder, indexes, embedder)

    @contextmanager
    def _writing(self, *, anew: bool = False) -> Iterator[None]:
        with self._lock:
            if not anew and self._indexes.of_older_copy():
                raise LibraryError(
                    "this is an older copy of a library whose newer one is in the store: write to that one, "
                    "or let `doichieu index rebuild` fill the store from this one"
                )
            try:
                self.settle()
                yield
            except OSError as error:
                where = f": {error.filename}" if error.filename else ""
                raise LibraryError(
                    f"the library cannot be written: {error.strerror or error}{where}; what it held is intact"
                ) from error

    def settle(self) -> None:
        """Finish what another process was stopped in; the caller holds the lock."""
        for name in self._folder.settle(leaving := self._catalogue.leaving()):
            self._catalogue.has_left(name)
        assert not leaving or not self._catalogue.leaving()

    def add(
        self, paths: Iterable[Path], progress: Progress | None = None, processes: int | None = None, cluster: str = ""
    ) -> list[str]:
        """Add files and folders; those from outside are copied into the folder. Gives the ids of their articles, sorted.

        A file that is there unchanged costs a hash. One of an article's versions brings that article's other files along. ``processes`` says how
        many read and index the files, None for what suits them; a Ray ``cluster`` at an address does it instead of them.

        Raises:
            UnreadableFile: some files could not be read; all others are in.
        """
        files, problems = self._find(paths)
        with self._writing():
            known = self._catalogue.files()
            inside = {file.path.name: file.name for file in self._folder.files()} if self._folder.root else {}
            placed = [self._folder.place(path) for path in files]
            # A newer copy of a file goes where the old one is.
            placed = [f if self._folder.is_inside(f) else ArticleFile(f.path, inside.get(f.path.name, f.name)) for f in placed]
            placed = self._paired(placed)
            fresh = [file for file in placed if not _is_known(file, known.get(file.name))]
            wanted = {article_id(file.base) for file in fresh}
            replaced = {file.name for file in fresh}
            mates = [file for file in self._all_files(known) if article_id(file.base) in wanted]
            groups = group([*fresh, *(file for file in mates if file.name not in replaced)])
            for file in mates:
                if file.name in replaced:
                    groups[article_id(file.base)].older[file.name] = file
            problems += self._intake.take(groups, progress, processes=processes, cluster=cluster)
        if problems:
            raise complaint(problems, len(files))
        return sorted({article for file in placed for article in self._catalogue.articles_of(file.name)})

    def _paired(self, files: Sequence[ArticleFile]) -> list[ArticleFile]:
        """Files from outside that say which article they belong to, under its name."""
        outside = [file for file in files if not self._folder.is_inside(file)]
        named = paired(outside, self._catalogue.linked, lambda name: self._catalogue.text_of(article_id(name), name))
        own = dict(zip(outside, named, strict=True))
        return [own.get(file, file) for file in files]

    def join(self, article: str, other: str) -> None:
        """Make an article's files those of another version of a second one, by giving them its name.

        Raises:
            UnknownArticle: an id that is not there.
            InputError: the files hold more than that article, or the second one has a file of that name.
        """
        with self._writing():
            self._catalogue.article(article)
            names = {}
            for version in self._catalogue.article(other).versions:
                file = next(name for name in self._catalogue.files_of(other) if name.rpartition("/")[2] == version.file)
                names[file] = f"{article}.{version.id if version.kind == 'digest' else version.language}{Path(file).suffix}"
            for file, name in names.items():
                if (
                    self._folder.root is None
                    or self._catalogue.articles_of(file) != [other]
                    or len(names) != len(set(names.values()))
                ):
                    raise InputError(f"{file} holds more than one version of {other!r}: write each into a file of its own first")
                if (self._folder.root / name).exists():
                    raise InputError(f"{article!r} has a file {name} already: remove it first, or rename one of the two")
            for file, name in names.items():
                self._folder.rename(file, name)
            self.take_up_changes()

    def take_in(self, files: Iterable[Path]) -> list[str]:
        """Index files of a library in memory; gives what could not be read."""
        return self._intake.take(group(self._folder.place(path) for path in files))

    def _find(self, paths: Iterable[Path]) -> tuple[list[Path], list[str]]:
        files: dict[Path, None] = {}
        problems = []
        for path in paths:
            try:
                files.update(dict.fromkeys(find_files([path])))
            except UnreadableFile as error:
                problems.append(str(error))
        if problems and not files:
            raise complaint(problems, 0)
        return list(files), problems

    def _all_files(self, known: Iterable[str]) -> list[ArticleFile]:
        if self._folder.root is not None:
            return self._folder.files()
        return [ArticleFile(Path(name), name) for name in known]

    def remove(self, articles: Sequence[str]) -> None:
        """Remove articles, and the files that hold nothing else.

        Raises:
            UnknownArticle: an id that is not there; then nothing is removed.
        """
        with self._writing():
            for article in articles:
                self._catalogue.article(article)
            with self._catalogue.change() as generation:
                files = {file for article in articles for file in self._catalogue.files_of(article)}
                for file in files:
                    if set(self._catalogue.articles_of(file)) <= set(articles):
                        self._catalogue.forget_file(file, leaving=self._folder.root is not None)
                for article in articles:
                    self._catalogue.drop_article(article, generation)
            self.settle()
            self._indexes.refresh()

    def catch_up(self) -> None:
        """Take up what was dropped into the folder, changed or left half done since the library was opened."""
        with self._writing():
            self.take_up_changes()

    def take_up_changes(self) -> list[str]:
        """Index what was dropped into the folder or changed, and drop what has gone; gives what could not be read. The caller holds the lock."""
        self.settle()
        changes = self._folder.changes(self._catalogue.files())
        if changes.touched:
            with self._catalogue.change(visible=False):
                for name, record in changes.touched.items():
                    self._catalogue.put_file(name, record)
        if not changes.changed and not changes.gone:
            return []
        wanted = {article_id(file.base) for file in changes.changed}
        wanted |= {article_id(name.rpartition("/")[2]) for name in changes.gone}
        files = [file for file in self._folder.files() if article_id(file.base) in wanted]
        return self._intake.take(group(files, changes.gone))

    def rebuild(self, progress: Progress | None = None, cluster: str = "") -> None:
        """Make everything anew from the files, on a Ray ``cluster`` where one is named. Readers see the old library until the new one is whole.

        Raises:
            UnreadableFile: some files could not be read; all others are in.
        """
        with self._writing(anew=True):
            files, place = self._all_files(self._catalogue.files()), self._catalogue.path
            aside = place.with_name("catalogue.new") if place is not None else None
            if aside is None:
                problems = self._intake.take(group(files), progress)
            else:
                _delete(aside)
                fresh = Catalogue(aside)
                try:
                    remember_model(fresh, self._embedder)
                    intake = Intake(fresh, self._folder, self._indexes, self._embedder)
                    problems = intake.take(group(files), progress, follow=False, cluster=cluster)
                finally:
                    fresh.close()
                self._catalogue.take_over(aside)
                _delete(aside)
                self._indexes.remake()
        if problems:
            raise complaint(problems, len(files))


def _is_known(file: ArticleFile, before: FileRecord | None) -> bool:
    return before is not None and not before.problem and before.sha256 == sha256_of(file.path)


def remember_model(catalogue: Catalogue, embedder: Embedder) -> None:
    """Note which model made the vectors."""
    with catalogue.change():
        catalogue.put("fingerprint", made_by(embedder))
        catalogue.put("model", embedder.name)


def _delete(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
