from index.lexicon import lexicon, spaced


def test_words_are_found_both_ways_whatever_their_ending() -> None:
    assert "đức" in lexicon().vietnamese("germany")
    assert lexicon().vietnamese("approved") == lexicon().vietnamese("approve")
    assert "germany" in lexicon().english("đức")
    assert lexicon().renders("ships", spaced("Những con tàu ra khơi."))
    assert not lexicon().renders("ships", spaced("Những chiếc xe chạy."))


def test_a_name_is_told_from_a_common_word() -> None:
    assert lexicon().is_name("denmark")
    assert not lexicon().is_name("ship")
    assert lexicon().is_vietnamese_name("hà lan")


def test_the_longest_phrases_come_first() -> None:
    found = [(i, j) for i, j, _ in lexicon().phrases("đức và hà lan".split())]
    assert (2, 4) in found
    assert found.index((2, 4)) < found.index((3, 4)) if (3, 4) in found else True
