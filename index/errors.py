"""Every error that Doichieu raises on purpose.

DoichieuError                 exit code 1
├── InputError                exit code 2: the arguments or the input are wrong
│   ├── UnreadableFile        no such file, empty, binary, undecodable, too large
│   ├── UnknownArticle        an article id that the library does not hold
│   └── QuestionError         an empty or over-long question
├── LibraryError              the library cannot be opened or written
│   ├── LibraryLocked         another process is writing to it
│   ├── WrongModel            it was indexed with another embedding model
│   ├── OtherFormat           it was written by another version of this program
│   └── DamagedLibrary        a file of it is damaged and could not be repaired
├── ModelError                an embedding or chat model cannot be loaded or does not answer
└── MissingExtra              an optional dependency is not installed
"""


class DoichieuError(Exception):
    """Root of the tree. Its message is one line: what failed, where, and what to do."""

    exit_code = 1


class InputError(DoichieuError):
    """The arguments or the input are wrong; nothing was changed."""

    exit_code = 2


class UnreadableFile(InputError):
    """A file cannot be read as an article."""


class UnknownArticle(InputError):
    """An article id that the library does not hold."""


class QuestionError(InputError):
    """A question that cannot be asked: empty, or longer than the limit."""


class LibraryError(DoichieuError):
    """The library cannot be opened or written; what it held is intact."""


class LibraryLocked(LibraryError):
    """Another process is writing to the library."""


class WrongModel(LibraryError):
    """The library was indexed with another embedding model."""


class OtherFormat(LibraryError):
    """The library was written by another version of this program.

    Attributes:
        schema: the format that it has.
    """

    def __init__(self, message: str, schema: str) -> None:
        super().__init__(message)
        self.schema = schema


class DamagedLibrary(LibraryError):
    """A file of the library is damaged and could not be repaired from the catalogue."""


class ModelError(DoichieuError):
    """An embedding model or a chat model cannot be loaded, or does not answer."""


class MissingExtra(DoichieuError):
    """An optional dependency is not installed.

    Attributes:
        extra: the extra of this distribution that brings it.
    """

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an extra: pip install 'doichieu[{extra}]'")
        self.extra = extra
