"""What the tests share: files of a small article, and the shipped model loaded once."""

import json
from pathlib import Path

import pytest
from samples import BUNDLE, ENGLISH, VIETNAMESE

from index.embedding import Embedder, load_embedder

pytest_plugins = ("threats",)
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return load_embedder()


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle file of three versions."""
    path = tmp_path / "bridge.txt"
    path.write_text(BUNDLE, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an article in two files, one version each."""
    place = tmp_path / "news"
    place.mkdir()
    (place / "bridge.en.txt").write_text(ENGLISH, encoding="utf-8")
    (place / "bridge.vi.txt").write_text(VIETNAMESE, encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared data beside the checkout; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the shared data is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def naughty_strings(shared: Path) -> list[str]:
    """The Big List of Naughty Strings."""
    strings: list[str] = json.loads((shared / "data" / "robustness" / "blns.json").read_text(encoding="utf-8"))
    return strings


@pytest.fixture(scope="session")
def naughty(naughty_strings: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles whose every field is a naughty string: file name, headline, byline, date, body, link, tag."""
    folder = tmp_path_factory.mktemp("naughty")
    for n, text in enumerate(naughty_strings):
        line = " ".join(text.split()) or "–"
        name = line.replace("/", "∕").replace("\x00", "")
        name = f"{n} {name}".encode()[:200].decode(errors="ignore")
        text = "".join(c for c in text if c >= " " or c in "\n\r\t") if sum(c < " " for c in text) > 9 else text
        line = " ".join(text.split()) or "–"
        story = f"{line}\nBy {line}\nUpdated {line}\nThe harbour said that {line} was seen on Monday [1]. {text}\nhttps://news.example/{line}\n#{line}\n"
        (folder / f"{name}.txt").write_bytes(story.encode("utf-8", "surrogatepass" if text.isascii() else "replace"))
    return folder
