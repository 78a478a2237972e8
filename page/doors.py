"""What of Gradio this page does not use is closed to strangers.

Gradio serves many addresses for components that are not here. Some of them write
files that nobody deletes, keep what is sent in memory, or hand out uploaded files.
"""

from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_API: Final = "/gradio_api/"

CLOSED: Final = (
    "component_server",  # keeps what is sent until an event asks for it
    "custom_component",
    "deep_link",  # writes a visitor's answers to a file, for ever
    "dev",
    "file",  # the uploads: whoever sent a picture has it
    "process_recording",
    "profiling",
    "proxy",
    "run-history",
    "stream",
    "undo-vibe-edit",
    "upload_progress",  # keeps every name that it is asked for
    "vibe-code",
    "vibe-edit",
    "vibe-starter-queries",
)
_UPLOAD: Final = "upload"
_ICON: Final = "/pwa_icon/"  # in any size, for which our drawing would be opened as a picture


class Doors:
    """Answer 404 for what is closed, and pass on the rest."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http":
            word = _word(scope["path"])
            if word in CLOSED or _ICON in scope["path"]:
                return await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)
            if word == _UPLOAD:  # asked to note its progress, Gradio keeps that for ever
                scope = {**scope, "query_string": b""}
        await self.app(scope, receive, send)


def _word(path: str) -> str:
    """Return the first word after /gradio_api/, wherever a proxy has put that."""
    rest = path.partition(_API)[2]
    return rest.partition("/")[0].partition("=")[0]
