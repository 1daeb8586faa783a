"""What a statement says is held against its quote, and across languages against the quote's twin too."""

import pytest

from assistant.agreement import Disagreement, disagreements

TRUE = [
    ("Cây cầu tốn 1,8 tỷ USD và mất sáu năm.", "vi", "The bridge cost $1.8 billion and took six years.", "en"),
    ("The court met on Feb. 17.", "en", "Tòa họp ngày 17/2.", "vi"),
    ("Giá giảm 20%.", "vi", "Prices fell 20 percent.", "en"),
    ("He did not attend.", "en", "Ông không dự.", "vi"),
    ("Bà Lan Phạm nói vậy.", "vi", "Lan Pham said so.", "en"),
    ("Liang Wenfeng founded it.", "en", "Lương Văn Phong lập ra hãng.", "vi"),
]


@pytest.mark.parametrize(("claim", "language", "quote", "other"), TRUE)
def test_a_true_translation_agrees_with_its_quote(claim: str, language: str, quote: str, other: str) -> None:
    assert disagreements(claim, language, quote, other, names=[("Liang Wenfeng", "Lương Văn Phong")]) == []


@pytest.mark.parametrize(
    ("claim", "language", "quote", "other", "said"),
    [
        ("Giá tăng 20%.", "vi", "Giá giảm 20%.", "vi", "opposes"),
        ("Giá giảm 80%.", "vi", "Giá giảm 20%.", "vi", "80%"),
        ("Prices rose 20 percent.", "en", "Giá giảm 20%.", "vi", "opposes"),
        ("The court met on Feb. 18.", "en", "Tòa họp ngày 17/2.", "vi", "Feb. 18"),
        ("He attended.", "en", "He did not attend.", "en", "denies"),
        ("Minh Pham said so.", "en", "Lan Pham said so.", "en", "Minh Pham"),
        ("It cost $1.9 billion.", "en", "Cây cầu tốn 1,8 tỷ USD.", "vi", "1.9 billion"),
        ("They met on Monday.", "en", "Họ gặp nhau hôm thứ Ba.", "vi", "Monday"),
    ],
)
def test_an_altered_claim_is_caught_with_what_is_wrong(claim: str, language: str, quote: str, other: str, said: str) -> None:
    assert any(said in (found.kind, found.said) for found in disagreements(claim, language, quote, other))


@pytest.mark.parametrize(
    ("claim", "quote", "twin"),
    [
        ("Bà kỷ niệm 50 năm lên ngôi.", "She marked her golden jubilee.", "Bà kỷ niệm 50 năm lên ngôi."),
        ("Chưa đầy ba tàu trở về.", "Fewer than three ships came back.", "Chưa đầy ba tàu trở về."),
        ("Họ không chịu đi.", "They refused to go.", "Họ không chịu đi."),
        ("Đan Mạch gửi 20 người.", "Denmark sent 20 people.", "Đan Mạch cử 20 người."),
    ],
)
def test_what_the_twin_says_too_is_borne_out(claim: str, quote: str, twin: str) -> None:
    assert disagreements(claim, "vi", quote, "en", twin=twin) == []


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ("Bà Lan Hartwell mua 3 tàu.", Disagreement("name", "Lan Hartwell")),
        ("Bà Lan Phạm không mua 3 tàu.", Disagreement("denies")),
        ("Bà Lan Phạm mua 4 tàu.", Disagreement("number", "4")),
    ],
)
def test_the_twin_betrays_what_was_changed_in_the_statement(claim: str, found: Disagreement) -> None:
    assert found in disagreements(claim, "vi", "Lan Pham bought 3 ships.", "en", twin="Bà Lan Phạm mua 3 tàu.")


def test_where_versions_give_other_figures_the_quotes_own_counts() -> None:
    assert disagreements("Có 51 tàu.", "vi", "There were 50 ships.", "en", twin="Có 51 tàu.") == [Disagreement("number", "51")]
    assert disagreements("Có 50 tàu.", "vi", "There were 50 ships.", "en", twin="Có 51 tàu.") == []


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("On May 16 he was jailed for 16 years.", "On May 16 he was jailed for 14 years."),
        ("They won 22-21.", "They won 24-21."),
        ("The ice broke at 6.24 a.m.", "The ice broke at 6.20 a.m."),
        ("It took three days and three nights.", "It took three days and two nights."),
    ],
)
def test_a_number_of_the_quote_vouches_for_one_of_the_statement_only(claim: str, quote: str) -> None:
    assert [found.kind for found in disagreements(claim, "en", quote, "en")] == ["number"]


def test_without_a_twin_a_name_may_be_translated_but_not_replaced() -> None:
    quote = "Kỹ sư Nicola Ardelean của Đan Mạch nói vậy."
    assert disagreements("An engineer from Denmark said so.", "en", quote, "vi") == []
    assert disagreements("It was said by Peter Hartwell.", "en", quote, "vi") == [Disagreement("name", "Peter Hartwell")]
    assert disagreements("Một bảo tàng Scotland nói vậy.", "vi", "A Scottish museum said so.", "en") == []
    assert disagreements("Ông Hartwell nói vậy.", "vi", "Mr. Ardelean said so.", "en") == [Disagreement("name", "Hartwell")]
