"""Drawing on the real page, with mouse, finger and keys."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visitor import PHONE, Visitor
from tests.hand import by_hand

Visit = Callable[..., Visitor]
TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def test_a_blank_sheet_invites_and_guesses_nothing(visit: Visit) -> None:
    me = visit()
    expect(me.answer).to_have_attribute("data-state", "invite")
    expect(me.answer).to_contain_text("Any of these 28 letters")
    expect(me.find(".alphabet span")).to_have_count(28)
    expect(me.find(".undo")).to_be_disabled()
    expect(me.find(".clear")).to_be_disabled()


def test_letters_drawn_with_the_mouse_are_read(visit: Visit) -> None:
    me = visit()
    for letter, names in {"ب": "beh باء", "ج": "jeem جيم", "س": "seen سين"}.items():
        me.draw(by_hand(letter))
        expect(me.letter).to_have_text(letter)
        expect(me.find(".name")).to_have_text(names)
        expect(me.find(".verdict")).to_contain_text("% sure")
        expect(me.find(".guess")).to_have_count(5)
        me.find(".clear").click()
        expect(me.answer).to_have_attribute("data-state", "invite")


def test_letters_drawn_with_a_finger_are_read(visit: Visit) -> None:
    me = visit(**TOUCH)
    for letter in "بجس":
        me.draw_with_finger(by_hand(letter))
        expect(me.letter).to_have_text(letter)
        # Not tap(): on a busy machine it takes so long that it counts as a long press.
        me.find(".clear").click()
        expect(me.answer).to_have_attribute("data-state", "invite")
    assert me.page.evaluate("scrollY") == 0


def test_the_page_shows_what_the_model_saw(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("ا"))
    expect(me.letter).to_have_text("ا")
    inked = me.find(".seen canvas").evaluate(
        """canvas => canvas.getContext('2d').getImageData(0, 0, 64, 64).data
           .filter((value, i) => i % 4 === 3 && value > 128).length"""
    )
    assert 52 < inked < 800  # one upright line, 52 pixels high


def test_undo_takes_back_one_stroke_and_the_last_one_invites_again(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("ت"))  # a body and two dots
    expect(me.letter).to_have_text("ت")
    me.page.keyboard.press("Control+z")
    me.find(".undo").click()
    me.draw([[505, 760]])
    expect(me.letter).to_have_text("ب")
    me.find(".undo").click()
    me.find(".undo").click()
    expect(me.answer).to_have_attribute("data-state", "invite")
    expect(me.find(".undo")).to_be_disabled()


def test_a_key_clears_the_sheet(visit: Visit) -> None:
    me = visit()
    for key in ("Escape", "Delete"):
        me.draw(by_hand("ا"))
        expect(me.letter).to_have_text("ا")
        me.page.keyboard.press(key)
        expect(me.answer).to_have_attribute("data-state", "invite")
    me.draw(by_hand("س"))  # the pen is in hand straight after
    expect(me.letter).to_have_text("س")


def test_the_sheet_is_reached_and_left_with_the_keyboard(visit: Visit) -> None:
    me = visit()
    focused = "document.activeElement.className"
    for _ in range(8):
        me.page.keyboard.press("Tab")
        if "paper" in me.page.evaluate(focused):
            break
    assert "paper" in me.page.evaluate(focused)
    outline = me.find("canvas.paper").evaluate("it => getComputedStyle(it).outlineStyle")
    assert outline == "solid"
    me.page.keyboard.press("Tab")
    assert "paper" not in me.page.evaluate(focused)


def test_a_tap_makes_a_dot(visit: Visit) -> None:
    me = visit(**TOUCH)
    box = me.find("canvas.paper").bounding_box()
    assert box
    me.page.touchscreen.tap(box["x"] + 100, box["y"] + 100)
    inked = """canvas => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, 1000, 1000);
        return data.filter((value, i) => i % 4 === 3 && value > 128).length; }"""
    me.page.wait_for_function(f"({inked})(document.querySelector('#draw canvas.paper')) > 800")
    expect(me.find(".undo")).to_be_enabled()


def test_the_answer_follows_the_pen_before_it_lifts(visit: Visit) -> None:
    me = visit()
    points = me._points(by_hand("س")[0])
    me.page.mouse.move(*points[0])
    me.page.mouse.down()
    for point in points[1:]:
        me.page.mouse.move(*point)
    expect(me.letter).to_have_text("س")
    me.page.mouse.up()


# The mouse's way through many points within one frame: of a slow machine, the browser hands over
# one event, and the points before it inside.
_MOVES = """points => {
    const paper = document.querySelector('#draw canvas.paper');
    const { left, top, width } = paper.getBoundingClientRect();
    const all = points.map(([x, y]) => new PointerEvent('pointermove', {
        pointerId: 1, clientX: left + x * width / 1000, clientY: top + y * width / 1000,
    }));
    paper.dispatchEvent(new PointerEvent('pointermove', {
        pointerId: 1, clientX: all.at(-1).clientX, clientY: all.at(-1).clientY,
        coalescedEvents: all,
    }));
}"""


def test_a_long_scribble_is_read_only_once_the_pen_lifts(visit: Visit) -> None:
    me = visit()

    def asked() -> list[int]:
        bodies = [r.post_data or "" for r in me.requests if r.url.endswith("/run/predict")]
        return [body.count(",") for body in bodies if "strokes" in body]

    def scribble(start: int, end: int) -> None:
        me.page.evaluate(_MOVES, [[50 + n, 450 + 100 * (n % 2)] for n in range(start, end)])

    me.draw([[50, 450]], lift=False)
    with me.page.expect_response("**/run/predict"):
        scribble(0, 300)
    scribble(300, 310)
    scribble(310, 900)  # while the question about the ten is put off
    me.page.wait_for_timeout(400)  # longer than live answers wait
    expect(me.answer).to_have_attribute("aria-busy", "false")
    live = asked()
    assert live and max(live) < 1000
    with me.page.expect_request("**/run/predict"):
        me.page.mouse.up()
    (last,) = asked()[len(live) :]
    assert last > 1100
    expect(me.answer).to_have_attribute("data-state", "not_a_letter")


def test_a_pen_that_rests_before_it_lifts_keeps_its_answer(visit: Visit) -> None:
    me = visit()
    (stroke,) = by_hand("ح")
    with me.page.expect_response("**/run/predict"):
        me.draw([stroke], lift=False)
    expect(me.letter).to_have_text("ح")
    me.page.wait_for_timeout(400)  # longer than live answers wait: the last point is asked about
    me.page.mouse.up()
    # Sooner than a question that nobody answers is given up.
    expect(me.answer).to_have_attribute("aria-busy", "false", timeout=10_000)
    expect(me.answer).to_have_attribute("data-state", "sure")


def test_an_old_answer_never_stands_beside_a_new_drawing(visit: Visit) -> None:
    me = visit()

    def late(route: Route) -> None:
        time.sleep(0.4)
        route.continue_()

    me.page.route("**/gradio_api/run/**", late)
    me.draw([[505, 200, 505, 800]])
    me.page.keyboard.press("Escape")
    states = me.page.evaluate(
        """() => new Promise(done => {
            const seen = new Set(), panel = document.querySelector('#draw .answer');
            const timer = setInterval(() => seen.add(panel.dataset.state), 10);
            setTimeout(() => { clearInterval(timer); done([...seen]); }, 2500); })"""
    )
    assert states == ["invite"]
    me.page.unroute("**/gradio_api/run/**")


def _refusal(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, json={"detail": "no"})


def test_a_refusing_server_is_one_clear_sentence(visit: Visit) -> None:
    me = visit()
    for status in (413, 429, 500):
        me.page.route("**/gradio_api/run/**", _refusal(status))
        me.draw([[505, 200, 505, 800]])
        expect(me.answer).to_have_attribute("data-state", "error")
        expect(me.find(".failure")).to_have_text(
            "No answer came: check the connection and try again."
        )
        me.page.unroute("**/gradio_api/run/**")
        me.find(".clear").click()
        me.draw(by_hand("ا"))
        expect(me.letter).to_have_text("ا")
        me.find(".clear").click()
        me.complaints = [c for c in me.complaints if str(status) not in c]


def test_while_the_model_loads_nobody_is_told_that_no_answer_came(visit: Visit) -> None:
    me = visit()
    me.page.route("**/page/status", lambda route: route.fulfill(json={"state": "loading"}))
    me.reload()
    expect(me.page.locator(".notice")).to_contain_text("loading")
    held: list[Route] = []
    me.page.route("**/gradio_api/run/**", lambda route: held.append(route))
    me.page.clock.install()
    with me.page.expect_request("**/run/predict"):
        me.draw(by_hand("ا"))
    me.page.clock.fast_forward(16_000)
    expect(me.answer).to_have_attribute("aria-busy", "true")
    held[-1].continue_()
    expect(me.letter).to_have_text("ا")
    me.page.unroute("**/page/status")
    me.page.unroute("**/gradio_api/run/**")


@pytest.mark.parametrize("order", [("first", "last"), ("last", "first")])
def test_an_answer_to_an_earlier_moment_does_not_hide_that_the_last_one_failed(
    visit: Visit, order: tuple[str, str]
) -> None:
    me = visit()
    held: list[Route] = []
    me.page.route("**/gradio_api/run/**", lambda route: held.append(route))
    with me.page.expect_request("**/run/predict"):
        me.draw(by_hand("ح"), lift=False)
    me.page.mouse.up()
    me.wait_for(held, 2)
    answers = {"first": lambda: held[0].continue_(), "last": lambda: held[1].fulfill(status=500)}
    for which in order:
        with me.page.expect_response("**/run/predict"):
            answers[which]()
    expect(me.answer).to_have_attribute("aria-busy", "false")
    me.page.wait_for_timeout(300)
    expect(me.answer).to_have_attribute("data-state", "error")
    me.page.unroute("**/gradio_api/run/**")
    me.complaints = [c for c in me.complaints if "500" not in c]


def test_the_panel_waits_until_the_last_moment_of_a_drawing_is_answered(visit: Visit) -> None:
    me = visit()
    held: list[Route] = []
    me.page.route("**/gradio_api/run/**", lambda route: held.append(route))
    with me.page.expect_request("**/run/predict"):
        me.draw(by_hand("ح"), lift=False)
    me.page.mouse.up()
    me.wait_for(held, 2)
    held[0].continue_()
    expect(me.answer).not_to_have_attribute("data-state", "invite")  # it shows the earlier one
    expect(me.answer).to_have_attribute("aria-busy", "true")
    held[1].continue_()
    expect(me.answer).to_have_attribute("aria-busy", "false")
    me.page.unroute("**/gradio_api/run/**")


def test_a_screen_reader_hears_the_answer(visit: Visit) -> None:
    me = visit()
    spoken = me.find("[aria-live=polite]")
    me.draw(by_hand("س"))
    expect(spoken).to_contain_text("seen,")
    expect(spoken).to_contain_text("% sure")
    expect(me.find("canvas.paper")).to_have_attribute("aria-label", re.compile("Draw"))


def test_a_request_without_a_reply_does_not_hold_up_the_next_drawing(visit: Visit) -> None:
    me = visit()
    me.page.clock.install()
    held: list[Route] = []
    me.page.route(
        "**/gradio_api/run/**",
        lambda route: route.continue_() if held else held.append(route),
    )
    with me.page.expect_request("**/run/predict"):
        me.draw([[505, 500]])  # of a tap nothing is asked before it ends
    me.page.clock.fast_forward(16_000)
    expect(me.find(".failure")).to_have_text("No answer came: check the connection and try again.")
    me.find(".clear").click()
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    held[0].continue_()
    me.page.unroute("**/gradio_api/run/**")


def test_a_growing_drawing_asks_no_further_question_before_the_last_is_answered(
    visit: Visit,
) -> None:
    me = visit()
    held: list[Route] = []
    me.page.route("**/gradio_api/run/**", lambda route: held.append(route))
    with me.page.expect_request("**/run/predict"):
        me.draw(by_hand("ح"), lift=False)
    for step in range(8):
        me.page.mouse.move(*me._points([500 + 10 * step, 900])[0])
        me.page.wait_for_timeout(100)
    assert len(held) == 1
    held[0].continue_()
    me.wait_for(held, 2)  # the pen rests: what it has drawn since is asked about now
    me.page.mouse.up()
    me.wait_for(held, 3)
    for route in held[1:]:
        route.continue_()
    expect(me.answer).to_have_attribute("aria-busy", "false")
    me.page.unroute("**/gradio_api/run/**")


def test_the_links_to_the_views_are_links(visit: Visit) -> None:
    me = visit()
    before = me.page.evaluate("history.length")
    me.show("upload")
    me.show("upload")
    me.show("upload")
    assert me.page.evaluate("history.length") == before + 1
    with me.context.expect_page() as opened:
        me.page.locator(".views a[href='#practise']").click(modifiers=["Control"])
    opened.value.wait_for_url("**/#practise")  # a new window is blank for a moment
    expect(me.page.locator("#upload")).to_be_visible()
