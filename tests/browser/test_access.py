"""The page for everybody: keyboard, screen reader, large type, small windows, day and night."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, ViewportSize, expect

from page.assets import EXAMPLES
from tests.browser.visitor import PHONE, WIDE, Visitor
from tests.hand import by_hand
from tests.page_server import RunningPage

Visit = Callable[..., Visitor]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Every two of scheme, language and window together.
LOOKS = [
    ("light", "en", WIDE),
    ("light", "ar", PHONE),
    ("dark", "en", PHONE),
    ("dark", "ar", WIDE),
]
CONTROLS = "a[href], button:not([disabled]), input:not([hidden]), select, [tabindex='0']"

# Those of them that are seen.
_SEEN = """[...document.querySelectorAll(controls)].filter(it => {
    const { width, height } = it.getBoundingClientRect();
    return width && height && getComputedStyle(it).visibility === 'visible';
})"""

# What a laptop of 1280 by 800 leaves of itself at 200 %.
ENLARGED: dict[str, Any] = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}
SMALLEST: ViewportSize = {"width": 360, "height": 640}


def _violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong on the whole page, Gradio's own elements included."""
    # An answer that waits for the next one is pale, and nobody reads it then.
    expect(page.locator(".answer[aria-busy='true']")).to_have_count(0)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE + "; 0")
    found = page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES
    )
    return [
        f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]
    ]


def _states(me: Visitor) -> Iterator[str]:
    """Show every view, and the answers there can be; say which is shown."""
    for view in me.views():
        me.show(view)
        yield view
    me.show("draw")
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    yield "draw, answered"
    me.find(".ask-why").click()
    expect(me.find(".why")).not_to_be_empty()
    yield "draw, explained"
    me.find(".wrong").click()
    expect(me.find(".correct")).to_be_visible()
    yield "draw, about to be corrected"
    me.page.keyboard.press("Escape")
    me.find(".clear").click()
    me.draw([[200, 200, 800, 800], [800, 200, 200, 800], [100, 500, 900, 500]])
    expect(me.answer).not_to_have_attribute("data-state", "invite")
    yield "draw, a scrawl"
    me.show("upload")
    me.find(".examples button").first.click()
    expect(me.answer).not_to_have_attribute("data-state", "invite")
    yield "upload, answered"
    me.find("input.file").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"}
    )
    expect(me.answer).to_have_attribute("data-state", "error")
    yield "upload, refused"


def _further_states(me: Visitor) -> Iterator[str]:
    """Show what a learner sees, and the card of a candidate."""
    me.show("practise")
    me.find(".trace").click()
    yield "practise, traced"
    me.draw([[500, 200, 500, 800]])
    me.find(".go").click()
    expect(me.find(".told")).not_to_be_empty()
    yield "practise, judged"
    me.show("upload")
    me.find(".examples button").first.click()
    me.find(".guess-card").nth(1).click()
    expect(me.find(".back")).to_be_visible()
    yield "upload, a candidate"


@pytest.mark.parametrize(("scheme", "locale", "window"), LOOKS)
def test_axe_finds_nothing_wrong_in_any_view(
    visit: Visit, scheme: str, locale: str, window: ViewportSize
) -> None:
    me = visit(color_scheme=scheme, locale=locale, viewport=window, reduced_motion="reduce")
    found = {state: _violations(me.page) for state in _states(me)}
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_axe_finds_nothing_wrong_while_one_practises(visit: Visit) -> None:
    me = visit(viewport=PHONE, color_scheme="dark", reduced_motion="reduce")
    found = {state: _violations(me.page) for state in _further_states(me)}
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_in_a_document(
    visit: Visit, harf: RunningPage, scheme: str
) -> None:
    me = visit(color_scheme=scheme, viewport=PHONE)
    for name in ("card", "readme", "licence"):
        me.page.goto(f"{harf.url}about/{name}")
        assert _violations(me.page) == [], name
        width = me.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], name


