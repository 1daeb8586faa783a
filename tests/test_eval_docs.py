"""docs/evaluation.md does what it says: its files are written, its commands and its code are run, in order."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.evaluation.scoring import METRICS

GUIDE = (Path(__file__).parent.parent / "docs" / "evaluation.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(?P<language>\w+) ?(?P<what>[^\n]*)\n(?P<text>.*?)^```$", GUIDE, re.S | re.M)


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DOICHIEU_"))}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False, encoding="utf-8")


def test_the_guide_runs_as_it_stands(tmp_path: Path) -> None:
    for language, what, text in BLOCKS:
        if what.startswith("file="):
            path = tmp_path / what.removeprefix("file=")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif language == "console":
            command, *expected = text.splitlines()
            program, *arguments = command.removeprefix("$ ").split()
            start = [sys.executable, "-m", "assistant"] if program == "doichieu" else [sys.executable]
            done = run([*start, *arguments], tmp_path)
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            for line in expected:
                assert line in done.stdout, f"{command} does not print {line!r}:\n{done.stdout}"
        elif what == "run":
            done = run([sys.executable, "-c", text], tmp_path)
            assert done.returncode == 0, done.stderr
            assert "always the second line: 4 cases, 0 crashed" in done.stdout
    assert (tmp_path / "report" / "report.html").exists()


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_is_explained(metric: str) -> None:
    assert f"`{metric}`" in GUIDE
