"""Practising letters on the real page, with mouse, finger and keys."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Route, ViewportSize, expect

from page.assets import URL
from recognizer import CHARACTERS, LETTERS
from recognizer.characters import BY_LETTER
from tests.browser.learner import ask, check, standing
from tests.browser.visitor import PHONE, Visitor
from tests.hand import by_hand

Visit = Callable[..., Visitor]
SMALL: ViewportSize = {"width": 360, "height": 640}
TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def test_a_right_letter_is_told_right_and_the_next_one_is_asked_for(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "س")
    expect(me.find(".asks")).to_have_text("Draw seen ")
    expect(me.find(".go")).to_be_disabled()
    check(me, by_hand("س"), "Right")
    expect(me.find(".solution")).to_have_text("س")  # how it is printed
    assert standing(me, "س") == "on the way"
    me.find(".go").click()
    expect(me.find(".asks")).not_to_contain_text("seen")
    expect(me.find(".solution")).to_be_empty()
    expect(me.find(".go")).to_be_disabled()
    expect(me.find(".undo")).to_be_disabled()  # on a blank sheet


def test_a_letter_drawn_with_a_finger_is_judged(visit: Visit) -> None:
    me = visit(view="practise", **TOUCH)
    ask(me, "ب")
    assert me.page.evaluate("scrollY") == 0  # back from the letters to the sheet
    me.draw_with_finger(by_hand("ب"))
    me.find(".go").click()
    expect(me.find(".told")).to_contain_text("Right")
    assert me.page.evaluate("scrollY") == 0


def test_a_missing_dot_is_told_and_may_be_added(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ث")
    *most, last = by_hand("ث")
    check(me, most, "The body is right. Theh has three dots, you drew two.")
    assert standing(me, "ث") == "went wrong"
    check(me, [last], "Right")
    assert standing(me, "ث") == "went wrong"  # the first try counts


def test_a_dot_in_the_wrong_place_is_told(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ب")
    check(me, [by_hand("ب")[0], [505, 330]], "The dot belongs below.")


def test_another_body_is_told_and_the_sheet_is_blanked_for_another_try(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "د")
    check(me, by_hand("س"), "seen")
    expect(me.find(".go")).to_have_text("Try again")
    me.find(".go").click()
    expect(me.find(".asks")).to_have_text("Draw dal ")
    expect(me.find(".undo")).to_be_disabled()
    check(me, by_hand("د"), "Right")


def test_each_letter_is_asked_by_name_sound_and_print(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ث")
    me.find(".among").select_option("بتث")
    me.find(".by").select_option("sound")
    ask(me, "ث")
    expect(me.find(".asks")).to_have_text("Draw what sounds like /θ/ th, as in “think”")
    me.find(".by").select_option("letter")
    ask(me, "ث")
    expect(me.find(".asks strong").first).to_have_text("ث")


def test_the_table_of_letters_does_not_give_the_answer_away(visit: Visit) -> None:
    me = visit(view="practise")
    marked = me.find(".cells [aria-current='true']")
    expect(marked).to_have_count(0)  # asked by name
    me.find(".by").select_option("letter")
    expect(marked).to_have_text(me.find(".asks .letter-sign").inner_text())
    me.find(".by").select_option("sound")
    expect(marked).to_have_count(0)
    me.draw([[500, 200, 500, 800]])
    me.find(".go").click()
    expect(me.find(".solution")).not_to_be_empty()
    expect(marked).to_have_text(me.find(".solution").inner_text())


def test_in_arabic_the_sound_does_not_give_the_letter_away(visit: Visit) -> None:
    me = visit(view="practise", locale="ar")
    me.find(".by").select_option("sound")
    for letter in LETTERS:
        ask(me, letter)
        asked = me.find(".asks").inner_text()
        examples = re.findall("«(.+?)»", asked)
        assert examples and not any(letter in example for example in examples)
        assert BY_LETTER[letter].arabic_name not in asked


def test_only_letters_of_the_chosen_family_are_asked_for(visit: Visit) -> None:
    me = visit(view="practise")
    me.find(".among").select_option("دذ")
    names = set()
    for _ in range(6):
        names.add(me.find(".asks strong").first.inner_text())
        me.find(".skip").click()
    assert names == {"dal", "thal"}


def test_enter_checks_and_goes_on(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ا")
    me.draw(by_hand("ا"))
    me.page.keyboard.press("Enter")
    expect(me.find(".told")).to_contain_text("Right")
    me.page.keyboard.press("Enter")
    expect(me.find(".asks")).not_to_contain_text("alef")
    assert "paper" in me.page.evaluate("document.activeElement.className")


def test_a_screen_reader_hears_the_question_and_what_became_of_it(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ا")
    expect(me.find("[role=status]")).to_have_text("Draw alef")
    me.find(".by").select_option("letter")
    ask(me, "ا")
    expect(me.find("[role=status]")).to_have_text("Draw alef")  # not a sign of another script
    check(me, by_hand("ا"), "Right")
    expect(me.find("[role=status]")).to_contain_text("Right")


def test_in_arabic_dots_are_counted_as_arabic_counts_them(visit: Visit) -> None:
    me = visit(view="practise", locale="ar")
    ask(me, "ث")
    expect(me.find(".asks")).to_have_text("ارسم حرف ثاء ")
    me.draw(by_hand("ث")[:-1])
    me.find(".go").click()
    expect(me.find(".told")).to_have_text("جسم الحرف صحيح. حرف «ثاء» بثلاث نقاط، وقد رسمت نقطتين.")
    question, sheet = me.find(".question").bounding_box(), me.find(".sheet").bounding_box()
    assert question and sheet and question["x"] < sheet["x"]
    me.page.locator(".language").click()  # what was said turns too
    expect(me.find(".told")).to_contain_text("Theh has three dots")


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["390x844", "360x640"])
def test_on_a_phone_question_sheet_and_buttons_are_in_sight(
    visit: Visit, size: ViewportSize
) -> None:
    me = visit(view="practise", viewport=size)
    ask(me, "ث")
    before = me.find(".sheet").bounding_box()
    check(me, by_hand("ث")[:-1], "Theh has three dots")
    assert me.find(".sheet").bounding_box() == before  # it does not jump under the pen
    for part in (".among", ".skip", ".asks", ".told", "canvas.paper", ".tools", ".show", ".go"):
        box = me.find(part).bounding_box()
        assert box, part
        assert box["y"] >= 0 and box["y"] + box["height"] <= size["height"], part
        assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"], part


def test_a_refusing_server_is_one_clear_sentence(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ا")
    me.page.route("**/gradio_api/run/**", lambda r: r.fulfill(status=500, json={"detail": "no"}))
    check(me, by_hand("ا"), "No answer came: check the connection and try again.")
    me.page.unroute("**/gradio_api/run/**")
    me.find(".go").click()
    expect(me.find(".told")).to_contain_text("Right")
    assert standing(me, "ا") == "on the way"  # what was never judged does not count
    me.complaints = [c for c in me.complaints if "500" not in c]


def test_feedback_that_comes_late_is_shown_all_the_same(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ا")
    held: list[Route] = []
    me.page.route("**/gradio_api/run/**", lambda route: held.append(route))
    me.page.clock.install()
    me.draw(by_hand("ا"))
    with me.page.expect_request("**/gradio_api/run/**"):
        me.find(".go").click()
    me.page.clock.fast_forward(16_000)
    expect(me.find(".told")).to_contain_text("No answer came")
    held[0].continue_()
    expect(me.find(".told")).to_contain_text("Right")
    assert standing(me, "ا") == "on the way"
    me.page.unroute("**/gradio_api/run/**")


@pytest.mark.parametrize("window", [{"width": 683, "height": 325}, {"width": 640, "height": 331}])
def test_what_a_check_says_is_in_sight_on_a_low_screen(visit: Visit, window: ViewportSize) -> None:
    me = visit(view="practise", viewport=window)
    ask(me, "ث")
    check(me, by_hand("ث")[:1], "Theh has three dots")
    expect(me.find(".told")).to_be_in_viewport(ratio=1)


def test_a_check_while_another_is_on_its_way_is_answered(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ث")
    held: list[Route] = []
    me.page.route("**/gradio_api/run/**", lambda r: r.continue_() if held else held.append(r))
    *most, last = by_hand("ث")
    me.draw(most)
    with me.page.expect_request("**/gradio_api/run/**"):
        me.find(".go").click()
    me.draw([last])
    me.find(".go").click()
    held[0].continue_()
    # Sooner than the 15 seconds after which it would be said that no answer came.
    expect(me.find(".told")).to_contain_text("Right", timeout=10_000)
    me.page.unroute("**/gradio_api/run/**")


def test_advice_speaks_of_as_many_dots_as_are_drawn(visit: Visit) -> None:
    me = visit(view="practise")
    for letter, drawn, says in (
        ("د", 0, "write it in clear strokes."),
        ("ن", 1, "set the dot apart."),
        ("ت", 2, "set the two dots apart."),
        ("ث", 3, "set the dots apart."),
        ("ي", 0, "write it in clear strokes."),
    ):
        feedback = {"result": "unclear", "hints": [], "read": letter, "asked": letter}
        feedback |= {"dots": {"wanted": BY_LETTER[letter].dots, "drawn": drawn}}
        words = me.page.evaluate(
            """async ([script, feedback]) => {
                const { inWords } = await import(script);
                return inWords(feedback, [{ letter: feedback.asked }]); }""",
            [me.page.url.split("#")[0] + f"{URL}/feedback.js", feedback],
        )
        assert words == f"Right, but unclear: {says}"


def test_every_letter_can_be_asked_for(visit: Visit) -> None:
    me = visit(view="practise")
    for character in CHARACTERS:
        ask(me, character.letter)
        expect(me.find(".asks strong").first).to_have_text(character.name)


def test_on_the_smallest_phone_no_sound_is_too_long_for_its_place(visit: Visit) -> None:
    me = visit(view="practise", viewport=SMALL)
    me.find(".by").select_option("sound")
    place = me.find(".sheet").bounding_box()
    assert place
    for letter in LETTERS:
        ask(me, letter)
        hint = me.find(".asks .hint").bounding_box()
        assert hint and hint["y"] + hint["height"] <= place["y"], letter
        assert me.find(".sheet").bounding_box() == place


def test_a_lesson_goes_on_where_it_was_when_the_page_is_loaded_again(visit: Visit) -> None:
    me = visit(view="practise")
    me.find(".by").select_option("sound")
    me.find(".among").select_option("بتث")
    ask(me, "ث")
    me.find(".trace").click()
    *most, last = by_hand("ث")
    me.draw(most)
    asked = me.find(".asks").inner_text()
    me.reload()
    assert me.find(".asks").inner_text() == asked
    expect(me.find(".by")).to_have_value("sound")
    expect(me.find(".among")).to_have_value("بتث")
    expect(me.find(".trace")).to_have_attribute("aria-pressed", "true")
    check(me, [last], "Right")
    assert standing(me, "ث") == "not tried"  # it was traced, before too


def test_a_lesson_of_another_shape_is_none(visit: Visit) -> None:
    me = visit(view="practise")
    for kept in ('{"asked": "Q"}', '{"asked": "ب", "by": "taste"}', "[7]", "no"):
        me.page.evaluate("kept => sessionStorage.setItem('harf-lesson', kept)", kept)
        me.reload()
        expect(me.find(".asks")).to_contain_text("Draw")
        expect(me.find(".go")).to_be_disabled()


@pytest.mark.parametrize("focus", [".paper", ".go"])
def test_a_key_that_is_held_is_one_step(visit: Visit, focus: str) -> None:
    me = visit(view="practise")
    ask(me, "ب")
    me.draw(by_hand("د"))
    expect(me.find(".go")).to_be_enabled()
    me.find(focus).focus()
    me.page.keyboard.down("Enter")
    expect(me.find(".told")).to_contain_text("looks like")
    for _ in range(20):
        me.page.keyboard.down("Enter")
    me.page.keyboard.up("Enter")
    expect(me.find(".told")).to_contain_text("looks like")
    expect(me.find(".go")).to_have_text("Try again")


def test_a_check_that_does_not_reach_the_server_is_told_at_once(visit: Visit) -> None:
    me = visit(view="practise", locale="ar")
    ask(me, "ب")
    me.draw(by_hand("ب"))
    me.page.clock.install()  # neither our patience nor Gradio's next look ends
    me.page.clock.pause_at(datetime.now() + timedelta(minutes=1))
    me.page.route("**/gradio_api/run/**", lambda route: route.abort("connectionreset"))
    me.find(".go").click()
    expect(me.find(".told")).to_have_text("لم يصل جواب: تحقّق من الاتصال وحاول مرة أخرى.")
    expect(me.page.locator("[data-testid=toast-body]")).to_be_hidden()
    me.complaints = []


def test_another_pen_leaves_what_was_said_of_the_drawing(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ث")
    check(me, by_hand("ث")[:1], "Theh has three dots")
    me.page.locator("#practise").get_by_role("radio", name="Broad pen").check()
    me.page.wait_for_timeout(400)
    expect(me.find(".told")).to_contain_text("Theh has three dots")
    expect(me.find(".go")).to_have_text("Try again")
