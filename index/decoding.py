"""Bytes → text, exactly: what is decoded is never normalised, so that offsets mean the same for everybody.

A byte order mark decides; then UTF-8; then UTF-16 without a mark; then the 8-bit encoding that charset-normalizer finds, with Vietnamese
Windows-1258 tried first, since its combining marks make any other reading nonsense.
"""

import re
import unicodedata

from index.errors import UnreadableFile

LARGEST_FILE = 50 * 2**20
"""Bytes; no article is longer."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# A vowel of Vietnamese followed by one of the five combining tone marks, as Windows-1258 writes them.
# What text of western Europe does not hold, and other encodings read as Windows-1252 do.
_UNLIKELY = re.compile("[\x80-\x9f¤¦¨¬¯´¸¹²³¼½¾×÷ÐÞðþ]")
_VIETNAMESE_TONE = re.compile("[aăâeêioôơuưyAĂÂEÊIOÔƠUƯY][\u0300\u0301\u0303\u0309\u0323]")


def decode(data: bytes, name: str) -> str:
    """The text of a file's bytes, line ends and all; a byte order mark is no part of it.

    Args:
        data: the bytes.
        name: the file's name, for the error.

    Raises:
        UnreadableFile: the file is empty, binary, too large or in no known encoding.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(f"{name}: {len(data) // 2**20} MiB; the largest file that is read has {LARGEST_FILE // 2**20} MiB")
    text = _decode(data)
    if text is None:
        raise UnreadableFile(f"{name}: the bytes are no text in UTF-8, UTF-16 or a Windows encoding; save it as UTF-8")
    if not text.strip():
        raise UnreadableFile(f"{name}: the file is empty")
    if len(_CONTROLS.findall(text)) > 0.01 * len(text):
        raise UnreadableFile(f"{name}: this is a binary file, not text")
    return text


def _decode(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    text = _strictly(data, "utf-8")
    if text is not None and "\x00" not in text:
        return text
    zeros = (data[0::2].count(0), data[1::2].count(0))
    if max(zeros) > len(data) // 8:
        return _strictly(data, "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le")
    if b"\x00" in data:
        return text
    return _eight_bit(data)


def _eight_bit(data: bytes) -> str | None:
    vietnamese = _strictly(data, "cp1258")
    if vietnamese is not None and len(_VIETNAMESE_TONE.findall(vietnamese)) > len(data) / 200:
        return vietnamese
    western = _strictly(data, "cp1252")
    if western is not None and not _UNLIKELY.search(western):
        return western
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        return None
    text = str(best)
    strange = sum(1 for c in text if unicodedata.category(c) in ("Cn", "Co", "Cc") and c not in "\t\r\n\f")
    return text if strange <= 0.01 * len(text) else None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
