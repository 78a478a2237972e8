"""Somebody in front of the page: a browser, and hands to draw with."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    CDPSession,
    Locator,
    Page,
    Request,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.hand import Strokes

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}

_NAMES = (
    "chromium-headless-shell",  # opens a window in a third of the time: it has no toolbars
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
PATIENCE = 30_000  # milliseconds; on a busy machine what takes 50 takes seconds
# Without these the browser itself, not the page, calls its maker.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)

# Every part of the page has found its module, and that its texts.
_MOUNTED = """() => document.querySelectorAll('.answer').length === 2 &&
    document.querySelectorAll('.call').length === 3 &&
    document.querySelector('.cells button') && document.querySelector('.go')?.textContent &&
    !document.querySelector('[data-label]:not([aria-label])')"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium that HARF_CHROMIUM names, else one on PATH, else Playwright's own."""
    found = os.environ.get("HARF_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    # Chromium's sandbox refuses to run as root, as in many containers.
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=[*_QUIET, *(["--no-sandbox"] if as_root else [])]
        )
        yield browser
        browser.close()


class Visitor:
    """One browser window on the page, and what goes wrong in it."""

    def __init__(self, browser: Browser, url: str, view: str = "draw", **context: Any) -> None:
        self.context = browser.new_context(**({"viewport": WIDE, "locale": "en"} | context))
        self.complaints: list[str] = []
        self.requests: list[Request] = []
        self._open(url, view)

    def beside(self) -> "Visitor":
        """Open the same view in another tab; its complaints and requests count as this one's."""
        other = copy(self)
        other._open(self.page.url.partition("#")[0], self.view)
        return other

    def _open(self, url: str, view: str) -> None:
        self.page: Page = self.context.new_page()
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)
        self.page.goto(f"{url}#{view}")
        self.view = view
        self._wait()

    def reload(self) -> None:
        """Open the page anew in this window; once it answers to a hand, it is there."""
        self.page.reload()
        self._wait()

    def _wait(self) -> None:
        self.page.wait_for_function(_MOUNTED, timeout=2 * PATIENCE)

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def foreign_hosts(self, url: str) -> set[str]:
        """Return every host that the window asked, other than the page's own."""
        hosts = {urlsplit(r.url).netloc for r in self.requests if r.url.startswith("http")}
        return hosts - {urlsplit(url).netloc}

    def views(self) -> list[str]:
        """Return the names of all views."""
        links = self.page.locator(".views a")
        return [str(link.get_attribute("href"))[1:] for link in links.all()]

    def show(self, view: str) -> None:
        """Go to a view, from wherever on the page."""
        self.page.locator(f".views a[href='#{view}']").dispatch_event("click")
        self.view = view
        expect(self.page.locator(f"#{view}")).to_be_visible()

    def find(self, selector: str) -> Locator:
        """Find something in the view that is open."""
        return self.page.locator(f"#{self.view} {selector}")

    @property
    def answer(self) -> Locator:
        """The panel with the answer; its data-state says of which kind."""
        return self.find(".answer")

    @property
    def letter(self) -> Locator:
        """The letter that is read, large."""
        return self.find(".letters")

    def wait_for(self, held: list[Route], count: int = 1) -> None:
        """Wait until so many requests are held; that one is made is heard before."""
        for _ in range(PATIENCE // 10):
            if len(held) >= count:
                return
            self.page.wait_for_timeout(10)
        raise AssertionError(f"{len(held)} requests, not {count}")

    def draw(self, strokes: Strokes, *, lift: bool = True) -> None:
        """Draw with the mouse, and lift it at the end of each stroke or hold it down."""
        for stroke in strokes:
            first, *rest = self._points(stroke)
            self.page.mouse.move(*first)
            self.page.mouse.down()
            for point in rest:
                self.page.mouse.move(*point)
            if lift:
                self.page.mouse.up()

    def draw_with_finger(self, strokes: Strokes) -> None:
        """Draw on a touch screen."""
        for stroke in strokes:
            first, *rest = self._points(stroke)
            self.touch("touchStart", first)
            for point in rest:
                self.touch("touchMove", point)
            self.touch("touchEnd")

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Let fingers touch the window, all that are on it, in pixels of it."""
        places = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        self.devices.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    @cached_property
    def devices(self) -> CDPSession:
        """What the browser takes for fingers and pens."""
        return self.context.new_cdp_session(self.page)

    def _points(self, stroke: list[float]) -> list[tuple[float, float]]:
        """Return every third point of a stroke, and its last, in pixels of the window."""
        box = self.find("canvas.paper").bounding_box()
        assert box
        points = list(zip(stroke[::2], stroke[1::2], strict=True))
        kept = [*points[:-1:3], points[-1]]
        unit = box["width"] / 1000
        return [(box["x"] + x * unit, box["y"] + y * unit) for x, y in kept]
