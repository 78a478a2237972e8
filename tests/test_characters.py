"""The table of characters is the contract between names, weights and pages."""

import unicodedata
from collections import Counter

import pytest

from recognizer import CHARACTERS, LETTERS
from recognizer.characters import Character, Forms

OF_LETTER = {character.letter: character for character in CHARACTERS}


def test_the_28_letters_stand_in_the_order_of_the_alphabet() -> None:
    assert LETTERS == "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    assert len(CHARACTERS) == len(set(LETTERS)) == 28


@pytest.mark.parametrize("character", CHARACTERS, ids=lambda c: c.name)
def test_a_name_is_the_one_that_unicode_gives(character: Character) -> None:
    assert unicodedata.name(character.letter) == f"ARABIC LETTER {character.name.upper()}"
    assert unicodedata.normalize("NFC", character.letter) == character.letter


@pytest.mark.parametrize("character", CHARACTERS, ids=lambda c: c.name)
def test_the_arabic_name_begins_with_the_letter_that_it_names(character: Character) -> None:
    first = unicodedata.normalize("NFD", character.arabic_name)[0]  # without the hamza of أ
    assert first == character.letter


def test_the_arabic_names_are_28_different_ones() -> None:
    assert len({character.arabic_name for character in CHARACTERS}) == 28


def test_letters_of_one_body_differ_by_their_dots() -> None:
    marks = Counter((c.body, c.dots, c.place) for c in CHARACTERS)
    assert set(marks.values()) == {1}


def test_a_body_is_named_by_a_letter_that_has_it() -> None:
    assert all(OF_LETTER[c.body].body == c.body for c in CHARACTERS)


def test_dots_have_a_place_and_only_dots_have() -> None:
    assert all((c.dots > 0) == (c.place is not None) for c in CHARACTERS)
    assert all(0 <= c.dots <= 3 for c in CHARACTERS)
    assert {c.letter for c in CHARACTERS if c.place == "below"} == set("بي")


def test_only_six_letters_never_join_the_next_one() -> None:
    apart = [c for c in CHARACTERS if c.forms.initial == c.forms.isolated]
    assert {c.letter for c in apart} == set("ادذرزو")
    assert all(c.forms.medial == c.forms.final for c in apart)
    assert OF_LETTER["ب"].forms == Forms("ب", "بـ", "ـبـ", "ـب")
    assert OF_LETTER["د"].forms == Forms("د", "د", "ـد", "ـد")


def test_a_code_point_is_written_as_unicode_writes_it() -> None:
    assert OF_LETTER["ب"].code_point == "U+0628"
    assert all(chr(int(c.code_point.removeprefix("U+"), 16)) == c.letter for c in CHARACTERS)


def test_each_letter_has_a_sound_of_its_own() -> None:
    assert len({c.ipa for c in CHARACTERS}) == 28
    heavy = {c.letter for c in CHARACTERS if c.ipa[0].endswith("ˤ")}
    assert heavy == set("صضطظ")
    assert (OF_LETTER["ح"].ipa, OF_LETTER["ع"].ipa) == (("ħ",), ("ʕ",))  # pharyngeals
    long_vowels = {c.letter for c in CHARACTERS if any(s.endswith("ː") for s in c.ipa)}
    assert long_vowels == set("اوي")
