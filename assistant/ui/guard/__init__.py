"""What stands between a visitor and the server, from the outside in: each request gets an id and a line in the log; it must name this server and come
from its own page; who asks is found out, and signs in where that is asked for; then limits on size, on how often, and on how many at once.

Each part is ASGI middleware that knows nothing of the page. Streams pass through untouched.
"""

from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from assistant.ui.guard.headers import SecurityHeaders
from assistant.ui.guard.hosts import Hosts
from assistant.ui.guard.limits import Limits
from assistant.ui.guard.password import Password
from assistant.ui.guard.requests import RequestLog
from assistant.ui.guard.visitors import Visitors

if TYPE_CHECKING:
    from assistant.settings import Settings


def guarded(app: ASGIApp, settings: "Settings") -> ASGIApp:
    """A server with the guards before it.

    Raises:
        InputError: a setting of theirs makes no sense.
    """
    return RequestLog(SecurityHeaders(Hosts(Visitors(Password(Limits(app, settings), settings), settings), settings)))
