"""Asking what an answer rests on: in words, and over the drawing or picture."""

import re
from collections.abc import Callable

from playwright.sync_api import Route, expect

from recognizer.characters import BY_LETTER
from tests.browser.visitor import PHONE, Visitor
from tests.hand import by_hand

Visit = Callable[..., Visitor]
TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
QUESTION = "**/gradio_api/queue/join**"

# Which share of the hottest pixels lies on ink of the pad.
ON_INK = """heat => {
    const paper = document.querySelector('#draw canvas.paper');
    const [h, p] = [heat, paper].map(it => it.getBoundingClientRect());
    const ink = paper.getContext('2d').getImageData(0, 0, 1000, 1000).data;
    const hot = heat.getContext('2d').getImageData(0, 0, 64, 64).data;
    let [all, on] = [0, 0];
    for (let i = 0; i < 4096; i++) {
        if (hot[4 * i + 3] < 160) continue;
        all += 1;
        const x = h.x - p.x + ((i % 64) + 0.5) * h.width / 64;
        const y = h.y - p.y + (Math.floor(i / 64) + 0.5) * h.height / 64;
        const [column, row] = [x, y].map(n => Math.floor(n / p.width * 1000));
        on += ink[4 * (row * 1000 + column) + 3] > 0;
    }
    return on / all;
}"""


def _draw(me: Visitor, letter: str) -> None:
    me.draw(by_hand(letter))
    expect(me.letter).to_have_text(letter)
    expect(me.answer).to_have_attribute("aria-busy", "false")


def _ask(me: Visitor) -> None:
    me.find(".ask-why").click()
    expect(me.find(".heat")).to_be_visible()


def test_it_is_told_in_words_and_drawn_over_the_ink(visit: Visit) -> None:
    me = visit()
    _draw(me, "خ")
    expect(me.find(".heat")).to_be_hidden()
    expect(me.find(".why")).to_be_hidden()
    _ask(me)
    expect(me.find(".why")).to_have_text(re.compile("^That it is خ rests most on the .*orange"))
    assert me.find(".heat").evaluate(ON_INK) > 0.9
    me.page.locator(".language").click()
    expect(me.find(".why")).to_have_text(re.compile("^أكثر ما يدلّ على أنّه خ هو"))
    expect(me.find(".heat")).to_be_visible()
    me.find(".ask-why").click()
    expect(me.find(".heat")).to_be_hidden()
    expect(me.find(".why")).to_be_hidden()


def test_in_arabic_two_dots_are_named_in_the_dual(visit: Visit) -> None:
    me = visit(locale="ar")
    _draw(me, "ت")
    _ask(me)
    expect(me.find(".why")).to_contain_text("النقطتان فوقه")


def test_a_question_without_a_reply_fails_in_time_and_may_be_asked_again(visit: Visit) -> None:
    me = visit()
    _draw(me, "ت")
    me.page.clock.install()
    held: list[Route] = []
    me.page.route(QUESTION, lambda route: held.append(route))
    with me.page.expect_request(QUESTION):
        me.find(".ask-why").click()
    me.page.clock.fast_forward(16_000)
    expect(me.find(".why")).to_contain_text("No answer came")
    me.page.unroute(QUESTION)
    me.find(".ask-why").click()
    _ask(me)
    expect(me.find(".why")).to_contain_text("That it is ت")


def test_who_looks_elsewhere_meanwhile_is_told_of_what_lies_over_the_drawing(visit: Visit) -> None:
    me = visit()
    _draw(me, "خ")
    held: list[Route] = []
    me.page.route(QUESTION, lambda route: held.append(route))
    me.find(".ask-why").click()
    me.wait_for(held)
    me.show("practise")
    held[0].continue_()
    expect(me.page.locator("#draw .why")).to_contain_text("in orange")
    me.show("draw")
    expect(me.find(".heat")).to_be_visible()
    me.page.unroute(QUESTION)


