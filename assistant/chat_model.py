"""Any chat model, through LangChain, as a stream of text within limits of time, length and calls at once.

``openai:NAME``, ``anthropic:NAME``, ``ollama:NAME`` and so on name one; a base URL leads to any server that speaks OpenAI's protocol.
"""

import logging
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from assistant.retrying import is_momentary, pause, status_of
from assistant.settings import Settings
from assistant.statements import LONGEST_REPLY, SCHEMA
from index.errors import InputError, MissingExtra, ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

Message = tuple[str, str]
"""Who speaks (``system``, ``human`` or ``ai``) and what is said."""

EXTRAS = {"openai": "openai", "anthropic": "anthropic", "google_genai": "google", "ollama": "ollama", "mistralai": "mistral"}
"""Providers with the extra of this distribution that brings their package; others must be installed by their own name."""

READER_LEFT: ContextVar[threading.Event | None] = ContextVar("reader left", default=None)
"""Set by whoever serves a reader: once the event is set, nobody waits for the reply."""
GLANCE = 0.25
"""Seconds after which a wait for the provider looks whether somebody waits for it."""

log = logging.getLogger(__name__)


class ChatModel:
    """A chat model whose calls end in time, whatever its server does."""

    def __init__(self, model: "BaseChatModel", *, timeout: float = 60.0, retries: int = 2, concurrent_calls: int = 4) -> None:
        """Wrap a LangChain chat model.

        Args:
            model: any; its own time-outs stay in force.
            timeout: seconds from asking to the end of the reply, waiting for a free call and retries included.
            retries: how often a call that failed for the moment, before it wrote anything, is made again.
            concurrent_calls: most calls at one time.
        """
        self._plain: Runnable[Any, Any] = model
        self._structured = _structured(model)
        self._timeout = timeout
        self._retries = retries
        self._calls = threading.BoundedSemaphore(concurrent_calls)

    @classmethod
    def open(cls, settings: Settings) -> "ChatModel":
        """The model that the settings name, within their limits. Raises what ``open_chat_model`` does."""
        return cls(
            # Not every provider's package tries again; here all are alike.
            open_chat_model(replace(settings, retries=0)),
            timeout=settings.timeout,
            retries=settings.retries,
            concurrent_calls=settings.concurrent_calls,
        )

    def stream(self, messages: Sequence[Message], *, structured: bool = False) -> Iterator[str]:
        """The reply in pieces as they arrive, at most ``LONGEST_REPLY`` characters in all.

        The provider is called in a thread of its own, so that neither a server that stalls nor a reader that is slow or leaves holds the other up.

        Args:
            messages: the conversation so far.
            structured: hold the reply to the schema of statements, where the provider can.

        Raises:
            ModelError: the provider failed, or did not finish in time.
        """
        deadline = time.monotonic() + self._timeout
        if not self._calls.acquire(timeout=self._timeout):
            raise ModelError(f"the chat model is busy: no call was free within {self._timeout:g} s")
        pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        left = threading.Event()
        model = self._structured if structured and self._structured is not None else self._plain
        threading.Thread(target=self._call, args=(model, messages, pieces, left), daemon=True).start()
        length = 0
        try:
            while length < LONGEST_REPLY:
                piece = _next(pieces, deadline)
                if piece is None:
                    return
                if isinstance(piece, Exception):
                    raise ModelError(_what_failed(piece)) from piece
                length += len(piece)
                yield piece
            log.warning("the chat model wrote more than %s characters; the rest is left out", f"{LONGEST_REPLY:,}")
        except queue.Empty:
            raise ModelError(f"the chat model did not finish within {self._timeout:g} s") from None
        finally:
            left.set()

    def reply(self, messages: Sequence[Message]) -> str:
        """The whole reply. Raises what ``stream`` does."""
        return "".join(self.stream(messages))

    def _call(
        self,
        model: "Runnable[Any, Any]",
        messages: Sequence[Message],
        pieces: "queue.SimpleQueue[str | Exception | None]",
        left: threading.Event,
    ) -> None:
        try:
            for attempt in count():
                try:
                    self._write(model, messages, pieces, left)
                    break
                except _Unbegun as failed:
                    if attempt >= self._retries or not is_momentary(failed.error):
                        pieces.put(failed.error)
                        break
                    log.info("%s; trying again", _what_failed(failed.error))
                    if left.wait(pause(failed.error, attempt)):
                        break
        finally:
            self._calls.release()

    def _write(
        self,
        model: "Runnable[Any, Any]",
        messages: Sequence[Message],
        pieces: "queue.SimpleQueue[str | Exception | None]",
        left: threading.Event,
    ) -> None:
        """One call. Raises ``_Unbegun`` when it fails before the first piece; afterwards the reader gets the error."""
        begun = False
        try:
            chunks = model.stream(list(messages))
            for chunk in chunks:
                if left.is_set():
                    # Leaving a generator closes the connection, and the provider stops writing.
                    close = getattr(chunks, "close", None)
                    if close is not None:
                        close()
                    return
                text = _text(chunk)
                begun = begun or bool(text)
                pieces.put(text)
            pieces.put(None)
        except Exception as error:
            # Each provider has errors of its own making; all of them end this call, and the reader hears of it.
            if not begun:
                raise _Unbegun(error) from error
            pieces.put(error)


