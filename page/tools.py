"""MCP's answers, where Gradio's extra is installed."""

import json
from typing import Any

from gradio import mcp


def answer_in_json() -> None:
    """Let the tools answer in JSON, as the endpoints do: Gradio would answer as Python prints it.

    None of them returns a file, of which Gradio would make more than text.
    """
    mcp.GradioMCPServer.postprocess_output_data = _in_json  # type: ignore[method-assign,assignment]


def _in_json(server: mcp.GradioMCPServer, data: list[Any], _: str) -> list[Any]:
    text = server.types.TextContent
    return [text(type="text", text=json.dumps(value, ensure_ascii=False)) for value in data]
