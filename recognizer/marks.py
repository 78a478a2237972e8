"""Marks on the paper: which connected pieces of ink belong to the letter."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .errors import EmptyDrawingError
from .ink import Ink, line_width

INKED = 48  # a pixel at least this dark connects a piece of ink
SPECK = 0.1  # of a square of the line's width; the smallest dots of AHCD have 0.19
LEAST_LETTER = 0.1  # of the picture's longest side; a smaller piece proves no letter
WHOLE_SIDE = 0.8  # of a side of the picture; what runs along so much of it may be a table
DOT = 4  # times the width of the letter's line; a dot is smaller
NEAR = 0.25  # of the letter's longest side; most dots are not further from it
FURTHEST_DOT = 0.6  # of the letter's longest side; of AHCD's dots one in a thousand is further
TAP = 2  # times the width of the letter's line; a dot that was tapped is smaller
FAINT = 10  # a pixel at least this dark may belong to a dot smaller than a pixel
LEAST_DOT = 0.035  # of a square of the line's width: the ink of a dot, pixels by darkness
MOST_MARKS = 4  # besides the body: three dots, and a piece that broke off
NOISE_SPREAD = 3  # the heaviest mark of noise, in weights of the fifth heaviest
DARK = 224  # of 255; a dot as dark as this is seen as it is
UNRESOLVED = 4  # pixels a side; a larger pale piece is pale ink, not too small for the picture
PALE = 128  # of 255 where the letter is darkest; form lines are paler
TABLE = 2.5  # times the width of the letter's line; a table beside the paper is wider


def no_ink() -> EmptyDrawingError:
    """Return the error that every place without ink raises."""
    return EmptyDrawingError("There is no ink in the picture: draw one letter, dark on light.")


def sides(pixels: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Return the outermost pixels of a picture (H, W): top, bottom, left and right."""
    return pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]


def remove_specks(ink: Ink) -> Ink:
    """Wipe away what is far too small to be a dot.

    A dot is at least about as large as the pen is wide, so specks are measured
    against the line of the largest piece, and in doubt they stay.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, the same or a cleaned copy.

    Raises:
        EmptyDrawingError: If specks are all there is.
    """
    labels, stats = _pieces(ink)
    areas = stats[:, cv2.CC_STAT_AREA]
    if len(areas) < 2 or areas[1:].max() < 2 + ink.size // 20_000:
        raise no_ink()
    if len(areas) == 2:
        return ink
    body = _largest(stats)
    smallest = SPECK * line_width(_cut_out(ink, labels, stats, body)) ** 2
    is_speck = areas < smallest
    return _wipe(ink, labels, is_speck) if is_speck[1:].any() else ink


def remove_surroundings(ink: Ink) -> Ink:
    """Wipe away the table that a photo shows along the sides of the paper.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, the same or a cleaned copy.
    """
    if all(np.count_nonzero(side >= INKED) < WHOLE_SIDE * len(side) for side in sides(ink)):
        return ink
    labels, stats = _pieces(ink)
    letter = _largest_inside(stats, ink.shape)
    if not letter:
        return ink
    widest = TABLE * line_width(_cut_out(ink, labels, stats, letter))
    is_table = np.zeros(len(stats), bool)
    for side in sides(labels):
        label = int(np.bincount(side).argmax())
        if label and (side == label).mean() >= WHOLE_SIDE / 2:
            is_table[label] = line_width(_cut_out(ink, labels, stats, label)) > widest
    return _wipe(ink, labels, is_table) if is_table.any() else ink


def remove_what_reaches_the_edge(ink: Ink) -> Ink:
    """Wipe away what a photo cuts through: tables, shadows, the neighbouring word.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, a cleaned copy, or the same when no letter stands clear of the edge.
    """
    labels, stats = _pieces(ink)
    letter = _largest_inside(stats, ink.shape)
    if not letter:
        return ink
    pen = line_width(_cut_out(ink, labels, stats, letter))
    is_cut = _reaches_edge(stats, ink.shape)
    gaps = _gaps(stats, stats[letter])
    for label in np.flatnonzero(is_cut):
        if max(stats[label, 2:4]) <= DOT * pen:
            is_cut[label] = gaps[label] > NEAR * max(stats[letter, 2:4])
        elif stats[label, 4] > stats[letter, 4]:  # the letter, of which only a part is clear?
            width = line_width(_cut_out(ink, labels, stats, int(label)))
            is_cut[label] = width > TABLE * pen or _is_strip(stats[label], ink.shape)
    return _wipe(ink, labels, is_cut) if is_cut.any() else ink


