"""The tools of the sheet: steps back and forth, pens, fingers; and what must never happen."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route, expect

from recognizer import Recognizer
from tests.browser.visitor import PHONE, Visitor
from tests.hand import Strokes, by_hand

Visit = Callable[..., Visitor]
TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
CALLS = "**/gradio_api/run/**"
# From a copy: a browser complains about a canvas that is read again and again.
INKED = """(canvas, left) => {
    const copy = new OffscreenCanvas(1000, 1000);
    const context = copy.getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(left, 0, 1000 - left, 1000);
    return data.filter((value, i) => i % 4 === 3 && value > 128).length; }"""
# Note every state and letter that the panel shows from now on.
WATCH = """() => {
    const panel = document.querySelector('#draw .answer');
    window.seen = [];
    const letters = panel.querySelector('.letters');
    const shows = () => (panel.dataset.state === 'invite' ? '' : letters.innerText);
    const note = () => seen.push(`${panel.dataset.state} ${shows()}`);
    new MutationObserver(note).observe(panel, { subtree: true, childList: true, attributes: true });
}"""


def inked(me: Visitor, left: int = 0) -> int:
    """How many of the sheet's million pixels are inked, when it is painted; from x = left on."""
    me.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return int(me.find("canvas.paper").evaluate(INKED, left))


def sent(me: Visitor) -> list[dict[str, Any]]:
    """The drawings that were sent to be read."""
    calls = [r.post_data_json for r in me.requests if "/gradio_api/run/" in r.url]
    return [call["data"][0] for call in calls if call["data"][0]]


def on_sheet(me: Visitor, x: float, y: float) -> tuple[float, float]:
    """A point of the sheet, given in 0 to 1, in pixels of the window."""
    box = me.find("canvas.paper").bounding_box()
    assert box
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def test_what_was_undone_can_be_done_again_by_key(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("ت"))
    for again in ("Control+y", "Control+Shift+z", "Meta+Shift+z"):
        me.page.keyboard.press("Control+z")
        me.page.keyboard.press("Control+z")
        expect(me.find(".redo")).to_be_enabled()
        me.page.keyboard.press(again)
        me.page.keyboard.press(again)
        expect(me.letter).to_have_text("ت")
        expect(me.find(".redo")).to_be_disabled()


