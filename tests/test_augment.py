"""What is done to a letter never makes or removes a dot."""

import cv2
import numpy as np
import pytest

from recognizer import LETTERS, fit_to_input, strokes_to_ink
from recognizer.ink import Ink
from recognizer.templates import smooth, templates
from train.augment import (
    Change,
    bend_scan,
    change_pen,
    interrupted,
    keeping_dots,
    lower_resolution,
    pieces,
    with_marker,
    worn,
)

CHANGES: list[Change] = [bend_scan, change_pen, lower_resolution, with_marker, worn]


def letter(name: str, pen: float = 0.06) -> Ink:
    """The first form of a letter with its dots as taps side by side."""
    form = next(t for t in templates() if t.character.letter == name)
    paths = [smooth(path) for path in form.paths]
    for index in range(form.dots):
        shift = (index - (form.dots - 1) / 2) * 22
        paths.append(np.array([[form.dot_center[0] + shift, form.dot_center[1]]]))
    points = np.concatenate(paths)
    low, size = points.min(axis=0), np.ptp(points, axis=0).max()
    return fit_to_input(
        strokes_to_ink([((p - low) / size * 800 + 100).ravel() for p in paths], pen_width=pen)
    )


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_result_is_fitted_ink(change: Change) -> None:
    for seed in range(20):
        changed = change(letter("ش"), np.random.default_rng(seed))
        assert changed.shape == (64, 64)
        assert changed.dtype == np.uint8
        assert changed.max() > 128


@pytest.mark.parametrize("name", "بتثنخ")
def test_bending_keeps_body_and_dots_as_many_as_they_were(name: str) -> None:
    before = letter(name, pen=0.05)
    counts = [pieces(bend_scan(before, np.random.default_rng(seed))) for seed in range(40)]
    assert np.mean(np.array(counts) == pieces(before)) >= 0.95


@pytest.mark.parametrize("change", CHANGES[1:-1], ids=lambda change: change.__name__)
@pytest.mark.parametrize("name", "بتثجشظ")
def test_a_hairline_letter_never_loses_a_dot(change: Change, name: str) -> None:
    before = letter(name, pen=0.02)
    for seed in range(30):
        after = keeping_dots(change, before, np.random.default_rng(seed))
        assert pieces(after) == pieces(before)


@pytest.mark.parametrize("name", "بتثجشظ")
def test_wear_leaves_dots_whole(name: str) -> None:
    before = letter(name, pen=0.02)
    for seed in range(30):
        assert pieces(worn(before, np.random.default_rng(seed))) >= pieces(before)


@pytest.mark.parametrize("name", "هنسر")
def test_a_line_is_interrupted_where_both_sides_stay_too_long_for_a_dot(name: str) -> None:
    before = letter(name, pen=0.04)
    broken = changed = 0
    for seed in range(60):
        after = interrupted(before, np.random.default_rng(seed))
        assert (after <= before).all()
        changed += (after < before).any()
        broken += pieces(after) > pieces(before)
        found = cv2.connectedComponentsWithStats((after >= 90).astype(np.uint8))[2][1:]
        short = found[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) < 15
        assert short.sum() == (name == "ن")  # its own dot
    assert changed > 10
    assert broken or name == "ه"  # a ring with one gap is still in one piece


def test_bending_changes_the_letter_and_the_same_chance_changes_it_alike() -> None:
    before = letter("ع")
    first, second = (bend_scan(before, np.random.default_rng(1)) for _ in range(2))
    assert np.array_equal(first, second)
    assert np.abs(first.astype(int) - before).mean() > 3


@pytest.mark.parametrize("name", LETTERS)
def test_another_pen_leaves_paper_white(name: str) -> None:
    for seed in range(20):
        changed = change_pen(letter(name), np.random.default_rng(seed))
        assert changed[0].max() == changed[:, 0].max() == 0


def test_a_marker_thickens() -> None:
    before = letter("ر", pen=0.04)
    for seed in range(10):
        after = with_marker(before, np.random.default_rng(seed))
        assert (after >= before).all()
        assert after.sum() > before.sum()
