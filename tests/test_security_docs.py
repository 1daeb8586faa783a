"""docs/security.md names the threats that tests try, and no others."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_threat_that_is_tried_has_its_defence_written_down_and_the_other_way_round() -> None:
    tried = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r'mark\.threat\("([^"]+)"\)', path.read_text(encoding="utf-8"))
    }
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| ([a-z][^|]+?) \| LLM", text, flags=re.M))
    assert tried == told
