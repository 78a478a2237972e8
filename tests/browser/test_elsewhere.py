"""The page as somebody else may run it: below a path, with a model that cannot be had."""

import os
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor
from tests.hand import by_hand
from tests.hub_server import Hub
from tests.page_server import running_page
from tests.proxy import BELOW, proxy


@pytest.fixture(scope="module")
def address() -> str:
    page = running_page(
        ("GRADIO_ROOT_PATH", BELOW),
        ("HARF_MODEL", "hf://owner/nothing"),
        ("HF_ENDPOINT", os.environ["HF_ENDPOINT"]),
    )
    assert "There is no owner/nothing on the Hub" in page.log.read_text(encoding="utf-8")
    return proxy(urlsplit(page.url).port or 0)


@pytest.mark.parametrize(
    ("locale", "says"), [("en", "comes with Harf answers"), ("ar", "النموذج المرفق")]
)
def test_below_a_path_it_reads_letters_and_says_which_model_answers(
    hub: Hub, browser: Browser, address: str, locale: str, says: str
) -> None:
    me = Visitor(browser, address, locale=locale)
    expect(me.page.locator(".notice")).to_contain_text(says)
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    assert me.complaints == [] and me.foreign_hosts(address) == set()
    me.close()
