"""Synthetic letters: valid strokes, the right number of dots, a hand's variety."""

import cv2
import numpy as np
import pytest

from recognizer import LETTERS, fit_to_input, strokes_to_ink
from recognizer.characters import BY_LETTER
from recognizer.strokes import THICKEST_PEN, check_strokes
from recognizer.templates import smooth, templates
from train.augment import pieces
from train.batches import BROADEST, inked
from train.synthesis import MANNERS, TRAINING, Style, Synthesiser, dots, placed

STEADY = Style(**dict.fromkeys(Style.__dataclass_fields__, 0.0))


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_becomes_strokes_that_the_page_would_take(letter: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        strokes = placed(Synthesiser().draw(LETTERS.index(letter), rng), 0.5, rng)
        assert check_strokes(strokes) == strokes
        flat = np.array([number for path in strokes for number in path])
        assert flat.min() >= 0
        assert flat.max() <= 1000


def test_the_same_chance_writes_the_same_letter() -> None:
    first, second = (
        np.concatenate(Synthesiser().draw(5, np.random.default_rng(3))) for _ in range(2)
    )
    assert np.array_equal(first, second)
    other = np.concatenate(Synthesiser().draw(5, np.random.default_rng(4)))
    assert first.shape != other.shape or not np.allclose(first, other)


def test_a_steady_hand_stays_nearer_to_the_template_than_a_hasty_one() -> None:
    template = next(t for t in templates() if t.form == "inner hamza")
    model = [smooth(path) for path in template.paths]

    def overlap(style: Style) -> float:
        rng = np.random.default_rng(0)
        shares = []
        for _ in range(20):
            one, other = (
                fit_to_input(strokes_to_ink(placed(paths, 0.8, rng))) > 128
                for paths in (model, Synthesiser(style).write(template, rng))
            )
            shares.append((one & other).sum() / (one | other).sum())
        return float(np.mean(shares))

    assert overlap(STEADY) > 0.5
    assert overlap(STEADY) > overlap(TRAINING) + 0.1


@pytest.mark.parametrize("count", [1, 2, 3])
def test_dots_written_apart_are_as_many_as_asked_for(count: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        paths = dots(count, "dots", np.zeros(2), 0.2, rng)
        ink = strokes_to_ink(placed(paths, 0.5, rng), pen_width=0.01)
        assert cv2.connectedComponents((ink > 64).astype(np.uint8))[0] - 1 == count


@pytest.mark.parametrize(("count", "manner"), [(2, "dash"), (3, "caret")])
def test_dots_written_in_one_go_are_one_stroke(count: int, manner: str) -> None:
    assert manner in MANNERS[count]
    assert len(dots(count, manner, np.zeros(2), 0.2, np.random.default_rng(0))) == 1


def test_a_dash_for_two_dots_is_flatter_than_a_caret_for_three() -> None:
    rng = np.random.default_rng(2)
    slopes = {
        manner: np.median(
            [
                np.ptp(path[:, 1]) / np.ptp(path[:, 0])
                for (path,) in (dots(count, manner, np.zeros(2), 0.2, rng) for _ in range(200))
            ]
        )
        for count, manner in ((2, "dash"), (3, "caret"))
    }
    assert slopes["dash"] < 0.35 < 0.5 < slopes["caret"]


@pytest.mark.parametrize("letter", [letter for letter in LETTERS if BY_LETTER[letter].dots])
def test_most_hands_keep_dots_apart_with_any_pen(letter: str) -> None:
    # What three dots in one blob are taught as, a single dot will be read as.
    forms = [form for form in templates() if form.character.letter == letter and form.dots]
    rng = np.random.default_rng(4)
    synthesiser = Synthesiser()
    written = [synthesiser.write(forms[i % len(forms)], rng, "dots") for i in range(200)]
    apart = [pieces(inked(paths, rng)) > forms[0].dots for paths in written]
    assert np.mean(apart) > (0.9 if forms[0].dots == 1 else 0.75)


def test_training_sees_broader_lines_than_the_page_draws() -> None:
    def share_of_ink(thickest: float) -> float:
        rng = np.random.default_rng(5)
        return float(np.mean([inked(Synthesiser().draw(0, rng), rng, thickest) for _ in range(60)]))

    assert share_of_ink(BROADEST) > 1.1 * share_of_ink(THICKEST_PEN)


def test_yeh_is_written_without_dots_when_asked_to() -> None:
    template = next(t for t in templates() if t.character.letter == "ي")
    written = Synthesiser().write(template, np.random.default_rng(0), "none")
    assert len(written) == len(template.paths)


def test_a_letter_is_placed_at_its_size_anywhere_on_the_surface() -> None:
    rng = np.random.default_rng(0)
    corners = set()
    for _ in range(30):
        flat = placed([np.array([[0.0, 0], [1, 2]])], 0.3, rng)[0]
        assert flat[3] - flat[1] == pytest.approx(300, abs=2)
        corners.add((flat[0] // 250, flat[1] // 250))
    assert len(corners) > 5