def test_it_may_be_asked_against_a_candidate(visit: Visit) -> None:
    me = visit()
    _draw(me, "ت")
    second = me.find(".guess-card").nth(1)
    rival = second.locator(".letter-sign").inner_text()
    second.click()
    expect(me.find(".ask-why")).to_have_text(f"Why ت and not {rival}?")
    names = f"teh and not {BY_LETTER[rival].name}"  # for a voice that knows no Arabic
    expect(me.find(".ask-why")).to_have_accessible_name(f"Why {names}?")
    _ask(me)
    expect(me.find(".why")).to_contain_text(f"That it is ت and not {rival}")
    expect(me.find(".why-spoken")).to_contain_text(f"That it is {names} rests most on")
    me.find(".back").click()
    expect(me.find(".heat")).to_be_hidden()
    expect(me.find(".ask-why")).to_have_text("Why this letter?")


def test_it_is_gone_as_soon_as_the_drawing_changes(visit: Visit) -> None:
    me = visit()
    _draw(me, "ت")
    _ask(me)
    x, y = me._points([900, 900])[0]
    me.page.mouse.move(x, y)
    me.page.mouse.down()  # the pen touches the paper and has not even moved
    expect(me.find(".heat")).to_be_hidden()
    expect(me.find(".why")).to_be_hidden()
    me.page.mouse.up()
    me.page.keyboard.press("Control+z")
    expect(me.letter).to_have_text("ت")
    expect(me.answer).to_have_attribute("aria-busy", "false")
    for change in (".undo", ".clear"):
        _ask(me)
        me.find(change).click()
        expect(me.find(".heat")).to_be_hidden()
        expect(me.answer).to_have_attribute("aria-busy", "false")


def test_it_never_comes_late_over_another_drawing(visit: Visit) -> None:
    me = visit()
    held: list[Route] = []
    _draw(me, "ت")
    me.page.route(QUESTION, lambda route: held.append(route))
    with me.page.expect_request(QUESTION):
        me.find(".ask-why").click()
    me.find(".clear").click()
    _draw(me, "س")
    held[0].continue_()  # the question about the first drawing is answered now
    me.page.unroute(QUESTION)
    seen = me.page.evaluate(
        """() => new Promise(done => {
            const seen = new Set(), heat = document.querySelector('#draw .heat');
            const timer = setInterval(() => seen.add(heat.hidden), 10);
            setTimeout(() => { clearInterval(timer); done([...seen]); }, 4000); })"""
    )
    assert seen == [True]
    _ask(me)  # and the next question, about the second, is answered as ever
    expect(me.find(".why")).to_contain_text("That it is س")


def test_when_no_explanation_comes_it_is_said(visit: Visit) -> None:
    me = visit()
    _draw(me, "س")
    me.page.route(QUESTION, lambda route: route.fulfill(status=500, json={"detail": "no"}))
    me.find(".ask-why").click()
    expect(me.find(".why")).to_contain_text("No answer came")
    expect(me.letter).to_have_text("س")
    me.page.unroute(QUESTION)
    me.complaints = [c for c in me.complaints if "500" not in c]


def test_what_is_no_letter_is_not_asked_about(visit: Visit) -> None:
    me = visit()
    me.draw([[200, 200, 800, 200, 800, 800, 200, 800, 200, 210], [200, 200, 800, 800]])
    expect(me.answer).to_have_attribute("data-state", "not_a_letter")
    expect(me.find(".ask-why")).to_be_hidden()


def test_an_uploaded_picture_is_explained_where_it_lies(visit: Visit) -> None:
    me = visit(view="upload")
    me.find(".examples button").nth(2).click()
    expect(me.letter).to_have_text("س")
    _ask(me)
    heat, place = me.find(".heat").bounding_box(), me.find(".drop").bounding_box()
    assert heat and place
    assert heat["width"] > place["width"] / 3
    assert heat["x"] + heat["width"] / 2 > place["x"]
    me.find(".examples button").nth(0).click()
    expect(me.find(".heat")).to_be_hidden()
    expect(me.letter).to_have_text("ع")
    _ask(me)
    me.find(".remove").click()
    expect(me.find(".heat")).to_be_hidden()


def test_on_a_phone_the_question_is_in_sight(visit: Visit) -> None:
    me = visit(**TOUCH)
    _draw(me, "ب")
    box = me.find(".ask-why").bounding_box()
    assert box and box["height"] >= 44
    assert box["y"] + box["height"] <= PHONE["height"]
    me.find(".ask-why").click()
    expect(me.find(".heat")).to_be_visible()
    assert me.page.evaluate("scrollY") == 0
