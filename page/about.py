"""What stands behind the page: how good the model is, its card, the source, the licence.

The documents are those of the repository, set as plain pages of their own: nothing
is fetched from elsewhere to read them.
"""

import html
import json
import os
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from recognizer import ModelError
from recognizer.hub import SCHEME, HubName
from recognizer.model import BUNDLED, CHOICE

from . import assets

ROOT = assets.ASSETS.parent
HUB = "https://huggingface.co"

_DOCUMENTS = {
    "card": BUNDLED / "README.md",
    "readme": ROOT / "README.md",
    "licence": ROOT / "LICENSE",
}

_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{page}/favicon.svg">
<link rel="stylesheet" href="{page}/document.css">
</head>
<body>
<header><a href="../"><img src="{page}/favicon.svg" alt="Harf" width="34" height="34"></a></header>
<main>
{body}
</main>
</body>
</html>
"""


def accuracy() -> dict[str, float] | None:
    """Return the shares of letters read rightly, as they were measured for this very model.

    Returns:
        In 0 to 1: "ahcd" of the AHCD test set and, if that was measured, "others" of letters
        by people of whom the model saw none. None if another model was chosen to answer, or
        put in the place of the one that was measured.
    """
    if os.environ.get(CHOICE):
        return None
    try:
        metrics, model = (
            json.loads((BUNDLED / name).read_text(encoding="utf-8"))
            for name in ("metrics.json", "model.json")
        )
        if metrics["sha256"] != model["sha256"]:
            return None
    except (OSError, ValueError, KeyError):  # what is wrong with a model is said when it is loaded
        return None
    sets = {"ahcd": "ahcd_test", "others": "newhands"}
    return {name: metrics[kept]["accuracy"] for name, kept in sets.items() if kept in metrics}


def card_address() -> str | None:
    """Return where the card of the chosen model can be read; None for a folder's."""
    choice = os.environ.get(CHOICE, "")
    if choice.startswith(SCHEME):
        with suppress(ModelError):  # said when it is loaded
            return f"{HUB}/{HubName.parse(choice).repo}"
    return "about/card" if accuracy() else None


def source_address() -> str:
    """Return where the source can be read: the Space's files, else what README says of it."""
    space = os.environ.get("SPACE_ID")
    return f"{HUB}/spaces/{space}/tree/main" if space else "about/readme"


def routes() -> list[Route]:
    """Return the route under which the documents are served."""
    return [Route("/about/{name}", _serve)]


async def _serve(request: Request) -> Response:
    path = _DOCUMENTS.get(request.path_params["name"])
    if path is None or not path.is_file():
        return Response(status_code=404)
    return HTMLResponse(document(path))


@cache
def document(path: Path) -> str:
    """Return a file of the repository as a page; Markdown is set, anything else shown as it is."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".md":
        return _page(path.name, f"<pre>{html.escape(text)}</pre>")
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)  # front matter
    text = re.sub(r"<!--.*?-->\n?|</?sub>", "", text, flags=re.DOTALL)
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    for token in tokens:
        for child in token.children or ():
            _lead(child)
    title = next((t.content for t in tokens if t.type == "inline"), path.name)
    return _page(title, parser.renderer.render(tokens, parser.options, {}))


def _lead(token: Any) -> None:
    """Let a link or picture of a document lead to where the page serves it, or nowhere."""
    name = {"link_open": "href", "image": "src"}.get(token.type)
    if name is None or re.match(r"https?:|#", target := str(token.attrs[name])):
        return
    served = {"LICENSE": "licence", "README.md": "readme", "assets/model/README.md": "card"}
    if target.startswith("assets/page/"):
        token.attrs[name] = f"../{assets.URL}/{target.removeprefix('assets/page/')}"
    elif target in served:
        token.attrs[name] = served[target]
    else:
        del token.attrs[name]


def _page(title: str, body: str) -> str:
    # Tables may be wider than a phone: each scrolls by itself, with the keyboard too.
    body = body.replace("<table>", '<div class="table" tabindex="0"><table>')
    body = body.replace("</table>", "</table></div>").replace("<pre>", '<pre tabindex="0">')
    return _FRAME.format(title=html.escape(title), page=f"../{assets.URL}", body=body)
