"""Files that swell, nest, point elsewhere, never end, or are none."""

import io
import os
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from hostile import assert_exact
from samples import BUNDLE, ENGLISH

from assistant import Assistant
from index.embedding import Embedder
from index.errors import UnreadableFile
from index.files import find_files, read_bytes
from index.formats import extract
from index.library import Library
from index.sandbox import extract_safely, ready

pytestmark = pytest.mark.threat("hostile files")
GIGABYTES = 2 * 2**30


def huge(path: Path, size: int = GIGABYTES) -> Path:
    """A large file that takes no room on the disk."""
    with path.open("wb") as file:
        file.write(ENGLISH.encode())
        file.truncate(size)
    return path


def test_a_text_of_two_gigabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"2,048 MiB; the largest"):
        read_bytes(huge(tmp_path / "huge.txt"))


def test_a_file_that_is_too_large_in_a_library_is_named_and_the_others_are_served(folder: Path, embedder: Embedder) -> None:
    huge(folder / "huge.txt", 60 * 2**20)
    with Library.open(folder, create=True, embedder=embedder) as library:
        assert library.articles() == ("bridge",)
        assert any("huge.txt" in problem and "60 MiB" in problem for problem in library.check())


@pytest.mark.parametrize("kind", ["pipe", "device", "socket", "loop", "gone"])
def test_what_is_no_file_is_neither_waited_for_nor_read(kind: str, folder: Path, embedder: Embedder) -> None:
    place = folder / "odd.txt"
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "socket":
        import socket

        socket.socket(socket.AF_UNIX).bind(os.path.relpath(place))
    else:
        place.symlink_to({"device": "/dev/zero", "loop": place, "gone": folder / "nowhere.txt"}[kind])
    with Library.open(folder, embedder=embedder) as library:
        assert library.articles() == ("bridge",)
    with pytest.raises(UnreadableFile, match=r"odd\.txt"):
        find_files([place])


def test_links_inside_a_folder_are_not_followed(folder: Path, tmp_path: Path, embedder: Embedder) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The password of the harbour is swordfish.\n", encoding="utf-8")
    (folder / "secret.txt").symlink_to(secret)
    (folder / "deeper").symlink_to(tmp_path, target_is_directory=True)
    (folder / "again.txt").symlink_to(folder / "bridge.en.txt")
    with Library.open(folder, embedder=embedder) as library:
        assert library.articles() == ("bridge",)


def test_a_path_with_dots_brings_its_file_and_writes_nowhere_else(folder: Path, tmp_path: Path, embedder: Embedder) -> None:
    outside = tmp_path / "a" / "b"
    outside.mkdir(parents=True)
    (tmp_path / "a" / "storm.txt").write_text(ENGLISH.replace("bridge", "storm"), encoding="utf-8")
    before = {path for path in tmp_path.rglob("*") if folder not in path.parents}
    with Library.open(folder, create=True, embedder=embedder) as library:
        assert library.add([outside / ".." / "storm.txt"]) == ["storm"]
    assert (folder / "storm.txt").is_file()
    assert {path for path in tmp_path.rglob("*") if folder not in path.parents} == before