_FOCUSED = """() => {
    const it = document.activeElement;
    const style = getComputedStyle(it.closest('label') ?? it); // an input may be its label's look
    const all = [...document.querySelectorAll('*')];
    return [all.indexOf(it), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];
}"""


# Every control that Tab stops at, by its number on the page: between the choices of a group the
# arrow keys go.
_IN_TURN = f"""controls => {{
    const all = [...document.querySelectorAll('*')];
    return {_SEEN}.filter(it => !it.matches('input[type=radio]:not(:checked)'))
        .map(it => [all.indexOf(it), it.outerHTML]);
}}"""


def test_every_control_of_every_view_is_reached_with_tab_and_seen_to_be(visit: Visit) -> None:
    me = visit()
    for view in me.views():
        me.show(view)
        wanted = dict(me.page.evaluate(_IN_TURN, CONTROLS))
        assert len(wanted) > 5
        me.page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges()")
        reached = set()
        for _ in range(len(wanted) + 5):
            me.page.keyboard.press("Tab")
            index, is_seen = me.page.evaluate(_FOCUSED)
            reached.add(index)
            if index in wanted:
                assert is_seen, (view, wanted[index])
        assert [wanted[i] for i in wanted.keys() - reached] == [], view


def test_the_keyboard_alone_changes_view_and_language_and_reads_an_example(visit: Visit) -> None:
    me = visit()
    me.page.locator(".views a[href='#upload']").focus()
    me.page.keyboard.press("Enter")
    me.view = "upload"
    expect(me.find(".drop")).to_be_visible()
    me.find(".examples button").first.focus()
    me.page.keyboard.press("Enter")
    expect(me.letter).to_have_text("ع")
    me.page.locator(".language").focus()
    me.page.keyboard.press("Space")
    expect(me.page.locator("html")).to_have_attribute("dir", "rtl")
    me.page.locator(".foot a[href='#api']").focus()
    me.page.keyboard.press("Enter")
    expect(me.page.locator("#api .calls")).to_be_visible()
    expect(me.page.locator(".views a[href='#api']")).to_be_focused()


def test_a_button_that_goes_hands_the_focus_on_and_any_other_keeps_it(visit: Visit) -> None:
    me = visit(view="upload")
    me.find(".examples button").nth(1).press("Enter")
    expect(me.letter).to_have_text("ب")
    expect(me.find(".examples button").nth(1)).to_be_focused()
    me.find(".remove").press("Enter")
    picture = FilePayload(
        name="ج.png", mimeType="image/png", buffer=(EXAMPLES / "4-screen.png").read_bytes()
    )
    with me.page.expect_file_chooser() as chooser:
        me.find(".choose").press("Enter")
    chooser.value.set_files(picture)
    expect(me.letter).to_have_text("ج")
    expect(me.find(".another")).to_be_focused()
    with me.page.expect_file_chooser() as chooser:
        me.find(".another").press("Enter")
    chooser.value.set_files({**picture, "mimeType": "text/plain"})
    expect(me.find(".failure")).to_contain_text("There is no picture in that")
    expect(me.find(".choose")).to_be_focused()


def test_every_control_is_large_enough_to_hit(visit: Visit) -> None:
    me = visit(viewport=PHONE)
    for view in me.views():
        me.show(view)
        sizes = me.page.evaluate(_SIZES, CONTROLS)
        assert len(sizes) > 5
        assert [name for name, size in sizes if size < 24] == [], view


# Every control, and the shorter of its sides.
_SIZES = f"""controls => {_SEEN}.map(it => {{
    const {{ width, height }} = (it.closest('label') ?? it).getBoundingClientRect();
    return [it.outerHTML, Math.min(width, height)];
}})"""

