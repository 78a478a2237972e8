"""How much of all callers together is in hand at a time.

A raw ASGI layer, like the limits of each caller, which many callers keep together.
"""

import asyncio
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .doors import MCP, UPLOAD, word_of

BYTES: Final = 64 * 2**20  # of bodies that are not answered yet; uploads are on the disk
SMALL: Final = 64 * 2**10  # bytes; a letter that is drawn has a few thousand, and room always
JSON_SECONDS: Final = 30  # in which a body is here: 2 MB, at 600 kbit a second
UPLOAD_SECONDS: Final = 100  # 11 MB, at 900; its file is forgotten after two minutes
TOOLS: Final = 16  # calls of MCP's; each keeps one of 40 threads, which files are read on, too

_BUSY: Final = "The page is busy: try again in a moment."
# Whoever is refused in the middle of a body shall not go on with it.
_HANG_UP: Final = {"Connection": "close"}


class Load:
    """Refuse what is too much at a time, and bodies that do not end."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app
        self._bytes = 0
        self._tools = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 408 or 503."""
        if scope["type"] != "http" or scope["method"] != "POST":
            return await self.app(scope, receive, send)
        app = self._call_tool if word_of(scope["path"]) == MCP else self.app
        if word_of(scope["path"]) == UPLOAD:
            return await self.app(scope, _timely(receive, UPLOAD_SECONDS), send)
        own = 0
        timely = _timely(receive, JSON_SECONDS)

        async def counted() -> Message:
            nonlocal own
            message = await timely()
            length = len(message.get("body", b""))
            own += length
            self._bytes += length
            if self._bytes > BYTES and own > SMALL:
                raise HTTPException(503, _BUSY, _HANG_UP)
            return message

        try:
            await app(scope, counted, send)
        finally:
            self._bytes -= own

    async def _call_tool(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on once it is here: who only begins to send takes nobody's place."""
        body = bytearray()
        message: Message = {"more_body": True}
        try:
            while message.get("more_body", False):
                message = await receive()
                body += message.get("body", b"")
        except HTTPException as error:
            refusal = JSONResponse({"detail": error.detail}, error.status_code, error.headers)
            return await refusal(scope, receive, send)
        if self._tools >= TOOLS:
            return await JSONResponse({"detail": _BUSY}, 503)(scope, receive, send)

        whole = [{**message, "body": bytes(body)}]  # or that the caller has hung up

        async def again() -> Message:
            return whole.pop() if whole else await receive()

        self._tools += 1
        try:
            await self.app(scope, again, send)
        finally:
            self._tools -= 1


def _timely(receive: Receive, seconds: float) -> Receive:
    """Wait for a body for so long, and for nothing else that may come."""
    end = asyncio.get_running_loop().time() + seconds
    is_whole = False

    async def timely() -> Message:
        nonlocal is_whole
        if is_whole:  # what comes now is that the caller hangs up
            return await receive()
        try:
            async with asyncio.timeout_at(end):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, "The request took too long to arrive.", _HANG_UP) from None
        is_whole = not message.get("more_body", False)
        return message

    return timely
