"""A server that stops while the page is open: Gradio notices, and sends nothing any more."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.learner import ask
from tests.browser.visitor import Visitor
from tests.hand import by_hand
from tests.page_server import start_page, state_of

NO_ANSWER = "No answer came: check the connection and try again."
SOON = 8_000  # milliseconds; a question that nobody answers is given up after 15 seconds


@pytest.fixture
def me(browser: Browser, tmp_path: Path) -> Visitor:
    page = start_page(("HARF_FEEDBACK_DIR", str(tmp_path)))
    while state_of(page) == "loading":
        time.sleep(0.2)
    me = Visitor(browser, page.url)
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    me.find(".wrong").click()
    page.process.kill()
    page.process.wait()
    me.page.wait_for_timeout(1000)  # Gradio has seen it
    return me


def test_every_view_says_so_soon_and_each_time(me: Visitor) -> None:
    dialog = me.page.get_by_role("dialog", name="Which letter is it?")
    dialog.get_by_role("radio", name="teh", exact=True).check()
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("could not be kept", timeout=SOON)
    dialog.get_by_role("button", name="Close").click()
    for _ in range(2):
        me.find(".clear").click()
        me.draw(by_hand("ا"))
        expect(me.find(".failure")).to_have_text(NO_ANSWER, timeout=SOON)
    me.show("practise")
    ask(me, "ا")
    me.draw(by_hand("ا"))
    me.find(".go").click()
    expect(me.find(".told")).to_have_text(NO_ANSWER, timeout=SOON)
    me.close()
