"""Uploading on the real page: chosen, dropped, pasted, from the examples, and refused."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Route, expect

from tests.browser.visitor import PHONE, Visitor
from tests.page_server import RunningPage
from tests.pictures import on_board, on_paper, on_screen

Visit = Callable[..., Visitor]

_GIVE = """(place, [encoded, type]) => {
    const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], 'letter', { type }));
    const given = { dataTransfer: carried, clipboardData: carried, bubbles: true };
    place.dispatchEvent(new %s(given));
}"""
DROP = _GIVE.replace("%s(", "DragEvent('drop', ")
PASTE = _GIVE.replace("%s(", "ClipboardEvent('paste', ")


def _encoded(pixels: np.ndarray, kind: str) -> list[str]:
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, kind)
    return [base64.b64encode(data.getvalue()).decode(), f"image/{kind.lower()}"]


def _png(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def _choose(me: Visitor, data: bytes, kind: str = "image/png") -> None:
    me.find("input.file").set_input_files(FilePayload(name="letter", mimeType=kind, buffer=data))


def test_a_chosen_photo_is_read_and_shown(visit: Visit, tmp_path: Path) -> None:
    me = visit(view="upload")
    expect(me.answer).to_have_attribute("data-state", "invite")
    Image.fromarray(on_paper("س", ruled=True, seed=8)).save(tmp_path / "letter.jpg")
    with me.page.expect_file_chooser() as chooser:
        me.find(".choose").click()
    chooser.value.set_files(tmp_path / "letter.jpg")
    expect(me.letter).to_have_text("س")
    expect(me.find(".yours")).to_be_visible()
    me.find(".remove").click()
    expect(me.answer).to_have_attribute("data-state", "invite")
    expect(me.find(".yours")).to_be_hidden()


def test_a_picture_may_be_dropped(visit: Visit) -> None:
    me = visit(view="upload")
    me.find(".drop").evaluate(DROP, _encoded(on_board("ع", seed=5), "JPEG"))
    expect(me.letter).to_have_text("ع")


def test_a_picture_dropped_beside_its_place_is_read_too(visit: Visit) -> None:
    me = visit(view="upload")
    me.page.locator("h1").first.evaluate(DROP, _encoded(on_board("ع", seed=5), "JPEG"))
    expect(me.letter).to_have_text("ع")


def test_a_picture_dropped_in_another_view_does_not_replace_the_page(visit: Visit) -> None:
    me = visit()
    kept = me.find("canvas.paper").evaluate(
        DROP.replace("place.dispatchEvent(", "return !place.dispatchEvent(").replace(
            "bubbles: true", "bubbles: true, cancelable: true"
        ),
        _encoded(on_screen("ج"), "PNG"),
    )
    assert kept is True  # the browser was told to leave the file alone
    me.show("upload")
    expect(me.answer).to_have_attribute("data-state", "invite")


def test_the_old_answer_is_history_while_a_new_picture_is_made_small(visit: Visit) -> None:
    me = visit(view="upload")
    me.find(".examples button").nth(2).click()
    expect(me.letter).to_have_text("س")
    expect(me.answer).to_have_attribute("aria-busy", "false")
    me.page.evaluate("() => { window.createImageBitmap = () => new Promise(() => {}) }")
    _choose(me, bytes(2**20 + 1))
    expect(me.answer).to_have_attribute("aria-busy", "true", timeout=5_000)


def test_a_file_that_is_gone_when_it_is_read_is_one_clear_sentence(visit: Visit) -> None:
    me = visit(view="upload")
    me.page.evaluate(
        "() => { FileReader.prototype.readAsDataURL = function () { this.onerror() } }"
    )
    me.find(".examples button").first.click()
    expect(me.find(".failure")).to_contain_text("cannot be read")


def test_a_picture_that_the_browser_cannot_show_has_no_heat_but_can_be_removed(
    visit: Visit,
) -> None:
    me = visit(view="upload")
    data = io.BytesIO()
    Image.fromarray(on_screen("ج")).save(data, "TIFF")
    _choose(me, data.getvalue(), "image/tiff")
    expect(me.letter).to_have_text("ج")
    expect(me.find(".choose")).to_have_accessible_name("This browser cannot show the picture")
    me.find(".ask-why").click()
    expect(me.find(".why")).to_contain_text("That it is ج")
    expect(me.find(".why")).not_to_contain_text("orange")
    expect(me.find(".heat")).to_be_hidden()
    me.find(".remove").click()
    expect(me.answer).to_have_attribute("data-state", "invite")
    expect(me.find(".remove")).to_be_hidden()
    expect(me.find(".choose")).to_have_accessible_name(re.compile("^Choose a picture"))


def test_ink_on_a_transparent_sheet_is_shown_whichever_its_colour(visit: Visit) -> None:
    me = visit(view="upload")
    for letter, color in (("ج", (255, 255, 255)), ("س", (20, 20, 60)), ("ع", (255, 240, 120))):
        _choose(me, _png(Image.fromarray(on_screen(letter, color=color))))
        expect(me.letter).to_have_text(letter)
        ground = "rgb(255, 255, 255)" if sum(color) < 200 else "rgb(23, 27, 37)"
        expect(me.find(".yours")).to_have_css("background-color", ground)


def test_a_picture_may_be_pasted_but_only_into_the_open_view(visit: Visit) -> None:
    me = visit(view="upload")
    me.find(".drop").evaluate(PASTE, _encoded(on_screen("ج"), "PNG"))
    expect(me.letter).to_have_text("ج")
    me.find(".remove").click()
    me.page.locator(".views a").first.click()
    me.page.locator(".drop").evaluate(PASTE, _encoded(on_screen("ج"), "PNG"))
    me.page.locator(".views a").last.click()
    expect(me.answer).to_have_attribute("data-state", "invite")


def test_every_example_is_read(visit: Visit) -> None:
    me = visit(view="upload")
    for number, letter in enumerate("عبسج", start=1):
        me.find(".examples").get_by_role("button", name=f"Example {number}").click()
        expect(me.letter).to_have_text(letter)


def test_an_example_that_cannot_be_fetched_is_one_clear_sentence(visit: Visit) -> None:
    me = visit(view="upload")
    me.page.route("**/examples/**", lambda route: route.fulfill(status=404))
    me.find(".examples button").first.click()
    expect(me.find(".failure")).to_have_text("No answer came: check the connection and try again.")
    me.page.unroute("**/examples/**")
    me.find(".examples button").first.click()
    expect(me.letter).to_have_text("ع")
    me.complaints = [c for c in me.complaints if "404" not in c]


def test_a_slow_example_does_not_take_the_place_of_a_later_one(visit: Visit) -> None:
    me = visit(view="upload")
    held: list[Route] = []
    me.page.route("**/examples/**", lambda r: r.continue_() if held else held.append(r))
    me.find(".examples button").nth(0).click()
    me.find(".examples button").nth(1).click()
    expect(me.letter).to_have_text("ب")
    with me.page.expect_response("**/examples/**"):
        held[0].continue_()
    me.page.wait_for_timeout(500)
    expect(me.letter).to_have_text("ب")
    me.page.unroute("**/examples/**")


def test_a_phones_large_photo_is_made_small_before_it_is_sent(visit: Visit) -> None:
    me = visit(view="upload")
    photo = on_paper("ع", size=1800)
    noise = np.random.default_rng(0).integers(0, 40, photo.shape, np.uint8)
    data = io.BytesIO()
    Image.fromarray(np.maximum(photo, 40) - noise).save(data, "JPEG", quality=95)
    assert len(data.getvalue()) > 2**20
    _choose(me, data.getvalue(), "image/jpeg")
    expect(me.letter).to_have_text("ع")
    sent = [len(r.post_data_buffer or b"") for r in me.requests if r.method == "POST"]
    assert 0 < max(sent) < 1_400_000


def test_what_cannot_be_read_is_one_clear_sentence(visit: Visit) -> None:
    me = visit(view="upload")
    for data, kind, sentence in (
        (b"", "image/png", "The file is empty"),
        (b"not a picture", "image/png", "cannot be read"),
        (b"%PDF-1.7", "application/pdf", "There is no picture in that"),
        (b"<svg/>", "image/svg+xml", "cannot be read"),
        (_png(Image.new("L", (1, 1))), "image/png", "too few pixels"),
        (b"x" * (2**20 + 1), "image/jpeg", "cannot be read"),
        (b"x" * (2**20 + 1), "image/tiff", "too large"),  # the browser cannot make it smaller
    ):
        _choose(me, data, kind)
        expect(me.answer).to_have_attribute("data-state", "error")
        expect(me.find(".failure")).to_contain_text(sentence)
        expect(me.find(".failure")).to_contain_text(":")  # and what to do about it
        expect(me.page.locator("[data-testid=toast-body]")).to_have_count(0)


def test_a_blank_picture_is_one_clear_sentence_in_either_language(visit: Visit) -> None:
    me = visit(view="upload")
    _choose(me, _png(Image.new("L", (300, 200), 255)))
    expect(me.find(".failure")).to_contain_text("There is no letter to see")
    me.page.locator(".language").click()
    expect(me.find(".failure")).to_contain_text("لا يظهر حرف هنا")


def test_nothing_of_a_picture_stays_on_the_server(visit: Visit, harf: RunningPage) -> None:
    me = visit(view="upload")
    folder = harf.uploads
    before = set(folder.rglob("*"))
    me.find(".examples button").first.click()
    expect(me.letter).to_have_text("ع")
    assert set(folder.rglob("*")) <= before


def test_on_a_phone_the_camera_is_offered(visit: Visit) -> None:
    me = visit(view="upload", viewport=PHONE, has_touch=True, is_mobile=True)
    camera = me.page.get_by_role("button", name="Take a photo")
    with me.page.expect_file_chooser() as chooser:
        camera.click()
    taken = chooser.value.element
    assert taken.get_attribute("capture") == "environment"  # not the one that sees the face
    assert taken.get_attribute("accept") == "image/*"
    data = io.BytesIO()
    Image.fromarray(on_paper("س", ruled=True, seed=8)).save(data, "JPEG")
    chooser.value.set_files(FilePayload(name="p", mimeType="image/jpeg", buffer=data.getvalue()))
    expect(me.letter).to_have_text("س")
    expect(camera).to_be_hidden()
    button = me.find(".wrong").bounding_box()  # the whole answer is in sight
    assert button and button["y"] + button["height"] <= PHONE["height"]
    me.find(".remove").click()
    expect(camera).to_be_visible()


def test_at_a_desk_no_camera_is_offered_and_a_file_is_chosen(visit: Visit) -> None:
    me = visit(view="upload")
    expect(me.find(".camera")).to_be_hidden()
    assert me.find("input.file").get_attribute("capture") is None


def test_what_is_no_picture_takes_nothing_away_and_leaves_nothing_beside_it(visit: Visit) -> None:
    me = visit(view="upload")
    me.find(".examples button").first.click()
    expect(me.letter).to_have_text("ع")
    me.find(".drop").evaluate(
        """place => {
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', 'a word');
            place.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
        }"""
    )
    me.page.wait_for_timeout(300)
    expect(me.letter).to_have_text("ع")
    _choose(me, b"%PDF-1.7", "application/pdf")
    expect(me.find(".failure")).to_contain_text("There is no picture in that")
    expect(me.find(".yours")).to_be_hidden()


def test_a_picture_comes_back_when_the_page_is_loaded_again_until_it_is_removed(
    visit: Visit,
) -> None:
    me = visit(view="upload")
    me.find(".examples button").first.click()
    expect(me.letter).to_have_text("ع")
    me.page.wait_for_function("sessionStorage.getItem('harf-picture')?.length > 9")
    me.reload()
    expect(me.letter).to_have_text("ع")
    expect(me.find(".yours")).to_be_visible()
    me.find(".remove").click()
    me.reload()
    expect(me.answer).to_have_attribute("data-state", "invite")


@pytest.mark.parametrize("webp", [True, False])
def test_even_a_grainy_picture_is_made_small_enough(visit: Visit, webp: bool) -> None:
    """Where the browser cannot write WebP, as some cannot, what it writes is PNG."""
    me = visit(view="upload")
    if not webp:
        me.page.evaluate(
            """() => {
                const write = HTMLCanvasElement.prototype.toBlob;
                HTMLCanvasElement.prototype.toBlob = function (done, type, quality) {
                    write.call(this, done, type === 'image/webp' ? 'image/png' : type, quality);
                };
            }"""
        )
    rng = np.random.default_rng(1)
    photo = on_paper("ع", size=1800)
    grainy = (photo + rng.normal(0, 20, photo.shape)).clip(0, 255).astype(np.uint8)
    _choose(me, _png(Image.fromarray(grainy)))
    expect(me.letter).to_have_text("ع")
