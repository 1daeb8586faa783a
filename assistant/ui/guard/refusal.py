"""A refusal: a status, and one line in the visitor's language."""

import logging
import math
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from assistant.ui.strings import preferred, strings
from index.errors import DoichieuError, InputError, LibraryError

log = logging.getLogger(__name__)


class ReadOnly(LibraryError):
    """Visitors may not change this library."""


def told(error: DoichieuError, words: Mapping[str, str]) -> str:
    """What a visitor is told of an error: what he can mend; the rest, which may name places on this machine, goes to the log."""
    if isinstance(error, InputError | ReadOnly):
        return str(error)
    log.warning("%s", error)
    return words["not_now"]


def refusal(scope: Scope, status: int, why: str, *, headers: Mapping[str, str] | None = None, **values: object) -> Response:
    """The answer to a request that is refused.

    Args:
        scope: the request's.
        status: of HTTP.
        why: the key of the words in ``strings``.
        headers: more of them.
        values: what the words leave open.
    """
    language = preferred(Headers(scope=scope).get("accept-language", ""))
    said = strings(language)[why].format(**values)
    # Gradio's script shows "detail", ours "error".
    return JSONResponse({"error": said, "detail": said}, status, {"content-language": language, **(headers or {})})


def too_often(scope: Scope, wait: float) -> Response:
    """The answer to a client that asks more than its share; ``wait`` is in seconds."""
    seconds = math.ceil(wait)
    return refusal(scope, 429, "too_often", headers={"retry-after": str(seconds)}, seconds=seconds)
