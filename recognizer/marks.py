"""Marks on the paper: which connected pieces of ink belong to the letter."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .errors import EmptyDrawingError
from .ink import Ink
from .pieces import INKED, Pieces

SPECK = 0.1  # of a square of the line's width; the smallest dots of AHCD have 0.19
LEAST_LETTER = 0.1  # of the picture's longest side; a smaller piece proves no letter
LEAST_OF_STEM = 0.3  # of a stem's length; what stands beside it and is shorter is its hamza
STRAIGHT = 0.6  # of the box around it; a straight line fills so much of it
WHOLE_SIDE = 0.8  # of a side of the picture; what runs along so much of it may be a table
DOT = 4  # times the width of the letter's line; a dot is smaller
NEAR = 0.25  # of the letter's longest side; most dots are not further from it
FURTHEST_DOT = 0.6  # of the letter's longest side; of AHCD's dots one in a thousand is further
ASIDE = 1  # of the letter's width; the middle of no dot is further to a side of its middle
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


def remove_strays(ink: Ink) -> Ink:
    """Wipe away what is far too small to be a dot, or far to a side of everything else.

    A dot is at least about as large as the pen is wide, so specks are measured
    against the line of the largest piece, and in doubt they stay.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, the same or a cleaned copy.

    Raises:
        EmptyDrawingError: If specks are all there is.
    """
    pieces = Pieces(ink)
    if not len(pieces) or pieces.areas[1:].max() < 2 + ink.size // 20_000:
        raise no_ink()
    if len(pieces) == 1:
        return ink
    letter = pieces.largest()
    pen = pieces.pen(letter)
    is_speck = pieces.areas < SPECK * pen**2
    are_small = pieces.extents <= DOT * pen
    are_small[[0, letter]] = True
    if (are_small | is_speck).all():  # one letter: else a mark may belong to any of them
        is_speck |= _lie_aside(pieces, letter, are_small & ~is_speck)
    return pieces.without(is_speck)


def remove_surroundings(ink: Ink) -> Ink:
    """Wipe away the table that a photo shows along the sides of the paper.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, the same or a cleaned copy.
    """
    if all(np.count_nonzero(side >= INKED) < WHOLE_SIDE * len(side) for side in sides(ink)):
        return ink
    pieces = Pieces(ink)
    letter = _largest_inside(pieces)
    if not letter:
        return ink
    widest = TABLE * pieces.pen(letter)
    is_table = np.zeros(len(pieces.stats), bool)
    for side in sides(pieces.labels):
        label = int(np.bincount(side).argmax())
        if label and (side == label).mean() >= WHOLE_SIDE / 2:
            is_table[label] = pieces.pen(label) > widest
    return pieces.without(is_table)


def remove_what_reaches_the_edge(ink: Ink) -> Ink:
    """Wipe away what a photo cuts through: tables, shadows, the neighbouring word.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, a cleaned copy, or the same when no letter stands clear of the edge.
    """
    pieces = Pieces(ink)
    letter = _largest_inside(pieces)
    if not letter:
        return ink
    pen, areas, extents = pieces.pen(letter), pieces.areas, pieces.extents
    is_cut = pieces.reach_edge()
    gaps = pieces.gaps(letter)
    for label in map(int, np.flatnonzero(is_cut)):
        if extents[label] <= DOT * pen:
            is_cut[label] = gaps[label] > NEAR * extents[letter]
        elif areas[label] > areas[letter]:  # the letter, of which only a part is clear?
            is_cut[label] = pieces.pen(label) > TABLE * pen or _is_strip(pieces, label)
            is_cut[label] |= _lies_beside(pieces, label, letter)
    return pieces.without(is_cut)


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
    pieces = Pieces(ink)
    is_stray = pieces.reach_edge()
    letter = _largest_written(pieces)
    if letter and is_stray[letter]:
        inside = _largest_inside(pieces)
        letter = inside if inside and _lies_beside(pieces, letter, inside) else 0
    if not letter or not is_stray.any():
        return ink
    pen, extents = pieces.pen(letter), pieces.extents
    gaps = pieces.gaps(letter)
    is_above_or_below = pieces.are_above_or_below(letter)
    for label in map(int, np.flatnonzero(is_stray)):
        gap, darkest = gaps[label], pieces.darkest(label)
        widest = (DOT if is_above_or_below[label] else TAP) * pen
        is_dot = darkest >= DARK and extents[label] <= widest
        far = (FURTHEST_DOT if is_dot else NEAR) * extents[letter]
        is_stray[label] = gap > far or (gap > 0 and darkest < PALE)
    return pieces.without(is_stray)


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
    pieces = Pieces(ink, FAINT)
    if len(pieces) < 2:
        return ink
    return _with_dark_dots(pieces) if len(pieces) - 1 <= MOST_MARKS else _without_noise(pieces)


def _without_noise(pieces: Pieces) -> Ink:
    """Wipe away marks no heavier than noise; the fifth heaviest pale or small mark is noise."""
    weights = pieces.weights()
    body = pieces.largest()
    is_doubtful = (weights < PALE * pieces.areas) | (pieces.areas < pieces.pen(body) ** 2)
    is_doubtful[[0, body]] = False
    heaviest = np.sort(weights[is_doubtful])[::-1]
    if len(heaviest) <= MOST_MARKS:
        return pieces.ink
    return pieces.without(is_doubtful & (weights <= NOISE_SPREAD * heaviest[MOST_MARKS]))


def _with_dark_dots(pieces: Pieces) -> Ink:
    """Give full ink to dots so small that the picture's pixels only show a pale trace of them.

    In a scan of few pixels a dot that covers a fifth of a pixel is as pale as a fifth of the
    ink, and would be cropped away like paper.
    """
    body, extents = pieces.largest(), pieces.extents
    is_small = (extents <= UNRESOLVED) & ~pieces.reach_edge()
    is_small[[0, body]] = False
    if not is_small.any():
        return pieces.ink
    least = LEAST_DOT * 255 * pieces.pen(body) ** 2
    is_dot = is_small & (pieces.weights() >= least)
    is_dot &= pieces.gaps(body) <= NEAR * extents[body]
    darkened = pieces.ink.copy()
    for label in map(int, np.flatnonzero(is_dot)):
        place, dot = pieces.place(label)
        darkest = pieces.darkest(label)
        if darkest < DARK:
            darkened[place][dot] = pieces.ink[place][dot] * (255 / darkest)
    return darkened


def remove_thin_from_edge(ink: Ink, thickness: float) -> Ink:
    """Wipe away thin lines that come from the edge.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.
        thickness: How thin, in pixels.

    Returns:
        (H, W) uint8, the same or a cleaned copy.
    """
    pieces = Pieces(ink)
    is_thin = pieces.areas <= thickness * pieces.extents
    return pieces.without(is_thin & pieces.reach_edge())


def _lie_aside(pieces: Pieces, letter: int, are_marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n,) which of the marks are far to a side of the letter, and of the marks that are its."""
    far, near = FURTHEST_DOT * pieces.extents[letter], NEAR * pieces.extents[letter]
    left, _, width, _, _ = pieces.stats[letter]
    middles = pieces.stats[:, 0] + pieces.stats[:, 2] / 2
    are_aside = are_marks & (pieces.gaps(letter) > far)
    are_aside &= abs(middles - left - width / 2) > ASIDE * width
    are_aside[[0, letter]] = False
    if not are_aside.any():
        return np.asarray(are_aside)  # as in most pictures
    its = np.setdiff1d(np.flatnonzero(are_marks & ~are_aside), [0, letter])
    if len(its) > MOST_MARKS:
        return np.zeros_like(are_aside)
    for label in map(int, its):
        are_aside &= pieces.gaps(label) > near
    return np.asarray(are_aside)


