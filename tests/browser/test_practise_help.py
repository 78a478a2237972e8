"""Being shown how a letter is written, and tracing it, on the real page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.learner import ask, check, standing
from tests.browser.visitor import Visitor
from tests.hand import by_hand

Visit = Callable[..., Visitor]


def test_show_how_writes_the_strokes_one_after_another(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ت")
    starts = me.find(".show").evaluate(
        """button => {
            button.click(); // looked at before the first stroke can be over
            return document.getAnimations()
                .filter(({ effect }) => effect.target.matches?.('.guide-pen'))
                .map(({ effect }) => effect.getTiming().delay);
        }"""
    )
    assert len(starts) == 3 and starts == sorted(set(starts))  # the body, then two dots
    expect(me.find(".guide > *")).to_have_count(0)
    check(me, by_hand("ت"), "Now without help.")
    assert standing(me, "ت") == "not tried"  # it was not done from memory


@pytest.mark.parametrize("by", [".go", ".clear"])
def test_after_help_the_same_letter_is_tried_without_it(visit: Visit, by: str) -> None:
    me = visit(view="practise")
    ask(me, "ا")
    me.find(".show").click()
    check(me, by_hand("ا"), "Now without help.")
    expect(me.find(".go")).to_have_text("Try again")
    me.find(by).click()
    expect(me.find(".asks")).to_have_text("Draw alef ")
    check(me, by_hand("ا"), "Right")
    expect(me.find(".told")).not_to_contain_text("without help")
    assert standing(me, "ا") == "on the way"
    expect(me.find(".go")).to_have_text("Next")


def test_what_help_made_is_not_brought_back_to_count_as_done_without(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ا")
    me.find(".show").click()
    check(me, by_hand("ا"), "Now without help.")
    me.find(".show").click()
    me.find(".clear").click()
    expect(me.find(".guide > *")).to_have_count(0)
    expect(me.find(".undo")).to_be_disabled()


def test_after_tracing_the_guide_is_gone_from_the_next_try(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ب")
    me.find(".trace").click()
    check(me, by_hand("ب"), "Now without help.")
    me.find(".go").click()
    expect(me.find(".guide > *")).to_have_count(0)
    expect(me.find(".trace")).to_have_attribute("aria-pressed", "false")
    check(me, by_hand("ب"), "Right")
    expect(me.find(".told")).not_to_contain_text("without help")


def test_who_wants_no_motion_sees_order_and_direction_at_once(visit: Visit) -> None:
    me = visit(view="practise", reduced_motion="reduce")
    ask(me, "ط")
    me.find(".show").click()
    expect(me.find(".guide-ink")).to_have_count(2)
    expect(me.find(".guide-number")).to_have_text(["1", "2"])
    me.page.locator(".language").click()
    expect(me.find(".guide-number")).to_have_text(["١", "٢"])
    me.page.locator(".language").click()
    expect(me.find(".guide-number")).to_have_text(["1", "2"])
    expect(me.find(".guide-arrow").first).to_be_visible()
    moving = "document.getAnimations().some(it => it.effect.target.closest('.guide'))"
    assert me.page.evaluate(moving) is False
    me.draw([[500, 100, 500, 300]])
    expect(me.find(".guide > *")).to_have_count(0)  # the pen moved
    me.find(".show").click()
    ask(me, "ط")
    expect(me.find(".guide > *")).to_have_count(0)  # the same letter, but from memory


def test_a_faint_guide_lies_under_the_pen_while_tracing(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ب")
    me.find(".trace").click()
    expect(me.find(".trace")).to_have_attribute("aria-pressed", "true")
    expect(me.find(".guide-ink")).to_have_count(2)
    ask(me, "ا")
    expect(me.find(".guide-ink")).to_have_count(1)  # it follows the question
    check(me, by_hand("ا"), "Now without help.")
    me.find(".trace").click()
    expect(me.find(".guide > *")).to_have_count(0)


def test_help_while_a_drawing_is_checked_comes_too_late_to_have_helped(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ا")
    held: list[Route] = []
    me.page.route("**/gradio_api/run/**", lambda route: held.append(route))
    me.draw(by_hand("ا"))
    me.find(".go").click()
    me.find(".show").click()
    me.wait_for(held)
    held.pop().fulfill(status=500)
    expect(me.find(".told")).to_contain_text("No answer came")
    me.find(".go").click()  # the same drawing once more
    me.wait_for(held)
    held[0].continue_()
    expect(me.find(".told")).to_contain_text("Right")
    expect(me.find(".told")).not_to_contain_text("without help")
    assert standing(me, "ا") == "on the way"
    me.page.unroute("**/gradio_api/run/**")
    me.complaints = [c for c in me.complaints if "500" not in c]
