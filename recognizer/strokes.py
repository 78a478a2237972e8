"""Ink from pen strokes.

Strokes are what a pen leaves: a list of paths, each ``[x0, y0, x1, y1, …]`` in
0 to 1000 of the drawing surface, x to the right and y down. The page sends them,
the synthesiser makes them, and this one renderer inks them all.
"""

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from .errors import EmptyDrawingError, StrokesError
from .ink import Ink

Path = list[float]
Strokes = list[Path]
Points = NDArray[np.float64]
AnyStrokes: TypeAlias = Sequence[Sequence[float] | NDArray[Any]]

SURFACE = 1000  # units, both sides of the drawing surface
MAX_PATHS = 200
MAX_NUMBERS = 40_000  # x and y together, over all paths

CANVAS_SIZE = 256  # pixels, both sides of the ink
PEN_WIDTH = 0.05  # of the surface's side
# A pen is chosen before the letter: a marker closes the loop of a small letter
# and swallows its dots. The paths are known here, so the letter is inked with a
# pen that suits its size.
THINNEST_PEN = 0.04  # of the drawing's longest side
THICKEST_PEN = 0.07

_PAIRS = "Each path needs as many y as x: [x0, y0, x1, y1, …]."
_FINITE = "A path holds finite numbers only, 0 to 1000 across the surface."
_FURTHEST = 1e9  # units; what is beyond comes from no pen
_SUBPIXEL_BITS = 4  # fixed-point bits of cv2's anti-aliased lines


def check_strokes(foreign: Any) -> Strokes:
    """Make sure that strokes from a stranger are strokes.

    Args:
        foreign: Anything; a list of paths, each a list of 2n finite numbers, is right. So
            are tuples in place of lists, and arrays (2n,) or (n, 2) in place of paths.

    Returns:
        The paths as lists, numbers as they came; empty paths are dropped.

    Raises:
        StrokesError: If it is not that, or more than 200 paths or 20,000 points.
    """
    kinds = (list, tuple, np.ndarray)
    is_list = isinstance(foreign, list | tuple)
    if not is_list or not all(isinstance(path, kinds) for path in foreign):
        raise StrokesError("A drawing is a list of paths, each a list [x0, y0, x1, y1, …].")
    if len(foreign) > MAX_PATHS or sum(map(_count, foreign)) > MAX_NUMBERS:
        raise StrokesError(
            f"The drawing is too long: at most {MAX_PATHS} paths and "
            f"{MAX_NUMBERS // 2} points are read."
        )
    paths = [_listed(path) for path in foreign]
    for path in paths:
        if len(path) % 2:
            raise StrokesError(_PAIRS)
        if not _are_coordinates(path):
            raise StrokesError(_FINITE)
    return [path for path in paths if path]


def _count(path: Sequence[Any] | NDArray[Any]) -> int:
    return path.size if isinstance(path, np.ndarray) else len(path)


def _listed(path: Sequence[Any] | NDArray[Any]) -> list[Any]:
    """Return a path as a flat list; a list is one, whatever it holds."""
    if not isinstance(path, np.ndarray):
        return path if isinstance(path, list) else list(path)
    if path.ndim != 1 and path.shape[1:] != (2,):
        raise StrokesError(_PAIRS)
    return list(path.ravel().tolist())


def _are_coordinates(foreign: list[Any]) -> bool:
    """Tell finite numbers from the rest; True and False are numbers to Python alone."""
    kinds = set(map(type, foreign))
    if bool in kinds or not all(issubclass(kind, Real) for kind in kinds):
        return False
    return all(abs(number) < _FURTHEST for number in foreign)


def strokes_to_ink(
    strokes: AnyStrokes,
    *,
    pen_width: float = PEN_WIDTH,
    size: int = CANVAS_SIZE,
    thickest: float = THICKEST_PEN,
) -> Ink:
    """Ink pen strokes with smooth lines and round ends.

    Args:
        strokes: Paths [x0, y0, x1, y1, …] in units of the surface (0 to 1000), lists or
            arrays; a point outside goes to the nearest edge. A stranger's go through
            `check_strokes` first.
        pen_width: Width of the pen, in 0 to 1 of the surface's side. It is kept
            between 4 and 7 % of the drawing's longest side, so that a letter does
            not close up or fade when the pen is out of proportion to it. A dot's is
            at most 7 % of the surface.
        size: Pixels of the ink, both sides.
        thickest: What stands for these 7 %, in 0 to 1: on paper pens are broader too,
            and training shows them.

    Returns:
        (size, size) uint8 ink; 0 is paper, 255 ink, edges anti-aliased.

    Raises:
        EmptyDrawingError: If there is no point at all.
        StrokesError: If a path is not pairs of finite numbers, or the pen has no width.
    """
    if not isinstance(pen_width, Real) or not 0 < pen_width < math.inf:
        raise StrokesError("The pen's width is a number above 0, where 1 is the surface's side.")
    paths = [points for path in strokes if len(points := points_of(path))]
    if not paths:
        raise EmptyDrawingError("Nothing is drawn yet: draw one letter.")
    scale = (size - 1) / SURFACE * 2**_SUBPIXEL_BITS
    width = suited_pen(paths, pen_width, thickest) * size
    ink = np.zeros((size, size), np.uint8)
    for path in paths:
        _draw(ink, np.rint(path * scale).astype(np.int32), width)
    return ink


def points_of(path: Sequence[float] | NDArray[Any]) -> Points:
    """Return the points of a path, (n, 2) float64; those beyond the surface are on its edge.

    Raises:
        StrokesError: If it is not pairs of finite numbers.
    """
    try:
        points = np.asarray(path, np.float64).reshape(-1, 2)
    except (TypeError, ValueError, OverflowError):  # no numbers, an odd count, or too large
        raise StrokesError(_PAIRS) from None
    if not np.isfinite(points).all():
        raise StrokesError(_FINITE)
    return points.clip(0, SURFACE)


def suited_pen(paths: Sequence[Points], pen_width: float, thickest: float = THICKEST_PEN) -> float:
    """Return the pen's width (0 to 1 of the surface) kept in proportion to the drawing.

    Args:
        paths: (n, 2) points in units of the surface.
        pen_width: The width asked for, in 0 to 1 of the surface's side.
        thickest: As in `strokes_to_ink`.
    """
    points = np.concatenate(paths)
    longest = float(np.ptp(points, axis=0).max()) / SURFACE
    if longest < pen_width:  # a dot: there is no letter to suit
        return min(pen_width, thickest)
    return min(max(pen_width, THINNEST_PEN * longest), thickest * longest)


def _draw(ink: Ink, points: Points, width: float) -> None:
    """Draw one path (n, 2) in fixed-point pixels, a single point as a dot."""
    if len(points) == 1:
        radius = round(max(width / 2, 0.5) * 2**_SUBPIXEL_BITS)
        center = (int(points[0, 0]), int(points[0, 1]))
        cv2.circle(ink, center, radius, 255, cv2.FILLED, cv2.LINE_AA, _SUBPIXEL_BITS)
        return
    thickness = max(1, round(width))
    cv2.polylines(ink, [points], False, 255, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
