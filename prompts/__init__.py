"""Words for chat models: one Markdown file a prompt and language, and a loader that is strict about its variables."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

_HERE = Path(__file__).resolve().parent
_NAME = re.compile(r"[a-z]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LANGUAGES = {"en": "English", "vi": "tiếng Việt"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template with ``$variables``; braces and dollar signs in what is filled in are harmless."""

    name: str
    template: Template

    @property
    def variables(self) -> frozenset[str]:
        """Names of what must be filled in."""
        return frozenset(self.template.get_identifiers())

    def render(self, **values: str) -> str:
        """The prompt with every variable filled in.

        Raises:
            ValueError: a variable is missing, or one is given that the prompt does not have.
        """
        missing, unknown = self.variables - values.keys(), values.keys() - self.variables
        if missing or unknown:
            raise ValueError(f"prompt {self.name}: missing {sorted(missing)}, unknown {sorted(unknown)}")
        return self.template.substitute(values)


@lru_cache(maxsize=64)
def load_prompt(name: str, language: str) -> Prompt:
    """A prompt in a language, in English where there is none in that one.

    Raises:
        ValueError: there is no such prompt, or the file holds a ``$`` that begins no variable.
    """
    path = _HERE / f"{name}.{language}.md"
    if not _LANGUAGE.fullmatch(language) or not path.is_file():
        path = _HERE / f"{name}.en.md"
    if not _NAME.fullmatch(name) or not path.is_file():
        known = sorted({file.name.split(".")[0] for file in _HERE.glob("*.md")})
        raise ValueError(f"no prompt {name!r}: there are {', '.join(known)}")
    template = Template(path.read_text(encoding="utf-8").strip())
    if not template.is_valid():
        raise ValueError(f"prompt {path.name}: a '$' that begins no variable must be written '$$'")
    return Prompt(path.name, template)


def language_name(language: str) -> str:
    """How the prompts call a language; its code where they have no name for it."""
    return _LANGUAGES.get(language, language if _LANGUAGE.fullmatch(language) else "English")
