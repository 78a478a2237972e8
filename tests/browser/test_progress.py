"""What a learner's browser keeps: which letters are known, and which went wrong."""

from collections.abc import Callable

from playwright.sync_api import expect

from page.assets import URL
from tests.browser.learner import ask, check, standing
from tests.browser.visitor import Visitor
from tests.hand import by_hand

Visit = Callable[..., Visitor]


def test_letters_that_went_wrong_can_be_picked(visit: Visit) -> None:
    me = visit(view="practise")
    expect(me.find(".among option").nth(1)).to_be_disabled()
    ask(me, "د")
    check(me, by_hand("س"), "seen")
    expect(me.find(".weak")).to_have_text("Went wrong: د")
    me.find(".among").select_option("wrong")
    expect(me.find(".asks")).to_have_text("Draw dal ")
    check(me, by_hand("د"), "Right")
    me.find(".go").click()  # nothing is wrong any more: on with all of them
    expect(me.find(".among")).to_have_value("all")


def test_progress_survives_a_reload_and_the_server_never_sees_it(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ا")
    check(me, by_hand("ا"), "Right")
    me.page.wait_for_function("localStorage.getItem('harf-practice')")
    sent = [r.post_data or "" for r in me.requests if r.method == "POST"]
    assert len([body for body in sent if "strokes" in body]) == 1
    assert not any('"best"' in body for body in sent)
    me.reload()
    expect(me.find(".streak")).to_have_text("1 right in a row, best 1")
    assert standing(me, "ا") == "on the way"
    assert standing(me, "ب") == "not tried"


def test_starting_over_asks_first_and_forgets_for_good(visit: Visit) -> None:
    me = visit(view="practise")
    expect(me.find(".reset")).to_be_hidden()
    ask(me, "ا")
    check(me, by_hand("ا"), "Right")
    me.find(".reset").click()
    me.find(".keep").click()
    assert standing(me, "ا") == "on the way"
    me.find(".reset").click()
    me.find(".forget").click()
    assert standing(me, "ا") == "not tried"
    me.reload()
    expect(me.find(".known")).to_have_text("0 of 28 known")
    expect(me.find(".streak")).to_be_empty()
    assert standing(me, "ا") == "not tried"


def test_going_back_closes_the_question_whether_to_forget_and_leaves_the_page_in_use(
    visit: Visit,
) -> None:
    me = visit()
    me.show("practise")
    ask(me, "ا")
    check(me, by_hand("ا"), "Right")
    me.find(".reset").click()
    me.page.go_back()
    me.view = "draw"
    me.draw(by_hand("ب"))
    expect(me.letter).to_have_text("ب")


def test_who_forgets_by_key_stays_in_the_view(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "ا")
    check(me, by_hand("ا"), "Right")
    me.find(".reset").click()
    me.find(".forget").focus()
    me.page.keyboard.press("Enter")
    expect(me.find(".cells button").first).to_be_focused()


def test_a_memory_that_cannot_be_read_breaks_nothing(visit: Visit) -> None:
    me = visit(view="practise")
    for kept in ("nonsense", "AAAA:BBBB", "{}"):
        me.page.evaluate("kept => localStorage.setItem('harf-practice', kept)", kept)
        me.reload()
        ask(me, "ا")
        check(me, by_hand("ا"), "Right")
        assert standing(me, "ا") == "on the way"
    me.complaints = [c for c in me.complaints if "reading from localStorage" not in c]


def test_a_memory_of_another_shape_is_no_progress(visit: Visit) -> None:
    me = visit(view="practise")
    read = (
        f"async kept => (await import('{me.page.url.split('#')[0]}{URL}/records.js')).sound(kept)"
    )
    wrong = {"ا": "2", "ب": 1e99, "ت": -7, "Q": 1, "__proto__": 1}
    whole = {"letters": wrong, "row": -1, "best": []}
    for kept in (None, 7, "text", [], {"letters": 5}, whole):
        assert me.page.evaluate(read, kept) == {"letters": {}, "row": 0, "best": 0}, kept


def test_the_question_whether_to_forget_has_a_name(visit: Visit) -> None:
    me = visit(view="practise")
    ask(me, "د")
    check(me, by_hand("س"), "seen")
    me.find(".reset").click()
    named = me.page.get_by_role("dialog", name="Forget all progress in this browser?")
    expect(named).to_be_visible()


def test_two_tabs_know_of_each_other(visit: Visit) -> None:
    me = visit(view="practise")
    other = me.beside()
    ask(me, "ا")
    check(me, by_hand("ا"), "Right")
    expect(other.find(".streak")).to_have_text("1 right in a row, best 1")
    ask(other, "ب")
    check(other, by_hand("ب"), "Right")
    expect(me.find(".streak")).to_have_text("2 right in a row, best 2")
    me.reload()
    expect(me.find(".streak")).to_have_text("2 right in a row, best 2")
    me.find(".reset").click()
    me.find(".forget").click()
    expect(other.find(".streak")).to_be_empty()
    ask(other, "د")
    check(other, by_hand("د"), "Right")
    other.reload()
    assert standing(other, "ا") == "not tried"
