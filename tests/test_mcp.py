"""The endpoints as MCP tools, asked by the real client over streamable HTTP."""

import ast
import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

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
    return ast.literal_eval(content.text)


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
    assert sentence in str(result.content)


def test_without_the_mcp_package_the_page_serves_the_rest() -> None:
    page = running_page(("HARF_WITHOUT", "mcp"))
    client = Client(page.url, verbose=False)
    assert client.predict(by_hand("ا"), api_name="/recognize_strokes")["letter"] == "ا"
    assert client.config["mcp_server"] is False
    assert "mcp" not in page.log.read_text(encoding="utf-8").lower()
