"""What the network sees: batches of drawings made on the fly.

Ink is (64, 64) uint8, fitted to the input; paths are (n, 2) points in any one unit.
"""

import math

import keras
import numpy as np
from numpy.typing import NDArray

from recognizer.characters import LETTERS
from recognizer.ink import INPUT_SIZE, Ink, fit_to_input
from recognizer.picture import to_ink
from recognizer.strokes import THICKEST_PEN, strokes_to_ink

from .augment import (
    bend_scan,
    change_pen,
    keeping_dots,
    lower_resolution,
    pieces,
    with_marker,
    worn,
)
from .config import TrainConfig
from .dataset import N_TRAINING, Scans
from .feedback import Feedback
from .nonletters import NonLetters
from .synthesis import CAREFUL, TRAINING, Points, Rng, Style, Synthesiser, bent, placed, turned

EPOCH = N_TRAINING  # drawings

FINEST, BROADEST = 0.012, 0.12  # pens, in 0 to 1 of the surface's side

Targets = dict[str, NDArray[np.float32]]
# Real letters keep most of their hand: synthetic ones have to stray further.
RETRACED = Style(rotation=9.0, shear=0.1, stretch=0.12, bend=0.02, tremor=0.004)


class Batches(keras.utils.PyDataset):
    """Bent scans, re-inked scans, synthetic letters and non-letters in fixed shares.

    Batch number i of the run is the same whenever it is asked for, so a run that
    was interrupted goes on as if it had not been.
    """

    def __init__(
        self,
        config: TrainConfig,
        scans: Scans,
        traces: list[list[Points]],
        feedback: Feedback | None = None,
    ) -> None:
        """Take the training letters, and the traces of all of them in the same order.

        A correction counts as much as a scan.
        """
        feedback = feedback or Feedback()
        # Two workers take Keras's own queue. With one, TensorFlow tunes how far it reads ahead,
        # and some epochs of 44 seconds ended 39 later, when its tuning did.
        super().__init__(workers=2, max_queue_size=16)
        self._config = config
        self._inks = [*(to_ink(cell) for cell in scans.cells), *feedback.inks]
        self._labels = np.concatenate([scans.labels, np.array(feedback.labels, np.int64)])
        self._traces = traces
        self._synthesiser = Synthesiser()
        self._nonletters = NonLetters(self._synthesiser, BROADEST)
        self._epoch = 0

    def __len__(self) -> int:
        """Batches an epoch."""
        drawings = min(EPOCH, self._config.limit or EPOCH)
        return max(1, math.ceil(drawings / self._config.batch_size))

    def start_at(self, epoch: int) -> None:
        """Go on with that epoch, counted from 0."""
        self._epoch = epoch

    def on_epoch_end(self) -> None:
        """The next epoch draws anew."""
        self._epoch += 1

    def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], Targets, Targets]:
        """Batch ``index`` of this epoch: (n, 64, 64, 1) uint8, targets, sample weights."""
        config = self._config
        rng = np.random.default_rng([config.seed, self._epoch, index])
        shares = [config.scans, config.traced, config.synthetic, config.nonletters]
        sources = rng.choice(4, size=config.batch_size, p=np.array(shares) / sum(shares))
        drawn = [self._draw(source, rng) for source in sources]
        inks = np.stack([ink for ink, _ in drawn])[..., np.newaxis]
        return inks, *targets(np.array([label for _, label in drawn]), config.label_smoothing)

    def _draw(self, source: int, rng: Rng) -> tuple[Ink, int]:
        """One drawing and its class index, -1 for what is no letter."""
        if source == 3:
            _, ink = self._nonletters.draw(rng)
            return weathered(ink, rng), -1
        if source == 2:
            label = int(rng.integers(len(LETTERS)))
            paths = self._synthesiser.draw(label, rng)
            return weathered(inked(paths, rng, BROADEST), rng), label
        row = int(rng.integers(len(self._labels)))
        label = int(self._labels[row])
        if source == 1:
            return weathered(reinked(self._traces[row], rng, BROADEST), rng), label
        ink = bend_scan(self._inks[row], rng)
        # Seldom: how wide the line is for its letter tells the small ز from ذ, and ر from د.
        ink = keeping_dots(change_pen, ink, rng) if rng.random() < 0.35 else ink
        return (worn(ink, rng) if rng.random() < 0.2 else ink), label


def targets(labels: NDArray[np.int64], smoothing: float) -> tuple[Targets, Targets]:
    """What the two outputs should say, and how much each sample counts for them.

    Args:
        labels: (n,) class index, -1 for what is no letter.
        smoothing: The share of certainty spread over all letters.
    """
    is_letter = labels >= 0
    letters = np.full((len(labels), len(LETTERS)), smoothing / len(LETTERS), np.float32)
    letters[is_letter, labels[is_letter]] += 1 - smoothing
    letterness = is_letter.astype(np.float32)
    weights = {"letters": letterness, "letterness": np.ones(len(labels), np.float32)}
    return {"letters": letters, "letterness": letterness[:, np.newaxis]}, weights


def inked(paths: list[Points], rng: Rng, thickest: float = THICKEST_PEN) -> Ink:
    """Put a letter on the surface with some pen, and fit what it leaves to the input.

    The page keeps its pens thin; training sees lines as broad as paper has them.

    Most hands keep dots apart from each other and from the body: three dots in one blob are one
    dot to any reader. Were they as common here as broad pens make them, ن would be read as ث.
    """
    strokes = placed(paths, rng.uniform(0.25, 1), rng)
    pen = float(np.exp(rng.uniform(np.log(FINEST), np.log(BROADEST))))
    ink = _fitted(strokes, pen, thickest)
    if rng.random() < CAREFUL:
        meant = pieces(_fitted(strokes, FINEST, thickest))
        while pen > FINEST and pieces(ink) < meant:
            pen *= 0.8
            ink = _fitted(strokes, pen, thickest)
    return ink


def reinked(paths: list[Points], rng: Rng, thickest: float = THICKEST_PEN) -> Ink:
    """Write a traced letter again, a little differently, with another pen."""
    size = float(np.ptp(np.concatenate(paths), axis=0).max()) or 1.0
    moved = turned([path / size for path in paths], RETRACED, rng)
    return inked(bent(moved, RETRACED.bend, RETRACED.tremor, rng), rng, thickest)


def weathered(ink: Ink, rng: Rng) -> Ink:
    """Let some of the clean ink look scanned, coarse or worn."""
    chance = rng.random()
    if chance < 0.3:
        ink = keeping_dots(change_pen, ink, rng)
    elif chance < 0.55:
        ink = keeping_dots(lower_resolution, ink, rng)
    elif chance < 0.63:
        ink = keeping_dots(with_marker, ink, rng)
    return worn(ink, rng) if rng.random() < 0.3 else ink


def synthetic_letters(
    count: int, seed: int, style: Style = TRAINING
) -> tuple[NDArray[np.uint8], NDArray]:
    """A fixed set of synthetic letters: (n, 64, 64, 1) uint8 and (n,) class index."""
    rng = np.random.default_rng([seed, 7])
    synthesiser = Synthesiser(style)
    labels = np.arange(count) % len(LETTERS)
    inks = np.stack([inked(synthesiser.draw(int(label), rng), rng) for label in labels])
    return inks.reshape(-1, INPUT_SIZE, INPUT_SIZE, 1), labels


def _fitted(strokes: list[Points], pen_width: float, thickest: float) -> Ink:
    return fit_to_input(strokes_to_ink(strokes, pen_width=pen_width, thickest=thickest))
