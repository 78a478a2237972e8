"""Rows of small things around a letter: what an app or a form shows above, below and beside it.

A screenshot shows a clock, icons and a bar to swipe at, a work sheet a heading and a line for the
name. They are far smaller than the letter, with blank paper between, and reach further than it
does; or they are further away than what is no dot may be.
"""

import numpy as np
from numpy.typing import NDArray

from .ink import Ink
from .marks import DOT
from .pieces import Pieces

SMALLEST = 128  # pixels, longest side; a smaller picture has room for one letter alone
LEAST_LETTER = 0.05  # of that side; a smaller piece proves no letter
MOST_DOTS = 3
SOLID = 0.6  # of the box around it; a dot fills so much, and a filled icon, which is
COMPACT = 0.5  # at least half as high as it is wide, or as wide as it is high
BLANK = 0.25  # of the letter's longest side; so much paper is between the letter and a row
SMALL = 0.6  # of that side; what is larger may be a letter too
THIN = 0.1  # of that side; so thin are the lines of a row, however long
SPREAD = 1.0  # of that side; the ends of a row are so far apart, and no dots of a letter
FURTHEST = 2.0  # of that side; what is no tap of the pen and further away is none of the letter's
FAR = 0.8  # of that side; so it is if it is aside, or at the edge of the picture
EDGE = 0.04  # of the picture's longest side; what an app shows last is so near to its edge
BAR_ROOM = 0.15  # of the picture's height; the bars of an app are so near to its top or bottom
BAR_HEIGHT = 0.08  # of it; what stands in a bar is lower
BAR_BLANK = 0.02  # of it; so much is between a bar and what lies below or above
BAR_WIDTH = 0.6  # of the picture's width; what is first in a bar is so far from what is last
BAR_PIECES = 3  # at least
SWIPED = 0.01  # of the picture's height; a line at which one swipes is thinner
FLAT = 8  # times as wide as it is high, at least
X, Y = 0, 1
TURNS = ((X, Y), (Y, X), (X, Y))  # rows, columns, and rows that a column had joined to the letter

Mask = NDArray[np.bool_]


def remove_rows(ink: Ink) -> Ink:
    """Wipe away rows and columns of small things around a letter.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, the same or a cleaned copy.
    """
    if max(ink.shape) < SMALLEST:
        return ink
    pieces = Pieces(ink)
    if len(pieces) < 2:
        return ink
    is_left = ~_are_in_bars(pieces)
    letter = _largest_line(pieces, is_left)
    if pieces.extents[letter] < LEAST_LETTER * max(ink.shape):
        return ink
    page = _Page(pieces, letter)
    for along, across in TURNS:
        for row in page.rows(is_left, across):
            if page.is_foreign(row, along, across):
                is_left &= ~row
    return pieces.without(~is_left)


def _are_in_bars(pieces: Pieces) -> Mask:
    """(n,) which pieces are in a row of low ones along the top or the bottom, from side to side.

    So is a single straight line along the bottom, at which one swipes.
    """
    height, width = pieces.ink.shape
    left, top, widths, heights, _ = pieces.stats.T
    bottom, middles = top + heights, left + widths / 2
    are_in_bars = (heights <= SWIPED * height) & (widths >= FLAT * heights)
    are_in_bars &= height - bottom <= EDGE * height
    for row in _rows(top, bottom, ~are_in_bars, BAR_BLANK * height):
        room = min(bottom[row].max(), height - top[row].min())
        is_low = heights[row].max() <= BAR_HEIGHT * height
        is_wide = np.ptp(middles[row]) >= BAR_WIDTH * width
        if room <= BAR_ROOM * height and is_low and is_wide and np.count_nonzero(row) >= BAR_PIECES:
            are_in_bars |= row
    return are_in_bars if not are_in_bars[1:].all() else np.zeros_like(are_in_bars)


