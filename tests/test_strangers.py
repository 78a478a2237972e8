"""Strangers at the running page: they get an answer or a sentence, and never each other's."""

import http.client
import http.server
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

import page as harf_page
from benchmarks.app_server import free_port
from page import uploads
from page.upload import MAX_BYTES
from recognizer import Recognizer
from tests.corpus import LETTER, corpus
from tests.hand import by_hand, letters
from tests.page_server import RunningPage, running_page
from tests.pictures import EXAMPLES, on_screen
from tests.strangers import FILE, PATIENCE, Stranger, data_url, refused

SECRET = EXAMPLES / "4-screen.png"  # a picture of the server's own, which would be read well


@pytest.fixture(scope="module")
def page() -> RunningPage:
    return running_page()


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


def test_an_upload_is_one_file_and_nothing_else(stranger: Stranger) -> None:
    uploads = stranger.page.uploads
    before = set(uploads.rglob("*"))
    file = b'--b\r\nContent-Disposition: form-data; name="files"; filename="%d"\r\n\r\nx%d\r\n'
    field = b'--b\r\nContent-Disposition: form-data; name="files"\r\n\r\nx\r\n'
    for parts in (file % (1, 1) + file % (2, 2), file % (1, 1) * 1000, field, field * 2):
        status, text = stranger.ask(
            "gradio_api/upload", parts + b"--b--\r\n", "multipart/form-data; boundary=b"
        )
        assert status == 400 and "Too many" in text
    assert set(uploads.rglob("*")) <= before


def test_uploads_are_deleted_within_minutes(
    recognizer: Recognizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("GRADIO_SERVER_PORT", str(port))
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    assert uploads.EVERY + uploads.KEPT <= 180
    monkeypatch.setattr(uploads, "EVERY", 1)
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
        monkeypatch.setattr(uploads, "KEPT", 1)
        _wait(lambda: not any(tmp_path.iterdir()))  # nor is a folder left
        _wait(lambda: not demo.upload_file_set)  # nor the names
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
