"""Training: an epoch with augmentation against the same network fed from memory."""

import time
from pathlib import Path
from statistics import median

import keras
import numpy as np

from recognizer.characters import LETTERS
from train.batches import Batches
from train.config import TrainConfig
from train.dataset import Scans
from train.fit import compiled
from train.trace import trace

from .figures import TIMES, Figure
from .pictures import papers

SCANS = 280
CELL = 32  # pixels, as in AHCD


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Train short epochs in turn from augmentation and from memory.

    Args:
        folder: Not used: nothing is written.
        quick: Whether epochs of two small steps are enough.
    """
    steps, rounds, batch = (2, 1, 16) if quick else (20, 2, TrainConfig.batch_size)
    config = TrainConfig(batch_size=batch, limit=steps * batch, epochs=2)
    scans = _scans()
    augmented = Batches(config, scans, [trace(cell) for cell in scans.cells])
    kept = _Memory([augmented[i] for i in range(len(augmented))])
    network = compiled(config, len(augmented))
    seconds: dict[str, list[float]] = {"augmented": [], "memory": []}
    for number in range(rounds + 1):
        for name, batches in (("augmented", augmented), ("memory", kept)):
            started = time.perf_counter()
            network.fit(batches, verbose=0)
            if number:  # the first epoch compiles
                seconds[name].append(time.perf_counter() - started)
    augmented_s, memory_s = median(seconds["augmented"]), median(seconds["memory"])
    return [
        Figure(
            "`fit`: seconds an epoch, against the same network fed from memory",
            augmented_s / memory_s,
            TIMES,
            at_most=1.25,
        ),
        Figure("`fit`: a step", 1e3 * augmented_s / steps, "ms"),
    ]


class _Memory(keras.utils.PyDataset):
    """Batches that are there already."""

    def __init__(self, batches: list) -> None:
        super().__init__(workers=2)  # as those that are made
        self._batches = batches

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, index: int) -> tuple:
        return self._batches[index]


def _scans() -> Scans:
    """Letters of ours in the size of AHCD's, which need not be downloaded for this."""
    cells = 255 - np.stack(papers(SCANS, CELL))
    numbers = np.arange(SCANS)
    return Scans(cells, numbers % len(LETTERS), numbers % 60, numbers)
