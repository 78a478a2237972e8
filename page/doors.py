"""What of Gradio this page does not use is closed to strangers.

Gradio serves many addresses for components that are not here. Some of them write
files that nobody deletes, keep what is sent in memory, or hand out uploaded files.
"""

from typing import Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_API: Final = "/gradio_api/"

CLOSED: Final = (
    "component_server",  # keeps what is sent until an event asks for it
    "custom_component",
    "deep_link",  # writes a visitor's answers to a file, for ever
    "dev",
    "file",  # the uploads: whoever sent a picture has it
    "openapi.json",  # tells everybody the host that the first caller named
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
UPLOAD: Final = "upload"
_INFO: Final = "info"
MCP: Final = "mcp"
# Below them anything would be answered with a page for browsers, which has the address in a
# script, as it came.
_TOOL_STREAMS: Final = ("mcp", "mcp/", "mcp/http", "mcp/http/")
# The older way over server-sent events is closed: what is called there is counted by nobody.
_TOOL_PATHS: Final = (*_TOOL_STREAMS, "mcp/schema")
_ICON: Final = "/pwa_icon/"  # in any size, for which our drawing would be opened as a picture
_ACCOUNTS: Final = ("/login", "/logout")  # of which there are none


class Doors:
    """Answer 404 for what is closed, and pass on the rest."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            word = word_of(scope["path"])
            if _is_closed(scope, headers):
                return await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)
            if _is_in_odd_charset(headers):
                detail = "A form must be in UTF-8: leave its charset out."
                return await JSONResponse({"detail": detail}, 400)(scope, receive, send)
            if word == UPLOAD:  # asked to note its progress, Gradio keeps that for ever
                scope = {**scope, "query_string": b""}
            if word == _INFO:  # not of this page alone, it tells all the host that the first named
                scope = {**scope, "query_string": b"page="}
        await self.app(scope, receive, send)


def _is_closed(scope: Scope, headers: Headers) -> bool:
    path = scope["path"]
    word = word_of(path)
    if word in CLOSED or _ICON in path or path.rstrip("/").endswith(_ACCOUNTS):
        return True
    if word != MCP:
        return False
    rest = _rest(path)
    is_browser = scope["method"] == "GET" and "text/event-stream" not in headers.get("accept", "")
    return rest not in _TOOL_PATHS or (is_browser and rest in _TOOL_STREAMS)


def _is_in_odd_charset(headers: Headers) -> bool:
    """Say whether a form is to be decoded as the caller likes.

    There are charsets that take a minute for a MB, in which the page would stand still.
    """
    kind = headers.get("content-type", "").lower().replace('"', "")
    return "multipart" in kind and "charset" in kind.replace("charset=utf-8", "")


def word_of(path: str) -> str:
    """Return the first word after /gradio_api/, "" for another path."""
    return _rest(path).partition("/")[0].partition("=")[0]


def _rest(path: str) -> str:
    """Return what follows /gradio_api/, wherever a proxy has put that."""
    return path.partition(_API)[2]
