"""The forms of the letters: all there, drawable, each with the dots of its letter."""

import numpy as np
import pytest

from recognizer import CHARACTERS, LETTERS, Recognizer
from recognizer.characters import Character
from recognizer.templates import ControlPath, Template, plain_strokes, smooth, templates


def test_every_letter_has_several_forms_with_names_of_their_own() -> None:
    for letter in LETTERS:
        forms = [t.form for t in templates() if t.character.letter == letter]
        assert len(forms) >= 8
        assert len(set(forms)) == len(forms)


@pytest.mark.parametrize("template", templates(), ids=lambda t: f"{t.character.name}-{t.form}")
def test_a_form_has_the_dots_of_its_letter_unless_it_joins_them(template: Template) -> None:
    assert template.dots in (0, template.character.dots)
    assert (template.dot_center is not None) == bool(template.dots)


def test_a_curve_runs_through_its_control_points() -> None:
    points = np.array([[0.0, 0], [10, 20], [30, 20], [40, 0]])
    curve = smooth(ControlPath(points, (False,) * 4))
    for point in points:
        assert np.hypot(*(curve - point).T).min() < 1e-9


def test_a_corner_stays_a_corner_and_the_rest_is_round() -> None:
    points = np.array([[0.0, 0], [10, 10], [20, 0]])

    def sharpest_turn(corner: bool) -> float:
        steps = np.diff(smooth(ControlPath(points, (False, corner, False))), axis=0)
        angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
        return float(np.abs(np.diff(angles)).max())

    assert sharpest_turn(corner=True) == pytest.approx(np.pi / 2)
    assert sharpest_turn(corner=False) < np.pi / 4


def test_a_ring_closes_without_a_kink() -> None:
    ring = next(t for t in templates() if t.form == "circle").paths[0]
    curve = smooth(ring)
    assert np.allclose(curve[0], curve[-1])
    start, end = curve[1] - curve[0], curve[-1] - curve[-2]
    assert start @ end / np.linalg.norm(start) / np.linalg.norm(end) > 0.9


@pytest.mark.parametrize("character", CHARACTERS, ids=lambda c: c.name)
def test_the_plain_form_is_on_the_sheet_with_its_dots_last(character: Character) -> None:
    strokes = plain_strokes(character.letter)
    assert all(0 < number < 1000 for stroke in strokes for number in stroke)
    assert [len(stroke) == 2 for stroke in strokes].count(True) == character.dots
    assert all(len(stroke) == 2 for stroke in strokes[len(strokes) - character.dots :])


def test_who_copies_the_plain_forms_is_read_rightly(recognizer: Recognizer) -> None:
    read = [recognizer.recognize_strokes(plain_strokes(letter)).letter for letter in LETTERS]
    assert "".join(read) == LETTERS