class _Unbegun(Exception):
    """A call that failed before it wrote anything."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def _next(pieces: "queue.SimpleQueue[str | Exception | None]", deadline: float) -> str | Exception | None:
    """The next piece. Raises ``queue.Empty`` at the deadline, ``ModelError`` when the reader has left."""
    reader_left = READER_LEFT.get()
    while reader_left is None or not reader_left.is_set():
        remaining = max(deadline - time.monotonic(), 0)
        try:
            return pieces.get(timeout=min(remaining, GLANCE))
        except queue.Empty:
            if remaining <= GLANCE:
                raise
    raise ModelError("the reader has left")


def open_chat_model(settings: Settings) -> "BaseChatModel":
    """LangChain's chat model that the settings name, with their time-out, retries and base URL.

    Raises:
        InputError: the name has no provider before it, or one that there is not.
        MissingExtra: the provider's package is not installed.
        ModelError: the provider refuses what it was given, a missing key for one.
    """
    provider, colon, name = settings.model.partition(":")
    if not colon or not provider or not name:
        raise InputError(f"the model {settings.model!r} has no provider: write provider:name, as openai:NAME or ollama:NAME")
    options: dict[str, Any] = {"timeout": settings.timeout, "max_retries": settings.retries, "temperature": 0.0}
    if settings.base_url:
        options["base_url"] = settings.base_url
    try:
        return _open(provider, name, options)
    except (InputError, MissingExtra):
        raise
    except Exception as error:
        message = str(error).split("\n")[0][:200]
        raise ModelError(f"the chat model {settings.model} cannot be opened: {message}") from error


def _open(provider: str, name: str, options: dict[str, Any]) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    def build(**more: Any) -> "BaseChatModel":
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options, **more)
        return model

    try:
        return build()
    except ImportError as error:
        if provider in EXTRAS:
            raise MissingExtra(f"the chat model {provider}:{name}", EXTRAS[provider]) from error
        package = f"langchain-{provider.replace('_', '-')}"
        raise InputError(f"the chat model {provider}:{name} needs a package: pip install {package}") from error
    except ValueError as error:
        if "nsupported provider" in str(error) or "model_provider" in str(error):
            raise InputError(f"no provider {provider!r} for the model {provider}:{name}: {', '.join(EXTRAS)} and more") from error
        raise
    except Exception:
        # Servers of one's own ask for no key, but the client wants one.
        if provider != "openai" or "base_url" not in options:
            raise
        with suppress(Exception):
            return build(api_key="none")
        raise


def _structured(model: "BaseChatModel") -> "Runnable[Any, Any] | None":
    """The model held to the statements' schema, its reply still as raw text; None where the provider has no structured output."""
    from langchain_core.runnables import RunnableSequence

    if not (getattr(model, "profile", None) or {}).get("structured_output"):
        return None
    held = model.with_structured_output(SCHEMA)
    # Its last step reads the whole reply at once; statements are wanted one by one.
    return held.first if isinstance(held, RunnableSequence) else None


def _text(chunk: Any) -> str:
    """What a chunk adds to the reply: text in either of LangChain's two forms, or the arguments of the call that a schema was sent as."""
    content = chunk.content
    if not isinstance(content, str):
        content = "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in content)
    return content + "".join(call.get("args") or "" for call in getattr(chunk, "tool_call_chunks", ()))


def _what_failed(error: Exception) -> str:
    """One line without anything that a provider may have repeated of the request, such as its key."""
    status = status_of(error)
    return f"the chat model failed: {type(error).__name__}{f' ({status})' if status else ''}"
