"""Which strokes of a drawing are its body and which its dots, how many, and where.

This is geometry alone: no network is asked. Lengths are shares of the body's longest
side, called its size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .characters import DotPlace
from .strokes import Points

BODY_PART = 0.47  # of the longest stroke; what is longer is part of the body
TAP = 0.1  # of the body's size; a smaller mark is one dot, whatever its shape
LINE = 0.18  # a straight mark at least this long is a dash; between it and a tap it may be
CARET = 0.12  # a bent mark at least this long is three dots
RING = 0.14  # a closed mark at least this long may stand for three dots
SAME_PLACE = 0.035  # marks whose middles are nearer are one dot that was inked twice
STEP = 0.01  # between neighbouring points of a line that is looked at closely
MOST_POINTS = 1000  # of that line: a stranger's may be 20,000 points long
COLUMN = 0.03  # half the width of the column in which the line above or below is sought


@dataclass(frozen=True)
class Mark:
    """A small stroke that may be a dot or several.

    Attributes:
        points: (n, 2) float64, in units of the surface.
        extent: Longest side of its box, as a share of the body's size.
        turning: How far the pen turned in all, in degrees.
        counts: How many dots it may stand for, the likeliest first.
    """

    points: Points
    extent: float
    turning: float
    counts: tuple[int, ...]

    @property
    def middle(self) -> Points:
        """(2,) the middle of its box, in units of the surface."""
        return np.asarray((self.points.min(axis=0) + self.points.max(axis=0)) / 2)


@dataclass(frozen=True)
class Drawing:
    """A drawing taken apart.

    Attributes:
        body: Paths, each (n, 2) float64 in units of the surface.
        line: (m, 2) float64, close points along these paths, one path after the other.
        marks: The small strokes beside the body; a hamza or kaf's inner mark is among them.
        size: Longest side of the body's box, in units of the surface.
    """

    body: tuple[Points, ...]
    line: Points
    marks: tuple[Mark, ...]
    size: float


def take_apart(paths: Sequence[Points], pen: float) -> Drawing:
    """Tell the body of a drawing from the marks beside it.

    Args:
        paths: At least one, each (n, 2) in units of the surface, n at least 1.
        pen: Width of the pen's line, in units of the surface.
    """
    longest = max(map(extent_of, paths))
    body = [path for path in paths if extent_of(path) > BODY_PART * longest]
    body = body or list(paths)  # nothing but taps on one spot
    size = max(extent_of(np.concatenate(body)), 1.0)
    line, ends = _line(body, size), np.concatenate([part[[0, -1]] for part in body])
    small = [path for path in paths if not any(path is part for part in body)]
    loose = []
    for path in small:
        if _continues(path, line, ends, size, pen):
            body.append(path)
        elif not _is_drawn_over(path, line, size, pen):
            loose.append(path)
    marks = _relative([_mark(path, size) for path in _inked_once(loose, size)])
    return Drawing(tuple(body), _line(body, size), tuple(marks), size)


def place_of(mark: Mark, drawing: Drawing) -> DotPlace:
    """Say where a mark stands: what of the body's line is above and below it decides."""
    x, y = mark.middle
    line = drawing.line
    column = line[np.abs(line[:, 0] - x) <= COLUMN * drawing.size, 1]
    if not len(column):  # beside the body
        middle = (line[:, 1].min() + line[:, 1].max()) / 2
        return "above" if y < middle else "below"
    if (column > y).all():
        return "above"
    if (column < y).any() and (column > y).any():
        return "inside"
    return "below"


def extent_of(points: Points) -> float:
    """Return the longest side of the box around (n, 2) points."""
    return float(np.ptp(points, axis=0).max())


