"""Words for chat models: one Markdown file a prompt and language, and a loader that is strict about its variables."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template with ``$variables``; braces in what is filled in are harmless."""

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


@lru_cache(maxsize=32)
def load_prompt(name: str, language: str) -> Prompt:
    """A prompt in a language, in English where there is none.

    Raises:
        FileNotFoundError: there is no such prompt in English either.
    """
    path = _HERE / f"{name}.{language}.md"
    if not path.is_file():
        path = _HERE / f"{name}.en.md"
    return Prompt(path.name, Template(path.read_text(encoding="utf-8")))
