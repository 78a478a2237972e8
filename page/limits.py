"""How much one caller may send, and how often.

Gradio bounds uploaded files only. A raw ASGI layer, so that answers still stream.
"""

import time
from collections import Counter
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

JSON_BYTES: Final = 2 * 2**20  # a drawing needs 400 KB at the very most, a picture of 1 MB 1.4
UPLOAD_BYTES: Final = 11 * 2**20  # a file of 10 MB and its form
# Brackets and commas of JSON: a drawing has at most 40,000 numbers. What stands between them
# may take fifty times its length in memory once it is parsed, a picture just its length.
MARKS: Final = 60_000
# A class of 32 behind one address, all drawing at the same time, asks 6,600 times a minute:
# the page reads while the pen moves.
CALLS_A_MINUTE: Final = 9000
ADDRESSES: Final = 10_000  # remembered at a time

_UPLOAD = "/gradio_api/upload"
_MARKS = (b"[", b"{", b",")


class Limits:
    """Refuse bodies that are too large and addresses that call too often."""

    def __init__(
        self,
        app: ASGIApp,
        json_bytes: int = JSON_BYTES,
        upload_bytes: int = UPLOAD_BYTES,
        calls_a_minute: int = CALLS_A_MINUTE,
    ) -> None:
        """Wrap an app.

        Args:
            app: What to protect.
            json_bytes: The longest body of a call.
            upload_bytes: The longest body of a file upload, its form included.
            calls_a_minute: How many POST requests an address may make.
        """
        self.app = app
        self.json_bytes = json_bytes
        self.upload_bytes = upload_bytes
        self.calls_a_minute = calls_a_minute
        self._minute = 0
        self._calls: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 413 or 429."""
        if scope["type"] != "http" or scope["method"] != "POST":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        if self._too_often(headers, scope):
            return await _refuse(429, "Too many requests: wait a minute.", scope, receive, send)
        is_upload = scope["path"].startswith(_UPLOAD)
        limit = self.upload_bytes if is_upload else self.json_bytes
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit:
            return await _refuse(413, _too_large(limit), scope, receive, send)
        await self.app(scope, _counted(receive, limit, limit if is_upload else MARKS), send)

    def _too_often(self, headers: Headers, scope: Scope) -> bool:
        minute = int(time.monotonic() // 60)
        if minute != self._minute or len(self._calls) > ADDRESSES:
            self._minute, self._calls = minute, Counter()
        # Behind the proxy of a Space everybody has the proxy's address. A caller can
        # forge the header: the limit is a courtesy bound, not a wall.
        forwarded = headers.get("x-forwarded-for", "").split(",")[0].strip()
        client = scope.get("client")
        address = forwarded or (client[0] if client else "")
        self._calls[address] += 1
        return self._calls[address] > self.calls_a_minute


def _counted(receive: Receive, limit: int, most_marks: int) -> Receive:
    """Count what arrives: a chunked body does not say beforehand how long it is."""
    seen = marks = 0

    async def counted() -> Message:
        nonlocal seen, marks
        message = await receive()
        body = message.get("body", b"")
        seen += len(body)
        # FastAPI lets these through whatever it was doing with the body.
        if seen > limit:
            raise HTTPException(413, _too_large(limit))
        marks += sum(map(body.count, _MARKS))
        if marks > most_marks:
            raise HTTPException(413, "The request holds too many values for a drawing.")
        return message

    return counted


def _too_large(limit: int) -> str:
    return f"The request is too large: send at most {limit // 2**20} MB."


async def _refuse(status: int, detail: str, scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({"detail": detail}, status)(scope, receive, send)
