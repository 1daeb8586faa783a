"""What each command of the command line does: arguments and settings in, lines on stdout and an exit code out."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.progress import ProgressLine
from assistant.rendering import answer_to_json, answer_to_terminal, comparison_to_json, hit_to_json, plain_text
from assistant.settings import Settings
from index.errors import InputError, UnreadableFile
from index.links import is_link
from index.scope import Filter

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from index.article import Comparison
    from index.library import Library

# JSON leaves these as they are, and terminals take them for commands: controls of eight bits, and those that turn the direction.
_CONTROLS = re.compile("[\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
SHORTEST_PASSWORD = 8
OFFERED = 200
"""Articles that were added for which others in another language are looked for at once; `index offers` does it for all."""

Command = Callable[[argparse.Namespace, Settings], int]


def ask(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, or each line of a batch in order."""
    rows = _one_or_batch(arguments.question, arguments.batch, "question", ("history", "articles", "language"))
    history = _read_history(Path(arguments.history)) if arguments.history else []
    with _open_assistant(settings) as assistant:
        for row in rows:
            answer = assistant.ask(
                row["question"],
                row.get("history") or history,
                language=row.get("language") or arguments.language,
                articles=row.get("articles"),
                explain=arguments.explain,
            )
            if arguments.batch or arguments.json:
                _print_json(answer_to_json(answer, id=row.get("id")), indent=None if arguments.batch else 2)
            else:
                print(answer_to_terminal(answer))
    return 0


def search(arguments: argparse.Namespace, settings: Settings) -> int:
    """Rank passages for one query, or for each line of a batch in order."""
    rows = _one_or_batch(arguments.query, arguments.batch, "query", ())
    languages = [code.strip() for code in arguments.languages.split(",")] if arguments.languages else None
    only = Filter(arguments.since, arguments.until, tuple(arguments.source), tuple(arguments.tag))
    with _open_library(settings) as library:
        for row in rows:
            hits = library.search(row["query"], k=arguments.k, languages=languages, where=only)
            if arguments.batch:
                _print_json({"id": row["id"], "hits": [hit_to_json(hit) for hit in hits]})
            elif arguments.json:
                _print_json({"query": row["query"], "hits": [hit_to_json(hit) for hit in hits]}, indent=2)
            else:
                for rank, hit in enumerate(hits, 1):
                    where = plain_text(f"{hit.passage.file}, {hit.passage.version}, {hit.passage.start}–{hit.passage.end}")
                    print(f"{rank:2}. {hit.score:.3f}  {where}\n    {plain_text(hit.passage.text)}")
    return 0


def index(arguments: argparse.Namespace, settings: Settings) -> int:
    """Change, list or check a library."""
    if arguments.action in ("add", "remove") and not arguments.paths:
        wanted = "files or folders" if arguments.action == "add" else "article ids"
        raise InputError(f"index {arguments.action}: name the {wanted} to {arguments.action}")
    rebuild = arguments.action == "rebuild"
    with _open_library(settings, create=rebuild or arguments.action == "add", anew=rebuild) as library:
        try:
            if arguments.action == "add":
                return _add(library, arguments.paths, settings.ray)
            if rebuild:
                return _rebuild(library, settings.ray)
            return _ACTIONS[arguments.action](library, arguments.paths)
        except KeyboardInterrupt:
            print("\ndoichieu: stopped; what is in stays, and the same command goes on from there", file=sys.stderr)
            return 130


def _add(library: "Library", paths: list[str], cluster: str) -> int:
    links = [path for path in paths if is_link(path)]
    files = [Path(path) for path in paths if not is_link(path)]
    added: list[str] = []
    problems: list[str] = []
    with _noting(problems):
        added += library.add(files, ProgressLine(), cluster=cluster) if files else []
    with _noting(problems):
        added += library.add_links(links, ProgressLine()) if links else []
    for article in dict.fromkeys(added):
        print(plain_text(article))
    _tell_offers(library, list(dict.fromkeys(added))[:OFFERED])
    if problems:
        raise UnreadableFile("; ".join(problems))
    return 0


@contextmanager
def _noting(problems: list[str]) -> Iterator[None]:
    """Note what could not be read, and go on."""
    try:
        yield
    except UnreadableFile as error:
        problems.append(str(error))


def _remove(library: "Library", paths: list[str]) -> int:
    library.remove(paths)
    print(f"removed {len(paths)}")
    return 0


def _list(library: "Library", paths: list[str]) -> int:
    for name in paths or library.articles():
        article = library.article(name)
        title = next((version.title for version in article.versions if version.title), "")
        versions = ", ".join(version.id for version in article.versions)
        print(plain_text(f"{article.id} ({versions})") + (f"  {plain_text(title)}" if title else ""))
    return 0


def _rebuild(library: "Library", cluster: str) -> int:
    library.rebuild(ProgressLine(), cluster=cluster)
    count = len(library.articles())
    print(f"rebuilt: {count:,} article{'' if count == 1 else 's'}")
    return 0


def _check(library: "Library", paths: list[str]) -> int:
    problems = library.check()
    for problem in problems:
        print(plain_text(problem))
    print("sound" if not problems else f"{len(problems)} problems: `doichieu index rebuild` restores the index from the files")
    return 1 if problems else 0


