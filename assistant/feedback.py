"""What readers thought of answers, in one SQLite file; read out as the chats that ``doichieu eval --draft`` makes cases of."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.rendering import answer_to_json
from index.errors import LibraryError

NAME = "feedback.sqlite"
LONGEST_WORD = 500
"""Characters of what a reader adds; the rest is cut off."""
_TABLE = """CREATE TABLE IF NOT EXISTS ratings (id TEXT PRIMARY KEY, at TEXT NOT NULL, liked INTEGER NOT NULL, word TEXT NOT NULL,
    question TEXT NOT NULL, answer TEXT NOT NULL, history TEXT NOT NULL, articles TEXT NOT NULL) WITHOUT ROWID"""


class Feedback:
    """Ratings in the file at ``path``, which the first rating makes. Safe to use from several threads and processes.

    Each method raises ``LibraryError`` if the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def keep(
        self,
        id: str,
        answer: Answer,
        liked: bool,
        history: Sequence[tuple[str, str]] = (),
        articles: Sequence[str] | None = None,
    ) -> None:
        """Keep what a reader thinks of an answer, in place of what he thought of it before.

        Args:
            id: of the turn in his conversation.
            answer: what he rates.
            liked: whether he likes it.
            history: the turns before it, as it was asked.
            articles: ids that it was limited to.
        """
        at = datetime.now(UTC).isoformat(timespec="seconds")
        said = json.dumps(answer_to_json(answer), ensure_ascii=False)
        earlier, limits = json.dumps(list(history), ensure_ascii=False), json.dumps(articles, ensure_ascii=False)
        self._run(
            "INSERT INTO ratings VALUES (?, ?, ?, '', ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at, liked = excluded.liked",
            (id, at, int(liked), answer.question, said, earlier, limits),
        )

    def add_word(self, id: str, word: str) -> None:
        """Add why, in the reader's words, to a rating that was kept."""
        self._run("UPDATE ratings SET word = ? WHERE id = ?", (word.strip()[:LONGEST_WORD], id))

    def take_back(self, id: str) -> None:
        """Forget a rating."""
        self._run("DELETE FROM ratings WHERE id = ?", (id,))

    def chats(self) -> Iterator[dict[str, Any]]:
        """Every rating, oldest first, with the question, the answer and what came before them."""
        if not self.path.exists():
            return
        for id, at, liked, word, question, answer, history, articles in self._run("SELECT * FROM ratings ORDER BY at, id"):
            yield {
                "id": id,
                "at": at,
                "question": question,
                "liked": bool(liked),
                "word": word,
                "history": json.loads(history),
                "articles": json.loads(articles),
                "answer": json.loads(answer),
            }

    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            try:
                # A connection for each rating: they are rare, and nothing is left open that a copy of the file could miss.
                with sqlite3.connect(self.path, timeout=10) as database:
                    database.execute(_TABLE)
                    rows = database.execute(statement, values).fetchall()
                database.close()
                return rows
            except sqlite3.Error as error:
                raise LibraryError(f"the ratings in {self.path} cannot be read or written: {error}") from error


def beside(library: Path) -> Path:
    """Where a library's ratings are: in its folder, or beside the file that it is."""
    return (library if library.is_dir() else library.parent) / NAME
