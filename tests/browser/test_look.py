"""How the page looks: phone and desk, day and night, English and Arabic."""

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import ViewportSize, expect

from page.assets import URL
from page.letters import letter_facts
from recognizer import Recognizer
from tests.browser.visitor import PHONE, WIDE, Visitor
from tests.hand import by_hand
from tests.page_server import RunningPage

Visit = Callable[..., Visitor]
SMALL: ViewportSize = {"width": 360, "height": 640}
TABLET: ViewportSize = {"width": 768, "height": 1024}
HALF: ViewportSize = {"width": 760, "height": 700}  # of a screen
ACROSS: ViewportSize = {"width": 844, "height": 390}  # a phone, as one plays a film


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_nothing_stands_out_of_the_window(visit: Visit, locale: str) -> None:
    me = visit(locale=locale)
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    for size in (SMALL, PHONE, TABLET, HALF, ACROSS, WIDE):
        me.page.set_viewport_size(size)
        for view in ("upload", "practise", "draw"):
            me.page.locator(f".views a[href='#{view}']").click()
            width = me.page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], (view, size)


def test_on_a_phone_sheet_tools_and_answer_are_in_sight_together(visit: Visit) -> None:
    me = visit(viewport=PHONE)
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    parts = "canvas.paper .tools .letters .verdict .guess:last-child .seen .wrong".split()
    for size in (PHONE, SMALL):
        me.page.set_viewport_size(size)
        for part in parts:
            box = me.find(part).bounding_box()
            assert box, part
            assert box["y"] >= 0 and box["y"] + box["height"] <= size["height"], part
        assert me.page.evaluate("scrollY") == 0


def _doubt(me: Visitor, recognizer: Recognizer) -> None:
    """Bring the two dots of teh together until they could be the one of noon, or of another."""
    body = by_hand("ت")[0]
    near = product((330, 290, 370, 410), range(80, 8, -2))
    drawings = [[body, [480 - gap / 2, y], [480 + gap / 2, y]] for y, gap in near]
    for drawing in drawings:
        if recognizer.recognize_strokes(drawing).verdict != "unsure":
            continue
        me.find(".clear").click()
        expect(me.answer).to_have_attribute("data-state", "invite")
        me.draw(drawing)
        expect(me.answer).to_have_attribute("aria-busy", "false")
        # A hand on a mouse meets whole pixels only, which may settle it.
        if me.answer.get_attribute("data-state") == "unsure":
            if me.find(".letters .letter-sign").count() == 2:
                return
    raise AssertionError("the model is always sure")


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_whatever_it_says_the_answer_keeps_its_place(
    visit: Visit, recognizer: Recognizer, locale: str
) -> None:
    me = visit(viewport=SMALL, locale=locale)

    def place() -> list[float]:
        boxes = [me.find(part).bounding_box() for part in (".sheet", ".hero", ".guesses", ".wrong")]
        words = me.find(".words").bounding_box()
        assert words and boxes[2] and words["y"] + words["height"] <= boxes[2]["y"]
        return [box["y"] for box in boxes if box]

    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    expect(me.answer).to_have_attribute("aria-busy", "false")
    sure = place()
    me.find(".guess-card").nth(1).click()
    expect(me.find(".back")).to_be_visible()
    assert place() == sure
    _doubt(me, recognizer)
    assert place() == sure
    expect(me.find(".letters .letter-sign")).to_have_count(2)
    dots = "Check the dots: " if locale == "en" else "تحقّق من النقاط: "
    expect(me.find(".words .advice")).to_contain_text(dots)
    expect(me.find("[aria-live=polite]")).to_contain_text(dots)
    expect(me.find(".card")).to_be_hidden()
    me.find(".clear").click()
    me.draw([[200, 200, 800, 200, 800, 800, 200, 800, 200, 210], [200, 200, 800, 800]])
    expect(me.answer).to_have_attribute("data-state", "not_a_letter")
    assert place() == sure


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_in_no_window_do_words_run_into_the_best(
    visit: Visit, recognizer: Recognizer, locale: str
) -> None:
    me = visit(locale=locale)
    sizes = [(320, 568), (340, 640), (720, 700), (732, 412), (768, 864), (800, 700), (930, 700)]

    def look(part: str) -> None:
        for width, height in sizes:
            me.page.set_viewport_size({"width": width, "height": height})
            words, best = me.find(part).bounding_box(), me.find(".guesses").bounding_box()
            assert words and best
            assert words["y"] + words["height"] <= best["y"], (part, width, height)

    me.draw(by_hand("ب"))
    _doubt(me, recognizer)
    look(".words")
    me.find(".guess-card").nth(2).click()
    look(".back")


def test_there_is_advice_for_every_two_letters(visit: Visit, harf: RunningPage) -> None:
    said = visit().page.evaluate(
        """async ([url, facts]) => {
            const { advice } = await import(url);
            const letters = new Map(facts.map((one) => [one.letter, one]));
            const pairs = facts.flatMap((one) => facts.map((other) => [one, other]));
            return pairs.map((top) => [top[0].letter + top[1].letter,
                                       advice({ verdict: 'unsure', top }, letters)]); }""",
        [f"{harf.url}{URL}/advice.js", letter_facts()],
    )
    words = dict(said)
    assert words["بت"] == "Check the dots: one below or two above?"
    assert words["در"] == "Its shape is between the two: write it more clearly."
    assert not [pair for pair, advice in said if "." in advice[:-1]]  # the name of a text


