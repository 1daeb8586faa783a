"""Questions about news articles in several languages, answered with exact quotes.

>>> from assistant import Assistant
>>> assistant = Assistant.open()
>>> answer = assistant.ask("Why were AI leaders told to avoid the U.S.?")
"""

from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Citation, Piece, Question

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.settings import Settings

__all__ = ["Answer", "Assistant", "Citation", "Piece", "Question", "Settings"]


def __getattr__(name: str) -> Any:
    # The engine brings numpy and the library along; `import assistant` alone stays cheap.
    if name == "Assistant":
        from assistant.engine import Assistant

        return Assistant
    if name == "Settings":
        from assistant.settings import Settings

        return Settings
    raise AttributeError(f"module 'assistant' has no attribute {name!r}")
