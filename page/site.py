"""The whole page: its views in their frame, and how it is served."""

import os
import sys

import gradio as gr
from starlette.middleware import Middleware

from recognizer import Recognizer

from . import assets
from .api import add_api
from .blocks import Page
from .doors import Doors
from .draw import draw_view
from .limits import Limits
from .memory import give_back_large_blocks
from .part import Part
from .practice_view import practice_view
from .texts import TEXTS
from .upload import MAX_BYTES
from .upload_view import upload_view

_FAMILY = ["Vazirmatn", "system-ui", "sans-serif"]  # names only: nothing is fetched for them


def build_demo(recognizer: Recognizer, *, is_substitute: bool = False) -> gr.Blocks:
    """Build the page around a recognizer.

    Args:
        recognizer: Who answers; loaded and warm.
        is_substitute: Whether it answers in place of the one that was chosen, which
            visitors then read.
    """
    # Files that callers of the API upload are forgotten within minutes.
    demo: Page
    with Page(title=TEXTS["en"]["title"], fill_width=True, delete_cache=(60, 120)) as demo:
        Part("header", elem_id="header")
        if is_substitute:
            Part("substitute")
        draw_view(recognizer)
        picture = upload_view(recognizer)
        practice_view(recognizer)
        add_api(recognizer, picture)
        Part("footer", elem_id="footer")
    return demo


def launch(demo: gr.Blocks) -> None:
    """Serve the page until it is stopped; GRADIO_SERVER_NAME and _PORT say where."""
    give_back_large_blocks()
    demo.queue(max_size=64)
    demo.launch(
        theme=gr.themes.Base(font=_FAMILY, font_mono=["ui-monospace", "monospace"]),
        head=assets.head(),
        favicon_path=str(assets.PAGE / "favicon.svg"),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        inbrowser=_at_a_desk(),
        show_error=False,
        max_file_size=MAX_BYTES,
        # No component keeps anything between requests; a remembered session is
        # memory that strangers fill.
        state_session_capacity=32,
        app_kwargs={
            "routes": assets.routes(),
            "middleware": [Middleware(Doors), Middleware(Limits)],
        },
    )


def _at_a_desk() -> bool:
    """Say whether somebody started this where the page can open before their eyes."""
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.stdout.isatty() and (sys.platform in ("darwin", "win32") or bool(screen))
