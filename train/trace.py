"""Pen strokes out of scanned ink, so that a real letter can be inked with another pen.

The ink is thinned to lines one pixel wide (Zhang and Suen 1984, by scikit-image) and
the lines are walked from end to end.
"""

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.morphology import skeletonize

from recognizer.ink import Ink, crop_to_ink, line_width

Points = NDArray[np.float64]

SCALE = 4  # the thinning sees the scan this much larger, for smoother lines
_INKED = 50  # of 255; fainter is the soft edge of a line, which faint dots outdo
_EYE = 2 * SCALE + 1  # pixels; as far as an eye looks for the line around it
_EYE_LIGHTER = 0.72  # of the darkest ink around; what is lighter is no ink
_FILLED = 0.85  # times the width of the line; ink further from the paper fills a loop
_RING = [(-1, 0), (0, 1), (1, 0), (0, -1), (-1, -1), (-1, 1), (1, 1), (1, -1)]  # sides first


def trace(scan: Ink) -> list[Points]:
    """Find the pen paths in a small scan.

    Args:
        scan: (h, w) uint8 ink of one letter, up to about 128 pixels a side.

    Returns:
        Paths (n, 2) of x and y in pixels of the crop; a dot is a path of one point.

    Raises:
        EmptyDrawingError: If there is no ink.
    """
    letter = cv2.copyMakeBorder(crop_to_ink(scan), 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=0)
    large = cv2.resize(letter, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(large, (0, 0), SCALE / 3)
    # The eye of a small loop is grey, not white: it is lighter than the line around it.
    around = cv2.dilate(soft, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_EYE, _EYE)))
    inked = (soft >= _INKED) & (soft >= _EYE_LIGHTER * around)
    width = line_width(inked.astype(np.uint8) * 255)
    paths: list[Points] = []
    count, parts = cv2.connectedComponents(inked.astype(np.uint8))
    for part in range(1, count):
        paths += _trace_part(parts == part, width)
    return [path / SCALE for path in paths]


def _trace_part(part: NDArray[np.bool_], width: float) -> list[Points]:
    """Trace one connected piece of ink; a piece about as round as the pen is a dot."""
    ys, xs = np.nonzero(part)
    if max(np.ptp(xs), np.ptp(ys)) < 1.8 * width:
        return [np.array([[xs.mean(), ys.mean()]])]
    top, left = ys.min(), xs.min()
    piece = part[top : ys.max() + 1, left : xs.max() + 1]
    rings, filled = _filled_loops(piece, width)
    line = skeletonize(piece) & ~filled
    pixels = {(int(y), int(x)) for y, x in zip(*np.nonzero(line), strict=True)}
    paths = _walk(pixels, width / 2) if pixels else []
    return [_smoothed(path[:, ::-1] + [left, top]) for path in [*paths, *rings]]


def _filled_loops(piece: NDArray[np.bool_], width: float) -> tuple[list[Points], NDArray[np.bool_]]:
    """Find loops so small that the pen filled them, where thinning leaves nothing.

    Returns:
        The way around each, (n, 2) of y and x, and (h, w) which ink lies inside.
    """
    inside = cv2.distanceTransform(_bordered(piece), cv2.DIST_L2, 5)
    core = inside > _FILLED * width
    reach = max(1, round((_FILLED - 0.5) * width))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    blobs = cv2.dilate(core.view(np.uint8), disc)
    contours, _ = cv2.findContours(blobs, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    rings = []
    for contour in contours:
        ring = contour[:, 0, ::-1].astype(float) - 1
        rings.append(np.vstack([ring, ring[:1]]))
    filled = cv2.erode(blobs, np.ones((3, 3), np.uint8)) > 0
    return rings, filled[1:-1, 1:-1]


def _bordered(piece: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return cv2.copyMakeBorder(piece.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)


def _walk(pixels: set[tuple[int, int]], spur: float) -> list[Points]:
    """Part a skeleton into lines between its ends and crossings.

    Args:
        pixels: The skeleton's (y, x).
        spur: Side branches up to this many pixels are traces of the pen's width.
    """
    near = {pixel: _neighbours(pixel, pixels) for pixel in pixels}
    knots = {pixel for pixel, ring in near.items() if len(ring) != 2}
    seen: set[frozenset[tuple[int, int]]] = set()
    paths = []
    for start in [*sorted(knots), *sorted(pixels)]:
        for step in near[start]:
            if frozenset((start, step)) in seen:
                continue
            path = [start, step]
            seen.add(frozenset((start, step)))
            while path[-1] not in knots and path[-1] != start:
                onward = [p for p in near[path[-1]] if frozenset((path[-1], p)) not in seen]
                if not onward:
                    break
                seen.add(frozenset((path[-1], onward[0])))
                path.append(onward[0])
            ends = sum(len(near[pixel]) == 1 for pixel in (path[0], path[-1]))
            if len(path) > spur or ends != 1:
                paths.append(np.array(path, float))
    return paths or [np.array(sorted(pixels), float)[:1]]


def _neighbours(pixel: tuple[int, int], pixels: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The next pixels of a line: the sides, and corners that no side already leads to."""
    y, x = pixel
    ring = [(y + dy, x + dx) for dy, dx in _RING if (y + dy, x + dx) in pixels]
    sides = [p for p in ring if abs(p[0] - y) + abs(p[1] - x) == 1]
    corners = [
        p
        for p in ring
        if abs(p[0] - y) + abs(p[1] - x) == 2
        and not any(abs(p[0] - s[0]) + abs(p[1] - s[1]) == 1 for s in sides)
    ]
    return sides + corners


def _smoothed(path: Points) -> Points:
    """Take the staircase out of a line and keep every third point."""
    if len(path) < 5:
        return path
    padded = np.vstack([path[:1], path[:1], path, path[-1:], path[-1:]])
    kernel = np.ones(5) / 5
    smooth = np.stack([np.convolve(padded[:, i], kernel, "valid") for i in (0, 1)], axis=1)
    smooth[0], smooth[-1] = path[0], path[-1]
    return np.vstack([smooth[:-1:3], smooth[-1:]])
