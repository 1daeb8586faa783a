"""What an article is: versions of one story, and places in their text.

Offsets are half-open ``[start, end)`` in Unicode code points of one file's decoded text, which is never changed:
``source.text[place.start:place.end] == place.text`` holds for every place there is.
"""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["original", "translation", "digest"]
Role = Literal[
    "headline", "standfirst", "byline", "date", "dateline", "body", "heading", "caption", "credit", "link", "tag", "contact"
]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one version's text: a sentence, a paragraph, a passage or a line.

    ``paragraph`` counts the lines of the version from 0, headline and byline included.
    """

    article: str
    version: str
    language: str
    kind: Kind
    file: str
    paragraph: int
    role: Role
    start: int
    end: int
    text: str = field(repr=False)

    @property
    def id(self) -> str:
        """Made of content alone, so that indexing twice changes nothing: ``article:version:start-end``."""
        return f"{self.article}:{self.version}:{self.start}-{self.end}"


Sentence = Place
"""The unit that is cited."""


@dataclass(frozen=True, slots=True)
class Passage(Place):
    """A paragraph (a long one split at sentences): the unit that is embedded and retrieved."""

    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One text of the article in one language; its id is the language, with ``-digest`` behind it for a digest."""

    id: str
    article: str
    language: str
    kind: Kind
    file: str
    start: int
    end: int
    passages: tuple[Passage, ...] = field(repr=False)
    title: str = ""
    byline: str = ""
    date: str = ""
    link: str = ""
    tags: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence in reading order."""
        return tuple(sentence for passage in self.passages for sentence in passage.sentences)


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text as decoded, untouched.

    ``file`` is the file's name without folders; ``sha256`` is of its bytes.
    """

    file: str
    text: str = field(repr=False)
    sha256: str


@dataclass(frozen=True, slots=True)
class Article:
    """One story in one or more versions, and the files that they came from."""

    id: str
    versions: tuple[Version, ...]
    sources: tuple[Source, ...]

    def version(self, version_id: str) -> Version:
        """The version with that id. Raises ``KeyError`` if there is none."""
        for version in self.versions:
            if version.id == version_id:
                return version
        raise KeyError(version_id)

    def text(self, file: str) -> str:
        """The untouched text of one of its files. Raises ``KeyError`` if there is none."""
        for source in self.sources:
            if source.file == file:
                return source.text
        raise KeyError(file)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score; higher is better, ties are broken by passage id."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two places of two versions that say the same; ``score`` is the confidence in [0, 1]."""

    a: Place
    b: Place
    score: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in which two versions do not agree; ``a`` or ``b`` is None where that version has nothing to show."""

    kind: Literal["number", "date", "name", "negation", "unit", "missing", "left-out"]
    a: Place | None
    b: Place | None
    detail: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What ``compare`` finds: sentence pairs, paragraph pairs, and differences."""

    article: str
    pairs: tuple[Pair, ...]
    paragraphs: tuple[Pair, ...]
    differences: tuple[Difference, ...]
