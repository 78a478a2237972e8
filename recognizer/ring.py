"""Rings: a circle that somebody drew around the letter, or in which an app shows it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .ink import Ink
from .pieces import INKED, Pieces

SMALLEST = 128  # pixels, longest side; in a smaller picture nobody draws around a letter
ROUND = 0.93  # of its hull; so much a closed round line encloses, drawn by hand as well
LONGEST = 1.7  # times its shorter side; a longer ring is no circle
THINNEST = 0.35  # of its hull; what has more ink is a disc
LEAST_INSIDE = 0.15  # of the ring's longest side; a smaller piece in a ring may be dirt in a heh
LEAST_PENS = 4  # times its line; a smaller piece may be a dot

Outline = NDArray[np.int32]


def remove_rings(ink: Ink) -> Ink:
    """Erase rings around everything else, and what lies outside of them.

    No letter has a closed round line with a separate piece inside that is larger than a dot.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, the same ink or a copy without its rings.
    """
    while (inside := _inside_ring(ink)) is not None:
        ink = inside
    return ink


def _inside_ring(ink: Ink) -> Ink | None:
    """Return the ink that lies in the outermost ring, or None if there is none."""
    hull = _round_hull(ink) if max(ink.shape) >= SMALLEST else None
    if hull is None:
        return None  # as on most pictures
    pieces = Pieces(ink)
    ring = 1 + int(pieces.extents[1:].argmax())
    middles = pieces.stats[:, :2] + pieces.stats[:, 2:4] / 2
    are_inside = np.array([cv2.pointPolygonTest(hull, middle, False) > 0 for middle in middles])
    are_inside[[0, ring]] = False
    least = LEAST_INSIDE * pieces.extents[ring]
    is_line = pieces.areas[ring] <= THINNEST * cv2.contourArea(hull)
    large = np.flatnonzero(are_inside & (pieces.extents >= least)).tolist() if is_line else []
    if not any(pieces.extents[label] >= LEAST_PENS * pieces.pen(label) for label in large):
        return None
    return pieces.without(~are_inside)


def _round_hull(ink: Ink) -> Outline | None:
    """Return the hull (n, 1, 2) of the largest outline, in pixels of the picture, if it is round.

    What lies in a ring has none of these outlines: they are a tenth of the work of all pieces.
    """
    inked = (ink >= INKED).view(np.uint8)
    outlines, _ = cv2.findContours(inked, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    sides = [cv2.boundingRect(outline)[2:] for outline in outlines]
    if not sides:
        return None
    largest = int(np.max(sides, axis=1).argmax())
    if max(sides[largest]) > LONGEST * min(sides[largest]):
        return None
    hull = cv2.convexHull(outlines[largest])
    if cv2.contourArea(outlines[largest]) < ROUND * cv2.contourArea(hull):
        return None
    return np.asarray(hull, np.int32)
