"""Another letter is not praised, however its dots dress it; a letter's own marks are no dots."""

import pytest

from recognizer import Recognizer, coach
from tests.hand import by_hand

YEH_DOTS = [[420, 830], [540, 836]]
QAF_DOTS = [[440, 200], [560, 205]]


def body(letter: str) -> list[list[float]]:
    """A letter without its dots."""
    return [path for path in by_hand(letter) if len(path) > 2]


@pytest.mark.parametrize("asked", ["س", "ش", "ص", "ق"])
def test_a_yeh_without_dots_is_no_other_letter(recognizer: Recognizer, asked: str) -> None:
    told = coach(recognizer, body("ي"), asked)
    assert (told.hints[0], told.read) == ("body_different", "ي")


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [
        ("ق", by_hand("ي")),
        ("ق", body("ي") + QAF_DOTS),
        ("ق", [*by_hand("ه"), [450, 200], [560, 196]]),  # ة
        ("ي", by_hand("ق")),
        *[("ي", body(letter) + YEH_DOTS) for letter in "قفلبده"],
        *[("ي", body(letter)) for letter in "قفبن"],
    ],
)
def test_a_body_is_not_right_because_its_dots_are(
    recognizer: Recognizer, asked: str, drawn: list[list[float]]
) -> None:
    assert coach(recognizer, drawn, asked).hints[0] == "body_different"


@pytest.mark.parametrize(
    ("letter", "marks"),
    [
        ("ا", [[450, 200, 550, 200]]),  # a short madda
        ("ا", [[540, 150, 480, 170, 520, 220]]),  # a hamza like a hook
        ("ا", [[540, 180, 470, 200, 530, 240], [450, 270, 560, 250]]),  # in two strokes
        ("ك", [[570, 340, 500, 420]]),  # a short slanting stroke
    ],
)
def test_a_small_hamza_madda_or_kaf_stroke_is_no_dot(
    recognizer: Recognizer, letter: str, marks: list[list[float]]
) -> None:
    line = [[500, 330, 500, 860]] if letter == "ا" else by_hand("ك")[:1]
    told = coach(recognizer, line + marks, letter)
    assert (told.hints, told.dots_drawn) == (("right",), 0)