def remove_strays_at_edge(ink: Ink) -> Ink:
    """Wipe away what a clean scan cuts through: form lines, and neighbours far from the letter.

    Form lines are printed paler than a letter is written, and may run close to it. What is as
    dark as the letter may be a dot further away: a tap of its pen, or a larger one above or below.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, a cleaned copy, or the same when the letter itself reaches an edge: then
        the picture was cut out along it, and so were its dots.
    """
    if max(side.max() for side in sides(ink)) < INKED:
        return ink
    labels, stats = _pieces(ink)
    is_stray = _reaches_edge(stats, ink.shape)
    letter = _largest_written(ink, labels, stats)
    if not letter or is_stray[letter] or not is_stray.any():
        return ink
    size = max(stats[letter, 2:4])
    pen = line_width(_cut_out(ink, labels, stats, letter))
    gaps = _gaps(stats, stats[letter])
    is_above_or_below = _shares_columns(stats, stats[letter])
    for label in np.flatnonzero(is_stray):
        gap = gaps[label]
        darkest = _darkest(ink, labels, stats, int(label))
        widest = (DOT if is_above_or_below[label] else TAP) * pen
        is_dot = darkest >= DARK and max(stats[label, 2:4]) <= widest
        far = (FURTHEST_DOT if is_dot else NEAR) * size
        is_stray[label] = gap > far or (gap > 0 and darkest < PALE)
    return _wipe(ink, labels, is_stray) if is_stray.any() else ink


def settle_small_marks(ink: Ink) -> Ink:
    """Tell pale and small marks that are dots from those that are noise, by their number.

    No letter has more than four marks besides its body, so where more are seen, most are dust,
    or the ripples that JPEG leaves around lines. Where fewer are, a pale one may be a dot that
    the pixels of a small scan only show a trace of.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, the same or a copy: without the noise, or with the pale dots darkened.
    """
    labels, stats = _pieces(ink, FAINT)
    if len(stats) <= 2:
        return ink
    if len(stats) - 2 > MOST_MARKS:
        return _without_noise(ink, labels, stats)
    return _with_dark_dots(ink, labels, stats)


def _without_noise(ink: Ink, labels: NDArray[np.int32], stats: NDArray[np.int32]) -> Ink:
    """Wipe away marks no heavier than noise; the fifth heaviest pale or small mark is noise."""
    areas = stats[:, cv2.CC_STAT_AREA]
    weights = np.bincount(labels.ravel(), ink.ravel(), len(stats))
    body = _largest(stats)
    pen = line_width(_cut_out(ink, labels, stats, body))
    is_doubtful = (weights < PALE * areas) | (areas < pen**2)
    is_doubtful[[0, body]] = False
    heaviest = np.sort(weights[is_doubtful])[::-1]
    if len(heaviest) <= MOST_MARKS:
        return ink
    return _wipe(ink, labels, is_doubtful & (weights <= NOISE_SPREAD * heaviest[MOST_MARKS]))


def _with_dark_dots(ink: Ink, labels: NDArray[np.int32], stats: NDArray[np.int32]) -> Ink:
    """Give full ink to dots so small that the picture's pixels only show a pale trace of them.

    In a scan of few pixels a dot that covers a fifth of a pixel is as pale as a fifth of the
    ink, and would be cropped away like paper.
    """
    body = _largest(stats)
    is_small = stats[:, 2:4].max(axis=1) <= UNRESOLVED
    is_small &= ~_reaches_edge(stats, ink.shape)
    is_small[[0, body]] = False
    if not is_small.any():
        return ink
    least = LEAST_DOT * 255 * line_width(_cut_out(ink, labels, stats, body)) ** 2
    far = NEAR * max(stats[body, 2:4])
    inks = np.bincount(labels.ravel(), ink.ravel(), len(stats))
    is_dot = is_small & (inks >= least) & (_gaps(stats, stats[body]) <= far)
    darkened = ink.copy()
    for label in np.flatnonzero(is_dot):
        place, dot = _place(labels, stats, int(label))
        darkest = ink[place][dot].max()
        if darkest < DARK:
            darkened[place][dot] = ink[place][dot] * (255 / darkest)
    return darkened