def _largest_inside(pieces: Pieces) -> int:
    """Return the label of the largest letter-like piece clear of the edge; 0 if none is."""
    is_inside = pieces.extents >= LEAST_LETTER * max(pieces.ink.shape)
    is_inside &= ~pieces.reach_edge()
    is_inside[0] = False
    return int(np.where(is_inside, pieces.areas, 0).argmax())


def _largest_written(pieces: Pieces) -> int:
    """Return the label of the largest piece that is as dark as a letter; 0 if none is."""
    by_size = map(int, np.argsort(-pieces.areas[1:]) + 1)
    return next((label for label in by_size if pieces.darkest(label) >= DARK), 0)


def _lies_beside(pieces: Pieces, label: int, letter: int) -> bool:
    """Tell whether a piece is long, straight and beside the letter, as a pen that lies there.

    An alef is as straight, but what stands beside it is its hamza; so is a flat teh, but what is
    above it are its dots.
    """
    extents = pieces.extents
    if extents[letter] < LEAST_OF_STEM * extents[label]:
        return False
    if pieces.are_above_or_below(label)[letter]:
        return False
    if pieces.gaps(letter)[label] <= NEAR * extents[letter]:
        return False
    place, piece = pieces.place(label)
    shorter, longer = sorted(cv2.minAreaRect(np.argwhere(piece).astype(np.float32))[1])
    return bool(shorter < longer / 4 and pieces.areas[label] > STRAIGHT * shorter * longer)


def _is_strip(pieces: Pieces, label: int) -> bool:
    """Tell whether a piece runs flat along most of a side."""
    shorter, longer = sorted(pieces.stats[label, 2:4].tolist())
    return bool(shorter < longer / 4 and longer > 0.6 * min(pieces.ink.shape))
