"""A library on disk beside a dictionary: whatever is done to both, they hold the same articles, and the library finds their words."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from index.embedding import load_embedder
from index.errors import UnknownArticle
from index.library import Library

NAMES = st.sampled_from(["bridge", "storm", "cầu", "a b", "x-1"])
LANGUAGES = st.sampled_from(["en", "vi"])
WORDS = st.sampled_from(["harbour", "zeppelin", "thuyền", "1.8", "ferry", "“quoted”", "e\u0301tat", "👩\u200d🔧"])
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: f"The {' '.join(words)} was seen on Monday.\n")


class LibraryMachine(RuleBasedStateMachine):
    """``files`` is what the library should hold: text by file name."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.folder, self.outside = self.root / "library", self.root / "outside"
        self.folder.mkdir()
        self.outside.mkdir()
        self.files: dict[str, str] = {}
        self.library = self.open()

    def open(self) -> Library:
        return Library.open(self.folder, create=True, embedder=load_embedder())

    def articles(self) -> dict[str, list[str]]:
        held: dict[str, list[str]] = {}
        for name in self.files:
            held.setdefault(name.rsplit(".", 2)[0], []).append(name)
        return held

    @rule(name=NAMES, language=LANGUAGES, text=TEXTS)
    def add_or_replace(self, name: str, language: str, text: str) -> None:
        file = f"{name}.{language}.txt"
        (self.folder / file).write_text(text, encoding="utf-8")
        self.library.add([self.folder / file])
        self.files[file] = text

    @rule(name=NAMES, text=TEXTS)
    def drop_in_and_reopen(self, name: str, text: str) -> None:
        self.library.close()
        (self.folder / f"{name}.en.txt").write_text(text, encoding="utf-8")
        self.files[f"{name}.en.txt"] = text
        self.library = self.open()

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.articles())))
        self.library.remove([name])
        for file in self.articles()[name]:
            del self.files[file]

    @rule(name=NAMES)
    def remove_what_is_not_there(self, name: str) -> None:
        if name not in self.articles():
            with pytest.raises(UnknownArticle):
                self.library.remove([name])

    @rule()
    def rebuild(self) -> None:
        self.library.rebuild()

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def search(self, data: st.DataObject) -> None:
        file = data.draw(st.sampled_from(sorted(self.files)))
        text = self.files[file].strip()
        hits = self.library.search(text, k=20)
        assert any(hit.passage.text.strip() == text or hit.passage.article == file.rsplit(".", 2)[0] for hit in hits)
        assert all(self.files[h.passage.file][h.passage.start : h.passage.end] == h.passage.text for h in hits)

    @invariant()
    def both_hold_the_same(self) -> None:
        held = self.articles()
        assert self.library.articles() == tuple(sorted(held))
        for name, files in held.items():
            sources = {source.file: source.text for source in self.library.article(name).sources}
            assert sources == {file: self.files[file] for file in files}
        assert {path.name for path in self.folder.glob("*.txt")} == set(self.files)

    def teardown(self) -> None:
        try:
            assert self.library.check() == []
        finally:
            self.library.close()
            shutil.rmtree(self.root)


TestLibrary = pytest.mark.threat("bytes nobody thought of")(LibraryMachine.TestCase)
TestLibrary.settings = settings(max_examples=int(os.environ.get("FUZZ_EXAMPLES", "3")), stateful_step_count=8, deadline=None)
