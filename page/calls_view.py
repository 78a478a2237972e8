"""The API view: how programs call Harf."""

import gradio as gr

from . import assets
from .part import Part


def calls_view(*, has_mcp: bool) -> None:
    """Add the view to the page that is being built.

    Args:
        has_mcp: Whether the page is served with MCP tools.
    """
    with gr.Row(elem_id="api", elem_classes="view"):
        Part("calls", mcp=has_mcp, pictures=f"{assets.URL}/examples", elem_classes="wide")
