"""Ink: the one type between any picture or pen and the network.

Ink is uint8 (H, W), 0 paper, 255 full ink. Geometry happens here, once, for
training and for use alike; the scale of values is the network's first layer.
"""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from .errors import EmptyDrawingError, InkError

Ink: TypeAlias = NDArray[np.uint8]

INPUT_SIZE = 64  # pixels, both sides of what the network sees
MARGIN = 6
FIELD = INPUT_SIZE - 2 * MARGIN  # 52: the longest side of the letter inside the input

INKED = 64  # a pixel at least this dark counts as ink when the letter is measured
WORK_SIZE = 192  # pixels; a larger letter is first reduced to this longest side
THINNEST_LINE = 0.04  # of the letter's longest side; thinner lines are thickened


@dataclass(frozen=True)
class Square:
    """A square in a picture, in pixels of it; it may reach beyond the edges.

    Attributes:
        left: From the left edge of the picture.
        top: From its top edge.
        side: Both sides.
    """

    left: float
    top: float
    side: float


def use_one_thread() -> None:
    """Let OpenCV work on the thread that calls it, in this whole process.

    For a process that does nothing else with OpenCV. Waking threads for pictures this small
    costs more than they save: alone on two cores, a scan of 64 pixels takes a fifth less time
    without them and half the work, 256 pixels as long and a third less. Who reads many
    pictures has the other cores read other pictures.
    """
    cv2.setNumThreads(1)


def crop_to_ink(ink: Ink) -> Ink:
    """Cut the empty border away.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        The smallest (h, w) view that holds every inked pixel, dots included.

    Raises:
        InkError: If it is no array (H, W) of uint8.
        EmptyDrawingError: If no pixel is inked.
    """
    if not isinstance(ink, np.ndarray) or ink.ndim != 2 or ink.dtype != np.uint8:
        raise InkError(
            "Ink is a NumPy array (H, W) of uint8, 0 paper to 255 ink: `to_ink` makes it of a "
            "picture."
        )
    x, y, width, height = cv2.boundingRect((ink >= INKED).view(np.uint8))
    if not width:
        raise EmptyDrawingError("There is no ink in the picture: draw one letter, dark on light.")
    return ink[y : y + height, x : x + width]


def fit_to_input(ink: Ink) -> Ink:
    """Bring a letter to the size and place that the network knows.

    Crop, thicken hairlines, scale the longest side to the field and centre the
    bounding box. The aspect ratio stays: an alef must not become a blob.

    Args:
        ink: (H, W) uint8, any size; 0 is paper, 255 is full ink.

    Returns:
        (64, 64) uint8 ink, the letter's longest side 52 pixels, in the middle.

    Raises:
        InkError: If it is no array (H, W) of uint8.
        EmptyDrawingError: If no pixel is inked.
    """
    letter = crop_to_ink(ink)
    letter = _reduce(letter)
    letter = _thicken_hairlines(letter)
    letter = _scale_longest_side(letter, FIELD)
    top, left, bottom, right = _place(letter)
    fitted = np.zeros((INPUT_SIZE, INPUT_SIZE), np.uint8)
    fitted[top:bottom, left:right] = letter
    return fitted


def shown_square(ink: Ink) -> Square:
    """Return which part of the ink's picture `fit_to_input` shows.

    Args:
        ink: (H, W) uint8, any size; 0 is paper, 255 is full ink.

    Raises:
        InkError: If it is no array (H, W) of uint8.
        EmptyDrawingError: If no pixel is inked.
    """
    reduced = _reduce(crop_to_ink(ink))
    x, y, width, height = cv2.boundingRect((ink >= INKED).view(np.uint8))
    grown = _thicken_hairlines(reduced)
    # Hairlines grow outwards too, and what they gain is shown as well.
    pixel = max(width, height) * max(grown.shape) / max(reduced.shape) / FIELD
    top, left, bottom, right = _place(_scale_longest_side(grown, FIELD))
    return Square(
        left=x + width / 2 - (left + right) / 2 * pixel,
        top=y + height / 2 - (top + bottom) / 2 * pixel,
        side=INPUT_SIZE * pixel,
    )


def line_width(ink: Ink) -> float:
    """Estimate the width of the pen's line in pixels; 0 without ink.

    Across a line of width w the distance to the nearest paper averages w / 4.
    """
    inked = (ink >= 128).view(np.uint8)
    count = cv2.countNonZero(inked)
    if not count:
        return 0.0
    inked = _pad(inked, 1)
    distance = cv2.distanceTransform(inked, cv2.DIST_L2, 3)
    # The transform counts from pixel centre to pixel centre, half a pixel too far.
    return max(4 * (cv2.sumElems(distance)[0] / count - 0.5), 1.0)


def _reduce(letter: Ink) -> Ink:
    """Reduce a large letter to the work size, its lines as dark as they were."""
    factor = max(letter.shape) / WORK_SIZE
    if factor <= 1:
        return letter
    if factor >= 2 and line_width(letter) < 2 * factor:
        # A line of one pixel would be averaged with the paper around it, and fade.
        side = round(factor)
        letter = np.asarray(cv2.dilate(letter, np.ones((side, side), np.uint8)), np.uint8)
    return _scale_longest_side(letter, WORK_SIZE)


def _thicken_hairlines(letter: Ink) -> Ink:
    """Widen lines that the reduction to the field would turn into faint grey."""
    missing = THINNEST_LINE * max(letter.shape) - line_width(letter)
    if missing < 1:
        return letter
    side = 1 + 2 * round(missing / 2 + 0.25)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    border = side // 2
    letter = _pad(letter, border)
    return np.asarray(cv2.dilate(letter, kernel), np.uint8)


def _place(letter: Ink) -> tuple[int, int, int, int]:
    """Return top, left, bottom and right of a letter in the middle of the input."""
    height, width = letter.shape
    top, left = (INPUT_SIZE - height) // 2, (INPUT_SIZE - width) // 2
    return top, left, top + height, left + width


def _pad(ink: Ink, border: int) -> Ink:
    """Add paper all around; ten times as fast as `np.pad`."""
    around = (border, border, border, border)
    return np.asarray(cv2.copyMakeBorder(ink, *around, cv2.BORDER_CONSTANT, value=0), np.uint8)


def _scale_longest_side(letter: Ink, longest: int) -> Ink:
    """Scale so that the longest side has that many pixels, the other at least one."""
    scale = longest / max(letter.shape)
    if scale == 1:
        return letter
    height, width = (max(1, round(side * scale)) for side in letter.shape)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(letter, (width, height), interpolation=method), np.uint8)
