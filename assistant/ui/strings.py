"""The page's words, one file a language."""

import json
from functools import lru_cache
from pathlib import Path

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


@lru_cache(maxsize=len(LANGUAGES))
def strings(language: str) -> dict[str, str]:
    """Every word of the page in a language. Raises ``KeyError`` for one that there is no file for."""
    if language not in LANGUAGES:
        raise KeyError(language)
    found: dict[str, str] = json.loads((Path(__file__).parent / f"strings.{language}.json").read_text(encoding="utf-8"))
    return found


def preferred(accept_language: str) -> str:
    """The page language that a browser asks for in ``Accept-Language``: the first that there are words in."""
    for entry in accept_language.split(","):
        code = entry.partition(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "en"
