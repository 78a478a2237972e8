"""Ruled paper: thin straight lines from edge to edge are printed, not written."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .ink import Ink, line_width
from .marks import remove_thin_from_edge

SMALLEST = 96  # pixels; the shorter side of a picture that can show ruled paper at all
SEARCH_SIDE = 256  # pixels; lines are found this small, and erased in full size
INKED = 40
TILT = np.deg2rad(8)
COVERAGE = 0.7  # of the picture's width, the least that a ruled line runs through
THIN_COVERAGE = 0.4  # of the picture's width, where a ruled line has paper on both sides
NEAR_EDGE = 0.15  # of the picture's width; a ruled line begins and ends no further from the edges
MOST_CANDIDATES = 400


@dataclass(frozen=True)
class Line:
    """A line y = start + slope * x, in pixels of the searched picture."""

    start: float
    slope: float

    def rows(self, width: int, scale: float = 1) -> NDArray[np.intp]:
        """Return the row of every column in a picture `scale` times as large."""
        columns = np.arange(width) + 0.5
        return np.asarray(np.floor(self.start * scale + self.slope * columns), np.intp)


def remove_ruling(ink: Ink) -> Ink:
    """Erase the lines of ruled or squared paper and keep the letter that crosses them.

    Only lines nearly from edge to edge count: several of them, or one that is thinner or
    fainter than the letter. A letter's own long stroke is none of these.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, the same ink or a copy without its rulings.
    """
    if min(ink.shape) < SMALLEST:
        return ink
    ink = _remove_horizontal(ink)
    upright = _remove_horizontal(ink.T)
    return ink if upright.base is ink else np.ascontiguousarray(upright.T)


def _remove_horizontal(ink: Ink) -> Ink:
    edge = int(NEAR_EDGE * ink.shape[1])
    if ink[:, :edge].max() < INKED or ink[:, -edge:].max() < INKED:
        return ink  # nothing comes from edge to edge: most pictures end here
    ink = np.ascontiguousarray(ink)
    scale = max(1.0, max(ink.shape) / SEARCH_SIDE)
    size = (round(ink.shape[1] / scale), round(ink.shape[0] / scale))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    lines = _find_lines((small >= INKED / scale).view(np.uint8))
    if not lines:
        return ink
    cleaned = ink.copy()
    for line in lines:
        _erase(cleaned, line.rows(ink.shape[1], scale), reach=round(2 + scale))
    if len(lines) == 1 and not _is_printed(ink, cleaned):
        return ink
    # Tilted lines cut the corners: too short to be found, they are like the ones found.
    erased = np.where(cleaned < INKED, ink, 0).astype(np.uint8)
    return remove_thin_from_edge(cleaned, 2 * line_width(erased))


def _find_lines(inked: Ink) -> list[Line]:
    """Find the nearly level lines that run through a picture of zeros and ones."""
    width = inked.shape[1]
    inked = np.pad(inked, ((5, 5), (0, 0)))
    found = cv2.HoughLines(
        inked,
        1,
        np.pi / 720,
        round(width / 2),
        min_theta=np.pi / 2 - TILT,
        max_theta=np.pi / 2 + TILT,
    )
    lines = []
    for rho, theta in found[:MOST_CANDIDATES, 0] if found is not None else ():
        line = Line(float(rho / np.sin(theta)) + 0.5, float(-np.cos(theta) / np.sin(theta)))
        rows = line.rows(width).clip(4, inked.shape[0] - 5)
        columns = np.arange(width)
        on_line = inked[rows, columns] | inked[rows - 1, columns] | inked[rows + 1, columns]
        is_thin = on_line & ~(inked[rows - 4, columns] | inked[rows + 4, columns])
        if on_line.mean() < COVERAGE or (is_thin & 1).mean() < THIN_COVERAGE:
            continue
        lines.append(Line(line.start - 5, line.slope))
        for offset in range(-3, 4):  # so that its near copies are not found again
            inked[rows + offset, columns] = 0
    return lines


def _erase(ink: Ink, rows: NDArray[np.intp], reach: int) -> None:
    """Erase a line in place wherever it is no thicker than elsewhere.

    Args:
        ink: (H, W) uint8.
        rows: (W,) the line's row in each column.
        reach: How far off the line's true row may be, in pixels.
    """
    height, width = ink.shape
    half = 4 * reach
    offsets = np.arange(-half, half + 1)[:, np.newaxis]
    band_rows = rows + offsets  # (2 * half + 1, W)
    columns = np.broadcast_to(np.arange(width), band_rows.shape)
    is_inside = (band_rows >= 0) & (band_rows < height)
    band = np.where(is_inside, ink[band_rows.clip(0, height - 1), columns], 0)
    # The run of inked pixels nearest to the line, in every column.
    inked = band >= INKED // 2
    nearest = np.where(inked, abs(offsets), 2 * half).argmin(axis=0)
    gaps = np.where(inked, 0, 1)
    run = gaps.cumsum(axis=0)
    run = (run == run[nearest, np.arange(width)]) & inked
    thickness = run.sum(axis=0)
    is_on_line = (thickness > 0) & (abs(nearest - half) <= reach)
    if not is_on_line.any():
        return
    # The letter may lie on most of the line, but not on nearly all of it.
    usual = np.quantile(thickness[is_on_line], 0.2)
    darkness = band.max(axis=0, where=run, initial=0)
    is_printed = is_on_line & (thickness <= 2 * usual + 1)
    is_printed &= darkness <= 1.5 * np.quantile(darkness[is_on_line], 0.2) + 16
    wipe = cv2.dilate((run & is_printed).view(np.uint8), np.ones((5, 1), np.uint8)) > 0
    wipe &= is_printed & is_inside
    ink[band_rows[wipe], columns[wipe]] = 0


def _is_printed(before: Ink, after: Ink) -> bool:
    """Tell a single ruling from a letter's own stroke: it is thinner or fainter than the rest."""
    erased = np.where(after == 0, before, 0).astype(np.uint8)
    inked = np.count_nonzero(erased >= INKED)
    if not inked:
        return True  # fainter than any ink
    if 2 * np.count_nonzero(after >= INKED) < inked:
        return False
    thinner = line_width(after) > 1.4 * line_width(erased)
    fainter = np.quantile(after[after >= INKED], 0.9) > 1.4 * np.quantile(
        erased[erased >= INKED], 0.9
    )
    return bool(thinner or fainter)
