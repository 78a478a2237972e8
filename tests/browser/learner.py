"""What a learner does on the Practise view."""

import re

from playwright.sync_api import expect

from recognizer import LETTERS
from tests.browser.visitor import Visitor
from tests.hand import Strokes


def ask(me: Visitor, letter: str) -> None:
    me.find(".cells button").nth(LETTERS.index(letter)).click()


def standing(me: Visitor, letter: str) -> str:
    label = me.find(".cells button").nth(LETTERS.index(letter)).get_attribute("aria-label")
    assert label
    return label.split(": ")[1]


def check(me: Visitor, strokes: Strokes, says: str | re.Pattern[str]) -> None:
    """Draw with the mouse, have it checked, and read what is said of it."""
    me.draw(strokes)
    expect(me.find(".go")).to_have_text("Check")
    me.find(".go").click()
    expect(me.find(".told")).to_contain_text(says)
