"""Groups of files into the catalogue: read and indexed here, a batch a transaction, or taken over from shards that others made of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from index.bulk import Processes, batches, processes_for
from index.catalogue import Catalogue
from index.embedding import Embedder
from index.folder import ArticleFolder
from index.indexes import Indexes
from index.indexing import Group, read
from index.ray_shards import RayCluster
from index.shard import CATALOGUE, segments

BATCH = 32
"""Groups of files that enter the catalogue in one transaction."""
FOLLOWED = 10_000
"""Passages after which vectors and words are brought up while many files are added."""

Progress = Callable[[int, int, str], None]
"""Is told of each group of files: how many are done, of how many, and its name."""


class Intake:
    """Takes groups of files into a catalogue; the caller holds the writer's lock."""

    def __init__(self, catalogue: Catalogue, folder: ArticleFolder, indexes: Indexes, embedder: Embedder) -> None:
        self._catalogue = catalogue
        self._folder = folder
        self._indexes = indexes
        self._embedder = embedder

    def take(
        self,
        groups: Mapping[str, Group],
        progress: Progress | None = None,
        *,
        follow: bool = True,
        processes: int | None = None,
        cluster: str = "",
    ) -> list[str]:
        """Index groups of files, a batch a transaction; gives what could not be read.

        Args:
            groups: by name.
            progress: is told of each group.
            follow: whether vectors and words are brought up as well.
            processes: how many read and index the files; None for what suits them.
            cluster: address of a Ray cluster that does it instead; empty for none.
        """
        told = _Told(len(groups), progress)
        makers = self._makers(list(groups.values()), processes, cluster)
        if makers is not None:
            if follow and self._indexes.words_are_ours():
                self._indexes.lexical()
            with makers:
                for batch, shard in makers.shards(batches(list(groups.values()))):
                    self._put_shard(batch, shard, told, follow=follow)
            if follow:
                self._indexes.merge_words()
        else:
            waiting = iter(groups.values())
            while batch := list(islice(waiting, BATCH)):
                self._put_batch(batch, told)
        if groups and follow:
            self._indexes.refresh()
        return told.problems

    def _makers(self, groups: Sequence[Group], processes: int | None, cluster: str) -> Processes | RayCluster | None:
        """Who makes shards of the files; None if they are indexed here."""
        if self._catalogue.path is None or not groups:
            return None
        folder = self._catalogue.path.with_name("shards")
        if cluster:
            return RayCluster(folder, cluster, self._embedder)
        count = processes_for(groups, self._embedder, processes)
        return Processes(folder, count, self._embedder) if count else None

    def _put_batch(self, batch: Sequence[Group], told: "_Told") -> None:
        """Read and index some groups here, and put them into the catalogue."""
        owners: dict[str, Group] = {}
        for one in batch:
            read(one, self._embedder)
            self._refuse_taken(one, owners)
            told.of(one)
        self._folder.bring_in(file for one in batch for file in one.files)
        with self._catalogue.change() as generation:
            for one in batch:
                self._drop_old(one, generation)
                for indexed in one.articles:
                    self._catalogue.put_article(indexed, [file.name for file in one.files], generation)
                self._put_files(one)

    def _put_shard(self, batch: Sequence[Group], shard: Path | None, told: "_Told", *, follow: bool) -> None:
        """Take over what another process made of some groups."""
        owners: dict[str, Group] = {}
        if shard is None or any([self._refuse_taken(one, owners) for one in batch]):
            self._put_batch(batch, told)
            return
        for one in batch:
            told.of(one)
        self._folder.bring_in(file for one in batch for file in one.files)
        with self._catalogue.attached(shard / CATALOGUE), self._catalogue.change() as generation:
            for one in batch:
                self._drop_old(one, generation)
                for article in one.made:
                    self._catalogue.drop_article(article, generation)
                self._put_files(one)
            higher = self._catalogue.copy_attached(generation)
        if follow:
            self._indexes.take_words(((language, words.renumbered(higher)) for language, words in segments(shard)), generation)
            if higher - told.followed >= FOLLOWED:
                self._indexes.refresh()
                told.followed = higher

    def _refuse_taken(self, one: Group, owners: dict[str, Group]) -> bool:
        """An article's id belongs to one group of files; a second one is refused."""
        own = {file.name for file in one.files} | set(one.gone)
        for name in one.made:
            others = [file.name for file in owners[name].files] if name in owners else self._catalogue.files_of(name)
            if others and not own & set(others):
                for file in one.files:
                    one.problems[file] = (
                        f"{file.path}: an article {name!r} is there already, from {others[0]}; rename one of the files"
                    )
                one.files, one.articles, one.made = [], [], []
                return True
            owners[name] = one
        return False

    def _drop_old(self, one: Group, generation: int) -> None:
        """Drop articles that a group's files held and hold no longer.

        A file that became unreadable keeps the article that it held, unless its other files make that article anew.
        """
        names = (*(file.name for file in one.files), *one.gone)
        for old in {article for name in names for article in self._catalogue.articles_of(name)} - set(one.made):
            self._catalogue.drop_article(old, generation)

    def _put_files(self, one: Group) -> None:
        for file in one.files:
            self._catalogue.put_file(file.name, self._folder.record(file))
        for name in one.gone:
            self._catalogue.forget_file(name)
        for file, problem in one.problems.items():
            # Remembered, so that it is left alone until it changes.
            if self._folder.root is not None and self._folder.is_inside(file) and file.path.exists():
                self._catalogue.put_file(file.name, self._folder.record(file, problem))


@dataclass(slots=True)
class _Told:
    """How far indexing is: groups done of ``total``, and what could not be read."""

    total: int
    progress: Progress | None
    done: int = 0
    problems: list[str] = field(default_factory=list)
    followed: int = 0

    def of(self, one: Group) -> None:
        self.done += 1
        self.problems += one.problems.values()
        if self.progress:
            self.progress(self.done, self.total, one.name)
