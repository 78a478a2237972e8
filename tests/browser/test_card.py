"""The card of a letter in the answer panel, by mouse, finger and keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from recognizer import CHARACTERS
from tests.browser.visitor import PHONE, Visitor
from tests.hand import by_hand

Visit = Callable[..., Visitor]
TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
OF_LETTER = {character.letter: character for character in CHARACTERS}


def _forms(me: Visitor) -> list[str]:
    return me.find(".forms dd").all_inner_texts()


def _draw(me: Visitor, letter: str) -> None:
    me.draw(by_hand(letter))
    expect(me.letter).to_have_text(letter)
    expect(me.answer).to_have_attribute("aria-busy", "false")  # no later answer is on its way


def test_the_answer_says_how_its_letter_sounds_and_is_written(visit: Visit) -> None:
    me = visit()
    _draw(me, "ج")
    expect(me.find(".ipa")).to_have_text("/d͡ʒ/")
    expect(me.find(".sound-hint")).to_have_text("j, as in “jam”")
    expect(me.find(".code")).to_have_text("U+062C")
    assert _forms(me) == ["ج", "جـ", "ـجـ", "ـج"]
    expect(me.find(".apart")).to_be_hidden()
    me.page.locator(".language").click()
    expect(me.find(".sound-hint")).to_have_text("من وسط اللسان، كما في «جمل»")
    expect(me.find(".forms dt").first).to_have_text("مفردًا")


def test_a_letter_that_joins_no_next_one_is_shown_so(visit: Visit) -> None:
    me = visit()
    _draw(me, "د")
    assert _forms(me) == ["د", "د", "ـد", "ـد"]
    expect(me.find(".apart")).to_have_text("It never joins the letter after it.")


def test_the_forms_of_a_letter_are_four_different_shapes(visit: Visit) -> None:
    """Joined for real: the font shapes each form, however wide the tatweel is."""
    me = visit()
    _draw(me, "ع")
    me.page.evaluate("document.fonts.ready")
    me.find(".forms dd").evaluate_all(
        "all => all.forEach(dd => (dd.textContent = dd.textContent.replaceAll('ـ', '\\u200d')))"
    )  # the shapes alone, joined to nothing that is seen
    pictures = {dd.screenshot() for dd in me.find(".forms dd").all()}
    assert len(pictures) == 4


@pytest.mark.parametrize("key", ["click", "Enter", "Space"])
def test_a_candidate_shows_its_card_and_one_can_go_back(visit: Visit, key: str) -> None:
    me = visit()
    _draw(me, "س")
    second = me.find(".guess-card").nth(1)
    letter = second.locator(".letter-sign").inner_text()
    if key == "click":
        second.click()
    else:
        second.focus()
        me.page.keyboard.press(key)
    expect(me.letter).to_have_text(letter)
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(me.find(".code")).to_have_text(OF_LETTER[letter].code_point)
    expect(me.find(".verdict")).to_contain_text("Its probability: ")
    if key == "click":
        me.find(".back").click()
    else:
        me.page.keyboard.press("Escape")
    expect(me.letter).to_have_text("س")
    expect(me.find(".verdict")).to_contain_text("% sure")
    expect(me.find(".back")).to_be_hidden()
    expect(second).to_be_focused()


def test_a_finger_opens_a_candidate_and_the_best_one_leads_back(visit: Visit) -> None:
    me = visit(**TOUCH)
    _draw(me, "س")
    cards = me.find(".guess-card")
    letter = cards.nth(2).locator(".letter-sign").inner_text()
    cards.nth(2).click()
    expect(me.letter).to_have_text(letter)
    cards.first.click()
    expect(me.letter).to_have_text("س")
    expect(me.find(".back")).to_be_hidden()


def test_a_new_drawing_closes_the_card_of_the_old_one(visit: Visit) -> None:
    me = visit()
    _draw(me, "س")
    me.find(".guess-card").nth(3).click()
    expect(me.find(".back")).to_be_visible()
    me.find(".clear").click()
    _draw(me, "ب")
    expect(me.find(".back")).to_be_hidden()
    expect(me.find(".name .own")).to_have_text("beh")


def test_the_card_of_a_candidate_stays_when_the_language_changes(visit: Visit) -> None:
    me = visit()
    _draw(me, "س")
    me.find(".guess-card").nth(1).click()
    letter = me.letter.inner_text()
    me.page.locator(".language").click()
    expect(me.letter).to_have_text(letter)
    expect(me.find(".name .own")).to_have_text(OF_LETTER[letter].arabic_name)
    expect(me.find(".back")).to_have_text("عودة")


def test_what_is_no_letter_has_advice_but_no_card_until_one_is_chosen(visit: Visit) -> None:
    me = visit()
    me.draw([[200, 200, 800, 200, 800, 800, 200, 800, 200, 210], [200, 200, 800, 800]])
    expect(me.answer).to_have_attribute("data-state", "not_a_letter")
    expect(me.find(".words .advice")).to_have_text("Write one letter on its own, dots included.")
    expect(me.find(".card")).to_be_hidden()
    me.find(".guess-card").first.click()
    expect(me.find(".card")).to_be_visible()
    expect(me.find(".name")).to_be_visible()
    me.find(".back").click()
    expect(me.find(".card")).to_be_hidden()


def test_a_screen_reader_hears_the_card(visit: Visit) -> None:
    me = visit()
    _draw(me, "س")
    me.find(".guess-card").nth(1).click()
    letter = me.letter.inner_text()
    expect(me.find("[aria-live=polite]")).to_contain_text(f"{OF_LETTER[letter].name}:")


def test_an_uploaded_letter_has_the_same_card(visit: Visit) -> None:
    me = visit(view="upload")
    me.find(".examples button").nth(2).click()
    expect(me.letter).to_have_text("س")
    expect(me.find(".ipa")).to_have_text("/s/")
    assert _forms(me) == ["س", "سـ", "ـسـ", "ـس"]


def test_on_a_phone_the_candidates_are_large_enough_and_in_sight(visit: Visit) -> None:
    me = visit(**TOUCH)
    _draw(me, "ب")
    for card in me.find(".guess-card").all():
        box = card.bounding_box()
        assert box and min(box["width"], box["height"]) >= 44
        assert box["y"] + box["height"] <= PHONE["height"]
