"""How much of all callers together is in hand at a time."""

import asyncio
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from page import uploads
from page.load import JSON_SECONDS, UPLOAD_SECONDS, Load
from tests.event_loop import on_an_event_loop
from tests.hand import by_hand
from tests.strangers import Stranger, watched

TOOLS = "/gradio_api/mcp/"
UPLOAD = "/gradio_api/upload"


async def _length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


def _app() -> Any:
    routes = [Route(path, _length, methods=["POST"]) for path in ("/call", UPLOAD, TOOLS)]
    return Starlette(routes=routes, middleware=[Middleware(Load)])


class _Caller:
    """Sends a body piece by piece, and notes what it is told."""

    def __init__(self, app: Any, path: str) -> None:
        self.pieces: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.status = 0
        scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
        self.asking = asyncio.create_task(app(scope, self.pieces.get, self._told))

    async def _told(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)

    async def send(self, length: int, *, more: bool = True) -> None:
        self.pieces.put_nowait({"type": "http.request", "body": b"x" * length, "more_body": more})
        await asyncio.sleep(0.02)


def test_bodies_that_do_not_end_are_refused_once_they_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("page.load.BYTES", 1000)
    monkeypatch.setattr("page.load.SMALL", 100)

    async def visit() -> list[int]:
        app = _app()
        first, second, small, late = (_Caller(app, "/call") for _ in range(4))
        await first.send(600)
        await second.send(600)
        await small.send(50, more=False)  # a drawing is answered all the same
        refused = second.status, first.status, small.status
        await first.send(0, more=False)
        await late.send(600, more=False)  # there is room again
        return [*refused, first.status, late.status]

    assert on_an_event_loop(visit()) == [503, 0, 200, 200, 200]


def test_uploads_lie_on_the_disk_and_take_nobodys_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.load.BYTES", 1000)
    monkeypatch.setattr("page.load.SMALL", 100)

    async def visit() -> int:
        caller = _Caller(_app(), UPLOAD)
        await caller.send(5000, more=False)
        return caller.status

    assert on_an_event_loop(visit()) == 200


@pytest.mark.parametrize("path", ["/call", UPLOAD, TOOLS])
def test_a_body_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr("page.load.JSON_SECONDS", 0.2)
    monkeypatch.setattr("page.load.UPLOAD_SECONDS", 0.2)

    async def visit() -> int:
        caller = _Caller(_app(), path)
        for _ in range(30):  # a piece now and then is no way round
            await caller.send(10)
        return caller.status

    assert on_an_event_loop(visit()) == 408


def test_an_upload_ends_before_its_file_is_forgotten() -> None:
    assert JSON_SECONDS <= UPLOAD_SECONDS < uploads.KEPT


def test_an_answer_may_take_longer_than_its_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.load.JSON_SECONDS", 0.1)

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        assert not (await receive())["more_body"]
        waiting = asyncio.create_task(receive())  # for the caller to hang up
        await asyncio.sleep(0.3)
        assert not waiting.done()
        waiting.cancel()
        await PlainTextResponse("fine")(scope, receive, send)

    async def visit() -> int:
        caller = _Caller(Load(slow), "/call")
        await caller.send(10, more=False)
        await caller.asking
        return caller.status

    assert on_an_event_loop(visit()) == 200


def test_only_so_many_tools_are_called_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.load.TOOLS", 2)

    async def visit() -> list[int]:
        go = asyncio.Event()

        async def called(request: Request) -> PlainTextResponse:
            body = await request.body()
            await go.wait()
            return PlainTextResponse(str(len(body)))

        routes = [Route(TOOLS, called, methods=["POST"]), Route("/call", _length, methods=["POST"])]
        app = Starlette(routes=routes, middleware=[Middleware(Load)])
        slow = [_Caller(app, TOOLS) for _ in range(3)]  # they only begin to send
        for caller in slow:
            await caller.send(1)
        callers, other = [_Caller(app, TOOLS) for _ in range(3)], _Caller(app, "/call")
        for caller in (*callers, other):
            await caller.send(1, more=False)
        busy = [caller.status for caller in (*callers, other)]
        go.set()
        await asyncio.sleep(0.02)
        await slow[0].send(1, more=False)
        return [*busy, callers[0].status, callers[1].status, slow[0].status]

    assert on_an_event_loop(visit()) == [0, 0, 503, 200, 200, 200, 200]


def test_the_page_stays_small_and_answers_while_bodies_do_not_end(stranger: Stranger) -> None:
    host = urlsplit(stranger.page.url)
    head = b"POST /gradio_api/run/letters HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    unended = head + b'Content-Length: 2000000\r\n\r\n{"data":["' + b"a" * 1_900_000
    lines = []
    with watched(stranger.page) as memory:
        for _ in range(80):
            lines.append(line := socket.create_connection((host.hostname or "", host.port or 80)))
            line.settimeout(1)
            try:
                line.sendall(unended)
            except OSError:
                pass  # it has hung up
        time.sleep(1)
        assert stranger.call("recognize_strokes", by_hand("ب"), 0.05)["letter"] == "ب"
    for line in lines:
        line.close()
    assert max(memory) - memory[0] < 100  # of 150 that were sent
    assert stranger.call("recognize_strokes", by_hand("ب"), 0.05)["letter"] == "ب"