def densified(path: Points, step: float) -> Points:
    """Add points between those of a path (n, 2), so that neighbours are a step apart at most."""
    if len(path) == 1:
        return path
    lengths = np.hypot(*np.diff(path, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    wanted = np.linspace(0, along[-1], max(2, int(np.ceil(along[-1] / step)) + 1))
    return np.stack([np.interp(wanted, along, path[:, axis]) for axis in (0, 1)], axis=1)


def turning_of(path: Points, extent: float) -> float:
    """Return how far the pen turned along a path (n, 2), in degrees, tremor left out."""
    even = densified(path, extent / 8)
    if len(even) < 3:
        return 0.0
    steps = np.diff(even, axis=0)
    headings = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    return float(np.degrees(np.abs(np.diff(headings)).sum()))


def _line(paths: Sequence[Points], size: float) -> Points:
    length = sum(float(np.hypot(*np.diff(path, axis=0).T).sum()) for path in paths)
    step = max(STEP * size, length / MOST_POINTS)
    return np.concatenate([densified(path, step) for path in paths])


def _gap(path: Points, line: Points) -> NDArray[np.float64]:
    """Return how near the line (m, 2) comes to a path's points (n, 2), or to 20 of many."""
    path = path[:: 1 + len(path) // 20]
    away = path[:, np.newaxis] - line[np.newaxis]  # (n, m, 2)
    return np.asarray(np.hypot(away[..., 0], away[..., 1]).min(axis=1))


def _continues(path: Points, line: Points, ends: Points, size: float, pen: float) -> bool:
    """Tell whether a small stroke goes on where the body was left, or closes its head."""
    if len(path) < 2:
        return False
    near = max(0.3 * pen, 0.015 * size)
    if _gap(path[[0, -1]], ends).min() <= near:
        return True
    is_long = extent_of(path) > 1.5 * max(LINE * size, pen)
    return bool(is_long and (_gap(path[[0, -1]], line) <= near).all())


def _is_drawn_over(path: Points, line: Points, size: float, pen: float) -> bool:
    """Tell whether a small stroke is hidden under the body's ink, or goes along it."""
    is_tap = extent_of(path) <= TAP * size
    return bool(_gap(path, line).max() <= (pen / 2 if is_tap else pen))


def _inked_once(paths: list[Points], size: float) -> list[Points]:
    """Join marks that lie on one another into one."""
    apart: list[Points] = []
    for path in paths:
        middle = (path.min(axis=0) + path.max(axis=0)) / 2
        for index, other in enumerate(apart):
            other_middle = (other.min(axis=0) + other.max(axis=0)) / 2
            if np.hypot(*(middle - other_middle)) < SAME_PLACE * size:
                apart[index] = np.concatenate([other, path])
                break
        else:
            apart.append(path)
    return apart


def _mark(path: Points, size: float) -> Mark:
    extent = extent_of(path)
    turning = turning_of(path, extent) if extent else 0.0
    return Mark(path, extent / size, turning, _counts(path, extent / size, turning))


def _counts(path: Points, extent: float, turning: float) -> tuple[int, ...]:
    """How many dots one mark may stand for, by its shape."""
    if extent <= TAP:
        return (1,)
    chord = path[-1] - path[0]
    span = float(np.hypot(*chord))
    length = float(np.hypot(*np.diff(path, axis=0).T).sum())
    away = path - path[0]
    sagitta = float(np.abs(chord[0] * away[:, 1] - chord[1] * away[:, 0]).max()) / max(span, 1e-6)
    if span < 0.45 * length and (turning > 220 or span < 0.3 * length):  # a ring or a blot
        return (1, 3) if extent >= RING else (1,)
    if sagitta < 0.2 * span:
        return (2,) if extent >= LINE else (1, 2)
    if sagitta < 0.26 * span:
        return (2, 3) if extent >= LINE else (1, 2, 3)
    return (3,) if extent >= CARET else (3, 1)


def _relative(marks: list[Mark]) -> list[Mark]:
    """Dots of one hand are alike: several marks of one size are one dot each."""
    if len(marks) < 2:
        return marks
    smallest = min(mark.extent for mark in marks)
    return [
        Mark(mark.points, mark.extent, mark.turning, (1,))
        if mark.extent < max(1.7 * smallest, TAP)
        else mark
        for mark in marks
    ]


def ends_in_joined_dots(drawing: Drawing) -> bool:
    """Tell whether the body's line does not just rise to its end but curls in or runs away.

    A noon or a qaf written in one go ends so: what follows the bowl is the dot.
    """
    line = _line(drawing.body[:1], drawing.size)
    tail = line[-1] - line[-1 - min(len(line) - 1, 12)]
    across, down = tail / max(float(np.hypot(*tail)), 1e-6)
    return bool(down > 0.5 or (across > 0.3 and down > -0.5))


def windings(drawing: Drawing) -> float:
    """Return the length of the body's line in diagonals of its box."""
    lengths = [np.hypot(*np.diff(path, axis=0).T).sum() for path in drawing.body]
    diagonal = np.hypot(*np.ptp(np.concatenate(drawing.body), axis=0))
    return float(sum(lengths) / max(diagonal, 1.0))


def height_of(mark: Mark, drawing: Drawing) -> float:
    """Say how high a mark stands: 0 at the top of the body's box, 1 at its bottom."""
    points = np.concatenate(drawing.body)
    top, bottom = points[:, 1].min(), points[:, 1].max()
    return float((mark.middle[1] - top) / max(bottom - top, 1.0))
