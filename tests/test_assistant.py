"""Questions asked of a small article through the whole assistant."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from samples import BUNDLE

import assistant as package
from assistant import Answer, Assistant, Piece, Question
from assistant.asked import what_is_asked
from assistant.asking import Asking
from assistant.confidence import holds_answer, judge, thresholds
from assistant.conversation import lent
from assistant.evidence import EvidenceRanker, Ranking
from assistant.features import FEATURES
from assistant.langchain_surface import answer_to_message
from assistant.reading import Readings
from assistant.settings import Settings
from index.errors import QuestionError, UnknownArticle
from index.library import Library


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    path = tmp_path_factory.mktemp("news") / "bridge.txt"
    path.write_text(BUNDLE, encoding="utf-8")
    with Assistant.open(path) as opened:
        yield opened


def test_the_package_gives_exactly_the_names_it_promises() -> None:
    assert set(package.__all__) == {"Answer", "Assistant", "Citation", "Piece", "Question", "Settings"}
    assert all(getattr(package, name) for name in package.__all__)


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("How much did the bridge cost?", "1.8 billion"),
        ("Cây cầu tốn bao nhiêu tiền?", "1,8 tỷ"),
        ("cay cau ton bao nhieu tien", "1,8 tỷ"),
        ("Who is the engineer?", "Lan Pham"),
        ("When will the bridge open?", "March 3"),
        ("Vì sao ngư dân lo ngại?", "mực"),
        ("Who wrote this?", "Mai Tran"),
        ("Ai viết bài này?", "Mai Trần"),
        ("When was the article updated?", "March 2, 2025"),
        ("What will happen to the feries?", "end of April"),
        ("Where did the fishermen go to court?", "Da Nang"),
    ],
)
def test_an_answer_holds_the_fact_in_the_questions_language(asker: Assistant, question: str, fact: str) -> None:
    answer = asker.ask(question)
    assert answer.answered
    assert fact in answer.text.replace("**", "")
    assert answer.language == ("vi" if answer.citations[0].language == "vi" else "en")


def test_every_quote_and_counterpart_is_exactly_the_files_text(asker: Assistant) -> None:
    for question in ("How much did it cost?", "Ngư dân muốn gì?", "What is it about?", "Has it rained on Mars?"):
        for citation in asker.ask(question).citations:
            assert BUNDLE[citation.start : citation.end] == citation.quote
            for place in citation.counterparts:
                assert BUNDLE[place.start : place.end] == place.text


def test_the_answers_language_can_be_chosen(asker: Assistant) -> None:
    answer = asker.ask("How much did the bridge cost?", language="vi")
    assert answer.language == answer.citations[0].language == "vi"
    assert "1,8 tỷ" in answer.text.replace("**", "")


@pytest.mark.parametrize(
    "question",
    [
        "Who won the chess championship in Reykjavik?",
        "Ai vô địch giải cờ vua ở Reykjavik?",
        "Giá vàng hôm nay là bao nhiêu?",
        "gia vang hom nay the nao",
        "Cách nấu phở bò?",
        "How do I fix a flat tire?",
    ],
)
def test_what_the_article_does_not_say_is_refused_with_the_nearest(asker: Assistant, question: str) -> None:
    answer = asker.ask(question)
    assert not answer.answered
    assert all(citation.nearest and citation.place.role in ("body", "dateline") for citation in answer.citations)


def test_a_follow_up_takes_its_subject_from_the_turn_before(asker: Assistant) -> None:
    first = asker.ask("Who is Lan Pham?")
    answer = asker.ask("How long did she need to build it?", [("Who is Lan Pham?", first.text)])
    assert "six years" in answer.text.replace("**", "")
    assert answer.searched != answer.question


def test_whether_somebody_was_there_is_told_with_a_sentence_that_names_him(tmp_path: Path) -> None:
    story = tmp_path / "meeting.txt"
    story.write_text(
        "The mayor called the owners of the mills to a meeting in Bergen on Monday. He asked them to spare the river.\n"
        "Those who came were Ann Hill and Bo Dahl of Sola. The river has been brown since May, fishermen say.\n",
        encoding="utf-8",
    )
    with Assistant.open(story, settings=Settings()) as assistant:
        answer = assistant.ask("Was Bo Dahl at the meeting in Bergen on Monday?")
    assert any("Bo Dahl" in citation.quote for citation in answer.citations)


def test_a_word_that_is_like_an_empty_one_but_for_its_marks_is_looked_for(bundle: Path) -> None:
    with Library.open(bundle) as library:
        words = {
            text: Asking.of(Question(text, text, "vi"), text, "", library, Readings(library), {"vi"}).words["vi"]
            for text in ("Chợ đầu mối ở đâu?", "cho dau moi o dau")
        }
    assert words["Chợ đầu mối ở đâu?"].keys() == {"cho", "dau", "moi"}
    assert words["cho dau moi o dau"].keys() == {"moi"}


def test_a_name_that_is_lent_to_a_follow_up_need_not_stand_in_the_sentence(bundle: Path) -> None:
    with Library.open(bundle) as library:
        question = Question("What did she say?", "What did she say Lan Pham", "en", lent="Lan Pham")
        asking = Asking.of(question, "What did she say", "Lan Pham", library, Readings(library), {"en"})
    assert {"lan", "pham"} <= set(asking.words["en"])
    assert not asking.names


SHIPPED = Path(__file__).resolve().parent.parent / "articles" / "ai-travel-advice.txt"
TALK = (
    "The analyst Ann Hill of Sola Group said the port might lose its trade to cheaper rivals in the north.\n"
    "Many wealthy families have left the coast in recent years. The mayor called the owners to a meeting on May 3.\n"
    '"Brain drain can devastate a small town," she said. "The message is: stay."\n'
)
ANALYST = [
    ("Who is Ann Hill?", "The analyst Ann Hill of Sola Group said the port might lose its trade to cheaper rivals in the north.")
]


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    path = tmp_path_factory.mktemp("talk") / "port.txt"
    path.write_text(TALK, encoding="utf-8")
    with Assistant.open(path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Theo bà ấy chảy máu chất xám tai hại ra sao?", "nạn chảy máu chất xám"),
        ("What does she say the first signal was?", "The first signal"),
    ],
)
def test_a_follow_up_whose_answer_does_not_name_her_is_found_by_its_own_words(question: str, told: str) -> None:
    turn = ("Who is Xiaomeng Lu?", "Xiaomeng Lu, an analyst of emerging technologies with Eurasia Group.")
    with Assistant.open(SHIPPED) as assistant:
        answer = assistant.ask(question, [turn])
    assert answer.answered
    assert told in answer.citations[0].quote


@pytest.mark.parametrize("question", ["How old is she?", "How many children does she have?"])
def test_a_follow_up_is_not_answered_by_a_sentence_with_the_name_alone(talk: Assistant, question: str) -> None:
    assert not talk.ask(question, ANALYST).answered


@pytest.mark.parametrize(
    ("lent_to_it", "own_met", "is_misfit", "enough"),
    [("Ann Hill", 0.3, False, True), ("Ann Hill", 0.2, False, False), ("Ann Hill", 0.3, True, False), ("", 0.2, True, True)],
)
def test_the_own_words_of_a_follow_up_must_be_met(
    talk: Assistant, lent_to_it: str, own_met: float, is_misfit: bool, enough: bool
) -> None:
    own = Question("What does Ann Hill say the port might lose?", "What does Ann Hill say the port might lose?", "en")
    ranking = talk._extractive._ranker.rank(own)
    tokens = len(ranking.weights)
    met = np.full(tokens, own_met, dtype=np.float32)
    features = list(ranking.evidence[0].features)
    features[FEATURES.index("misfits")] = float(is_misfit)
    sure = replace(ranking.evidence[0], met=met, features=tuple(features))
    judged = judge(replace(own, lent=lent_to_it, follows="Who?"), Ranking((sure,), ranking.weights, tokens), 1.0)
    # Sure enough in every case: what decides is how far the own words are met.
    assert judged.confidence >= thresholds()["answer_en"]
    assert judged.enough is enough


def test_how_long_something_took_is_not_answered_by_its_day(talk: Assistant) -> None:
    assert talk.ask("When did the owners meet the mayor?").answered
    assert not talk.ask("How long did the meeting of the owners with the mayor last?").answered


def test_a_new_topic_is_not_coloured_by_the_old_one() -> None:
    question = "How many people used the ferries each day?"
    assert lent(question, [("Who is Lan Pham?", "Engineer Lan Pham [1]")]) == ""


@pytest.mark.parametrize(
    ("question", "turn", "added"),
    [
        ("What did he do a few years later?", ("When did Jack Moss meet Ann Hill?", "They met in Boston in 2017."), "Jack Moss"),
        ("Mấy năm sau thì ông ấy bị làm sao?", ("Jack Moss gặp bà Hill khi nào?", "Năm 2017, ông gặp bà ở Boston."), "Jack Moss"),
        ("Was she at the signing of the bridge contract?", ("Who runs Sola?", "Ann Hill runs Sola."), "Ann Hill"),
        ("Và nếu họ vẫn đi thì sao?", ("Có lệnh cấm sang Đức không?", "Không, theo bà Ann Hill ở Hà Nội."), "lệnh cấm sang Đức"),
        ("Công ty nào của Đức có mặt ở đó?", ("Hội chợ Sola mở ở đâu?", "Ở Boston."), "Hội chợ Sola mở"),
        ("Giá nhà ở đô thị Sola Nam Hà tăng vì sao?", ("Hội chợ Sola mở ở đâu?", "Ở Boston."), ""),
        ("Which German company showed up there?", ("Where was the Sola fair held?", "In Boston."), "Sola fair held"),
        ("Why did the minister lose his seat in the northern district last year?", ("Who runs Sola?", "Ann Hill runs Sola."), ""),
        ("Did Ann Hill say that she liked it?", ("Who runs the Sola Group?", "Bo Dahl runs it."), ""),
    ],
)
def test_a_follow_up_is_lent_the_person_whom_it_means_or_the_topic(question: str, turn: tuple[str, str], added: str) -> None:
    assert lent(question, [turn]) == added


def test_a_stream_is_the_answer_in_pieces_and_then_the_answer(asker: Assistant) -> None:
    *pieces, answer = asker.stream("Why do fishermen fear the pylons?")
    assert isinstance(answer, Answer)
    assert all(isinstance(piece, Piece) for piece in pieces)
    assert "".join(piece.text for piece in pieces if isinstance(piece, Piece)) == answer.text


def test_versions_are_compared_when_asked(asker: Assistant) -> None:
    answer = asker.ask("What does the digest leave out?")
    assert answer.answered
    assert any("12,000" in citation.quote or "phà" in citation.quote for citation in answer.citations)


def test_only_the_articles_named_are_asked(asker: Assistant) -> None:
    with pytest.raises(UnknownArticle, match="harbour"):
        asker.ask("Why?", articles=["harbour"])
    assert not asker.ask("How much did the bridge cost?", articles=[]).answered


@pytest.mark.parametrize("question", ["", "  \n", "x" * 4_001])
def test_what_is_no_question_says_so(asker: Assistant, question: str) -> None:
    with pytest.raises(QuestionError):
        asker.ask(question)


@pytest.mark.parametrize("question", ["?!", "\x00", "😀", "\u202e abc", "<script>", "'; DROP TABLE articles; --", "[1] **x**"])
def test_odd_questions_are_answered_or_refused_without_trouble(asker: Assistant, question: str) -> None:
    assert isinstance(asker.ask(question), Answer)


@pytest.mark.parametrize("length", [1, 3, 40, 500])
@pytest.mark.parametrize("letters", ["bcdfghjklmqwxz", "đẵễỗữ", "x"])
def test_letters_at_random_are_refused_however_many(asker: Assistant, letters: str, length: int) -> None:
    rng = random.Random(length)
    question = " ".join("".join(rng.choices(letters, k=7)) for _ in range(length))[:4_000]
    assert not asker.ask(question).answered
    assert not asker.ask(question.replace(" ", "")).answered


def test_a_refusal_shows_what_the_article_tells_and_no_link_or_tag() -> None:
    with Assistant.open() as assistant:
        answer = assistant.ask("dwtgml qucavl talsfy xaaoyj")
    assert not answer.answered
    assert [citation.place.role for citation in answer.citations] == ["body", "body"]


async def test_the_assistant_is_a_runnable_and_a_tool(asker: Assistant) -> None:
    runnable = asker.as_runnable()
    assert "1.8 billion" in runnable.invoke({"question": "How much did the bridge cost?"}).text.replace("**", "")
    assert (await runnable.ainvoke("When will the bridge open?")).answered
    assert len(runnable.batch(["Why?", "When will the bridge open?"])) == 2
    called = asker.as_tool().invoke(
        {"type": "tool_call", "id": "1", "name": "ask_articles", "args": {"question": "Who wrote this?"}}
    )
    assert "Mai Tran" in called.content
    assert isinstance(called.artifact, Answer)


def test_citations_travel_as_annotations_of_a_message(asker: Assistant) -> None:
    answer = asker.ask("How much did the bridge cost?")
    (block,) = answer_to_message(answer).content_blocks
    annotation = block["annotations"][0]
    assert answer.text[annotation["start_index"] : annotation["end_index"]] == "[1]"
    assert annotation["extras"]["source_start"] == answer.citations[0].start


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How old is she?", "age"), ("Bà ấy bao nhiêu tuổi?", "age"), ("ba ay bao nhieu tuoi", "age"), ("Where is it?", "place"),
        ("Ở đâu?", "place"), ("Why?", "reason"), ("Vì sao?", "reason"), ("vi sao", "reason"), ("When?", "date"), ("Khi nào?", "date"),
        ("Who said so?", "person"), ("Ai nói vậy?", "person"), ("AI là gì?", "definition"), ("How many people?", "count"),
        ("Bao nhiêu người?", "count"), ("Có lệnh cấm không?", "yes-no"), ("Is there a ban?", "yes-no"),
        ("Bao giờ mở cửa?", "date"), ("Loài không bao giờ bay cần gì?", "thing"), ("Người mua nào mất tiền?", "thing"),
        ("Bà sinh con năm bao nhiêu?", "date"), ("Hội chợ mở ngày mấy?", "date"), ("Ai bị kẹt trong thang máy?", "person"),
        ("Mỗi năm bao nhiêu người đến?", "count"),
        ("Kể tên mấy công ty làm robot?", "list"), ("ke ten vai cong ty lam robot", "list"), ("Mấy công ty làm robot?", "count"),
        ("Sao hội đồng lại bỏ hội chợ?", "reason"), ("Ngôi sao nào sáng nhất?", "thing"), ("Sao Hỏa có nước không?", "yes-no"),
    ],
)  # fmt: skip
def test_what_a_question_asks_for_is_read_in_both_languages(question: str, kind: str) -> None:
    assert what_is_asked(question).kind == kind


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What is the name of the baker?", True), ("What's the ship called?", True), ("Names of the two bakers?", True),
        ("Which city will host the fair?", True), ("Người thợ bánh tên là gì?", True), ("ten con tau la gi", True),
        ("Hội chợ diễn ra ở thành phố nào?", True), ("Was the fair called off?", False), ("Why was he called a hero?", False),
        ("What were the bakers called to do?", False), ("In what state was the ship?", False), ("Tên lửa là gì?", False),
        ("Vì sao tên của họ bị xóa?", False), ("Tên của ông có trong danh sách không?", False),
    ],
)  # fmt: skip
def test_a_question_that_nothing_but_a_name_answers_is_told(question: str, named: bool) -> None:
    assert what_is_asked(question).named is named


def test_some_in_vietnamese_asks_for_no_yes_or_no() -> None:
    assert not what_is_asked("Mấy người bị thương?").yes_no
    assert what_is_asked("May I ask for a receipt?").yes_no


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("Tóm tắt bài báo", "summary"), ("What is the article about?", "summary"), ("bai bao noi ve dieu gi", "summary"),
        ("Bản tóm tắt bỏ qua điều gì?", "left-out"), ("Do the versions differ?", "differences"), ("ai viet bai nay", "byline"),
        ("When was this story last updated?", "updated"),
        ("Could you sum up the story for us in two or three lines?", "summary"), ("tom tat ca bai giup em trong ba dong", "summary"),
        ("Summarise the reply of the council", None), ("Tóm tắt của bài thiếu những gì?", "left-out"),
        ("Photo credit?", "credit"), ("Người chụp ảnh là ai?", "credit"),
        ("Tiêu đề bài là gì?", "title"), ("When did the storm start?", None),
    ],
)  # fmt: skip
def test_questions_about_the_article_itself_are_told_apart(question: str, about: str | None) -> None:
    assert what_is_asked(question).about == about


def test_an_amount_is_marked_inside_the_sentence_that_tells_it(asker: Assistant) -> None:
    [citation, *_] = asker.ask("How many vehicles will cross the bridge every day?").citations
    assert citation.highlight is not None
    assert "12,000" in BUNDLE[slice(*citation.highlight)]


def test_an_amount_is_not_answered_by_a_sentence_without_one(asker: Assistant) -> None:
    answer = asker.ask("What percentage of the fishermen went to court?")
    assert not any(not citation.nearest and "%" not in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "What is the name of the baker who closed the shop?",
            "The baker Nora Lind closed her shop on Monday because flour costs too much.",
        ),
        ("Người thợ bánh đóng cửa tiệm tên là gì?", "Người thợ bánh Nora Lind đóng cửa tiệm hôm thứ Hai vì bột mì quá đắt."),
        ("Which city will host the bread fair?", "The bread fair will be held in Bergen next summer, the bakers said."),
    ],
)
def test_a_name_is_answered_by_a_sentence_with_a_name_alone(tmp_path: Path, question: str, told: str) -> None:
    untold = told.replace(" Nora Lind", "").replace("in Bergen ", "")
    for text, answered in ((told, True), (untold, False)):
        (tmp_path / "bread.txt").write_text(f"{text}\n", encoding="utf-8")
        with Assistant.open(tmp_path / "bread.txt") as assistant:
            assert assistant.ask(question).answered is answered


def test_a_follow_up_looks_first_where_the_turn_before_was_answered(asker: Assistant) -> None:
    history = [("What do the fishermen fear?", "The fishermen fear for the squid.")]
    question = Question("And where did they go?", "And where did they go?", "en")
    alone = asker._extractive._ranker.rank(question).evidence
    after = asker._extractive._ranker.rank(replace(question, follows=" ".join(history[0]))).evidence
    scores = {evidence.place.id: evidence.score for evidence in alone}
    raised = [e.place for e in after if e.place.id in scores and e.score > scores[e.place.id] + 0.5]
    assert raised
    assert len({(place.version, place.paragraph) for place in raised}) == 1
    assert any("squid" in place.text or "fishermen" in place.text.lower() for place in raised)


@pytest.mark.parametrize("length", [10, 100_000])
def test_a_long_history_is_no_hindrance(asker: Assistant, length: int) -> None:
    words = " ".join(f"word{number}" for number in range(length))
    assert asker.ask("And why did they?", [(words, words)]).searched.startswith("And why did they")


def test_what_an_article_asks_itself_is_answered_by_the_sentence_behind(tmp_path: Path) -> None:
    text = "Sola shuts its harbour to ferries\nWhat do the owners say? Most of them want to stay.\nWhat are the rules? Boats must leave by June.\n"
    (tmp_path / "rules.txt").write_text(text, encoding="utf-8")
    with Assistant.open(tmp_path / "rules.txt") as opened:
        answer = opened.ask("What are the rules that the owners have to follow?")
    assert answer.citations[0].quote == "Boats must leave by June."
    assert not any(citation.quote.endswith("?") for citation in answer.citations)


NOTICE = """The harbour of Sola gets an app
People can report a broken lamp with an app on their phone.
Marek Dahl, 47, who leads the opposition, called the app a toy.
The ferry company has not grown for three years.
"""


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("In what year did the ferry company stop to grow?", id="a span of years and no year"),
        pytest.param("How many toys has Marek Dahl?", id="an age and no amount"),
    ],
)
def test_what_the_best_sentence_does_not_hold_is_not_answered_by_another(tmp_path: Path, question: str) -> None:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    with Assistant.open(tmp_path / "notice.txt") as opened:
        assert not opened.ask(question).answered


def test_a_name_is_told_by_the_best_sentence_or_one_nearly_as_good(tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    question = "What is the name of the app?"
    with Library.open(tmp_path / "notice.txt") as library:
        ranked = {e.place.text.split()[0]: e for e in EvidenceRanker(library).rank(Question(question, question, "en")).evidence}
    without = ranked["People"]
    nearly, behind = (replace(ranked["Marek"], score=without.score - less) for less in (0.5, 3.0))
    assert holds_answer(what_is_asked(question), [without, nearly])
    assert not holds_answer(what_is_asked(question), [without, behind])
