"""The assistant as a part of LangChain programs: invoked, streamed, in batches, asynchronously, in a chain, by an agent."""

from collections.abc import Iterator

import pytest
from samples import BUNDLE

from assistant import Answer, Assistant, Piece
from assistant.langchain_surface import answer_to_message
from index.errors import InputError, QuestionError

QUESTION = "How much did the bridge cost?"


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    path = tmp_path_factory.mktemp("news") / "bridge.txt"
    path.write_text(BUNDLE, encoding="utf-8")
    with Assistant.open(path) as opened:
        yield opened


@pytest.mark.parametrize("given", [QUESTION, {"question": QUESTION}, {"question": QUESTION, "history": [], "language": "en"}])
def test_invoke_gives_the_answer_that_ask_gives(asker: Assistant, given: object) -> None:
    answer = asker.as_runnable().invoke(given)
    assert isinstance(answer, Answer)
    assert answer.citations == asker.ask(QUESTION).citations


def test_a_stream_brings_the_pieces_and_then_the_answer(asker: Assistant) -> None:
    *pieces, answer = asker.as_runnable().stream(QUESTION)
    assert isinstance(answer, Answer)
    assert pieces
    assert "".join(piece.text for piece in pieces if isinstance(piece, Piece)) == answer.text


def test_what_follows_in_a_chain_gets_the_answer_alone(asker: Assistant) -> None:
    chain = asker.as_runnable() | answer_to_message
    assert "1.8 billion" in chain.invoke(QUESTION).text.replace("**", "")
    (message,) = chain.stream(QUESTION)
    assert message.content_blocks[0]["annotations"]


def test_a_batch_answers_in_order_and_can_give_errors_in_their_places(asker: Assistant) -> None:
    answers = asker.as_runnable().batch(["When will the bridge open?", " ", QUESTION], return_exceptions=True)
    assert "March 3" in answers[0].text.replace("**", "")
    assert isinstance(answers[1], QuestionError)
    assert "1.8 billion" in answers[2].text.replace("**", "")


async def test_the_same_asynchronously(asker: Assistant) -> None:
    runnable = asker.as_runnable()
    assert isinstance(await runnable.ainvoke(QUESTION), Answer)
    events = [event async for event in runnable.astream(QUESTION)]
    assert isinstance(events[0], Piece)
    assert isinstance(events[-1], Answer)
    assert all(isinstance(answer, Answer) for answer in await runnable.abatch([QUESTION, "Why?"]))


@pytest.mark.parametrize("given", [{}, {"text": QUESTION}, {"question": 7}, None])
def test_what_is_no_question_is_said_to_be_none(asker: Assistant, given: object) -> None:
    with pytest.raises(InputError, match="'question'"):
        asker.as_runnable().invoke(given)


def call(question: str) -> dict[str, object]:
    return {"type": "tool_call", "id": "1", "name": "ask_articles", "args": {"question": question}}


async def test_an_agent_gets_text_with_quotes_and_the_answer_as_artifact(asker: Assistant) -> None:
    tool = asker.as_tool()
    assert set(tool.args) == {"question"}
    for message in (tool.invoke(call(QUESTION)), await tool.ainvoke(call(QUESTION))):
        assert "the bridge cost 1.8 billion" in message.content.replace("**", "")
        assert "bridge.txt" in message.content
        assert isinstance(message.artifact, Answer)


def test_an_agent_is_told_what_is_wrong_with_its_question(asker: Assistant) -> None:
    message = asker.as_tool().invoke(call("  "))
    assert message.status == "error"
    assert "question is empty" in message.content


def test_each_marker_of_a_message_carries_a_citation_of_its_own(asker: Assistant) -> None:
    answer = asker.ask("Why do fishermen fear the pylons?")
    (block,) = answer_to_message(answer).content_blocks
    assert block["type"] == "text"
    for citation, annotation in zip(answer.citations, block["annotations"], strict=True):
        assert annotation["type"] == "citation"
        assert answer.text[annotation["start_index"] : annotation["end_index"]] == f"[{citation.marker}]"
        extras = annotation["extras"]
        assert BUNDLE[extras["source_start"] : extras["source_end"]] == annotation["cited_text"]
        assert (extras["article"], extras["version"], extras["file"]) == (citation.article, citation.version, citation.file)
