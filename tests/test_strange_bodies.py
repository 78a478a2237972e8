"""Bodies from strangers: whatever is sent as a drawing or a call is answered in a sentence."""

import asyncio
import http.client
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
import pytest

from benchmarks.app_server import free_port
from page.blocks import Page
from tests.corpus import LETTER, corpus
from tests.hand import by_hand
from tests.page_server import RunningPage
from tests.strangers import PATIENCE, Stranger, data_url, refused, watched

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


def test_what_only_the_browser_does_is_refused_in_a_sentence(stranger: Stranger) -> None:
    log = len(stranger.page.said())
    config = json.loads(stranger.ask("config")[1])
    functions = [d["id"] for d in config["dependencies"] if not d["backend_fn"]]
    assert functions
    for function in functions:
        body = json.dumps({"data": [], "fn_index": function, "session_hash": "odd"}).encode()
        status, text = stranger.ask("gradio_api/run/letters", body)
        assert status != 200 and refused(json.loads(text))
        status, text = stranger.ask("gradio_api/queue/join", body)
        if status == 200:
            text = stranger.ask("gradio_api/queue/data?session_hash=odd")[1]
        assert "endpoint takes" in text
    assert b"Traceback" not in stranger.page.said()[log:]


def test_junk_in_a_value_is_forgotten_with_its_request(stranger: Stranger) -> None:
    junk = "x" * 2_000_000 + "\N{GRINNING FACE}"  # one such letter, and each takes four bytes
    config = json.loads(stranger.ask("config")[1])
    draw, correct, picture = (
        next(d["id"] for d in config["dependencies"] if d["backend_fn"] and test(d))
        for test in (
            lambda d: len(d["inputs"]) == 1 and not d["queue"],
            lambda d: len(d["inputs"]) == 2 and d["queue"],
            lambda d: d["api_name"] == "recognize",
        )
    )
    junky = {"strokes": [[1, 2, 300, 400]], "junk": junk}
    with watched(stranger.page) as memory:
        for number in range(12):
            for function, values in (
                (draw, [junky]),
                (correct, [{"junk": junk}, None]),
                (picture, [{"junk": junk}]),
            ):
                body = {"data": values, "fn_index": function, "session_hash": f"junk{number}"}
                text = json.dumps(body, ensure_ascii=False).encode()
                stranger.ask("gradio_api/queue/join", text)
                stranger.ask(f"gradio_api/queue/data?session_hash=junk{number}")
            body = {"data": [junk, 0.05], "session_hash": f"junk{number}"}
            text = json.dumps(body, ensure_ascii=False).encode()
            stranger.ask("gradio_api/run/recognize_strokes", text)
    assert memory[-1] - memory[0] < 100  # of 380 that were sent
    assert stranger.show("draw", {"strokes": by_hand("ب"), "turn": 1})["top"][0]["letter"] == "ب"


@pytest.mark.parametrize("values", [[], [None], [1, 2, 3, 4, 5]])
def test_a_wrong_number_of_values_is_refused(stranger: Stranger, values: list[Any]) -> None:
    refused(stranger.call("recognize_strokes", *values))


def test_a_session_without_a_name_stops_nobodys_queue(stranger: Stranger) -> None:
    picture = json.dumps({"data": [data_url(corpus()[0].data)], "session_hash": "x"}).encode()
    nameless = json.dumps({"data": [None], "session_hash": ""}).encode()
    with ThreadPoolExecutor(24) as many:  # so that they wait for each other
        for body in [picture, nameless] * 12:
            many.submit(stranger.ask, "gradio_api/call/recognize", body)
    for function in range(3):
        body = json.dumps({"data": [None], "fn_index": function, "session_hash": ""}).encode()
        assert stranger.ask("gradio_api/queue/join", body)[0] in (200, 400)
    assert stranger.call("recognize", data_url(corpus()[0].data))["letter"] == LETTER