# Which controls stand out of the window, and which cover one another.
_CROWDED = (
    f"""controls => {{
    const seen = {_SEEN};"""
    + """
    const boxes = new Map(seen.map(it => [it, it.getBoundingClientRect()]));
    const isOutside = ({ left, right }) => left < -1 || right > innerWidth + 1;
    const isOver = (a, b) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    const outside = seen.filter(it => isOutside(boxes.get(it))).map(it => [it]);
    const over = seen.flatMap((one, i) => seen.slice(i + 1)
        .filter(other => isOver(boxes.get(one), boxes.get(other)))
        .filter(other => !one.contains(other) && !other.contains(one))
        .map(other => [one, other]));
    const wrong = [...outside, ...over].map(them => them.map(it => it.outerHTML));
    return { count: seen.length, wrong };
}"""
)


def _apart(me: Visitor) -> None:
    """No control may cover another, none may stand out of the window."""
    width = me.page.evaluate("innerWidth")
    assert me.page.evaluate("document.documentElement.scrollWidth") <= width
    found = me.page.evaluate(_CROWDED, CONTROLS)
    assert found["count"] > 5 and found["wrong"] == []


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("window", [ENLARGED, {"viewport": SMALLEST}], ids=["200 %", "360 px"])
def test_at_200_percent_and_on_the_smallest_phone_nothing_overlaps(
    visit: Visit, window: dict[str, Any], locale: str
) -> None:
    me = visit(locale=locale, **window)
    for view in me.views():
        me.show(view)
        _apart(me)
    me.show("draw")
    sheet = me.find(".sheet")
    sheet.scroll_into_view_if_needed()
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    _apart(me)


def test_labels_and_live_region_speak_the_language_of_the_page(visit: Visit) -> None:
    me = visit(locale="ar")
    html = me.page.locator("html")
    expect(html).to_have_attribute("lang", "ar")
    arabic = me.page.evaluate(
        "[...document.querySelectorAll('[data-label]')].map(it => it.getAttribute('aria-label'))"
    )
    me.draw(by_hand("س"))
    expect(me.find("[aria-live=polite]")).to_contain_text("سين")
    me.page.locator(".language").click()
    expect(html).to_have_attribute("lang", "en")
    expect(html).to_have_attribute("dir", "ltr")
    english = me.page.evaluate(
        "[...document.querySelectorAll('[data-label]')].map(it => it.getAttribute('aria-label'))"
    )
    assert len(arabic) == len(english) > 0
    assert not set(arabic) & set(english)
    expect(me.find("[aria-live=polite]")).to_contain_text("seen")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_high_contrast_pens_bars_and_what_is_chosen_are_seen(visit: Visit, scheme: str) -> None:
    me = visit(color_scheme=scheme, forced_colors="active")
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س")
    expect(me.answer).to_have_attribute("aria-busy", "false")  # no later answer is on its way
    for part in (".guess-bar", ".nib"):
        picture = Image.open(io.BytesIO(me.find(part).first.screenshot()))
        assert len(picture.convert("RGB").getcolors()) > 1, part
    outlines = me.find(".pen").evaluate_all(
        "all => all.map(it => getComputedStyle(it).outlineStyle)"
    )
    assert sorted(outlines) == ["none", "none", "solid"]


def test_the_foot_says_how_good_the_model_is_and_leads_to_card_source_licence_and_api(
    visit: Visit, harf: RunningPage
) -> None:
    me = visit()
    foot = me.page.locator(".foot")
    expect(foot.locator(".accuracy")).to_contain_text("% of the AHCD test letters")
    addresses = foot.locator("a").evaluate_all("links => links.map(it => it.getAttribute('href'))")
    assert addresses == ["about/card", "about/readme", "about/licence", "#api"]
    foot.get_by_role("link", name="Model card").click()
    expect(me.page.locator("h1")).to_contain_text("Harf")
    me.page.go_back()
    expect(foot.get_by_role("link", name="Model card")).to_be_visible()
    me.page.locator(".language").click()
    expect(foot.locator(".accuracy")).to_contain_text("٪")
