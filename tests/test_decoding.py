import codecs
import unicodedata

import pytest

from index.decoding import decode
from index.errors import UnreadableFile

TEXT = "Thủ tướng đã gặp các nhà đầu tư ở Đà Nẵng hôm thứ Ba.\r\nHọ bàn về thuế.\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (TEXT.encode(), TEXT),
        (codecs.BOM_UTF8 + TEXT.encode(), TEXT),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), TEXT),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), TEXT),
        (TEXT.encode("utf-16-le"), TEXT),
        (unicodedata.normalize("NFD", TEXT).encode(), unicodedata.normalize("NFD", TEXT)),
        ("Café – naïve résumé, the waiter said politely.".encode("cp1252"), "Café – naïve résumé, the waiter said politely."),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 le", "utf-16 be", "utf-16 without mark", "decomposed", "windows-1252"],
)
def test_text_is_decoded_exactly_and_never_normalised(data: bytes, expected: str) -> None:
    assert decode(data, "a.txt") == expected


def test_windows_vietnamese_reads_as_vietnamese() -> None:
    # Windows-1258 writes a base letter and then its tone mark.
    split = "".join(_base_and_tone(c) for c in "Thủ tướng đã gặp các nhà đầu tư")
    assert unicodedata.normalize("NFC", decode(split.encode("cp1258"), "a.txt")) == "Thủ tướng đã gặp các nhà đầu tư"


def _base_and_tone(letter: str) -> str:
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(c for c in parts if c in tones)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones)) + tone


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (bytes(range(256)) * 20, "a.txt"),
        (b"\x00\x01\x02\x03" * 500, "a.txt"),
        (b"%PDF-1.7\x00\x01\x02" + bytes(range(1, 32)) * 40, "binary"),
        (b"x" * (50 * 2**20 + 1), "largest"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as refusal:
        decode(data, "a.txt")
    assert "\n" not in str(refusal.value)