@contextmanager
def _echo(monkeypatch: pytest.MonkeyPatch, reply: Callable[[str], str]) -> Iterator[Any]:
    """A page in this process, so that its queue can be held up and looked into."""
    monkeypatch.setenv("GRADIO_SERVER_PORT", str(port := free_port()))
    with Page() as demo:
        gr.on([], reply, gr.Textbox(), gr.Textbox(), api_name="echo", concurrency_limit=1)
    demo.queue(max_size=9)
    demo.launch(prevent_thread_lock=True, quiet=True, server_port=port)
    try:
        yield demo, Stranger(RunningPage(f"http://127.0.0.1:{port}/", None, None, None))  # type: ignore[arg-type]
    finally:
        demo.close(verbose=False)


def _join(session: str, length: int = 1) -> bytes:
    return json.dumps({"data": ["x" * length], "fn_index": 0, "session_hash": session}).encode()


def test_nobody_fills_the_queue_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.blocks.WAITING", 2)
    go = threading.Event()

    def reply(text: str) -> str:
        go.wait(PATIENCE)
        return text

    with _echo(monkeypatch, reply) as (_, me):
        other = Stranger(me.page, address="8.8.8.8")
        asked = [me.ask("gradio_api/queue/join", _join(f"s{n}"))[0] for n in range(3)]
        assert asked == [200, 200, 503]
        assert other.ask("gradio_api/queue/join", _join("other"))[0] == 200
        go.set()
        for session in ("s0", "s1", "other"):
            assert "process_completed" in me.ask(f"gradio_api/queue/data?session_hash={session}")[1]
        assert me.ask("gradio_api/queue/join", _join("later"))[0] == 200


def test_a_name_of_a_session_that_is_too_long_is_not_kept(stranger: Stranger) -> None:
    with watched(stranger.page) as megabytes:
        for number in range(34):
            name = f"{number}{'x' * 1_000_000}😀"
            body = json.dumps({"data": [], "session_hash": name}, ensure_ascii=False).encode()
            assert stranger.ask("gradio_api/run/letters", body)[0] == 400
    assert megabytes[-1] - megabytes[0] < 60


def test_what_waits_is_bounded_by_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.blocks.QUEUED_BYTES", 3500, raising=False)
    go = threading.Event()

    def reply(text: str) -> str:
        go.wait(PATIENCE)
        return text

    with _echo(monkeypatch, reply) as (_, me):
        codes = [me.ask("gradio_api/queue/join", _join(f"s{n}", 1000)) for n in range(4)]
        assert [code for code, _ in codes] == [200, 200, 200, 503]
        assert "full" in codes[3][1]
        assert me.ask("gradio_api/queue/join", _join("small"))[0] == 200
        go.set()
        for session in ("s0", "s1", "s2", "small"):
            assert "process_completed" in me.ask(f"gradio_api/queue/data?session_hash={session}")[1]
        assert me.ask("gradio_api/queue/join", _join("later", 3000))[0] == 200


def test_who_gives_up_what_is_being_answered_leaves_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    begun, go = threading.Event(), threading.Event()

    def reply(text: str) -> str:
        begun.set()
        go.wait(PATIENCE)
        return text

    with _echo(monkeypatch, reply) as (demo, me):
        event = json.loads(me.ask("gradio_api/queue/join", _join("mine"))[1])["event_id"]
        assert begun.wait(PATIENCE)
        wrong = {"session_hash": "mine", "fn_index": 3, "event_id": event}
        assert me.ask("gradio_api/cancel", json.dumps(wrong).encode())[0] == 200
        assert event in me.ask("gradio_api/queue/data?session_hash=mine")[1]
        assert me.ask("gradio_api/queue/join", _join("other"))[0] == 200
        go.set()
        assert me.call("echo", "on") == "on"
        assert not demo._queue.stopped
    assert "Traceback" not in capfd.readouterr().err


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
