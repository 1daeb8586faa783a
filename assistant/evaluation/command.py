"""The arguments of ``doichieu eval``; what it does stands in ``session`` and is imported when it runs, as most commands do without."""

import argparse

from assistant.settings import Settings

EXPORTS = ("dataset", "deepeval", "langsmith", "ragas")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``eval``; ``--library`` and ``--embedder`` are every command's."""
    parser.add_argument(
        "cases", nargs="*", metavar="CASES", help="case files (JSONL, YAML) and folders of them; chats with --draft"
    )
    parser.add_argument(
        "--report", metavar="DIR", help="write run.json, junit.xml and report.html here; an interrupted run goes on"
    )
    parser.add_argument("--baseline", metavar="RUN.json", help="an earlier run to compare with")
    parser.add_argument("--export", choices=EXPORTS, help="also write the run in another evaluator's fields (with --report)")
    parser.add_argument(
        "--draft", action="store_true", help="print drafts of cases from chats, or from the articles' own questions"
    )
    parser.add_argument(
        "--model", metavar="PROVIDER:NAME", help="answer with this chat model; its answers are kept in the report"
    )
    parser.add_argument("--base-url", metavar="URL", help="address of an OpenAI-compatible server for --model")
    parser.add_argument("--judge", metavar="PROVIDER:NAME", help="also let this chat model judge the answers; marked as judged")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the command; exit code 1 when a gate is closed or a case crashed."""
    from assistant.evaluation import session

    return session.run(arguments, settings)