def remove_thin_from_edge(ink: Ink, thickness: float) -> Ink:
    """Wipe away thin lines that come from the edge.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.
        thickness: How thin, in pixels.

    Returns:
        (H, W) uint8, the same or a cleaned copy.
    """
    labels, stats = _pieces(ink)
    _, _, width, height, area = stats.T
    is_thin = area <= thickness * np.maximum(width, height)
    is_thin &= _reaches_edge(stats, ink.shape)
    return _wipe(ink, labels, is_thin) if is_thin.any() else ink


def _pieces(ink: Ink, darkness: int = INKED) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return (H, W) labels, 0 for paper, and cv2's statistics, a row for each label."""
    inked = (ink >= darkness).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)


def _largest(stats: NDArray[np.int32]) -> int:
    """Return the label of the largest piece; there is at least one."""
    return 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())


def _largest_inside(stats: NDArray[np.int32], shape: tuple[int, ...]) -> int:
    """Return the label of the largest letter-like piece clear of the edge; 0 if none is."""
    _, _, width, height, area = stats.T
    is_inside = np.maximum(width, height) >= LEAST_LETTER * max(shape)
    is_inside &= ~_reaches_edge(stats, shape)
    is_inside[0] = False
    return int(np.where(is_inside, area, 0).argmax())


def _largest_written(ink: Ink, labels: NDArray[np.int32], stats: NDArray[np.int32]) -> int:
    """Return the label of the largest piece that is as dark as a letter; 0 if none is."""
    for label in np.argsort(-stats[1:, cv2.CC_STAT_AREA]) + 1:
        if _darkest(ink, labels, stats, int(label)) >= DARK:
            return int(label)
    return 0


def _darkest(ink: Ink, labels: NDArray[Any], stats: NDArray[Any], label: int) -> int:
    place, piece = _place(labels, stats, label)
    return int(ink[place][piece].max())


def _shares_columns(pieces: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Say of each piece whether its middle is above, below or within another's bounding box."""
    middles = pieces[:, 0] + pieces[:, 2] / 2
    return np.asarray((middles >= other[0]) & (middles <= other[0] + other[2]))


def _reaches_edge(stats: NDArray[np.int32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Say of each label, paper apart, whether its piece touches an edge of the picture."""
    left, top, width, height, _ = stats.T
    reaches = (left == 0) | (top == 0) | (left + width == shape[1]) | (top + height == shape[0])
    reaches[0] = False
    return np.asarray(reaches)


def _gaps(pieces: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the pixels between the bounding box of each piece and another; 0 if they overlap."""
    ends, end = pieces[:, :2] + pieces[:, 2:4], other[:2] + other[2:4]
    between = np.maximum(pieces[:, :2], other[:2]) - np.minimum(ends, end)
    return np.asarray(between.max(axis=1).clip(min=0), np.int32)


def _is_strip(piece: NDArray[np.int32], shape: tuple[int, ...]) -> bool:
    """Tell whether a piece runs flat along most of a side."""
    shorter, longer = sorted(piece[2:4])
    return bool(shorter < longer / 4 and longer > 0.6 * min(shape))


def _cut_out(ink: Ink, labels: NDArray[Any], stats: NDArray[Any], label: int) -> Ink:
    place, piece = _place(labels, stats, label)
    return np.where(piece, ink[place], 0).astype(np.uint8)


def _place(
    labels: NDArray[Any], stats: NDArray[Any], label: int
) -> tuple[tuple[slice, slice], NDArray[np.bool_]]:
    """Return where a piece's bounding box is, and which pixels in there are the piece's."""
    x, y, width, height, _ = stats[label].tolist()
    place = np.s_[y : y + height, x : x + width]
    return place, labels[place] == label


def _wipe(ink: Ink, labels: NDArray[Any], is_wiped: NDArray[np.bool_]) -> Ink:
    """Clear some pieces with their soft rim, but nothing of the pieces that stay."""
    wiped = cv2.dilate(is_wiped[labels].view(np.uint8), np.ones((5, 5), np.uint8)) > 0
    stays = cv2.dilate((~is_wiped[labels] & (labels > 0)).view(np.uint8), np.ones((3, 3), np.uint8))
    return np.where(wiped & (stays == 0), 0, ink).astype(np.uint8)
