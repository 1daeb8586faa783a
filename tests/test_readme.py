"""What the README says can be done is done here."""

import re
import shlex
from pathlib import Path

import pytest

from assistant.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return [text for found, text in re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.M | re.S) if found == kind]


def test_the_python_example_prints_a_cited_answer(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("python")
    assert len([line for line in example.splitlines() if line.strip()]) <= 8
    exec(compile(example, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "[1]" in printed
    assert "↔" in printed


@pytest.mark.parametrize("line", [line for block in blocks("console") for line in block.splitlines()])
def test_each_command_of_the_readme_runs(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    program, *arguments = shlex.split(line)
    assert program == "doichieu"
    assert main(arguments) == 0
    assert capsys.readouterr().out


def test_the_make_targets_that_the_readme_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake (\w+)", README)) - {"are"}:
        assert re.search(rf"^{target}:", makefile, flags=re.M), target


def test_the_file_tree_names_what_is_there() -> None:
    tree = next(block for block in blocks("") if "app.py" in block)
    names = [line.split()[0] for line in tree.splitlines()]
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_links_inside_the_project_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert [target for target in targets if not (ROOT / target).exists()] == []
