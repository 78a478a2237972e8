"""The files that the browser loads, and the routes that serve them.

They lie under an address that holds a digest of their contents, so a browser
may keep them for ever and still never mixes two versions of the page.
"""

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

ASSETS = Path(__file__).resolve().parent.parent / "assets"
PAGE = ASSETS / "page"
EXAMPLES = ASSETS / "examples"


def _digest() -> str:
    contents = hashlib.sha256()
    for path in sorted([*PAGE.rglob("*"), *EXAMPLES.rglob("*")]):
        if path.is_file():
            contents.update(path.name.encode() + path.read_bytes())
    return contents.hexdigest()[:12]


# Relative, because a proxy may serve the page below a path of its own.
URL = f"page/{_digest()}"


def read(name: str) -> str:
    """Return the text of a file in assets/page."""
    return (PAGE / name).read_text(encoding="utf-8")


def examples() -> tuple[str, ...]:
    """Return the names of the example pictures, in the order in which they are shown."""
    return tuple(path.name for path in sorted(EXAMPLES.iterdir()) if path.suffix != ".md")


def head() -> str:
    """Return what the page's head must load before its parts are there."""
    styles = sorted(path.name for path in (PAGE / "styles").glob("*.css"))
    return "".join(f'<link rel="stylesheet" href="{URL}/styles/{name}">' for name in styles)


def routes() -> list[Route]:
    """Return the routes under which the files are served."""
    return [_route(f"/{URL}/examples", EXAMPLES), _route(f"/{URL}", PAGE)]


def _route(below: str, folder: Path) -> Route:
    """Serve the files of a folder, which a browser need not ask for twice.

    No Mount: behind a proxy that takes its own path off, as GRADIO_ROOT_PATH wants it,
    a mounted app looks for that path and finds no file.
    """
    files = StaticFiles(directory=folder)

    async def serve(request: Request) -> Response:
        response = await files.get_response(request.path_params["path"], request.scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    return Route(below + "/{path:path}", serve)
