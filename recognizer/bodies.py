"""How well the body of a drawing goes with each family of letters.

A body with wrong dots, or none, is no letter that the network was taught. So its dots
are taken away and the right dots of each letter in question put in their place: a good
body of the family then reads as that letter, whatever was drawn beside it.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from .characters import BY_LETTER, Character
from .ink import Ink
from .strokes import SURFACE, Points, strokes_to_ink
from .templates import smooth, templates

GAP = 0.18  # between neighbouring dots, as a share of the body's size
MARGIN = 0.05  # of the surface, so that no dot is cut off

# Middles of the dots around their common middle, in gaps.
_PATTERNS = {
    1: np.zeros((1, 2)),
    2: np.array([[-0.5, 0.0], [0.5, 0.0]]),
    3: np.array([[-0.5, 0.35], [0.5, 0.35], [0.0, -0.5]]),
}


def with_dots_of(body: Sequence[Points], character: Character, pen: float) -> Ink:
    """Ink a body with the dots of a letter where that letter has them.

    Args:
        body: Paths, each (n, 2), in units of the surface.
        character: The letter whose dots are added; it has some.
        pen: Width of the pen, in units of the surface.

    Returns:
        (256, 256) uint8 ink.
    """
    points = np.concatenate(list(body))
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    size = max(float(extent.max()), 1.0)
    x, y, is_below = _dot_center(character.letter)
    base = low[1] + extent[1] if is_below else low[1]
    center = np.array([low[0] + x * extent[0], base + y * size])
    dots = [(center + GAP * size * dot)[np.newaxis] for dot in _PATTERNS[character.dots]]
    return body_ink([*body, *dots], pen)


def body_ink(paths: Sequence[Points], pen: float) -> Ink:
    """Ink paths scaled to fill the surface, since a new dot may lie outside it.

    Args:
        paths: Each (n, 2), in units of the surface.
        pen: Width of the pen, in the same units.

    Returns:
        (256, 256) uint8 ink.
    """
    points = np.concatenate(list(paths))
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = SURFACE * (1 - 2 * MARGIN) / max(float(extent.max()), 1.0)
    moved = [((path - low) * scale + SURFACE * MARGIN).ravel().tolist() for path in paths]
    return strokes_to_ink(moved, pen_width=pen * scale / SURFACE)


@cache
def _dot_center(letter: str) -> tuple[float, float, bool]:
    """Where a letter's dots go: x in widths of the body's box, y in sizes from top or bottom."""
    places = []
    is_below = BY_LETTER[letter].place == "below"
    for template in templates():
        if template.character.letter == letter and template.dot_center:
            points = np.concatenate([smooth(path) for path in template.paths])
            low, extent = points.min(axis=0), np.ptp(points, axis=0)
            x, y = template.dot_center
            base = low[1] + extent[1] if is_below else low[1]
            places.append(((x - low[0]) / extent[0], (y - base) / extent.max()))
    x, y = np.median(places, axis=0)
    return float(x), float(y), is_below
