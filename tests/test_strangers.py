"""Strangers at the running page: they get an answer or a sentence, and never each other's."""

import asyncio
import http.client
import http.server
import io
import json
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
import pytest
from PIL import Image

import page as harf_page
from benchmarks.app_server import free_port
from page import uploads
from page.blocks import Page
from page.upload import MAX_BYTES
from recognizer import Recognizer
from tests.corpus import LETTER, corpus
from tests.hand import by_hand, letters
from tests.page_server import RunningPage, running_page
from tests.pictures import EXAMPLES, on_screen
from tests.strangers import FILE, PATIENCE, Stranger, data_url, watched

SECRET = EXAMPLES / "4-screen.png"  # a picture of the server's own, which would be read well


@pytest.fixture(scope="module")
def page() -> RunningPage:
    return running_page()


@pytest.fixture
def stranger(page: RunningPage) -> Stranger:
    return Stranger(page)


def refused(answer: Any) -> str:
    """The one sentence of a refusal, without a path in it."""
    assert isinstance(answer, dict) and set(answer) >= {"error"}, answer
    sentence = str(answer["error"])
    assert re.fullmatch(r"[^\n]+\.", sentence), answer
    assert str(EXAMPLES) not in sentence and "Traceback" not in sentence
    return sentence


# A file of the server, or another host.


