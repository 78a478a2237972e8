"""How much one caller may send, and how often.

Gradio bounds uploaded files only. A raw ASGI layer, so that answers still stream.
"""

import time
from collections import Counter
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .doors import UPLOAD, word_of

JSON_BYTES: Final = 2 * 2**20  # a drawing needs 400 KB at the very most, a picture of 1 MB 1.4
UPLOAD_BYTES: Final = 11 * 2**20  # a file of 10 MB and its form
# Brackets and commas of JSON: a drawing has at most 40,000 numbers. What stands between them
# may take fifty times its length in memory once it is parsed, a picture just its length.
MARKS: Final = 60_000
# A class of 32 behind one address, all drawing at the same time, asks 6,600 times a minute:
# the page reads while the pen moves.
CALLS_A_MINUTE: Final = 9000
# For as many marks a drawing counts as a call more: the longest takes a sixth of a second of a
# processor to ink and most of one to judge, so that an address may keep one or two busy, not all.
CALL_MARKS: Final = 500
UPLOAD_CALLS: Final = 15  # for as many calls counts an upload: 600 a minute, kept for three
ADDRESSES: Final = 10_000  # remembered at a time
HOUSE: Final = 64  # bits of an IPv6 address that are one household's

_TOO_OFTEN = "Too many requests: wait a minute."
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
        is_upload = word_of(scope["path"]) == UPLOAD
        address = address_of(scope)
        if self._too_often(address, UPLOAD_CALLS if is_upload else 1):
            return await _refuse(429, _TOO_OFTEN, scope, receive, send)
        limit = self.upload_bytes if is_upload else self.json_bytes
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit:
            return await _refuse(413, _too_large(limit), scope, receive, send)
        receive = _counted(receive, limit)
        if not is_upload:
            receive = self._weighed(receive, address)
        await self.app(scope, receive, send)

    def _weighed(self, receive: Receive, address: str) -> Receive:
        """Count the values that arrive: many take long to read, and count as more calls."""
        marks = 0

        async def weighed() -> Message:
            nonlocal marks
            message = await receive()
            calls = marks // CALL_MARKS
            marks += sum(map(message.get("body", b"").count, _MARKS))
            if marks > MARKS:
                raise HTTPException(413, "The request holds too many values for a drawing.")
            more = marks // CALL_MARKS - calls
            if more and self._too_often(address, more):
                raise HTTPException(429, _TOO_OFTEN)
            return message

        return weighed

    def _too_often(self, address: str, calls: int) -> bool:
        minute = int(time.monotonic() // 60)
        if minute != self._minute or len(self._calls) > ADDRESSES:
            self._minute, self._calls = minute, Counter()
        self._calls[address] += calls
        return self._calls[address] > self.calls_a_minute


def address_of(scope: Scope) -> str:
    """Return whose calls are counted together.

    Behind the proxy of a Space everybody has the proxy's address, which is a private one; who
    comes from elsewhere is not asked for whom. A caller can still forge the header where the
    proxy lets it through: the limit is a courtesy bound, not a wall.
    """
    client = scope.get("client")
    named = Headers(scope=scope).get("x-forwarded-for", "").split(",")[0].strip()
    try:
        peer = client[0] if client else ""
        household = _household(peer)
        if _ip_of(peer).is_global:
            return household
    except ValueError:  # a socket of this machine; or the header, whatever somebody wrote there
        household = ""
    try:
        return _household(named)
    except ValueError:  # there is none, or it is no address
        return household


def _household(address: str) -> str:
    """Return the address, of IPv6 the part that its owner cannot choose.

    Raises:
        ValueError: If it is none.
    """
    ip = _ip_of(address)
    return str(ip if ip.version == 4 else ip_network((int(ip), HOUSE), strict=False))


def _ip_of(address: str) -> IPv4Address | IPv6Address:
    """Return an address; one of IPv4 that a proxy writes as one of IPv6 is the former."""
    ip = ip_address(address)
    return (ip.version == 6 and ip.ipv4_mapped) or ip


def _counted(receive: Receive, limit: int) -> Receive:
    """Count what arrives: a chunked body does not say beforehand how long it is."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        # FastAPI lets these through whatever it was doing with the body.
        if seen > limit:
            raise HTTPException(413, _too_large(limit))
        return message

    return counted


def _too_large(limit: int) -> str:
    return f"The request is too large: send at most {limit // 2**20} MB."


async def _refuse(status: int, detail: str, scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({"detail": detail}, status)(scope, receive, send)
