"""A request that Gradio stumbles over is refused in a sentence, and the log stays readable.

Left alone it answers "Internal Server Error" and writes a traceback, with paths, for whoever
names a page, a session, an endpoint or a value that is not there.
"""

import errno
from typing import Final

from gradio.route_utils import (  # type: ignore[attr-defined]
    FnIndexInferError,
    httpx,  # the one that it calls
)
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .doors import UPLOAD, word_of

# What Gradio's routes raise over a request; what goes wrong in an answer of ours never
# comes this far.
_MISTAKES: Final = (FnIndexInferError, KeyError, TypeError, ValueError, httpx.InvalidURL)


class Faults:
    """Answer what Gradio does not, as far as it is the caller's mistake or the disk's."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and say what is wrong with it."""
        has_begun = False

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            return await self.app(scope, receive, noted)
        except ClientDisconnect:
            return None  # nobody is there any more to be told
        except (OSError, RuntimeError, *_MISTAKES) as error:
            if has_begun and isinstance(error.__cause__, HTTPException):
                # Said already, in a stream whose session is gone: after a restart of the
                # server every window that was open asks for one.
                return await send({"type": "http.response.body", "body": b""})
            refusal = _refusal(error, scope)
            if has_begun or refusal is None:
                raise
        await refusal(scope, receive, send)


def _refusal(error: Exception, scope: Scope) -> JSONResponse | None:
    """Return what to say; None if it is a fault of ours, which shall be seen."""
    if isinstance(error, _MISTAKES):
        detail = "The page answers no such request: /gradio_api/info names what it does."
        return JSONResponse({"detail": detail}, 400)
    if isinstance(error, OSError) and word_of(scope["path"]) == UPLOAD:
        # The disk is full or may not be written.
        detail = "The server has no room for files now: send the picture as a data URL."
        return JSONResponse({"detail": detail}, 507)
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return JSONResponse({"detail": "Not Found"}, 404)
    return None