class _Host(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # noqa: N802
        self.server.asked.append(self.path)  # type: ignore[attr-defined]

    do_HEAD = do_POST = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[http.server.ThreadingHTTPServer]:
    """A host within the server's reach, which notes who asks it."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Host)
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


FORMS: list[Any] = [
    {"path": "LOCAL"},
    {"path": "LOCAL", "meta": FILE},
    {"path": "LOCAL", "meta": {"_type": "else"}},
    {"path": "LOCAL", "orig_name": "a.svg"},
    {"path": "LOCAL", "orig_name": "a.svg", "meta": FILE, "is_stream": True},
    {"path": "file://LOCAL"},
    {"path": "file://LOCAL", "meta": FILE},
    {"path": "UPLOADS/../../../../../../../../LOCAL"},
    {"path": "UPLOADS/../log"},
    {"path": "UPLOADS"},
    {"path": "/proc/self/environ"},
    {"path": "/dev/zero", "meta": FILE},
    {"path": ["LOCAL"]},
    {"path": {"path": "LOCAL", "meta": FILE}},
    {"nested": [{"path": "LOCAL", "meta": FILE}]},
    [{"path": "LOCAL", "meta": FILE}],
    "LOCAL",
    {"url": "file://LOCAL"},
    {"url": "HOST"},
    {"url": "HOST", "path": "x", "meta": FILE},
    {"path": "HOST", "meta": FILE},
    {"path": "HOST"},
    {"path": " HOST", "meta": FILE},
    {"path": "HTTP://127.0.0.1:9/", "url": "HOST", "meta": FILE},
    {"path": None, "url": "HOST", "meta": FILE},
    {"path": "http://169.254.169.254/latest/meta-data/", "meta": FILE},
    {"path": "http://[::1]:9/", "meta": FILE},
    {"path": "ftp://127.0.0.1/x", "meta": FILE},
    {"nested": {"path": "HOST", "meta": FILE}},
    "HOST",
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: json.dumps(form)[:70])
def test_no_form_opens_a_file_of_the_server_or_reaches_another_host(
    stranger: Stranger, host: http.server.ThreadingHTTPServer, form: Any
) -> None:
    uploads = stranger.page.uploads
    text = json.dumps(form).replace("LOCAL", str(SECRET)).replace("UPLOADS", str(uploads))
    value = json.loads(text.replace("HOST", f"http://127.0.0.1:{host.server_port}/a.png"))
    refused(stranger.call("recognize", value))
    status, text = stranger.ask("gradio_api/run/recognize", json.dumps({"data": [value]}).encode())
    assert status != 200 and "letter" not in text and str(SECRET) not in text
    status, text = stranger.ask(
        "gradio_api/call/v2/recognize", json.dumps({"image": value}).encode()
    )
    event = json.loads(text)["event_id"]
    assert "event: error" in stranger.ask(f"gradio_api/call/recognize/{event}")[1]
    refused(stranger.call("recognize_strokes", value, 0.05))
    refused(stranger.call("recognize_strokes", [[1, 2, 3, 4]], value))
    assert "letter" not in str(stranger.show("upload", value))
    assert "letter" not in str(stranger.show("draw", value))
    assert host.asked == []  # type: ignore[attr-defined]


# Uploads.


def test_nobody_gets_anothers_upload(page: RunningPage) -> None:
    mine, theirs = Stranger(page, "mine"), Stranger(page, "theirs")
    path = Path(mine.upload("letter.png", corpus()[0].data))
    uploads = path.parent.parent
    for guess in (uploads, path.parent, f"{path.parent}/", f"{path.parent}/other.png", "*"):
        refused(theirs.call("recognize", {"path": str(guess)}))
        refused(theirs.call("recognize", {"path": str(guess), "meta": FILE}))
    for way in (f"file={path}", f"file/{path}", f"file={path.parent}", f"stream/{path}"):
        assert theirs.ask(f"gradio_api/{way}")[0] == 404
    assert mine.call("recognize", {"path": str(path)})["letter"] == LETTER


def test_an_upload_that_is_too_large_is_refused_and_not_kept(stranger: Stranger) -> None:
    uploads = stranger.page.uploads
    before = {path for path in uploads.rglob("*") if path.is_file()}
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    body = head + bytes(MAX_BYTES + 1) + b"\r\n--b--\r\n"
    status, text = stranger.ask("gradio_api/upload", body, "multipart/form-data; boundary=b")
    assert status == 413 and "size" in text
    assert {path for path in uploads.rglob("*") if path.is_file()} <= before


def test_uploads_are_deleted_within_minutes(
    recognizer: Recognizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("GRADIO_SERVER_PORT", str(port))
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    assert uploads.EVERY + uploads.KEPT <= 180
    monkeypatch.setattr(uploads, "EVERY", 1)
    monkeypatch.setattr(uploads, "KEPT", 1)
    demo = harf_page.build_demo(recognizer)
    threading.Thread(target=harf_page.launch, args=(demo, harf_page.Status()), daemon=True).start()
    try:
        here = RunningPage(f"http://127.0.0.1:{port}/", None, None, None)  # type: ignore[arg-type]
        stranger = Stranger(here)
        _wait(lambda: demo.is_running)
        path = stranger.upload("letter.png", corpus()[0].data)
        assert stranger.call("recognize", {"path": path, "meta": FILE})["letter"] == LETTER
        _break_off_an_upload(port)
        _upload_in_another_field(stranger)
        _wait(lambda: not any(tmp_path.iterdir()))  # nor is a folder left
    finally:
        demo.close()


def test_an_upload_that_breaks_off_leaves_no_traceback(stranger: Stranger) -> None:
    log = len(stranger.page.said())
    for _ in range(3):
        _break_off_an_upload(urlsplit(stranger.page.url).port or 80)
    time.sleep(1)  # a server notices at once who hangs up
    assert Path(stranger.upload("letter.png", corpus()[0].data)).is_file()
    assert b"Traceback" not in stranger.page.said()[log:]


def _break_off_an_upload(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        body = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
        line.sendall(
            b"POST /gradio_api/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n" + body + bytes(2_000_000)
        )


def _upload_in_another_field(stranger: Stranger) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="other"; filename="a.png"\r\n\r\n'
    body = head + bytes(1000) + b"\r\n--b--\r\n"
    stranger.ask("gradio_api/upload", body, "multipart/form-data; boundary=b")


def _wait(condition: Any) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


# Strokes.

_DEEP = 100_000
STROKES = {
    "a word": b'"text"',
    "nothing": b"null",
    "a number": b"7",
    "yes": b"true",
    "an object": b'{"paths": []}',
    "an empty object": b"{}",
    "no paths": b"[]",
    "empty paths": b"[[], [], []]",
    "words": b'[["a", "b"]]',
    "booleans": b"[[true, false]]",
    "not a number": b"[[NaN, 1]]",
    "infinity": b"[[Infinity, 1], [1, -Infinity]]",
    "beyond floats": b"[[1e999, 1]]",
    "enormous": b"[[1e300, -1e300]]",
    "an enormous integer": b"[[" + b"9" * 4000 + b", 1]]",
    "more digits than are parsed": b"[[" + b"9" * 5000 + b", 1]]",
    "an odd number": b"[[1, 2, 3]]",
    "points as pairs": b"[[[1, 2], [3, 4]]]",
    "nested": b"[" * 300 + b"]" * 300,
    "nested deeply": b"[" * 20_000 + b"]" * 20_000,
    "nested without end": b"[" * _DEEP,
    "objects in objects": b'{"strokes":' * 20_000 + b"1" + b"}" * 20_000,
    "too many paths": b"[" + b"[1,2]," * 201 + b"[1,2]]",
    "too many points": b"[[" + b"1," * 40_001 + b"1]]",
    "many empty lists": b"[" + b"[]," * 600_000 + b"[]]",
    "many empty objects": b"[" + b"{}," * 600_000 + b"{}]",
    "no JSON": b"[[1, 2",
    "no text": b"\xff\xfe\x00",
}


def test_whatever_is_sent_as_strokes_is_refused_in_constant_memory(stranger: Stranger) -> None:
    log = len(stranger.page.said())
    with watched(stranger.page) as memory:
        for name, value in STROKES.items():
            for body in (b'{"data":[%s,0.05]}' % value, b'{"data":[[[9,9]],%s]}' % value):
                answer = stranger.call_raw("recognize_strokes", body)
                assert "letter" not in answer, name
                if "status" in answer:
                    assert answer["status"] in (400, 413, 422), (name, answer)
                    assert json.loads(answer["error"])["detail"], name
                else:
                    refused(answer)
            shown = stranger.ask("gradio_api/queue/join", _drawing(stranger, value))
            assert shown[0] in (200, 400, 413, 422), name
    assert max(memory) - memory[0] < 100
    assert b"Traceback" not in stranger.page.said()[log:]
    assert stranger.call("recognize_strokes", by_hand("ب"), 0.05)["letter"] == "ب"


def _drawing(stranger: Stranger, value: bytes) -> bytes:
    return b'{"data":[{"strokes":%s,"turn":1}],"fn_index":0,"session_hash":"x"}' % value


def test_ten_million_points_are_refused_before_they_arrive(stranger: Stranger) -> None:
    connection = http.client.HTTPConnection(urlsplit(stranger.page.url).netloc, timeout=PATIENCE)
    with watched(stranger.page) as memory:
        connection.putrequest("POST", "/gradio_api/call/recognize_strokes")
        connection.putheader("Transfer-Encoding", "chunked")
        connection.endheaders()
        piece = b"1," * 50_000
        try:
            for _ in range(200):  # 10 million numbers, 20 MB
                connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        except OSError:
            pass  # it has hung up
        try:
            assert connection.getresponse().status == 413
        except OSError:
            pass  # before the answer could be read
    assert max(memory) - memory[0] < 50
    assert stranger.call("recognize_strokes", by_hand("ب"), 0.05)["letter"] == "ب"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"{}", b'{"data":null}', b'{"data":"x"}', b"\xff"]
)
@pytest.mark.parametrize("path", ["call/recognize", "queue/join", "run/recognize", "cancel"])
def test_a_body_that_is_no_call_is_refused(stranger: Stranger, path: str, body: bytes) -> None:
    status, text = stranger.ask(f"gradio_api/{path}", body)
    assert status in (400, 404, 422) and "Traceback" not in text


NOT_THERE: list[tuple[str, bytes | None]] = [
    ("?page=nowhere", None),
    ("assets/" + "a" * 5000, None),
    ("gradio_api/call/nothing", b'{"data":[]}'),
    ("gradio_api/call/v2/nothing", b"{}"),
    ("gradio_api/call/v2/recognize", b"{}"),
    ("gradio_api/call/v2/recognize", b'{"picture":7}'),
    ("gradio_api/run/nothing", b'{"data":[]}'),
    ("gradio_api/run/letters", b'{"data":[],"fn_index":-1}'),
    ("gradio_api/queue/join", b'{"data":[],"fn_index":99999999999999999999,"session_hash":"x"}'),
    ("gradio_api/cancel", b'{"session_hash":"\\ud800"}'),
]
NO_STREAMS = ("gradio_api/queue/data?session_hash=nobody", "gradio_api/call/recognize/nothing")


def test_a_request_for_what_is_not_there_is_refused_and_leaves_no_traceback(
    stranger: Stranger,
) -> None:
    log = len(stranger.page.said())
    for path, body in NOT_THERE:
        status, text = stranger.ask(path, body)
        assert status in (400, 404) and json.loads(text)["detail"], (path, text)
    for name in ("a:b", "[", "x y"):
        request = urllib.request.Request(stranger.page.url, headers={"X-Forwarded-Host": name})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                assert answer.status == 200
        except urllib.error.HTTPError as refusal:
            assert refusal.code == 400
    for path in NO_STREAMS:  # begun before it is known that nobody waits for it
        assert "404: Not Found" in stranger.ask(path)[1]
    assert b"Traceback" not in stranger.page.said()[log:]


def test_no_number_of_a_drawing_is_too_large_to_be_answered(stranger: Stranger) -> None:
    log = len(stranger.page.said())
    drawing = {"strokes": by_hand("ب"), "turn": 10**30}
    assert stranger.show("draw", drawing)["top"][0]["letter"] == "ب"
    picture = {"url": data_url(corpus()[0].data), "turn": -(10**30)}
    assert stranger.show("upload", picture)["letter"] == LETTER
    assert b"Traceback" not in stranger.page.said()[log:]


@pytest.mark.parametrize("values", [[], [[[1, 2]]], [None], [1, 2, 3, 4, 5]])
def test_too_few_values_are_refused_in_a_sentence(stranger: Stranger, values: list[Any]) -> None:
    refused(stranger.call("recognize_strokes", *values))


def test_answers_that_nobody_fetches_are_not_kept_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page in this process, so that what its queue keeps can be counted."""
    monkeypatch.setattr("page.blocks.UNREAD", 20)
    monkeypatch.setenv("GRADIO_SERVER_PORT", str(port := free_port()))
    with Page() as demo:
        gr.on([], lambda text: text, gr.Textbox(), gr.Textbox(), api_name="echo")
    demo.queue(max_size=9)
    demo.launch(prevent_thread_lock=True, quiet=True, server_port=port)
    try:
        me = Stranger(RunningPage(f"http://127.0.0.1:{port}/", None, None, None))  # type: ignore[arg-type]
        body = json.dumps({"data": ["x" * 1000], "fn_index": 0, "session_hash": "greedy"}).encode()
        for _ in range(60):
            me.ask("gradio_api/queue/join", body)
            assert me.call("echo", "mine") == "mine"  # who does fetch, gets the answer
        waiting = demo._queue.pending_messages_per_session.values()
        assert sum(messages.qsize() for messages in waiting) < 5 * (20 + 9)  # messages of an answer
        assert len(demo._queue.event_analytics) <= 1  # nor is it noted who asked for what
        assert len(demo._queue.pending_event_ids_session) < 20 + 9  # nor that they were here
        status, text = me.ask(
            "gradio_api/queue/join",
            json.dumps({"data": ["x"], "fn_index": 0, "session_hash": "x" * 65}).encode(),
        )
        assert status == 400 and "too long" in json.loads(text)["detail"]
    finally:
        demo.close(verbose=False)


def test_who_waits_in_the_queue_is_not_forgotten_over_newer_ones() -> None:
    with Page() as demo:
        gr.Textbox()
    waiting = demo.queue()._queue.pending_messages_per_session
    for number in range(2_001):  # from here on Gradio forgets the oldest, and stumbles over that
        waiting[str(number)] = asyncio.Queue()
    assert "0" in waiting


# Each other.


def test_no_session_ever_gets_anothers_drawing_or_answer(page: RunningPage) -> None:
    def visit(number: int) -> None:
        me = Stranger(page, f"visitor{number}")
        for turn in range(6):
            letter = letters()[(number * 5 + turn) % len(letters())]
            drawing = {"strokes": by_hand(letter), "turn": 100 * number + turn}
            shown = me.show("draw", drawing)
            assert (shown["top"][0]["letter"], shown["turn"]) == (letter, drawing["turn"])
            assert me.call("recognize_strokes", by_hand(letter), 0.05)["letter"] == letter
            if turn == number % 6:
                me.show("draw", {"strokes": "nothing that anybody drew", "turn": 0})
                picture = {"url": data_url(_png(letter)), "turn": drawing["turn"]}
                shown = me.show("upload", picture)
                assert (shown["letter"], shown["turn"]) == (letter, drawing["turn"])

    with ThreadPoolExecutor(16) as visitors:
        list(visitors.map(visit, range(16)))


def _png(letter: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(on_screen(letter, size=200)).save(file, "PNG")
    return file.getvalue()


def test_the_page_reached_for_no_foreign_host_whatever_was_asked(page: RunningPage) -> None:
    assert page.foreign_hosts() == set()
