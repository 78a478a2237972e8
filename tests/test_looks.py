"""What is in doubt is looked at again, what is sure is not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer import Recognizer, fit_to_input, strokes_to_ink
from recognizer.looks import DOUBT
from tests.hand import by_hand, letters

Ink = NDArray[np.uint8]


@pytest.fixture(scope="module")
def batch() -> Ink:
    """Letters, and among them some whose top or right side is missing."""
    whole = [fit_to_input(strokes_to_ink(by_hand(letter))) for letter in letters()]
    headless = [fit_to_input(ink[26:]) for ink in whole if ink[26:].any()]
    halves = [fit_to_input(ink[:, :36]) for ink in whole if ink[:, :36].any()]
    return np.stack(whole[:10] + headless + whole[10:] + halves)


def test_what_is_in_doubt_gets_the_mean_of_five_places(recognizer: Recognizer, batch: Ink) -> None:
    infer = recognizer.model._infer
    once, twice = infer(batch), recognizer.model(batch)
    is_doubtful = once[0].max(axis=1) < DOUBT
    assert 10 < is_doubtful.sum() < len(batch) - 10
    for one, other in zip(once, twice, strict=True):
        assert np.array_equal(one[~is_doubtful], other[~is_doubtful])
    moved = [np.roll(batch, by, axis) for axis in (1, 2) for by in (2, -2)]
    for place, look in enumerate(twice):
        looks = np.mean([infer(ink)[place] for ink in [batch, *moved]], axis=0)
        assert look[is_doubtful] == pytest.approx(looks[is_doubtful], abs=1e-5)


def test_ink_at_the_edge_does_not_come_in_at_the_other_side(recognizer: Recognizer) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1, 64, 64), np.uint8)
    infer = recognizer.model._infer
    looks = [infer(noise)[0]]
    for there, here in ((np.s_[:, 2:], np.s_[:, :-2]), (np.s_[:, :, 2:], np.s_[:, :, :-2])):
        for target, source in ((there, here), (here, there)):
            moved = np.zeros_like(noise)
            moved[target] = noise[source]
            looks.append(infer(moved)[0])
    assert recognizer.model(noise)[0] == pytest.approx(np.mean(looks, axis=0), abs=1e-5)


def test_what_is_drawn_two_pixels_further_is_read_alike(recognizer: Recognizer, batch: Ink) -> None:
    infer = recognizer.model._infer
    once, twice = [], []
    for by in (1, 2):
        moved = np.roll(batch, by, axis=2)
        once.append(np.abs(infer(moved)[0] - infer(batch)[0]).max(axis=1).mean())
        twice.append(
            np.abs(recognizer.model(moved)[0] - recognizer.model(batch)[0]).max(axis=1).mean()
        )
    assert np.mean(twice) < 0.9 * np.mean(once)
