import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "GS.TS. Nguyễn Văn A. và ThS. Trần B. đến TP. Hồ Chí Minh hôm qua.",
        "Ông N.V.A. khai với công an TP. Hà Nội rằng mình vô tội.",
        "Mr. Smith and Dr. J. K. Jones left the U.S. Senate at 5 p.m. ET on Feb. 17 with No. 5.",
        "Acme Inc. and others paid $1.8 billion, or 1,8 tỷ USD, by St. Patrick's Day.",
        "Xem https://example.com/a.b?c=d. hoặc viết cho a.b@example.com để biết thêm.",
        "He wrote Node.js code in v. 3.5 of the tool.",
        '"Is it over?" Maria Lopez asked the crowd.',
        "“Thế là hết!” ông nói.",
        "The court sits from 6 a.m. Monday to 5 p.m. Feb. 3.",
        "Acme Co. Ltd. sued Beta Corp. Inc. on Tuesday.",
        "LS. Trần Văn Hòa và KTS. Lê Minh làm việc với NXB. Trẻ, tr. 15.",
        "Die Brücke wird am 3. März geöffnet.",
        "Es fällt kaum auf.[1]",
    ],
)
def test_a_stop_inside_a_sentence_does_not_end_it(whole: str) -> None:
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("He left the U.S. The plane was late.", ["He left the U.S.", "The plane was late."]),
        ('She said: "It is over." Then she left.', ['She said: "It is over."', "Then she left."]),
        ("Họ đến từ Đông Nam Á. Cá voi thì không.", ["Họ đến từ Đông Nam Á.", "Cá voi thì không."]),
        ("Giá tăng 20%. Năm 2017, giá giảm 3,5%.", ["Giá tăng 20%.", "Năm 2017, giá giảm 3,5%."]),
        ("Kết quả đã công bố.Ông rất vui.", ["Kết quả đã công bố.", "Ông rất vui."]),
        ("Chờ… Rồi ông đi. Thế à? Vâng!", ["Chờ…", "Rồi ông đi.", "Thế à?", "Vâng!"]),
        ("Dòng một\nDòng hai.", ["Dòng một", "Dòng hai."]),
        ('Xin ở lại. " Ông gật đầu.', ["Xin ở lại.", '" Ông gật đầu.']),
        ('Xin ở lại. "', ['Xin ở lại. "']),
        ("It is so.[1][2] Then it is not.", ["It is so.[1][2]", "Then it is not."]),
        ("He was here . . . She was not.", ["He was here . . .", "She was not."]),
        ("他走了。她留下。", ["他走了。", "她留下。"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text(alphabet=st.sampled_from('aA. !?"”“\n\r1,đỞ…)(•\u2028\u00a0é\u0301') | st.characters(), max_size=200))
def test_spans_are_ordered_apart_trimmed_and_cover_every_letter(text: str) -> None:
    spans = split_sentences(text)
    covered = set()
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        covered.update(range(start, end))
        last = end
    assert all(i in covered for i, c in enumerate(text) if not c.isspace())


def test_the_projects_own_articles_are_split_as_they_were_written() -> None:
    import json
    from pathlib import Path

    path = Path(__file__).resolve().parent.parent / "training" / "data" / "articles.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        for paragraph in json.loads(line)["paragraphs"]:
            for language in ("en", "vi"):
                assert sentences(" ".join(paragraph[language])) == paragraph[language]
