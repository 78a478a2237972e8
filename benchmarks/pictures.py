"""Letters to measure with: written by the templates' hand, the same in every run."""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.characters import LETTERS
from recognizer.ink import Ink
from recognizer.strokes import strokes_to_ink
from train.synthesis import Synthesiser, placed

Strokes = list[list[float]]


def drawings(count: int, seed: int = 0) -> list[Strokes]:
    """Pen strokes of letters, all 28 in turn, no two alike."""
    rng = np.random.default_rng(seed)
    hand = Synthesiser()
    letters = [hand.draw(i % len(LETTERS), rng) for i in range(count)]
    return [placed(letter, rng.uniform(0.5, 0.9), rng) for letter in letters]


def papers(count: int, side: int) -> list[NDArray[np.uint8]]:
    """Pictures (side, side) uint8 of letters, dark ink on light paper."""
    return [255 - _scaled(strokes_to_ink(strokes), side) for strokes in drawings(count)]


def _scaled(ink: Ink, side: int) -> Ink:
    return np.asarray(cv2.resize(ink, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
