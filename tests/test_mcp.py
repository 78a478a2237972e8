"""The endpoints as MCP tools, asked by the real client over streamable HTTP."""

import base64
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from gradio_client import Client
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, Tool

from page.assets import EXAMPLES
from recognizer import LETTERS
from tests.event_loop import on_an_event_loop
from tests.hand import by_hand
from tests.page_server import RunningPage, running_page
from tests.strangers import PATIENCE, Stranger, data_url


@pytest.fixture(scope="module")
def page() -> RunningPage:
    return running_page()


def _ask(page: RunningPage, question: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    async def session() -> Any:
        address = f"{page.url}gradio_api/mcp/"
        async with (
            streamable_http_client(address) as (incoming, outgoing, _),
            ClientSession(incoming, outgoing) as client,
        ):
            await client.initialize()
            return await question(client)

    return on_an_event_loop(session())


def _tools(page: RunningPage) -> dict[str, Tool]:
    answer = _ask(page, lambda client: client.list_tools())
    return {tool.name: tool for tool in answer.tools}


def _call(page: RunningPage, tool: str, **arguments: Any) -> CallToolResult:
    result: CallToolResult = _ask(page, lambda client: client.call_tool(tool, arguments))
    return result


def _value(result: CallToolResult) -> Any:
    assert not result.isError, result.content
    (content,) = result.content
    assert content.type == "text"
    return json.loads(content.text)


def test_the_endpoints_are_tools_that_say_what_they_do_and_take(page: RunningPage) -> None:
    tools = _tools(page)
    assert tools.keys() == {"recognize", "recognize_strokes", "letters"}
    for tool in tools.values():
        assert tool.description and "Arabic letter" in tool.description
        assert "Returns: " in tool.description
        for argument in tool.inputSchema["properties"].values():
            assert argument["description"].endswith(".")
    strokes = tools["recognize_strokes"]
    assert strokes.description and "from 0 to 1000" in strokes.description
    assert strokes.inputSchema["properties"]["strokes"]["type"] == "array"
    assert strokes.inputSchema["required"] == ["strokes"]
    assert tools["recognize"].inputSchema["required"] == ["image"]
    assert "data:image/png;base64" in str(tools["recognize"].inputSchema)


def test_a_client_has_strokes_read(page: RunningPage) -> None:
    answer = _value(_call(page, "recognize_strokes", strokes=by_hand("ب")))
    assert (answer["letter"], answer["name"]) == ("ب", "beh")
    assert len(answer["top"]) == 5


def test_a_client_learns_the_letters(page: RunningPage) -> None:
    letters = _value(_call(page, "letters"))
    assert "".join(letter["letter"] for letter in letters) == LETTERS


def test_a_client_has_a_picture_read_and_nothing_of_it_is_kept(page: RunningPage) -> None:
    uploads = page.uploads
    kept = set(uploads.rglob("*"))
    picture = base64.b64encode((EXAMPLES / "4-screen.png").read_bytes()).decode()
    answer = _value(_call(page, "recognize", image=f"data:image/png;base64,{picture}"))
    assert answer["letter"] == "ج"
    assert {path for path in uploads.rglob("*") if path.is_file()} <= kept
    assert page.foreign_hosts() == set()


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("recognize_strokes", {"strokes": []}, "Nothing is drawn"),
        ("recognize_strokes", {"strokes": [[1, 2]], "pen_width": 7}, "between 0 and 1."),
        ("recognize_strokes", {}, "required"),
        ("recognize", {"image": "http://127.0.0.1:9/a.png"}, "as a data URL"),
        ("recognize", {"image": {"path": "/etc/hostname"}}, "Upload the picture first"),
        ("recognize", {"image": str(Path(__file__))}, "as a data URL"),
    ],
)
def test_a_client_is_told_what_is_wrong(
    page: RunningPage, tool: str, arguments: dict[str, Any], sentence: str
) -> None:
    result = _call(page, tool, **arguments)
    assert result.isError
    (content,) = result.content
    assert content.type == "text" and sentence in content.text
    assert "'" not in content.text[:1] + content.text[-1:]  # as a person writes, not as Python does


