"""The whole page: its views in their frame, and how it is served."""

import logging
import os
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import gradio as gr
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect

from recognizer import Recognizer

from . import about, assets
from .api import add_api
from .before_gradio import UPLOADS
from .blocks import Page
from .calls_view import calls_view
from .doors import Doors
from .draw import draw_view
from .faults import Faults
from .feedback import Keeper
from .head import Head
from .limits import Limits
from .load import Load
from .memory import give_back_large_blocks
from .part import Part
from .practice_view import practice_view
from .status import Status
from .texts import TEXTS
from .upload import MAX_BYTES
from .upload_view import upload_view
from .uploads import forget_uploads, make_folder

HAS_MCP = find_spec("mcp") is not None  # it comes with gradio[mcp]

OPEN_FILES: Final = 65_536  # connections among them

_FAMILY = ["Vazirmatn", "system-ui", "sans-serif"]  # names only: nothing is fetched for them


def build_demo(recognizer: Recognizer, keeper: Keeper | None = None) -> gr.Blocks:
    """Build the page around a recognizer.

    Args:
        recognizer: Who answers; its model may still be loading.
        keeper: Who keeps corrections that visitors give; None asks for none.

    Raises:
        SystemExit: If there is no place for uploads.
    """
    make_folder(UPLOADS)
    demo: Page
    with Page(title=TEXTS["en"]["title"], fill_width=True) as demo:
        Part("header", elem_id="header")
        Part("notice", elem_id="notice")
        draw_view(recognizer, keeper)
        picture = upload_view(recognizer, keeper)
        practice_view(recognizer)
        add_api(recognizer, picture)
        calls_view(has_mcp=HAS_MCP)
        Part(
            "footer",
            accuracy=about.accuracy(),
            card=about.card_address(),
            code=about.source_address(),
            keeps=keeper is not None,
            given=keeper and keeper.address(),
            elem_id="footer",
        )
    return demo


def launch(demo: gr.Blocks, status: Status) -> None:
    """Start to serve the page and return; GRADIO_SERVER_NAME and _PORT say where.

    Args:
        demo: The page.
        status: How its model stands.

    Raises:
        SystemExit: If it cannot be served there.
    """
    give_back_large_blocks()
    _take_more_connections()
    forget_uploads(Path(demo.GRADIO_CACHE), demo.upload_file_set)
    _warn_of_no_strangers_words()
    if HAS_MCP:
        from .tools import answer_in_json

        answer_in_json()
    # What is queued is queued for its memory: no way around the queue.
    demo.queue(max_size=64, api_open=False)
    try:
        _serve(demo, status)
    except OSError:
        sys.exit(
            "The page cannot be served there: the port is taken, or the address is not this "
            "machine's, or none of IPv4. Choose others with GRADIO_SERVER_PORT and "
            "GRADIO_SERVER_NAME."
        )


def _take_more_connections() -> None:
    """Open as many files as may be: of the usual 1024, connections that ask nothing take all."""
    with suppress(ImportError, OSError, ValueError):  # on Windows there is no such limit
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def _warn_of_no_strangers_words() -> None:
    """Leave out of the log what MCP and forms warn of: they quote what strangers sent, as it came.

    In there may stand lines that nobody here wrote, of 2 MB.
    """
    for name in ("mcp", "python_multipart"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # Of a caller who hangs up in the middle of a body it writes a traceback.
    logging.getLogger("mcp.server.streamable_http").addFilter(_is_no_hanging_up)
    # MCP warns without a name, too. Whoever else has a name is still heard.
    logging.getLogger().addFilter(lambda record: record.levelno >= logging.ERROR)


def _is_no_hanging_up(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], ClientDisconnect))


def _serve(demo: gr.Blocks, status: Status) -> None:
    port = os.environ.get("GRADIO_SERVER_PORT")
    demo.launch(
        # On a busy machine Gradio's look at its own page takes too long, and it would give up.
        _frontend=False,
        # Gradio alone would take the next free one, where nobody looks for the page.
        server_port=int(port) if port else None,
        mcp_server=HAS_MCP,
        # A Space asks for it, where Node is; its server knows nothing of our modules and routes.
        ssr_mode=False,
        theme=gr.themes.Base(font=_FAMILY, font_mono=["ui-monospace", "monospace"]),
        head=assets.head(),
        favicon_path=str(assets.PAGE / "favicon.svg"),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        inbrowser=_at_a_desk(),
        show_error=False,
        max_file_size=MAX_BYTES,
        # With any number but Gradio's 40 its events have threads of their own: else those that
        # wait for an event, as calls of MCP's tools do, take the thread that it needs.
        max_threads=41,
        # No component keeps anything between requests; a remembered session is
        # memory that strangers fill.
        state_session_capacity=32,
        app_kwargs={
            "routes": [status.route(), *assets.routes(), *about.routes()],
            "middleware": [
                Middleware(Doors),
                Middleware(Limits),
                Middleware(Load),
                Middleware(Head, root_path=os.environ.get("GRADIO_ROOT_PATH", "")),
                Middleware(Faults),
            ],
        },
        prevent_thread_lock=True,
    )


def _at_a_desk() -> bool:
    """Say whether somebody started this where the page can open before their eyes."""
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.stdout.isatty() and (sys.platform in ("darwin", "win32") or bool(screen))
