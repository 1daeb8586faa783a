"""The command line: arguments in, exit codes out. What each command does stands in ``commands``.

Exit codes: 0 done; 2 the arguments or the input are wrong; 1 anything else. Results go to stdout, everything else to stderr.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from assistant.logs import configure_logs
from assistant.rendering import plain_text
from assistant.settings import Settings
from index.errors import DoichieuError, InputError

_LIBRARY = "a bundle file, a folder of article files, or a built library (default: the articles that ship)"
_BATCH = 'JSONL of {"id", "question", "history"?, "articles"?, "language"?}, answered in order; - for stdin'


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, like every other error here."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message} (see `{self.prog} --help`)")


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    from assistant import commands
    from assistant.evaluation import command as evaluation

    parser = _Parser(prog="doichieu", description="Cited answers about articles that exist in several languages.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: commands.Command, summary: str) -> argparse.ArgumentParser:
        sub = subparsers.add_parser(name, help=summary, description=summary)
        sub.add_argument("--library", metavar="PATH", help=_LIBRARY)
        sub.add_argument(
            "--store", metavar="URL", help="where others share its vectors, as chroma+http://127.0.0.1:8000 (default: its folder)"
        )
        sub.add_argument("--embedder", metavar="MODEL", help="embedding model by name or folder (default: the one that ships)")
        sub.set_defaults(run=run)
        return sub

    ask = command("ask", commands.ask, "answer a question, or a batch of them")
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument(
        "--batch", metavar="FILE", help='JSONL of {"id", "question", "history"?, "articles"?, "language"?}; - is stdin'
    )
    ask.add_argument("--history", metavar="FILE", help="JSON: [[question, answer], ...], oldest first")
    ask.add_argument("--language", metavar="CODE", help="language of the answer, as en or vi (default: the question's)")
    ask.add_argument("--model", metavar="PROVIDER:NAME", help="answer with this chat model, every quote checked")
    ask.add_argument("--base-url", metavar="URL", help="address of an OpenAI-compatible server for --model")
    ask.add_argument("--explain", action="store_true", help="with JSON, the features behind each citation")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")

    search = command("search", commands.search, "rank passages for a query, or for a batch of them")
    search.add_argument("query", nargs="?", metavar="QUERY")
    search.add_argument("--batch", metavar="FILE", help='JSONL of {"id", "query"}; - is stdin')
    search.add_argument("--k", type=_positive, default=10, metavar="N", help="how many passages (default: 10)")
    search.add_argument("--languages", metavar="CODES", help="only passages in these, as en,vi")
    search.add_argument(
        "--since", default="", metavar="DAY", help="only articles of this day or later, as 2026-03-31, 2026-03 or 2026"
    )
    search.add_argument("--until", default="", metavar="DAY", help="only articles of this day or earlier")
    search.add_argument(
        "--source", action="append", default=[], metavar="SITE", help="only articles from here, as example.com; repeatable"
    )
    search.add_argument("--tag", action="append", default=[], metavar="TAG", help="only articles with this tag; repeatable")
    search.add_argument("--json", action="store_true", help="print the passages as JSON")

    index = command("index", commands.index, "add, remove, list or join articles; rebuild or check a library")
    index.add_argument("action", choices=("add", "remove", "list", "join", "offers", "rebuild", "check"))
    index.add_argument(
        "paths", nargs="*", metavar="PATH", help="files, folders and https links to add; article ids to remove, or two to join"
    )
    index.add_argument("--ray", metavar="HOST:PORT", help="let a Ray cluster read and index what is added or rebuilt")

    compare = command("compare", commands.compare, "align the versions of an article and list what they disagree on")
    compare.add_argument("article", metavar="ARTICLE")
    compare.add_argument("--json", action="store_true", help="print pairs and differences as JSON")

    evaluation.add_arguments(command("eval", evaluation.run, "score answers against cases; exit code 1 when a gate is closed"))

    command("feedback", commands.feedback, "print what readers of the page thought of answers: chats for `doichieu eval --draft`")

    serve = command("serve", commands.serve, "open the reading room, a web page on this machine")
    serve.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (default: 7860)")
    serve.add_argument("--model", metavar="PROVIDER:NAME", help="answer with this chat model, every quote checked")
    serve.add_argument("--base-url", metavar="URL", help="address of an OpenAI-compatible server for --model")

    password = subparsers.add_parser("password", help="make the hash of a password for `serve`")
    password.set_defaults(run=commands.password)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; every failure is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        arguments = build_parser().parse_args(argv)
        settings = _settings(arguments)
        configure_logs(settings.log_level, structured=arguments.command == "serve")
        code: int = arguments.run(arguments, settings)
        sys.stdout.flush()
        return code
    except DoichieuError as error:
        return _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail("stopped", 130)
    except BrokenPipeError:
        # The reader of the pipe has gone; there is nobody to tell, and Python must not try again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", 1)
    except Exception as error:
        if os.environ.get("DOICHIEU_DEBUG"):
            raise
        return _fail(f"unexpected {type(error).__name__}: {error} (set DOICHIEU_DEBUG=1 to see where)", 1)


def _fail(message: str, code: int) -> int:
    print("doichieu: " + plain_text(message), file=sys.stderr)
    return code


def _settings(arguments: argparse.Namespace) -> Settings:
    names = ("library", "store", "ray", "embedder", "model", "base_url", "host", "port")
    return Settings.from_env(**{name: getattr(arguments, name, None) for name in names})


def _positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return int(text)
