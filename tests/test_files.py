import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from samples import BUNDLE, ENGLISH, VIETNAMESE

from index.errors import UnreadableFile
from index.files import article_id, find_files, group_files, language_part, read_articles


@pytest.mark.parametrize(
    ("name", "article", "language"),
    [
        ("a01.en.txt", "a01", "en"),
        ("a01.vi-digest.txt", "a01", "vi"),
        ("china-ai.txt", "china-ai", None),
        ("v1.2.txt", "v1.2", None),
    ],
)
def test_a_files_name_gives_article_and_language(name: str, article: str, language: str | None) -> None:
    assert (article_id(name), language_part(name)) == (article, language)


def test_files_of_one_name_are_versions_of_one_article(folder: Path) -> None:
    groups = group_files(find_files([folder]))
    assert list(groups) == ["bridge"]
    (article,) = read_articles(groups["bridge"])
    assert [(version.id, version.kind) for version in article.versions] == [("en", "original"), ("vi", "translation")]
    assert article.text("bridge.en.txt") == ENGLISH


def test_a_digest_file_is_a_digest(folder: Path) -> None:
    (folder / "bridge.vi-digest.txt").write_text("Cầu thông xe ngày 3/3 sau sáu năm.\nNgư dân lo mất mực.\n", encoding="utf-8")
    (article,) = read_articles(find_files([folder]))
    assert {version.id for version in article.versions} == {"en", "vi", "vi-digest"}


def test_a_digest_file_alone_is_a_digest(tmp_path: Path) -> None:
    path = tmp_path / "bridge.vi-digest.txt"
    path.write_text("Cầu thông xe ngày 3/3 sau sáu năm.\nNgư dân lo mất mực.\n", encoding="utf-8")
    (article,) = read_articles([path])
    assert [(version.id, version.kind) for version in article.versions] == [("vi-digest", "digest")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", "\u2028"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_places_are_exact_whatever_the_bytes_were(tmp_path: Path, encoding: str, end: str, form: Literal["NFC", "NFD"]) -> None:
    text = unicodedata.normalize(form, BUNDLE).replace("\n", end)
    path = tmp_path / "bridge.txt"
    path.write_bytes(text.encode(encoding))
    (article,) = read_articles([path])
    assert article.text("bridge.txt") == text
    assert [version.id for version in article.versions] == ["vi-digest", "vi", "en"]
    for version in article.versions:
        for passage in version.passages:
            assert all(text[place.start : place.end] == place.text for place in (passage, *passage.sentences))


def test_hidden_files_and_other_formats_are_left_out(folder: Path) -> None:
    (folder / ".doichieu").mkdir()
    (folder / ".doichieu" / "x.txt").write_text("x", encoding="utf-8")
    (folder / "song.mp3").write_bytes(b"ID3")
    assert [path.name for path in find_files([folder])] == ["bridge.en.txt", "bridge.vi.txt"]


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"none\.txt: no such file"):
        find_files([tmp_path / "none.txt"])


def test_line_ends_are_kept_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.vi.txt"
    path.write_bytes(VIETNAMESE.replace("\n", "\r\n").encode())
    (article,) = read_articles([path])
    assert "\r\n" in article.text("a.vi.txt")
