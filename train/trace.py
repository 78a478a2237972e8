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
    inked = cv2.GaussianBlur(large, (0, 0), SCALE / 3) >= 100
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
    line = skeletonize(part[top : ys.max() + 1, left : xs.max() + 1])
    paths = _walk({(int(y), int(x)) for y, x in zip(*np.nonzero(line), strict=True)}, width / 2)
    return [_smoothed(path[:, ::-1] + [left, top]) for path in paths]


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