@pytest.mark.parametrize("view", ["draw", "practise"])
def test_buttons_are_large_enough_for_a_finger(visit: Visit, view: str) -> None:
    me = visit(view=view, viewport=PHONE)
    for button in me.page.locator("button:visible, nav a:visible").all():
        box = button.bounding_box()
        assert box and box["height"] >= 44, button.inner_text()


_GREY = "([red, green, blue]) => (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255"
_GROUND = f"it => ({_GREY})(getComputedStyle(it).backgroundColor.match(/\\d+/g))"
# The ink at a point that the stroke below crosses.
_INK = f"""it => {{
    const copy = new OffscreenCanvas(it.width, it.height).getContext('2d');
    copy.drawImage(it, 0, 0);
    return ({_GREY})(copy.getImageData(it.width / 2, it.height / 2, 1, 1).data); }}"""


def test_page_sheet_and_ink_follow_day_and_night(visit: Visit) -> None:
    me = visit(color_scheme="dark")
    me.draw([[500, 200, 500, 800]])
    expect(me.letter).to_have_text("ا")
    for scheme, dark, light in (("dark", True, False), ("light", False, True)):
        me.page.emulate_media(color_scheme=scheme)
        body = me.page.locator("body")
        expect(body).to_have_class(re.compile(r"\bdark\b") if dark else re.compile(r"^(?!.*dark)"))
        me.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        for ground in (body, me.find(".sheet")):
            grey = ground.evaluate(_GROUND)
            assert grey < 0.15 if dark else grey > 0.85
        for canvas in (me.find("canvas.paper"), me.find(".seen canvas")):
            grey = canvas.evaluate(_INK)
            assert grey < 0.15 if light else grey > 0.85


def test_an_arabic_browser_gets_arabic_from_right_to_left(visit: Visit) -> None:
    me = visit(locale="ar")
    html = me.page.locator("html")
    expect(html).to_have_attribute("lang", "ar")
    expect(html).to_have_attribute("dir", "rtl")
    expect(me.page).to_have_title("حرف: أيُّ حرفٍ هذا؟")
    sheet, panel = me.find(".sheet").bounding_box(), me.answer.bounding_box()
    assert sheet and panel and panel["x"] < sheet["x"]
    me.draw(by_hand("س"))
    expect(me.find(".name .own")).to_have_text("سين")
    expect(me.find(".verdict")).to_contain_text("واثق بنسبة ")
    expect(me.find(".guess-bar").first).to_have_css("direction", "rtl")


def test_the_language_switch_turns_the_whole_page_and_is_remembered(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("س"))
    expect(me.find(".name .own")).to_have_text("seen")
    me.page.locator(".language").click()
    expect(me.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(me.find(".name .own")).to_have_text("سين")  # the answer that is there turns too
    expect(me.find("canvas.paper")).to_have_attribute("aria-label", re.compile("^سطح الرسم"))
    me.reload()
    expect(me.page.locator(".views a").first).to_have_text("ارسم")
    me.page.locator(".language").click()
    expect(me.page.locator(".views a").first).to_have_text("Draw")


def test_an_address_may_name_view_and_language(visit: Visit, harf: RunningPage) -> None:
    me = visit()
    me.page.goto(f"{harf.url}?lang=ar#upload")
    expect(me.page.locator(".choose-title")).to_have_text("اختر صورة")
    me.page.locator(".views a").first.click()
    expect(me.page.locator("#draw .sheet")).to_be_visible()
    assert me.page.url.endswith("?lang=ar#draw")
    me.page.go_back()
    expect(me.page.locator("#upload .drop")).to_be_visible()


def test_a_language_that_is_chosen_outlives_the_one_in_the_address(
    visit: Visit, harf: RunningPage
) -> None:
    me = visit()
    me.page.goto(f"{harf.url}?lang=ar#draw")
    expect(me.page.locator(".views a").first).to_have_text("ارسم")
    me.page.locator(".language").click()
    me.reload()
    expect(me.page.locator(".views a").first).to_have_text("Draw")
    expect(me.page.locator("html")).to_have_attribute("dir", "ltr")


def test_a_language_that_the_page_does_not_speak_leaves_the_one_that_was_chosen(
    visit: Visit, harf: RunningPage
) -> None:
    me = visit()
    me.page.locator(".language").click()
    me.page.goto(f"{harf.url}?lang=fr#draw")
    expect(me.page.locator(".views a").first).to_have_text("ارسم")


def test_the_notice_stays_when_a_look_at_the_status_fails(visit: Visit) -> None:
    me = visit()
    replies: list[dict[str, Any]] = [{"json": {"state": "loading"}}, {"status": 502, "body": "<"}]
    last: dict[str, Any] = {"json": {"state": "substitute"}}
    me.page.route(
        "**/page/status", lambda route: route.fulfill(**(replies.pop(0) if replies else last))
    )
    me.reload()
    expect(me.page.locator(".notice")).to_contain_text("could not be loaded")
    me.page.unroute("**/page/status")
    me.complaints = [c for c in me.complaints if "502" not in c]


def test_letters_are_set_in_the_font_that_comes_with_the_page(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    me.page.evaluate("document.fonts.ready.then(() => null)")
    loaded = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    assert {"Amiri", "Vazirmatn"} <= set(me.page.evaluate(loaded))


def test_gradios_own_frame_is_out_of_sight(visit: Visit) -> None:
    me = visit()
    expect(me.page.locator("footer:visible")).to_have_count(0)
    for words in ("Gradio", "Use via API", "Settings", "Runs"):
        expect(me.page.locator("body")).not_to_contain_text(words)
