"""Training: an epoch with augmentation against the same network fed from memory.

``python -m benchmarks.training FILE`` measures, in a process of its own.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import keras
import numpy as np

from recognizer.characters import LETTERS
from recognizer.ink import use_one_thread
from train.batches import Batches
from train.config import TrainConfig
from train.dataset import Scans
from train.fit import compiled
from train.trace import trace

from .figures import TIMES, Figure
from .pictures import papers

ROOT = Path(__file__).parent.parent
SCANS = 280
CELL = 32  # pixels, as in AHCD


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Train short epochs in turn from augmentation and from memory.

    Args:
        folder: Where files may be left.
        quick: Whether epochs of two small steps are enough.
    """
    file = folder / "training.json"
    # Training's command line asks for oneDNN before TensorFlow is imported; here it is already.
    environment = {**os.environ, "TF_ENABLE_ONEDNN_OPTS": "1"}
    command = [sys.executable, "-m", "benchmarks.training", str(file)]
    subprocess.run(
        [*command, "--quick"] if quick else command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    seconds = json.loads(file.read_text(encoding="utf-8"))
    return [
        Figure(
            "`fit`: seconds an epoch, against the same network fed from memory",
            seconds["augmented"] / seconds["memory"],
            TIMES,
            at_most=1.25,
        ),
        Figure("`fit`: a step", 1e3 * seconds["augmented"], "ms"),
    ]


def _seconds_a_step(*, quick: bool) -> dict[str, float]:
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
                seconds[name].append((time.perf_counter() - started) / steps)
    return {name: median(values) for name, values in seconds.items()}


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


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training")
    parser.add_argument("file", type=Path, help="what the seconds of a step are written to")
    parser.add_argument("--quick", action="store_true", help="a trial of seconds")
    options = parser.parse_args()
    use_one_thread()  # as training's command line does
    seconds = _seconds_a_step(quick=options.quick)
    options.file.write_text(json.dumps(seconds), encoding="utf-8")


if __name__ == "__main__":
    _main()
