"""The library over HTTP, as a machine uses it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from samples import BUNDLE

from assistant import Assistant
from assistant.settings import Settings
from assistant.ui.api import build_api, refuse
from index.errors import DoichieuError
from index.opening import is_built

STORY = "A storm over the cape\nBy Ann Lee\nThe storm over the cape broke nine masts on Friday, harbour master Tom Reed said.\n"


def client_of(assistant: Assistant) -> TestClient:
    app = FastAPI()
    app.add_exception_handler(DoichieuError, refuse)
    app.include_router(build_api(assistant))
    return TestClient(app)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "bridge.txt").write_text(BUNDLE, encoding="utf-8")
    return folder


@pytest.fixture
def client(place: Path) -> Iterator[TestClient]:
    with Assistant.open(place, settings=Settings(max_upload_mb=1), create=True) as assistant:
        yield client_of(assistant)


def test_a_question_is_answered_as_the_command_line_answers_it(client: TestClient) -> None:
    answer = client.post("/ask", json={"question": "How much did the bridge cost?"}).json()
    assert "1.8 billion dollars" in answer["text"]
    citation = answer["citations"][0]
    assert BUNDLE[citation["start"] : citation["end"]] == citation["quote"]


def test_passages_and_articles_are_listed(client: TestClient) -> None:
    assert client.get("/search", params={"q": "ferry", "k": 2}).json()["hits"][0]["article"] == "bridge"
    (article,) = client.get("/articles").json()["articles"]
    assert {version["id"] for version in article["versions"]} == {"en", "vi", "vi-digest"}
    assert client.get("/articles/bridge/compare").json()["pairs"]


def test_a_file_is_added_asked_about_and_removed(client: TestClient, place: Path) -> None:
    assert client.put("/articles/cape.txt", content=STORY.encode()).json() == {"added": ["cape"]}
    assert (place / "cape.txt").read_text(encoding="utf-8") == STORY
    assert "nine masts" in client.post("/ask", json={"question": "What did the storm break?"}).json()["text"]
    assert client.delete("/articles/cape").status_code == 200
    assert [article["id"] for article in client.get("/articles").json()["articles"]] == ["bridge"]
    assert not (place / "cape.txt").exists()


def test_a_file_never_takes_the_place_of_another(client: TestClient, place: Path) -> None:
    refused = client.put("/articles/bridge.txt", content=STORY.encode())
    assert refused.status_code == 422
    assert "bridge.txt" in refused.json()["error"]
    assert (place / "bridge.txt").read_text(encoding="utf-8") == BUNDLE


def test_of_two_visitors_who_add_one_name_at_once_the_second_is_told(client: TestClient, place: Path) -> None:
    texts = {f"{STORY}Told by visitor {n}.\n" for n in range(4)}
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda text=text: answers.append(client.put("/articles/cape.txt", content=text.encode()).status_code)
        )
        for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 422, 422, 422]
    assert (place / "cape.txt").read_text(encoding="utf-8") in texts


@pytest.mark.parametrize("name", ["..", ".hidden", "a\\b.txt", "%0A.txt", "x" * 250 + ".txt", "picture.png"])
def test_a_bad_name_is_refused_in_one_line(client: TestClient, place: Path, name: str) -> None:
    before = sorted(place.iterdir())
    refused = client.put(f"/articles/{name}", content=STORY.encode())
    assert refused.status_code in (404, 405, 422)
    assert "\n" not in refused.json().get("error", "")
    assert "/tmp" not in refused.text
    assert sorted(place.iterdir()) == before


def test_a_file_that_is_too_large_or_empty_is_refused_by_name(client: TestClient) -> None:
    large = client.put("/articles/large.txt", content=b"word " * 300_000)
    assert (large.status_code, "large.txt" in large.json()["error"]) == (422, True)
    empty = client.put("/articles/empty.txt", content=b"")
    assert (empty.status_code, "empty.txt" in empty.json()["error"]) == (422, True)
    assert "/tmp" not in empty.text


@pytest.mark.parametrize("built", [True, False])
def test_a_library_for_reading_only_stays_as_it_is(place: Path, built: bool) -> None:
    settings = Settings(allow_changes=not built)
    with Assistant.open(place, settings=settings, create=built) as assistant:
        client = client_of(assistant)
        assert client.put("/articles/cape.txt", content=STORY.encode()).status_code == 403
        assert client.delete("/articles/bridge").status_code == 403
    assert is_built(place) is built
    assert (place / "bridge.txt").exists()


def test_an_unknown_article_is_one_clear_line(client: TestClient) -> None:
    for answer in (client.delete("/articles/nothing"), client.post("/ask", json={"question": "Who?", "articles": ["nothing"]})):
        assert answer.status_code == 422
        assert "'nothing'" in answer.json()["error"]