def _post(page: RunningPage, method: str, **parameters: Any) -> tuple[int, str]:
    """Send what the client would not; return the status and the text."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    request = urllib.request.Request(
        f"{page.url}gradio_api/mcp/", json.dumps(body).encode(), headers
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


_SCRIPT = "%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/http",
        "/http/",
        f"/{_SCRIPT}/gradio_api/mcp",
        f"/{_SCRIPT}/gradio_api/mcp/",
        f"/http/{_SCRIPT}/gradio_api/mcp/http",
        f"/schema/{_SCRIPT}",
        "/anything",
    ],
)
def test_no_page_in_which_an_address_is_script_is_shown_to_a_browser(
    page: RunningPage, path: str
) -> None:
    for accept in ("text/html", "*/*", "text/event-stream"):
        if accept == "text/event-stream" and _SCRIPT not in path:
            continue  # what a client asks, which has no end
        headers = {"Accept": accept, "X-Forwarded-Host": "</script><script>alert(1)//"}
        request = urllib.request.Request(f"{page.url}gradio_api/mcp{path}", headers=headers)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=PATIENCE)
        assert refused.value.code == 404 and b"script" not in refused.value.read()


def test_the_tools_are_described_without_a_client(page: RunningPage) -> None:
    with urllib.request.urlopen(f"{page.url}gradio_api/mcp/schema") as answer:
        assert {tool["name"] for tool in json.load(answer)} >= {"recognize", "letters"}


def test_what_strangers_send_is_not_written_into_the_log(page: RunningPage) -> None:
    log = len(page.said())
    forged = "x\n2026-01-01 ERROR forged\x1b[31m" + "x" * 100_000
    _post(page, forged)
    _post(page, "tools/call", name=forged, arguments={})
    _post(page, "tools/call", name="recognize_strokes", arguments={"strokes": forged})
    _post(page, "resources/read", uri=forged)
    _post(page, "initialize", protocolVersion=forged)
    body = b'--b\r\nContent-Disposition: form-data; name="files"\r\n\r\n\r\n--b--\r\n'
    for form in (body + forged.encode(), forged.encode(), body.replace(b"files", forged.encode())):
        Stranger(page).ask("gradio_api/upload", form, "multipart/form-data; boundary=b")
    said = page.said()[log:]
    assert b"forged" not in said and b"Traceback" not in said and len(said) < 2000


def test_who_hangs_up_in_the_middle_of_a_call_leaves_no_traceback(page: RunningPage) -> None:
    log, where = len(page.said()), urlsplit(page.url)
    head = "POST /gradio_api/mcp/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    head += "Accept: application/json, text/event-stream\r\nContent-Length: 500\r\n\r\n{"
    for _ in range(3):
        with socket.create_connection((where.hostname, where.port)) as caller:
            caller.sendall(head.encode())
            time.sleep(0.2)
    assert _tools(page)  # after them
    assert b"Traceback" not in page.said()[log:]


@pytest.mark.parametrize("way", ["sse", "messages", "messages/"])
def test_the_older_way_to_the_tools_where_nobody_counts_calls_is_closed(
    page: RunningPage, way: str
) -> None:
    assert Stranger(page).ask(f"gradio_api/mcp/{way}")[0] == 404
    assert Stranger(page).ask(f"gradio_api/mcp/{way}?session_id=x", b"{}")[0] == 404


def test_many_calls_at_once_leave_the_page_to_others(page: RunningPage) -> None:
    picture = data_url((EXAMPLES / "4-screen.png").read_bytes())

    def call(_: int) -> tuple[int, str]:
        return _post(page, "tools/call", name="recognize", arguments={"image": picture})

    with ThreadPoolExecutor(50) as many:
        calls = [many.submit(call, number) for number in range(50)]
        assert len(Stranger(page).call("letters")) == 28
        assert Stranger(page).ask("")[0] == 200
    answers = [made.result() for made in calls]
    assert {status for status, _ in answers} == {200, 503}
    assert all("ج" in text for status, text in answers if status == 200)
    assert "ج" in str(call(0))


def test_without_the_mcp_package_the_page_serves_the_rest() -> None:
    page = running_page(("HARF_WITHOUT", "mcp"))
    client = Client(page.url, verbose=False)
    assert client.predict(by_hand("ا"), api_name="/recognize_strokes")["letter"] == "ا"
    assert client.config["mcp_server"] is False
    assert "mcp" not in page.log.read_text(encoding="utf-8").lower()
