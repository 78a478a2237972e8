"""What a messenger or a search engine reads: title, description and preview, no foreign host."""

import io
import urllib.request
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from PIL import Image

from page.head import PREVIEW
from page.texts import TEXTS
from tests.page_server import PATIENCE, RunningPage, running_page
from tests.proxy import BELOW, proxy


@pytest.fixture(scope="module")
def page() -> RunningPage:
    return running_page()


class Head(HTMLParser):
    """The title, the language and every meta tag of a page, as a reader of heads sees them."""

    def __init__(self, address: str, **headers: str) -> None:
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.html: dict[str, str | None] = {}
        self.title = ""
        self._in_title = False
        request = urllib.request.Request(address, headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            self.source = answer.read().decode()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        self._in_title = tag == "title"
        if tag == "html":
            self.html = of
        if tag == "meta" and (name := of.get("property") or of.get("name")):
            self.meta.setdefault(name, []).append(of["content"] or "")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data.strip()


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [("", "en-GB", "en"), ("", "ar-EG,en", "ar"), ("?lang=ar", "en", "ar"), ("", "de", "en")],
)
def test_the_head_speaks_of_harf_in_the_readers_language(
    page: RunningPage, query: str, header: str, language: str
) -> None:
    head = Head(page.url + query, **{"Accept-Language": header})
    texts = TEXTS[language]
    assert (head.title, head.meta["description"]) == (texts["title"], [texts["description"]])
    assert head.meta["og:title"] == [texts["title"]]
    assert head.meta["og:description"] == [texts["description"]]
    direction = "rtl" if language == "ar" else "ltr"
    assert (head.html["lang"], head.html["dir"]) == (language, direction)


def test_nothing_of_gradios_own_preview_is_left(page: RunningPage) -> None:
    head = Head(page.url)
    day, night = head.meta.pop("theme-color")
    assert day != night
    assert all(len(values) == 1 for name, values in head.meta.items() if name != "viewport")
    tags = head.source.split("window.gradio_config")[0].lower()
    assert "gradio" not in tags.replace("<script>", "")
    assert "raw.githubusercontent" not in head.source


@pytest.mark.parametrize("below", [False, True])
def test_the_preview_is_a_small_picture_at_an_address_of_the_page(
    page: RunningPage, below: bool
) -> None:
    address = page.url
    if below:
        page = running_page(("GRADIO_ROOT_PATH", BELOW))
        address = proxy(urlsplit(page.url).port or 0)
    head = Head(address)
    (picture,) = head.meta["og:image"]
    # A proxy that says nothing of its host leaves the page its own.
    place = urlsplit(picture)
    assert place.path.startswith(f"{BELOW}/page/" if below else "/page/")
    base = urlsplit(address)
    picture = f"{base.scheme}://{base.netloc}{place.path}"
    with urllib.request.urlopen(picture, timeout=PATIENCE) as answer:
        data = answer.read()
    assert len(data) < 100_000
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == PREVIEW
    assert head.meta["og:image:width"] == [str(PREVIEW[0])]


def test_a_query_cannot_write_into_the_head(page: RunningPage) -> None:
    head = Head(page.url + "?lang=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert head.html["lang"] == "en" and "alert(1)" not in head.source
