"""A browser and visitors to the real page; each must leave without a complaint."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor
from tests.page_server import RunningPage, running_page


@pytest.fixture(scope="session")
def harf() -> RunningPage:
    return running_page()


@pytest.fixture
def visit(browser: Browser, harf: RunningPage) -> Iterator[Callable[..., Visitor]]:
    """Open windows on the page; whatever they did, the console and the network stay quiet."""
    visitors: list[Visitor] = []

    def open_window(**settings: Any) -> Visitor:
        visitors.append(Visitor(browser, harf.url, **settings))
        return visitors[-1]

    yield open_window
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    hosts = set().union(*(visitor.foreign_hosts(harf.url) for visitor in visitors))
    for visitor in visitors:
        visitor.close()
    assert complaints == []
    assert hosts == set()