def _join(library: "Library", paths: list[str]) -> int:
    if len(paths) != 2:
        raise InputError("index join: name two articles, the second of which becomes a version of the first")
    library.join(*paths)
    print(f"{plain_text(paths[1])} is a version of {plain_text(paths[0])} now")
    return 0


def _offers(library: "Library", paths: list[str]) -> int:
    _tell_offers(library, paths or None)
    return 0


def _tell_offers(library: "Library", articles: list[str] | None) -> None:
    for offer in library.offers(articles):
        names = f"{plain_text(offer.article)} {plain_text(offer.other)}"
        print(
            f"{names}: one story? {offer.share:.0%} of the sentences have a counterpart; `doichieu index join {names}` makes them one",
            file=sys.stderr,
        )


_ACTIONS: dict[str, Callable[["Library", list[str]], int]] = {
    "remove": _remove,
    "list": _list,
    "join": _join,
    "offers": _offers,
    "check": _check,
}


def compare(arguments: argparse.Namespace, settings: Settings) -> int:
    """Align the versions of an article."""
    with _open_library(settings) as library:
        comparison = library.compare(arguments.article)
    if arguments.json:
        _print_json(comparison_to_json(comparison), indent=2)
    else:
        print("\n".join(_comparison_lines(comparison)))
    return 0


def _comparison_lines(comparison: "Comparison") -> Iterator[str]:
    name, pairs, differences = plain_text(comparison.article), len(comparison.pairs), len(comparison.differences)
    yield f"{name}: {pairs} aligned sentences, {differences} differences"
    for difference in comparison.differences:
        yield f"\n{difference.kind}: {plain_text(difference.detail)}"
        for place in (difference.a, difference.b):
            if place is not None:
                yield f"  {place.version:9} {plain_text(place.text)}"


def feedback(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the ratings of a library's answers, one JSON line each, oldest first."""
    from assistant.feedback import Feedback, beside
    from index.library import SHIPPED

    for chat in Feedback(beside(Path(settings.library or SHIPPED))).chats():
        _print_json(chat)
    return 0


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Open the page, and stay until stopped."""
    from assistant.ui.web import serve as serve_page

    serve_page(settings)
    return 0


def password(arguments: argparse.Namespace, settings: Settings) -> int:
    """Ask for a password, at the keyboard or on stdin, and print the setting that makes ``serve`` ask for it."""
    from assistant.ui.guard.password import PasswordHash

    chosen = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(chosen) < SHORTEST_PASSWORD:
        raise InputError(f"the password has {len(chosen)} characters: take at least {SHORTEST_PASSWORD}")
    if sys.stdin.isatty() and getpass("Once more: ") != chosen:
        raise InputError("the two passwords differ: try again")
    print(f"DOICHIEU_PASSWORD_HASH={PasswordHash.of(chosen)}")
    return 0


def _open_assistant(settings: Settings) -> "Assistant":
    from assistant.engine import Assistant

    return Assistant.open(settings=settings)


def _open_library(settings: Settings, *, create: bool = False, anew: bool = False) -> "Library":
    from index.embedding import load_embedder
    from index.library import Library

    embedder = load_embedder(settings.embedder or None)
    return Library.open(settings.library or None, create=create, anew=anew, embedder=embedder, store=settings.store)


def _one_or_batch(text: str | None, batch: str | None, key: str, optional: Sequence[str]) -> list[dict[str, Any]]:
    if (text is None) == (batch is None):
        raise InputError(f"give either one {key} or --batch FILE")
    if text is not None:
        return [{key: text}]
    assert batch is not None
    if batch == "-":
        return list(_parse_rows(sys.stdin.read().split("\n"), "stdin", key, optional))
    return list(_parse_rows(_read(Path(batch)).split("\n"), batch, key, optional))


def _parse_rows(lines: Iterable[str], name: str, key: str, optional: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows of a batch; keys that are not known are left alone, since question files carry gold answers too."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"{name}:{number} is not JSON: {error}") from None
        if not isinstance(row, dict) or not isinstance(row.get(key), str) or not row[key].strip() or "id" not in row:
            raise InputError(f'{name}:{number} must be an object with "id" and a non-empty "{key}"')
        if "history" in optional and row.get("history"):
            row["history"] = _history(row["history"], f"{name}:{number}")
        articles = row.get("articles")
        if "articles" in optional and articles is not None and not _all_strings(articles):
            raise InputError(f'{name}:{number}: "articles" must be a list of article ids')
        yield row


def _read_history(path: Path) -> list[tuple[str, str]]:
    try:
        return _history(json.loads(_read(path)), str(path))
    except ValueError as error:
        raise InputError(f"{path} is not JSON: {error}") from None


def _history(value: Any, where: str) -> list[tuple[str, str]]:
    if not isinstance(value, list) or not all(_all_strings(turn) and len(turn) == 2 for turn in value):
        raise InputError(f"{where}: history must be [[question, answer], ...]")
    return [(turn[0], turn[1]) for turn in value]


def _all_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"cannot read {path}: it is not UTF-8 text") from None


def _print_json(value: dict[str, Any], indent: int | None = None) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    print(_CONTROLS.sub(lambda control: f"\\u{ord(control[0]):04x}", text), flush=indent is None)
