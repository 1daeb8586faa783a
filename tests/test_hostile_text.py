"""Articles and questions that try to hide, to pose as something else, to crowd others out, or to be more than text."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile import assert_exact, assert_harmless_html, assert_nothing_hidden, assert_safe_in_a_terminal, read_texts
from samples import BUNDLE, ENGLISH

from assistant import Assistant
from assistant.cli import main
from assistant.rendering import answer_to_json, answer_to_markdown, answer_to_terminal
from assistant.ui.chat import conversation_html
from assistant.ui.compare import compare_html
from assistant.ui.history import Turn
from assistant.ui.library import list_html
from assistant.ui.reader import article_html
from assistant.ui.strings import strings
from index.errors import DoichieuError, QuestionError
from index.text import bare, fold, fold_with_offsets, visible

COST = "Engineer Lan Pham said the bridge cost 1.8 billion dollars and took six years to build."
HIDDEN = {
    "zero width": "\u200b",
    "joiner": "\u200d",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "right to left": "\u202e",
    "isolate": "\u2067",
    "mark of direction": "\u200f",
    "soft hyphen": "\u00ad",
    "selector": "\ufe0f",
    "selector beyond": "\U000e0101",
    "tag letters": "\U000e0049\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065",
    "filler": "\u3164",
    "annotation": "\ufffa",
    "escape": "\x1b",
    "backspace": "\x08",
    "command of eight bits": "\x9b",
}


def opened(folder: Path, **files: str) -> Assistant:
    for name, text in files.items():
        (folder / f"{name}.txt").write_bytes(text.encode())
    return Assistant.open(folder)


@pytest.mark.threat("hidden characters")
@pytest.mark.parametrize("kind", HIDDEN)
def test_what_nobody_sees_stays_in_the_file_and_reaches_neither_keys_nor_readers(kind: str, tmp_path: Path) -> None:
    hidden = HIDDEN[kind]
    # A file that is full of controls is no text, and refused; a few come through.
    some = "bY" if hidden < "\x20" else COST
    laced = ENGLISH.replace(COST[:-1], "".join(c + hidden if c.isalpha() and c in some else c for c in COST[:-1]))
    with opened(tmp_path, bridge=laced) as assistant:
        answer = assistant.ask(f"How much did the {hidden}bri{hidden}dge cost?")
        article, comparison = assistant.library.article("bridge"), assistant.library.compare("bridge")
    assert_exact(answer, {"bridge.txt": laced})
    assert any(hidden in citation.quote for citation in answer.citations)
    assert any(visible(citation.quote).startswith(COST) for citation in answer.citations)
    for shown in (conversation_html((Turn("1", answer),), strings("en")), article_html(article, comparison, strings("en"))):
        assert hidden not in shown
        assert_harmless_html(shown)
    assert COST in answer_to_terminal(answer)
    assert_safe_in_a_terminal(answer_to_terminal(answer))
    assert_nothing_hidden(answer_to_markdown(answer))


@pytest.mark.threat("hidden characters")
def test_emoji_come_through_whole(tmp_path: Path) -> None:
    emoji = (
        "👩\u200d🔧",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "👍🏽",
        "🇻🇳",
    )
    with opened(tmp_path, bridge=ENGLISH.replace("the bridge cost", f"the bridge {' '.join(emoji)} cost")) as assistant:
        answer = assistant.ask("How much did the bridge cost?")
    for shown in (conversation_html((Turn("1", answer),), strings("en")), answer_to_terminal(answer), answer_to_markdown(answer)):
        assert all(one in shown for one in emoji)


@pytest.mark.threat("letters that pose as others")
@pytest.mark.parametrize(
    ("posing", "key"),
    [
        ("Pаris", "paris"),  # Cyrillic а
        ("Ѕaigоn", "saigon"),
        ("Αthens", "athens"),  # Greek Α
        ("Ｐａｒｉｓ", "paris"),
        ("𝐏𝐚𝐫𝐢𝐬 𝟐𝟎𝟐𝟓", "paris 2025"),
        ("Москва", "москва"),
        ("Αθήνα", "αθήνα"),
        ("Hà Nội", "hà nội"),
    ],
)
def test_letters_that_pose_as_latin_ones_fold_to_those_and_other_scripts_stay(posing: str, key: str) -> None:
    assert fold(posing) == fold_with_offsets(posing)[0] == key


@pytest.mark.threat("letters that pose as others")
def test_a_word_in_disguise_is_found_and_quoted_as_it_stands(tmp_path: Path) -> None:
    disguised = ENGLISH.replace("bridge cost", "brіdgе cоst")
    with opened(tmp_path, bridge=disguised) as assistant:
        answer = assistant.ask("How much did the bridge cost?")
    assert_exact(answer, {"bridge.txt": disguised})
    assert "brіdgе cоst" in answer.citations[0].quote


@pytest.mark.threat("letters that pose as others")
@pytest.mark.parametrize("mark", ["\u0301", "\u0335", "\u20dd", "\u0489"])
def test_a_heap_of_marks_covers_no_other_line_and_hides_no_word(mark: str, tmp_path: Path) -> None:
    heaped = ENGLISH.replace("dollars", "".join(c + mark * 50 for c in "dollars"))
    with opened(tmp_path, bridge=heaped) as assistant:
        answer = assistant.ask("How much did the bridge cost in dollars?")
    assert_exact(answer, {"bridge.txt": heaped})
    for shown in (conversation_html((Turn("1", answer),), strings("en")), answer_to_terminal(answer)):
        assert mark * 5 not in shown
    assert bare("d" + mark * 50 + "ollars").replace(mark, "") == "dollars"


PLANTED = "Engineer Lan Pham said the harbour bridge cost 9 billion dollars, as the bridge cost of 9 billion dollars shows."
COPIES: dict[str, Callable[[int], str]] = {
    "the very same": lambda n: PLANTED,
    "with hidden characters": lambda n: PLANTED.replace("bridge", "bri" + "\u200b" * (n + 1) + "dge"),
    "with a disguised letter": lambda n: PLANTED.replace("o", "о", n + 1),
    "with a word more": lambda n: PLANTED.replace("shows", f"shows {('all', 'us', 'them', 'now', 'well')[n]}"),
    "with another number": lambda n: PLANTED.replace("9", str(n + 5)),
    "in other case": lambda n: PLANTED.upper() if n % 2 else PLANTED.lower(),
}


@pytest.mark.threat("one story planted many times")
@pytest.mark.parametrize("way", COPIES)
def test_planted_copies_do_not_fill_an_answer(way: str, tmp_path: Path) -> None:
    planted = {f"planted{n}": f"Bridge cost report number {n}\n{COPIES[way](n)}\n" for n in range(5)}
    with opened(tmp_path, bridge=ENGLISH, **planted) as assistant:
        hits = assistant.library.search("How much did the harbour bridge cost?", k=8)
        answer = assistant.ask("How much did the harbour bridge cost?")
    bodies = [hit for hit in hits if hit.passage.article.startswith("planted") and "dollars" in hit.passage.text.lower()]
    assert len(bodies) <= 2
    assert any(hit.passage.article == "bridge" and "1.8" in hit.passage.text for hit in hits)
    assert len([c for c in answer.citations if c.article.startswith("planted")]) <= 2


@pytest.mark.threat("one story planted many times")
def test_planted_copies_do_not_fill_what_a_model_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_openai")
    from scripted_server import scripted_server

    from assistant import Settings

    monkeypatch.setenv("OPENAI_API_KEY", "none")
    for n in range(8):
        (tmp_path / f"planted{n}.txt").write_text(f"Report {n}\n{PLANTED}\n", encoding="utf-8")
    (tmp_path / "bridge.txt").write_text(ENGLISH, encoding="utf-8")
    with scripted_server(lambda body: iter(['{"answerable": false}\n'])) as (address, requests):
        settings = Settings(model="openai:scripted", base_url=address, retries=0)
        Assistant.open(tmp_path, settings=settings).ask("How much did the harbour bridge cost?")
    shown = requests[0]["messages"][-1]["content"]
    assert shown.count(PLANTED) == 1
    assert "1.8 billion" in shown


@pytest.mark.threat("every field a naughty string")
@pytest.mark.parametrize("step", [6, pytest.param(1, marks=pytest.mark.slow)])
def test_no_naughty_string_is_more_than_text_in_any_field(
    naughty: Path, naughty_strings: list[str], step: int, tried: Callable[[int], None]
) -> None:
    texts = read_texts(naughty)
    with Assistant.open(naughty) as assistant:
        for name in assistant.library.articles()[::step]:
            article, comparison = assistant.library.article(name), assistant.library.compare(name)
            assert_harmless_html(
                article_html(article, comparison, strings("en")) + compare_html(article, comparison, strings("vi"))
            )
            assert_harmless_html(
                list_html({article.id: article.versions}, [article.id], (), strings("vi"), "vi", may_change=True)
            )
        for text in naughty_strings[::step]:
            tried(8)
            try:
                answer = assistant.ask(text, [(text, text)])
            except QuestionError as error:
                assert not text.strip() or "characters" in str(error)  # noqa: PT017 - not every string is a question
                continue
            assert_exact(answer, texts)
            assert_harmless_html(conversation_html((Turn("1", answer),), strings("vi")))
            assert_safe_in_a_terminal(answer_to_terminal(answer))
            assert "\n![" not in answer_to_markdown(answer)
            json.dumps(answer_to_json(answer), ensure_ascii=False).encode("utf-8", "backslashreplace")


@pytest.mark.threat("every field a naughty string")
def test_every_command_says_what_is_wrong_in_one_line_that_commands_no_terminal(
    bundle: Path, naughty_strings: list[str], capsys: pytest.CaptureFixture[str], tried: Callable[[int], None]
) -> None:
    hostile = [text for text in naughty_strings if not text.isprintable()] + [
        "\x1b[2J\x1b[31mred",
        "\x9b31m",
        "--library",
        "-",
        "../../etc/passwd",
    ]
    for text in hostile:
        for arguments in (
            ["compare", text],
            ["index", "list", text],
            ["ask", "Why?", "--language", text],
            ["search", text, "--json"],
        ):
            tried(1)
            code = main([*arguments, f"--library={bundle}"])
            said = capsys.readouterr()
            assert code in (0, 2), (arguments, said.err)
            assert_safe_in_a_terminal(said.out + said.err)
            assert said.err.count("\n") == (code != 0)
    assert main(["index", "list", "--library", "/nowhere/\x1b[31m\u202e"]) == 2
    assert_safe_in_a_terminal(capsys.readouterr().err)


@pytest.mark.threat("every field a naughty string")
def test_the_names_of_files_are_printed_without_their_commands(tmp_path: Path) -> None:
    (tmp_path / "\x1b[31mred\u202e.txt").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "\x1b[31mbinary.txt").write_bytes(b"\x00\x01" * 500)
    library = tmp_path.with_name("library")
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "index", "add", str(tmp_path), "--library", str(library)],
        capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "binary" in done.stderr
    assert_safe_in_a_terminal(done.stdout + done.stderr)


@pytest.mark.threat("instructions inside articles")
def test_a_number_in_brackets_in_an_article_is_no_marker(tmp_path: Path) -> None:
    with opened(tmp_path, bridge=ENGLISH.replace("six years to build.", "six years to build [1] [2] [7].")) as assistant:
        answer = assistant.ask("How much did the bridge cost?")
        *pieces, last = assistant.stream("How much did the bridge cost?")
    assert last.text == answer.text == "".join(piece.text for piece in pieces)  # type: ignore[union-attr]
    assert all(answer.text.count(f"[{citation.marker}]") == 1 for citation in answer.citations)
    assert "[7]" not in answer.text
    assert "[7]" in answer.citations[0].quote


@pytest.mark.threat("instructions inside articles")
@pytest.mark.parametrize("field", ["language", "articles"])
def test_no_naughty_string_reaches_further_than_its_parameter(
    field: str, bundle: Path, naughty_strings: list[str], tried: Callable[[int], None]
) -> None:
    with Assistant.open(bundle) as assistant:
        for text in [*naughty_strings[::4], "../../pyproject", "en/../vi", "e" * 5_000]:
            tried(1)
            options: dict[str, Any] = {field: text if field == "language" else [text]}
            try:
                answer = assistant.ask("How much did the bridge cost?", **options)
            except DoichieuError as error:
                assert "\n" not in str(error)  # noqa: PT017
                continue
            assert_exact(answer, {"bridge.txt": BUNDLE})