class _Page:
    """Where the pieces of a picture lie, and the letter among them."""

    def __init__(self, pieces: Pieces, letter: int) -> None:
        self._starts = pieces.stats[:, :2]  # (n, 2) x and y
        self._sides = pieces.stats[:, 2:4]
        self._ends = self._starts + self._sides
        self._extents = pieces.extents
        are_taps = pieces.extents <= DOT * pieces.pen(letter)
        self._may_be_dots = are_taps & _are_solid(pieces)
        self._are_its = np.arange(len(pieces.stats)) == letter
        self._find_letter()
        height, width = pieces.ink.shape
        rooms = np.minimum(self._starts, [width, height] - self._ends).min(axis=1)
        self._are_at_edge = rooms <= EDGE * max(height, width)

    def _find_letter(self) -> None:
        """Add to the largest piece what is near it: dots, and what broke off."""
        count = 0
        while count < (count := int(self._are_its.sum())):
            self._start = self._starts[self._are_its].min(axis=0)  # (2,) of the whole letter
            self._end = self._ends[self._are_its].max(axis=0)
            self._longest = int((self._end - self._start).max())
            gaps = np.maximum(self._starts - self._end, self._start - self._ends).max(axis=1)
            self._are_its |= gaps <= BLANK * self._longest
            self._are_its[0] = False  # the paper

    def rows(self, is_left: Mask, across: int) -> list[Mask]:
        """Return which pieces (n,) of those that are left are in each row, blank between them."""
        starts, ends = self._starts[:, across], self._ends[:, across]
        return _rows(starts, ends, is_left, BLANK * self._longest)

    def is_foreign(self, row: Mask, along: int, across: int) -> bool:
        """Whether a row (n,) is none of the letter's."""
        longest = self._longest
        are_small = self._extents[row] <= SMALL * longest
        are_small |= self._sides[row, across] <= THIN * longest
        if (row & self._are_its).any() or not are_small.all():
            return False
        middles = (self._starts[row, along] + self._ends[row, along]) / 2
        if np.ptp(middles) >= SPREAD * longest:
            return True
        above = self._start[across] - self._ends[row, across].max()
        below = self._starts[row, across].min() - self._end[across]
        gap = max(above, below)
        is_aside = middles.max() < self._start[along] or middles.min() > self._end[along]
        if not is_aside and np.count_nonzero(row) <= MOST_DOTS and self._may_be_dots[row].all():
            return False  # however far they are
        is_last = self._are_at_edge[row].any() and not self._are_at_edge[self._are_its].any()
        return bool(gap > FURTHEST * longest or gap > FAR * longest and (is_aside or is_last))


def _rows(
    starts: NDArray[np.int32], ends: NDArray[np.int32], is_left: Mask, blank: float
) -> list[Mask]:
    """Return which pieces (n,) are in each row: the paper, piece 0, is in none.

    Args:
        starts: (n,) where each piece begins, across the rows.
        ends: (n,) where it ends.
        is_left: (n,) which pieces count.
        blank: Pixels between two rows, at least.
    """
    left = 1 + np.flatnonzero(is_left[1:])
    order = left[np.argsort(starts[left])]
    reached = np.maximum.accumulate(ends[order])
    is_next = starts[order[1:]] - reached[:-1] >= blank
    numbers = np.full(len(starts), -1)
    numbers[order] = np.concatenate([[0], np.cumsum(is_next)])
    return [numbers == number for number in range(numbers.max() + 1)]


def _largest_line(pieces: Pieces, is_left: Mask) -> int:
    """Return the label of the largest piece left that is no filled icon; of any, if all are."""
    counts = is_left & (np.arange(len(is_left)) > 0)
    lines = counts & ~_are_solid(pieces)
    return int(np.where(lines if lines.any() else counts, pieces.areas, 0).argmax())


def _are_solid(pieces: Pieces) -> Mask:
    """(n,) which pieces are filled and about as high as wide: dots, and filled icons."""
    _, _, widths, heights, areas = pieces.stats.T
    are_compact = np.minimum(widths, heights) >= COMPACT * np.maximum(widths, heights)
    return np.asarray(are_compact & (areas >= SOLID * widths * heights))