def pdf(stream: bytes) -> bytes:
    """One page whose content is this stream, compressed."""
    packed = zlib.compress(stream, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>startxref\n%d\n%%%%EOF" % (table, len(out))


def packed(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, data in members.items():
            file.writestr(name.replace("__", "/").replace("_", "."), data)
    return buffer.getvalue()


def docx(body: bytes, head: bytes = b"") -> bytes:
    """A Word file made of this XML."""
    word = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    types = (
        b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Target="word/document.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    document = b'%s<w:document xmlns:w="%s"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>' % (
        head,
        word,
        body,
    )
    members = {"[Content_Types].xml": types, "_rels/.rels": relations, "word/document.xml": document}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return buffer.getvalue()


STORY = b"The harbour opened on Monday."
SECRET = b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE d [<!ENTITY a "ha">%s]>' % b"".join(
    b'<!ENTITY %c "%s">' % (letter + 1, b"&%c;" % letter * 10) for letter in range(ord("a"), ord("k"))
)
FILES: dict[str, Callable[[], bytes]] = {
    "content that swells.pdf": lambda: pdf(b"0" * 120_000_000),
    "text that swells.pdf": lambda: pdf(b"BT /F1 12 Tf " + b"(harbour) Tj " * 3_000_000 + b"ET"),
    "secret.docx": lambda: docx(b"&e;" + STORY, SECRET),
    "laughs.docx": lambda: docx(b"&k;" + STORY, LAUGHS),
    "secret.epub": lambda: packed(
        **{"META-INF__container_xml": SECRET + b'<c><rootfiles><rootfile full-path="&e;"/></rootfiles></c>'}
    ),
    "path.epub": lambda: packed(
        **{"META-INF__container_xml": b'<c><rootfiles><rootfile full-path="../../../../etc/passwd"/></rootfiles></c>'}
    ),
    "secret.html": lambda: SECRET + b"<html><body><p>&e;</p><p>" + STORY * 20 + b"</p></body></html>",
    "framed.html": lambda: b'<html><body><iframe src="file:///etc/passwd"></iframe><p>' + STORY * 20 + b"</p></body></html>",
    "tags.html": lambda: b"<p>" * 300_000 + STORY,
    "attributes.html": lambda: b"<p " + b"".join(b"a%d=b " % n for n in range(200_000)) + b">" + STORY,
    "angles.html": lambda: b"<" * 1_000_000,
    "comment.html": lambda: b"<!--" * 300_000 + STORY,
    "many.zip": lambda: packed(**{f"a{n}_txt": b"x" for n in range(10_001)}),
    "nested.zip": lambda: packed(a_zip=packed(a_zip=packed(a_txt=STORY))),
    "bomb.zip": lambda: packed(**{f"a{n}_txt": b"0" * 30_000_000 for n in range(3)}),
    "pipe.json": lambda: b'{"items": [' * 50_000,
    "wide.jsonl": lambda: b'{"title": "a", "text": "' + b"x" * 20_000_000 + b'"',
    "keys.json": lambda: b"{" + b",".join(b'"%d":[]' % n for n in range(300_000)) + b"}",
}


@pytest.mark.parametrize("held", [nullcontext, ready], ids=["started", "forked"])
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_read_as_its_plain_text_or_refused_in_one_line(
    name: str, held: Callable[[], AbstractContextManager[None]]
) -> None:
    try:
        with held():
            found = extract_safely(FILES[name](), name, seconds=4)
    except UnreadableFile as refusal:
        said = str(refusal)
    else:
        text, said = "".join(item.text for item in found), name
        assert "root:" not in text
        assert len(text) < 50_000_000
    assert name in said or "inside" in said
    assert "\n" not in said


def test_a_feed_names_no_file_outside() -> None:
    feed = b'[{"id": "../../x", "title": "A", "text": "B.", "language": "../../etc"}, {"id": "..", "text": "C.", "language": "EN-us"}]'
    names = [item.name for item in extract(feed, "news.json")]
    assert all("/" not in name and ".." not in name for name in names)
    assert names[1].endswith(".en.txt")


SHAPES = {
    "one line": "word " * 40_000,
    "no words": "x" * 200_000,
    "lines of a letter": "a\n" * 20_000,
    "short sentences": "Hi.\n" * 15_000,
    "blank lines": "a" + "\n" * 200_000 + "b",
    "abbreviations": "Ông N.V.A. TP. " * 8_000,
    "numbers": "1.2.3-4/5, 6,7.8 " * 5_000,
    "number words": "hai mươi " * 10_000,
    "names": "Bank of " * 12_000,
    "links": "https://" * 12_000,
    "quotes": "“" * 100_000,
    "brackets": "([{" * 30_000,
    "marks": "a" + "\u0301" * 100_000,
    "addresses": "a@b.c" * 20_000,
    "bylines": "By A\n" * 10_000,
    "dates": "Updated March 2, 2025\n" * 4_000,
    "captions": "Photo: A\nHi there.\n" * 5_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_of_text_takes_longer_than_its_length(shape: str, tmp_path: Path) -> None:
    text = SHAPES[shape] + "\n" + BUNDLE
    (tmp_path / "odd.txt").write_text(text, encoding="utf-8")
    began = time.process_time()
    with Assistant.open(tmp_path) as assistant:
        answer = assistant.ask("How much did the bridge cost?")
    # Seconds of processor time, many times what it takes; what grows with the square would take minutes.
    assert time.process_time() - began < 60
    assert_exact(answer, {"odd.txt": text})
