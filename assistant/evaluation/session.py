"""What ``doichieu eval`` does: cases in; a table on stdout, files in a folder, and the exit code out."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.engine import Assistant
from assistant.evaluation.case_files import find_case_files, load_cases
from assistant.evaluation.cases import Case
from assistant.evaluation.citations import same_sentence
from assistant.evaluation.comparing import RunComparison, compare_runs
from assistant.evaluation.drafts import draft_from_articles, draft_from_chats, to_jsonl
from assistant.evaluation.gates import EVERY, GateResult, check_gates, find_suite
from assistant.evaluation.html_report import write_html
from assistant.evaluation.interop import export
from assistant.evaluation.judged import judge_run, judged_means
from assistant.evaluation.report import table, write_json, write_junit
from assistant.evaluation.runner import Run, read_run, run_cases
from assistant.evaluation.systems import AssistantSystem
from assistant.settings import Settings
from index.errors import InputError, UnknownArticle


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the command with the arguments of ``command.add_arguments``. Returns 1 when a gate is closed or a case crashed, else 0.

    Raises:
        DoichieuError: with one clear line.
    """
    if arguments.draft:
        return _draft(arguments.cases, settings)
    if not arguments.cases:
        raise InputError("eval: name the case files, as in `doichieu eval tests/cases`")
    if arguments.export and not arguments.report:
        raise InputError("eval: --export needs --report DIR to write to")
    baseline = read_run(Path(arguments.baseline)) if arguments.baseline else None
    folder = Path(arguments.report) if arguments.report else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    paths = [Path(path) for path in arguments.cases]
    done = evaluate(paths, settings, keep=folder / "answers.jsonl" if folder else None)
    if arguments.judge:
        done = _judge(done, arguments.judge, settings)
    gates = _gates(paths, done)
    comparison = compare_runs(baseline, done) if baseline else None
    sys.stdout.write(table(done, gates, comparison) + "\n")
    for metric, mean, count in judged_means(done) if arguments.judge else ():
        sys.stdout.write(f"{metric:20} {'-' if mean is None else format(mean, '.3f')} (n={count})\n")
    if folder:
        _write_files(done, gates, comparison, folder, arguments.export)
    return int(bool(done.crashed) or not all(gate.passed for gate in gates))


def evaluate(paths: Sequence[Path], settings: Settings, *, keep: Path | None = None) -> Run:
    """Run every case of the files, each file over the library that its suite names, else over the one that is set.

    Args:
        paths: case files and folders of them.
        settings: which library, embedding model and chat model.
        keep: file for answers, to go on after an interruption.

    Raises:
        InputError: a case file is not as it should be, or asks for evidence that its library does not hold.
        LibraryError: a library cannot be opened.
    """
    load_cases(paths)
    by_library: dict[str, list[Path]] = {}
    for path in find_case_files(paths):
        named = find_suite(path).libraries.get(path.name)
        by_library.setdefault(str(named) if named else settings.library, []).append(path)
    runs = []
    for place, files in by_library.items():
        cases = load_cases(files)
        with Assistant.open(place or None, settings=settings) as assistant:
            _check_evidence(assistant, cases)
            runs.append(run_cases(AssistantSystem(assistant), cases, keep=keep, progress=_show_progress))
    if keep and not settings.model:
        # Answers that cost little are asked anew next time, so that no old one hides a change.
        keep.unlink(missing_ok=True)
    return Run(runs[0].system, tuple(outcome for one in runs for outcome in one.outcomes))


def _check_evidence(assistant: Assistant, cases: Sequence[Case]) -> None:
    """A gold sentence that no article holds would fail for ever: say where it stands."""
    library = assistant.library
    texts = {
        (name, version.id): library.article(name).text(version.file)[version.start : version.end]
        for name in library.articles()
        for version in library.article(name).versions
    }
    for case in cases:
        where = f"{case.file}:{case.line}"
        for name in case.articles or ():
            if name not in library.articles():
                raise UnknownArticle(f"{where}: no article {name!r} in the library that this file asks about")
        held = {key: text for key, text in texts.items() if case.articles is None or key[0] in case.articles}
        for one in case.cites:
            if one.span and (one.span.article, one.span.version) not in held:
                raise InputError(f"{where}: no version {one.span.version!r} of {one.span.article!r} to cite")
            for version, form in one.forms.items():
                if not any(same_sentence(text, form) for (_, name), text in held.items() if version in ("*", name)):
                    raise InputError(f"{where}: the article does not hold {form!r} ({version})")


def _gates(paths: Sequence[Path], done: Run) -> list[GateResult]:
    """The gates of each suite over its own cases."""
    results = []
    for folder in dict.fromkeys(path.parent for path in find_case_files(paths)):
        own = Run(done.system, tuple(outcome for outcome in done.outcomes if Path(outcome.case.file).parent == folder))
        results += check_gates(find_suite(folder / "any").gates, own.mean, {EVERY, *own.languages, *own.tags})
    return results


def _judge(done: Run, model: str, settings: Settings) -> Run:
    from assistant.chat_model import open_chat_model

    return judge_run(done, open_chat_model(replace(settings, model=model)))


def _draft(paths: Sequence[str], settings: Settings) -> int:
    if paths:
        cases = [case for path in paths for case in draft_from_chats(Path(path))]
    else:
        with Assistant.open(settings=settings) as assistant:
            cases = list(draft_from_articles(assistant))
    sys.stdout.write(to_jsonl(cases))
    return 0


def _write_files(
    done: Run, gates: Sequence[GateResult], comparison: RunComparison | None, folder: Path, exported: str | None
) -> None:
    write_json(done, folder / "run.json")
    write_junit(done, gates, folder / "junit.xml")
    write_html(done, gates, comparison, folder / "report.html")
    if exported:
        path = folder / f"{exported}.json"
        path.write_text(json.dumps(export(done, exported), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stderr.write(f"written to {folder}: run.json, junit.xml, report.html{f', {exported}.json' if exported else ''}\n")


def _show_progress(done: int, count: int) -> None:
    """A bar that is redrawn on a terminal, and a line every tenth elsewhere."""
    if sys.stderr.isatty():
        filled = 30 * done // count
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {done}/{count}" + ("\n" if done == count else ""))
        sys.stderr.flush()
    elif done == count or done * 10 // count != (done - 1) * 10 // count:
        sys.stderr.write(f"{done}/{count}\n")
