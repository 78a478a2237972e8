"""How the page looks: phone and desk, day and night, English and Arabic."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.visitor import PHONE, WIDE, Visitor
from tests.hand import by_hand
from tests.page_server import RunningPage

Visit = Callable[..., Visitor]
SMALL: ViewportSize = {"width": 360, "height": 640}
TABLET: ViewportSize = {"width": 768, "height": 1024}


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_nothing_stands_out_of_the_window(visit: Visit, locale: str) -> None:
    me = visit(locale=locale)
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    for size in (SMALL, PHONE, TABLET, WIDE):
        me.page.set_viewport_size(size)
        for view in ("upload", "practise", "draw"):
            me.page.locator(f".views a[href='#{view}']").click()
            width = me.page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], (view, size)


def test_on_a_phone_sheet_tools_and_answer_are_in_sight_together(visit: Visit) -> None:
    me = visit(viewport=PHONE)
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")
    for part in ("canvas.paper", ".tools", ".letters", ".verdict", ".guess:last-child", ".seen"):
        box = me.find(part).bounding_box()
        assert box, part
        assert box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"], part
    assert me.page.evaluate("scrollY") == 0


@pytest.mark.parametrize("view", ["draw", "practise"])
def test_buttons_are_large_enough_for_a_finger(visit: Visit, view: str) -> None:
    me = visit(view=view, viewport=PHONE)
    for button in me.page.locator("button:visible, nav a:visible").all():
        box = button.bounding_box()
        assert box and box["height"] >= 44, button.inner_text()


def _luminance(color: str) -> float:
    red, green, blue = (int(part) for part in color[4:-1].split(",")[:3])
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_day_and_night_and_paper_stays_white(visit: Visit, scheme: str) -> None:
    me = visit(color_scheme=scheme)
    color = "it => getComputedStyle(it).backgroundColor"
    ground = _luminance(me.page.locator("body").evaluate(color))
    assert ground < 0.15 if scheme == "dark" else ground > 0.85
    assert me.find(".sheet").evaluate(color) == "rgb(255, 255, 255)"
    me.draw(by_hand("ا"))  # and ink stays black: read alike by day and by night
    expect(me.letter).to_have_text("ا")


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
    bars = me.find(".guess-bar").first.evaluate("it => getComputedStyle(it).direction")
    assert bars == "rtl"


def test_the_language_switch_turns_the_whole_page_and_is_remembered(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("س"))
    expect(me.find(".name .own")).to_have_text("seen")
    me.page.locator(".language").click()
    expect(me.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(me.find(".name .own")).to_have_text("سين")  # the answer that is there turns too
    expect(me.find("canvas.paper")).to_have_attribute("aria-label", re.compile("^سطح الرسم"))
    me.page.reload()
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


def test_letters_are_set_in_the_font_that_comes_with_the_page(visit: Visit) -> None:
    me = visit()
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    loaded = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    assert {"Amiri", "Vazirmatn"} <= set(me.page.evaluate(loaded))


def test_gradios_own_frame_is_out_of_sight(visit: Visit) -> None:
    me = visit()
    expect(me.page.locator("footer:visible")).to_have_count(0)
    for words in ("Gradio", "Use via API", "Settings", "Runs"):
        expect(me.page.locator("body")).not_to_contain_text(words)
