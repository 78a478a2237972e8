"""“Not what I wrote” on the real page: chosen with mouse or keys, given only with consent."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from page.feedback import NUMBERS
from recognizer import CHARACTERS, LETTERS, fit_to_input, strokes_to_ink
from tests.browser.visitor import PHONE, Visitor
from tests.hand import by_hand
from tests.page_server import RunningPage, running_page
from train.feedback import load_feedback

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feedback")


@pytest.fixture(scope="module")
def collecting(folder: Path) -> RunningPage:
    return running_page(("HARF_FEEDBACK_DIR", str(folder)))


@pytest.fixture
def come(browser: Browser, collecting: RunningPage) -> Iterator[Visit]:
    """Open windows on a page that keeps corrections; none may complain."""
    visitors: list[Visitor] = []

    def open_window(**settings: Any) -> Visitor:
        visitors.append(Visitor(browser, collecting.url, **settings))
        return visitors[-1]

    yield open_window
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.close()
    assert complaints == []


def kept(folder: Path) -> list[dict[str, Any]]:
    lines = [file.read_text("utf-8").splitlines() for file in folder.glob("corrections*.jsonl")]
    return [json.loads(line) for line in sum(lines, [])]


def dialog(me: Visitor) -> Locator:
    return me.page.get_by_role("dialog", name="Which letter is it?")


def joins(me: Visitor) -> int:
    """How many questions went through the queue: corrections and pictures do."""
    return sum("/queue/join" in request.url for request in me.requests)


@pytest.mark.parametrize("name", ["noon", "seen"])  # one of the five best, and none of them
def test_a_page_that_keeps_nothing_shows_the_right_letter_and_asks_for_nothing(
    visit: Visit, name: str
) -> None:
    me = visit()
    expect(me.page.locator(".promise")).to_have_text(
        "Drawings and pictures are read and forgotten."
    )
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    expect(me.answer).to_have_attribute("aria-busy", "false")
    before = len(me.requests)
    me.find(".wrong").click()
    expect(dialog(me).get_by_role("checkbox")).to_have_count(0)
    expect(dialog(me).get_by_role("button", name="Show this letter")).to_be_disabled()
    dialog(me).get_by_role("radio", name=name, exact=True).check()
    dialog(me).get_by_role("button", name="Show this letter").click()
    expect(dialog(me)).to_be_hidden()
    letter = next(c.letter for c in CHARACTERS if c.name == name)
    expect(me.letter).to_have_text(letter)
    expect(me.find(".verdict")).to_contain_text("Your letter")
    expect(me.find(".card .isolated")).to_have_text(letter)
    expect(me.find(".ask-why")).to_contain_text(letter)
    expect(me.find(".back")).to_be_focused()
    assert len(me.requests) == before
    me.page.keyboard.press("Enter")
    expect(me.letter).to_have_text("ب")


def test_the_letter_that_was_read_may_be_named_and_the_keys_go_on(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    expect(me.answer).to_have_attribute("aria-busy", "false")
    me.find(".wrong").click()
    dialog(me).get_by_role("radio", name="beh", exact=True).check()
    dialog(me).get_by_role("button", name="Show this letter").click()
    expect(me.find(".guess-card").first).to_be_focused()


def test_a_given_drawing_is_kept_as_it_was_drawn(come: Visit, folder: Path) -> None:
    me = come()
    expect(me.page.locator(".promise")).to_contain_text("except those you choose to give")
    ask = me.find(".wrong")
    expect(ask).to_be_hidden()  # nothing is there to be corrected
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    expect(me.answer).to_have_attribute("aria-busy", "false")
    before = len(kept(folder))
    ask.click()
    send = dialog(me).get_by_role("button", name="Send")
    consent = dialog(me).get_by_role("checkbox")
    expect(dialog(me).get_by_role("radio")).to_have_count(28)
    expect(consent).not_to_be_checked()
    expect(dialog(me)).to_contain_text("CC0")
    consent.check()
    expect(send).to_be_disabled()
    dialog(me).get_by_role("radio", name="teh", exact=True).check()
    send.click()
    expect(dialog(me).get_by_role("status")).to_contain_text("It is kept as")
    line = kept(folder)[-1]
    assert len(kept(folder)) == before + 1
    assert line["id"] in dialog(me).inner_text()
    assert (line["answer"], line["correction"], line["consent"]) == ("ب", "ت", True)
    drawn = [r.post_data_json["data"][0] for r in me.requests if "/gradio_api/run/" in r.url][-1]
    assert line["strokes"] == drawn["strokes"]
    feedback = load_feedback(str(folder))
    ink = fit_to_input(strokes_to_ink(line["strokes"]))
    same = [np.array_equal(ink, each) for each in feedback.inks]
    assert LETTERS[feedback.labels[same.index(True)]] == "ت"
    dialog(me).get_by_role("button", name="Close").click()
    expect(ask).to_be_hidden()  # given once is given
    expect(me.letter).to_have_text("ت")
    expect(me.find(".back")).to_be_focused()
    me.page.locator("#draw").get_by_role("radio", name="Broad pen").check()
    expect(me.letter).to_have_text("ب")
    expect(me.answer).to_have_attribute("aria-busy", "false")
    expect(ask).to_be_hidden()  # with whichever pen
    me.draw([[505, 900]])
    expect(ask).to_be_visible()
    ask.click()
    expect(consent).not_to_be_checked()
    expect(dialog(me).locator(":checked")).to_have_count(0)


def test_without_consent_nothing_is_sent(come: Visit, folder: Path) -> None:
    me = come()
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    expect(me.answer).to_have_attribute("aria-busy", "false")
    before = len(kept(folder))
    me.find(".wrong").click()
    dialog(me).get_by_role("radio", name="sheen").check()
    me.page.keyboard.press("Escape")
    expect(dialog(me)).to_be_hidden()
    expect(me.letter).to_have_text("س")  # Escape closed the choice and left the drawing
    me.find(".wrong").click()
    dialog(me).get_by_role("radio", name="sheen").check()
    dialog(me).get_by_role("checkbox").check()
    dialog(me).get_by_role("checkbox").uncheck()
    dialog(me).get_by_role("button", name="Show this letter").click()
    expect(dialog(me)).to_be_hidden()
    expect(me.letter).to_have_text("ش")
    me.page.wait_for_timeout(500)
    assert joins(me) == 0 and len(kept(folder)) == before


def test_it_can_be_done_with_the_keyboard_alone_in_arabic(come: Visit, folder: Path) -> None:
    me = come(locale="ar")
    me.draw(by_hand("ج"))
    expect(me.letter).to_have_text("ج")
    press = me.page.keyboard.press
    me.find(".wrong").focus()
    press("Enter")
    press("Space")  # the first letter is in focus: alef
    for _ in range(6):
        press("ArrowDown")
    checked = me.find(".correct-letters :checked")
    expect(checked).to_have_attribute("aria-label", "خاء")
    press("Tab")
    press("Space")
    press("Tab")
    press("Enter")
    expect(me.find(".correct-outcome")).to_contain_text("شكرًا لك")
    assert kept(folder)[-1]["correction"] == "خ"
    press("Enter")  # the focus is on Close
    expect(me.find(".correct")).to_be_hidden()


def test_of_a_picture_what_the_model_saw_is_kept(come: Visit, folder: Path) -> None:
    me = come(view="upload")
    me.find(".examples button").first.click()
    expect(me.letter).to_have_text("ع")
    me.find(".wrong").click()
    expect(dialog(me)).to_contain_text("the picture as the model saw it")
    dialog(me).get_by_role("radio", name="ghain").check()
    dialog(me).get_by_role("checkbox").check()
    dialog(me).get_by_role("button", name="Send").click()
    expect(dialog(me).get_by_role("status")).to_contain_text("It is kept as")
    line = kept(folder)[-1]
    assert (line["strokes"], line["answer"], line["correction"]) == (None, "ع", "غ")
    assert LETTERS.index("غ") in load_feedback(str(folder)).labels


def test_what_cannot_be_kept_is_said(come: Visit) -> None:
    me = come()
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    me.find(".wrong").click()
    dialog(me).get_by_role("radio", name="teh", exact=True).check()
    dialog(me).get_by_role("checkbox").check()
    me.page.route("**/queue/join*", lambda route: route.fulfill(status=429, json={"detail": "no"}))
    dialog(me).get_by_role("radio", name="teh", exact=True).press("Enter")
    expect(dialog(me).get_by_role("status")).to_contain_text("It could not be kept")
    expect(dialog(me).get_by_role("button", name="Send")).to_be_focused()  # to try again
    expect(me.letter).to_have_text("ب")
    me.complaints = [c for c in me.complaints if "429" not in c]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_button_can_be_read_under_the_mouse(come: Visit, scheme: str) -> None:
    me = come(color_scheme=scheme)
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    me.find(".wrong").click()
    dialog(me).get_by_role("radio", name="teh", exact=True).check()
    me.find(".send").hover()
    me.page.wait_for_timeout(400)  # colours change slowly
    style = "it => [getComputedStyle(it).color, getComputedStyle(it).backgroundColor]"
    ink, ground = me.find(".send").evaluate(style)
    assert ink != ground


def send_and_hold(me: Visitor) -> Route:
    """Give a drawing, and hold what is sent on its way."""
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    me.find(".wrong").click()
    dialog(me).get_by_role("radio", name="teh", exact=True).check()
    dialog(me).get_by_role("checkbox").check()
    return press_send_and_hold(me)


def press_send_and_hold(me: Visitor) -> Route:
    """Send, and see that what is on its way cannot be changed."""
    held: list[Route] = []
    me.page.route("**/queue/join*", lambda route: held.append(route))
    dialog(me).get_by_role("button", name="Send").click()
    me.wait_for(held)
    expect(dialog(me).get_by_role("checkbox")).to_be_disabled()
    expect(dialog(me).get_by_role("radio").first).to_be_disabled()
    return held[0]


def test_who_closes_too_early_still_learns_under_which_name_it_is_kept(
    come: Visit, folder: Path
) -> None:
    me = come()
    sent = send_and_hold(me)
    me.page.keyboard.press("Escape")
    expect(dialog(me)).to_be_hidden()
    sent.continue_()
    expect(dialog(me).get_by_role("status")).to_contain_text("It is kept as")
    assert kept(folder)[-1]["id"] in dialog(me).inner_text()
    dialog(me).get_by_role("button", name="Close").click()
    expect(me.letter).to_have_text("ت")
    me.page.unroute("**/queue/join*")


def test_who_draws_on_still_learns_under_which_name_it_is_kept(come: Visit, folder: Path) -> None:
    me = come()
    sent = send_and_hold(me)
    me.page.keyboard.press("Escape")
    me.find(".clear").click()
    me.draw(by_hand("د"))
    expect(me.letter).to_have_text("د")
    sent.continue_()
    expect(me.find(".kept-late")).to_contain_text("It is kept as")
    assert kept(folder)[-1]["id"] in me.find(".kept-late").inner_text()
    expect(me.letter).to_have_text("د")
    expect(dialog(me)).to_be_hidden()
    me.page.unroute("**/queue/join*")


def test_what_is_kept_late_is_said_to_be_kept(come: Visit, folder: Path) -> None:
    me = come()
    me.page.clock.install()
    sent = send_and_hold(me)
    me.page.clock.fast_forward(16_000)
    expect(dialog(me).get_by_role("status")).to_contain_text("It could not be kept")
    sent.continue_()
    expect(dialog(me).get_by_role("status")).to_contain_text("It is kept as")
    assert kept(folder)[-1]["id"] in dialog(me).inner_text()
    me.page.unroute("**/queue/join*")


def test_what_is_sent_twice_is_told_with_both_names(come: Visit, folder: Path) -> None:
    me = come()
    me.page.clock.install()
    before = len(kept(folder))
    first = send_and_hold(me)
    me.page.clock.fast_forward(16_000)
    expect(dialog(me).get_by_role("status")).to_contain_text("It could not be kept")
    second = press_send_and_hold(me)
    first.continue_()
    expect(dialog(me).get_by_role("status")).to_contain_text("It is kept as")
    second.continue_()
    said = dialog(me).get_by_role("status")
    expect(said).to_contain_text(", ")
    names = [line["id"] for line in kept(folder)[before:]]
    assert len(names) == 2 and all(name in said.inner_text() for name in names)
    me.page.unroute("**/queue/join*")


def test_a_drawing_that_is_too_long_to_keep_is_said_to_be(come: Visit, folder: Path) -> None:
    me = come()
    before = len(kept(folder))
    points = [n for i in range(NUMBERS) for n in (100 + i * 37 % 800, 100 + i * 91 % 800)]
    stroke = {"points": points, "pressures": [0.5] * NUMBERS}
    keep = "([key, strokes]) => sessionStorage.setItem(key, JSON.stringify(strokes))"
    me.page.evaluate(keep, ["harf-drawing-draw", [stroke]])
    me.reload()
    me.find(".wrong").click()
    dialog(me).get_by_role("radio", name="teh", exact=True).check()
    dialog(me).get_by_role("checkbox").check()
    dialog(me).get_by_role("button", name="Send").click()
    expect(dialog(me).get_by_role("status")).to_contain_text("too long to be kept")
    assert len(kept(folder)) == before


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_on_a_phone_the_whole_choice_is_in_sight(come: Visit, locale: str) -> None:
    me = come(viewport={"width": 360, "height": 640}, locale=locale)
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    me.find(".wrong").click()
    box = me.find(".correct").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
    assert box["y"] >= 0 and box["y"] + box["height"] <= 640
    for part in (".correct-letter >> nth=27", ".send", ".close"):
        inner = me.find(part).bounding_box()
        assert inner and inner["height"] >= 44
        assert inner["y"] + inner["height"] <= box["y"] + box["height"]


def test_on_a_phone_the_button_is_in_sight_with_the_answer(come: Visit) -> None:
    me = come(viewport=PHONE)
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    box = me.find(".wrong").bounding_box()
    assert box and box["y"] + box["height"] <= PHONE["height"]
