"""What every part of the page is written with: escaped text, places as attributes, icons, names of versions."""

from collections.abc import Sequence
from html import escape

from index.article import Place, Version
from index.text import visible

Words = dict[str, str]
"""The page's words in one language, by their keys in ``strings.<language>.json``."""

# Drawn for this page: strokes on a grid of 24.
_ICONS = {
    "like": "M7 21V10l4-7c1.5 0 2.5 1 2.3 2.6L12.7 10H19a2 2 0 0 1 2 2.3l-1.3 7A2 2 0 0 1 17.7 21zM7 10H3v11h4",
    "dislike": "M17 3v11l-4 7c-1.5 0-2.5-1-2.3-2.6l.6-4.4H5a2 2 0 0 1-2-2.3l1.3-7A2 2 0 0 1 6.3 3zM17 14h4V3h-4",
    "copy": "M9 9h11v12H9zM5 15H4V3h11v2",
    "retry": "M20 12a8 8 0 1 1-2.5-5.8M20 3v5h-5",
    "edit": "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
    "theme": "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
}


def safe(text: str) -> str:
    """Text as it may stand in HTML: markup escaped, characters that nobody sees left out."""
    return escape(visible(text))


def icon(name: str) -> str:
    """A small picture for a button that has a label of its own."""
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{_ICONS[name]}"/></svg>'


def icon_button(name: str, label: str, attributes: str) -> str:
    """A button that shows an icon and says its label."""
    return (
        f'<button type="button" class="quiet" {attributes} aria-label="{safe(label)}" title="{safe(label)}">{icon(name)}</button>'
    )


def target(place: Place) -> str:
    """Where a place stands, as attributes that the page's script reads."""
    data = {"article": place.article, "version": place.version, "start": place.start, "end": place.end}
    return " ".join(f'data-{name}="{safe(str(value))}"' for name, value in data.items())


def language_name(code: str, words: Words) -> str:
    """A language's name; its code where the page has no name for it."""
    return words.get(f"language_{code}", code.upper())


def version_name(version: Version | Place, words: Words) -> str:
    """What a version is and in which language, escaped."""
    return safe(f"{words[version.kind]} · {language_name(version.language, words)}")


def in_language(versions: Sequence[Version], language: str) -> list[Version]:
    """Versions, those in a language first, full texts before digests."""
    return sorted(versions, key=lambda version: (version.language != language, version.kind == "digest"))


def title_of(article: str, versions: Sequence[Version], language: str) -> str:
    """An article's title, in a language if it has one there; its id if it has none."""
    return next((version.title for version in in_language(versions, language) if version.title), article)


def side_by_side(versions: Sequence[Version]) -> list[Version]:
    """Versions as they are laid out: the original, translations, digests."""
    return sorted(versions, key=lambda version: (version.kind == "digest", version.kind != "original"))
