"""What a search engine, a messenger or a browser reads of the page before it runs.

Gradio writes its own name, picture and language into the head and has no setting for
most of it, so the head is written anew on its way out.
"""

import html
import re
from typing import Final
from urllib.parse import urlsplit

from gradio.route_utils import get_root_url
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import assets
from .texts import LANGUAGES, TEXTS

PREVIEW: Final = (1200, 630)  # pixels, width and height of the picture in a preview

# The ground of the page, as in its style sheet: the browser's own bars take it on.
DAY: Final = "#f3f4f8"
NIGHT: Final = "#0f1218"

_TAG = re.compile(
    r'<meta\s+(?:property="og:|name="twitter:|name="description")[^>]*>\s*', re.DOTALL
)


class Head:
    """Give the page a title, a description and a preview of its own."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        """Wrap an app.

        Args:
            app: Who serves the page.
            root_path: Below which path a proxy serves it, or under which address.
        """
        self.app = app
        self.root_path = root_path
        below = urlsplit(root_path).path.rstrip("/")
        self._places = ("/", f"{below}/")  # a proxy may take that away or leave it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; rewrite the answer if it is the page."""
        if scope["type"] != "http" or scope["path"] not in self._places or scope["method"] != "GET":
            return await self.app(scope, receive, send)
        request = Request(scope)
        started: Message = {}
        body = b""

        async def rewrite(message: Message) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start":
                started = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            headers = MutableHeaders(raw=started["headers"])
            if headers.get("content-type", "").startswith("text/html"):
                root = get_root_url(request, "/", self.root_path)
                body = rewritten(body.decode(), language(request), root).encode()
                headers["content-length"] = str(len(body))
                headers.add_vary_header("Accept-Language")
            await send(started)
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, rewrite)


def language(request: Request) -> str:
    """Return the language that the address asks for, else the browser's first."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    return "ar" if request.headers.get("accept-language", "").startswith("ar") else "en"


def rewritten(page: str, language: str, root: str) -> str:
    """Return the page with a head of our own.

    Args:
        page: HTML as Gradio makes it.
        language: "en" or "ar".
        root: The page's address, without a slash at the end.
    """
    # Behind the head's first script stands the configuration: data, left as it is.
    head, script, rest = page.partition("<script>window.gradio_config")
    head = _TAG.sub("", head)
    direction = "rtl" if language == "ar" else "ltr"
    head = re.sub(r'<html\s+lang="\w*"', f'<html lang="{language}" dir="{direction}"', head)
    return head.replace("</style>", f"</style>\n{_tags(language, root)}", 1) + script + rest


def _tags(language: str, root: str) -> str:
    texts = {key: html.escape(text) for key, text in TEXTS[language].items()}
    address = html.escape(root)
    width, height = PREVIEW
    return f"""<title>{texts["title"]}</title>
<link rel="icon" type="image/svg+xml" href="{assets.URL}/favicon.svg">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="{DAY}">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="{NIGHT}">
<meta name="description" content="{texts["description"]}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="{texts["name"]}">
<meta property="og:title" content="{texts["title"]}">
<meta property="og:description" content="{texts["description"]}">
<meta property="og:locale" content="{"ar_AR" if language == "ar" else "en_US"}">
<meta property="og:url" content="{address}/">
<meta property="og:image" content="{address}/{assets.URL}/preview.png">
<meta property="og:image:width" content="{width}">
<meta property="og:image:height" content="{height}">
<meta property="og:image:alt" content="{texts["preview"]}">
<meta name="twitter:card" content="summary_large_image">
"""
