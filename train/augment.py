"""What hands, pens and paper do to a letter that was really written.

Nothing here makes or removes a dot: no flips, holes in the body alone (they may cut a piece
of its line off, as a dry pen does), and a change after which the ink falls into other pieces is
not made (`keeping_dots`). Where nothing else is
said, ink is (64, 64) uint8, fitted to the input, 0 paper to 255 ink, and comes back as such.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.ink import INPUT_SIZE, Ink, crop_to_ink, fit_to_input

Rng = np.random.Generator

Change = Callable[[Ink, Rng], Ink]

PIECE = 90  # ink at least this dark counts when pieces are told apart
LONGEST_DOT = 17  # pixels; a shorter piece could be taken for one
SHEET = 88  # pixels a side; room for a letter of input size turned and bent


def bend_scan(scan: Ink, rng: Rng) -> Ink:
    """Turn, slant, stretch and bend a scanned letter and fit it to the input again.

    An affine map and a smooth random field together (Simard, Steinkraus and Platt 2003).

    Args:
        scan: (h, w) uint8 ink with the letter in it.
        rng: The source of chance.

    Returns:
        (64, 64) uint8 ink.
    """
    letter = cv2.copyMakeBorder(crop_to_ink(scan), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    height, width = letter.shape
    scale = max(height, width) / 52
    back = np.linalg.inv(_affine(rng)) * scale
    ys, xs = np.mgrid[0:SHEET, 0:SHEET].astype(np.float32) - SHEET / 2
    field = _smooth_field(rng) * scale
    map_x = back[0, 0] * xs + back[0, 1] * ys + field[0] + (width - 1) / 2
    map_y = back[1, 0] * xs + back[1, 1] * ys + field[1] + (height - 1) / 2
    sheet = cv2.remap(
        letter, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_CUBIC, borderValue=0
    )
    return fit_to_input(sheet)


def change_pen(ink: Ink, rng: Rng) -> Ink:
    """Change how the line lies on the paper: thicker, thinner, softer, harder, paler.

    Args:
        ink: (64, 64) uint8, fitted.
        rng: The source of chance.

    Returns:
        (64, 64) uint8 ink. The line never gets thinner than its own soft core.
    """
    chance = rng.random()
    if chance < 0.25:
        return ink
    soft = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.5, 1.3)).astype(np.float32)
    if chance < 0.8:  # a soft edge, moved: low thresholds thicken, high ones thin
        threshold = rng.uniform(0.2, 0.48)
        gain = rng.uniform(0.5 / threshold, 8)  # less would leave the paper grey
        soft = (soft / 255 - threshold) * gain * 255 + 127
    peak = max(float(soft.max()), 1.0)
    return (soft * (255 / peak if peak < 255 else 1)).clip(0, 255).astype(np.uint8)


def lower_resolution(ink: Ink, rng: Rng) -> Ink:
    """Show a letter as a scan of few pixels does: reduced, often to black and white, enlarged.

    Half of AHCD's letters are at most 17 pixels long, and a tenth at most 12.
    """
    side = round(np.exp(rng.uniform(np.log(11), np.log(48))))
    small = cv2.resize(ink, (side, side), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        small = np.where(small > rng.integers(60, 130), 255, 0).astype(np.uint8)
    return cv2.resize(small, (INPUT_SIZE, INPUT_SIZE), interpolation=cv2.INTER_CUBIC)


def with_marker(ink: Ink, rng: Rng) -> Ink:
    """Widen the line as a felt pen does."""
    side = int(rng.choice([2, 3, 3, 5]))
    return cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))


def worn(ink: Ink, rng: Rng) -> Ink:
    """Let the line run dry in grains, or interrupt the body's where the pen skipped."""
    chance = rng.random()
    if chance < 0.25:
        return (ink * rng.uniform(0.7, 1.0, ink.shape)).astype(np.uint8)
    if chance < 0.65:
        ink = interrupted(ink, rng)
        return interrupted(ink, rng) if rng.random() < 0.5 else ink  # a ring breaks in two
    body = _body(ink)
    holes = np.zeros(ink.shape, bool)
    for y, x in rng.choice(np.argwhere(body), int(rng.integers(1, 5))):
        up, left, down, right = rng.integers(1, 3, 4)
        holes[max(0, y - up) : y + down, max(0, x - left) : x + right] = True
    return np.where(holes & body, 0, ink).astype(np.uint8)


def interrupted(ink: Ink, rng: Rng) -> Ink:
    """Leave a wide gap in the body's line, unless a piece as short as a dot came of it."""
    body = _body(ink)
    on_body = np.argwhere(body)  # elsewhere a gap would change nothing
    y, x = on_body[rng.integers(len(on_body))].tolist()
    gap = cv2.circle(np.zeros_like(ink), (x, y), int(rng.integers(2, 6)), 1, cv2.FILLED)
    left = np.where(gap.astype(bool) & body, 0, ink).astype(np.uint8)
    found = cv2.connectedComponentsWithStats(((left >= PIECE) & body).view(np.uint8))[2][1:]
    sides = found[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    return left if len(sides) and sides.min() >= LONGEST_DOT else ink


def keeping_dots(change: Change, ink: Ink, rng: Rng) -> Ink:
    """Make a change unless it would join, lose or make a piece of the ink."""
    changed = change(ink, rng)
    return changed if pieces(changed) == pieces(ink) else ink


def pieces(ink: Ink) -> int:
    """How many pieces the ink falls into, dots and body."""
    return int(cv2.connectedComponents((ink >= PIECE).view(np.uint8))[0]) - 1


def _body(ink: Ink) -> NDArray[np.bool_]:
    """Where the largest piece of the ink is."""
    _, parts, sizes, _ = cv2.connectedComponentsWithStats((ink >= PIECE).view(np.uint8))
    largest = 1 + int(sizes[1:, cv2.CC_STAT_AREA].argmax()) if len(sizes) > 1 else 0
    return np.asarray(parts == largest)


def _affine(rng: Rng) -> NDArray[np.float64]:
    angle = np.deg2rad(rng.normal(0, 8))
    stretch = np.exp(rng.normal(0, 0.1))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn @ np.array([[1, rng.normal(0, 0.12)], [0, 1]]) @ np.diag([stretch, 1 / stretch])


def _smooth_field(rng: Rng) -> NDArray[np.float32]:
    """(2, SHEET, SHEET) displacement in pixels of the sheet, smooth over about a third."""
    coarse = rng.normal(0, rng.gamma(2, 0.8), (5, 5, 2)).astype(np.float32)
    fine = cv2.resize(coarse, (SHEET, SHEET), interpolation=cv2.INTER_CUBIC)
    return fine.transpose(2, 0, 1)