def test_even_clear_is_a_step_that_can_be_taken_back(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    me.find(".clear").click()
    expect(me.answer).to_have_attribute("data-state", "invite")
    me.find(".undo").click()
    expect(me.letter).to_have_text("س")
    me.find(".redo").click()
    expect(me.answer).to_have_attribute("data-state", "invite")
    assert inked(me) == 0


def test_a_new_stroke_leaves_nothing_to_redo(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("ت"))
    me.find(".undo").click()
    expect(me.find(".redo")).to_be_enabled()
    me.draw([[505, 760]])
    expect(me.find(".redo")).to_be_disabled()


def test_the_keys_still_work_after_a_button_went_out_of_use(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("ا"))
    me.find(".undo").focus()
    me.page.keyboard.press("Enter")
    expect(me.find(".undo")).to_be_disabled()
    me.page.keyboard.press("Control+y")
    expect(me.letter).to_have_text("ا")


def test_nothing_is_undone_under_the_pen(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("ا"))
    me.page.mouse.move(*on_sheet(me, 0.2, 0.2))
    me.page.mouse.down()
    me.page.mouse.move(*on_sheet(me, 0.3, 0.3))
    me.page.keyboard.press("Control+z")
    me.page.keyboard.press("Escape")
    me.page.mouse.up()
    me.page.keyboard.press("Control+z")
    expect(me.letter).to_have_text("ا")


def test_a_pen_is_chosen_with_keys_re_inks_the_drawing_and_is_remembered(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    medium = inked(me)
    me.find(".pens :checked").focus()
    me.page.keyboard.press("ArrowRight")
    expect(me.page.get_by_role("radio", name="Broad pen")).to_be_checked()
    assert inked(me) > 1.3 * medium
    me.reload()
    expect(me.page.get_by_role("radio", name="Broad pen")).to_be_checked()
    me.page.get_by_role("radio", name="Fine pen").check()
    assert inked(me) < 0.8 * medium
    expect(me.answer).to_have_attribute("aria-busy", "false")
    assert {drawing["pen"] for drawing in sent(me)} == {0.04, 0.065, 0.025}


def test_a_pen_chosen_in_one_view_is_the_pen_of_the_other(visit: Visit) -> None:
    me = visit()
    me.find(".pens input").nth(2).check(force=True)
    me.show("practise")
    expect(me.find(".pens input").nth(2)).to_be_checked()
    me.draw([[300, 500, 700, 500]])
    broad = inked(me)
    me.find(".clear").click()
    me.find(".pens input").nth(0).check(force=True)
    me.draw([[300, 500, 700, 500]])
    assert broad > 1.3 * inked(me)
    me.show("draw")
    expect(me.find(".pens input").nth(0)).to_be_checked()


def test_letters_are_read_with_every_pen(visit: Visit) -> None:
    me = visit()
    for name in ("Fine", "Broad"):
        me.page.get_by_role("radio", name=f"{name} pen").check()
        for letter in "بجس":
            me.draw(by_hand(letter))
            expect(me.letter).to_have_text(letter)
            me.find(".clear").click()


def draw_with_pen(me: Visitor, strokes: Strokes, force: float) -> None:
    """Draw with a pen that measures how hard it is pressed."""
    for stroke in strokes:
        points = me._points(stroke)
        kinds = ["mousePressed", *["mouseMoved"] * len(points), "mouseReleased"]
        for kind, (x, y) in zip(kinds, [points[0], *points, points[-1]], strict=True):
            event = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
            event |= {"pointerType": "pen", "force": force, "buttons": 1}
            me.devices.send("Input.dispatchMouseEvent", event)


def test_a_pen_that_is_pressed_harder_draws_broader_and_is_read_alike(visit: Visit) -> None:
    areas, answers = [], []
    for force in (0.1, 0.9):
        me = visit()
        draw_with_pen(me, by_hand("س"), force)
        expect(me.letter).to_have_text("س")
        expect(me.answer).to_have_attribute("aria-busy", "false")
        areas.append(inked(me))
        # Only the first: letters at 0 % come in any order.
        answers.append(me.find(".guesses li").first.inner_text())
    assert areas[1] > 1.8 * areas[0]
    assert answers[0] == answers[1]


def test_two_fingers_at_once_draw_nothing(visit: Visit) -> None:
    me = visit(**TOUCH)
    first, second = on_sheet(me, 0.2, 0.2), on_sheet(me, 0.8, 0.2)
    me.touch("touchStart", first, second)
    for y in (0.3, 0.4, 0.5, 0.6, 0.7):
        me.touch("touchMove", on_sheet(me, 0.2, y), on_sheet(me, 0.8, y))
    me.touch("touchEnd")
    assert inked(me) == 0
    expect(me.find(".undo")).to_be_disabled()
    expect(me.answer).to_have_attribute("data-state", "invite")
    me.draw_with_finger(by_hand("ا"))  # one finger draws straight after
    expect(me.letter).to_have_text("ا")


def test_a_touch_that_the_system_takes_back_leaves_nothing(visit: Visit) -> None:
    me = visit(**TOUCH)
    me.draw_with_finger(by_hand("ا"))
    expect(me.letter).to_have_text("ا")
    before = inked(me)
    me.touch("touchStart", on_sheet(me, 0.8, 0.2))
    me.touch("touchMove", on_sheet(me, 0.8, 0.3))
    me.touch("touchMove", on_sheet(me, 0.8, 0.4))
    me.touch("touchCancel")
    assert inked(me) == before
    expect(me.letter).to_have_text("ا")


def test_a_finger_that_comes_later_neither_draws_nor_disturbs(visit: Visit) -> None:
    me = visit(**TOUCH)
    path = [on_sheet(me, 0.3, y / 100) for y in range(20, 85, 5)]
    me.touch("touchStart", path[0])
    me.page.wait_for_timeout(400)
    for point in path[1:6]:
        me.touch("touchMove", point)
    me.touch("touchStart", path[5], on_sheet(me, 0.8, 0.2))
    for i, point in enumerate(path[6:]):
        me.touch("touchMove", point, on_sheet(me, 0.8, 0.3 + i / 20))
    me.touch("touchEnd")
    assert inked(me) > 10_000
    assert inked(me, left=500) == 0
    expect(me.letter).to_have_text("ا")


def test_the_page_never_scrolls_under_the_pen(visit: Visit) -> None:
    me = visit(**{**TOUCH, "viewport": {"width": 390, "height": 480}})
    for y in (0.9, 0.1):
        me.draw_with_finger([[500, 1000 * y, 500, 500, 500, 1000 - 1000 * y]])
        assert me.page.evaluate("scrollY") == 0
    # The same finger beside the sheet does scroll the page.
    me.touch("touchStart", (4, 460))
    for y in range(440, 100, -20):
        me.touch("touchMove", (4, y))
    me.touch("touchEnd")
    me.page.wait_for_function("scrollY > 50")


def test_the_answer_never_flickers(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    me.page.evaluate(WATCH)
    me.draw([[700, 230], [806, 236], [752, 160]])  # the dots of sheen
    expect(me.letter).to_have_text("ش")
    me.page.keyboard.press("Control+z")
    me.page.keyboard.press("Control+y")
    me.page.wait_for_timeout(500)
    states = {tuple(state.split()) for state in me.page.evaluate("seen")}
    assert {kind for kind, *_ in states} <= {"sure", "unsure", "not_a_letter"}
    assert all(letters for _, *letters in states)


def late(route: Route) -> None:
    time.sleep(0.3)
    route.continue_()


def test_a_new_drawing_never_stands_beside_an_old_answer(visit: Visit) -> None:
    me = visit()
    me.page.route(CALLS, late)
    me.draw(by_hand("ت"))
    me.find(".clear").click()
    me.page.evaluate(WATCH)
    me.draw(by_hand("ا"))
    expect(me.letter).to_have_text("ا")
    me.page.wait_for_timeout(800)
    assert not [s for s in me.page.evaluate("seen") if "ت" in s or "ب" in s]
    me.page.unroute(CALLS)


def test_steps_in_quick_succession_end_with_the_answer_to_the_drawing(
    visit: Visit, recognizer: Recognizer
) -> None:
    me = visit()
    me.page.route(CALLS, late)
    me.draw(by_hand("ث"))
    for keys in ("zzz", "yyyy", "z", "zy", "zzz", "yy", "zy"):
        for key in keys:
            me.page.keyboard.press(f"Control+{key}")
    me.page.keyboard.press("Delete")
    me.page.keyboard.press("Control+z")
    expect(me.answer).to_have_attribute("aria-busy", "false")
    drawing = sent(me)[-1]
    assert len(drawing["strokes"]) == 2  # the body and one dot
    read = recognizer.recognize_strokes(drawing["strokes"], pen_width=drawing["pen"])
    shown = me.find(".guess .letter-sign").all_inner_texts()
    assert shown[0] == read.letter
    me.page.unroute(CALLS)


def test_a_drawing_comes_back_when_the_page_is_loaded_again(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    before = inked(me)
    me.reload()
    expect(me.letter).to_have_text("س")
    assert inked(me) == before
    me.page.keyboard.press("Tab")
    me.find(".clear").click()
    me.reload()
    expect(me.answer).to_have_attribute("data-state", "invite")
    assert inked(me) == 0


def test_what_is_no_drawing_does_not_come_back(visit: Visit) -> None:
    me = visit()
    for kept in ("{", "7", '"text"', "[7]", "[{}]", '[{"points": [1]}]'):
        me.page.evaluate("kept => sessionStorage.setItem('harf-drawing-draw', kept)", kept)
        me.reload()
        me.draw(by_hand("ا"))
        expect(me.letter).to_have_text("ا")


def test_another_tab_begins_with_a_blank_sheet(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    other = me.context.new_page()
    other.goto(me.page.url)
    expect(other.locator("#draw .answer")).to_have_attribute("data-state", "invite")
    expect(other.locator("#draw .blank")).to_have_count(1)
