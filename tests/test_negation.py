"""Whether two texts affirm and deny the same, whichever words each language denies with."""

import pytest

from index.negation import denies, negations_agree, opposite_directions


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("He refused to go.", "Ông không chịu đi."),
        ("The charge is unfair, rivals say.", "Các đối thủ nói khoản phí là không công bằng."),
        ("They have yet to reach mass production.", "Họ vẫn chưa đạt tới sản xuất hàng loạt."),
        ("Some were too frightened to sleep at home.", "Một số người quá sợ hãi không dám ngủ ở nhà."),
        ("The storm left 11,000 homes without power.", "Cơn bão khiến 11.000 ngôi nhà mất điện."),
        ("There was neither an office nor a telephone.", "Không có văn phòng lẫn điện thoại."),
        ("It costs less than a tenth of that.", "Nó chưa bằng một phần mười số đó."),
        ("Not only the mayor came.", "Không chỉ thị trưởng đến."),
        ("The airline ordered two aircraft.", "Hãng hàng không đặt hai máy bay."),
        ("It no longer holds water.", "Nó không còn giữ được nước."),
    ],
)
def test_a_true_translation_denies_the_same(english: str, vietnamese: str) -> None:
    assert negations_agree(english, "en", vietnamese, "vi")
    assert negations_agree(vietnamese, "vi", english, "en")


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("The court approved the plan on Monday.", "Tòa án không phê duyệt kế hoạch hôm thứ Hai."),
        ("The court did not approve the plan on Monday.", "Tòa án phê duyệt kế hoạch hôm thứ Hai."),
        ("The bridge will never open.", "Cây cầu sẽ mở cửa."),
        ("Critics call the subsidy unfair.", "Giới chỉ trích gọi khoản trợ cấp là công bằng."),
        ("He refused to sign the treaty.", "Ông ký hiệp ước."),
    ],
)
def test_a_negation_that_came_or_went_is_seen(english: str, vietnamese: str) -> None:
    assert not negations_agree(english, "en", vietnamese, "vi")
    assert not negations_agree(vietnamese, "vi", english, "en")


def test_plainly_asks_that_what_is_denied_stands_affirmed() -> None:
    loose = ("The cat walked softly over the wall.", "en", "Con mèo đi không gây tiếng động.", "vi")
    plain = ("The court approved the plan.", "en", "Tòa án không phê duyệt kế hoạch.", "vi")
    assert negations_agree(*loose, plainly=True)
    assert not negations_agree(*loose)
    assert not negations_agree(*plain, plainly=True)


def test_words_that_only_look_like_negations_are_none() -> None:
    assert denies("Không quân và hàng không giữ không gian; khách hàng không đến.", "vi") == 1
    assert denies("No doubt it was not only nothing but a dream.", "en") == 0


def test_languages_that_are_not_known_agree_with_everything() -> None:
    assert negations_agree("Il n'est pas venu.", "fr", "He came.", "en")


def test_directions_oppose_only_when_each_text_has_one() -> None:
    assert opposite_directions("Prices rose.", "Giá giảm.")
    assert not opposite_directions("Prices rose and fell.", "Giá giảm.")
