"""Many pictures: `recognize_many` against the bare network on batches made before."""

import gc
import os
import time
from pathlib import Path

import numpy as np

from recognizer import Recognizer, fit_to_input, to_ink

from .figures import PERCENT, Figure
from .machine import resident_megabytes
from .pictures import papers

SIDE = 32  # pixels, as a scan of the training set
DIFFERENT = 1000  # pictures; they come round again
ROUNDS = 5
BATCH = 256  # letters of a prepared batch


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Read 10,000 pictures in five parts, each beside the bare network.

    Args:
        folder: Not used: nothing is written.
        quick: Whether 400 are enough.
    """
    count = (400 if quick else 10_000) // ROUNDS
    recognizer = Recognizer.load()
    different = papers(min(count, DIFFERENT), SIDE)
    pictures = [different[i % len(different)] for i in range(count)]
    prepared = np.stack([fit_to_input(to_ink(picture)) for picture in pictures])
    batches = [prepared[i : i + BATCH] for i in range(0, count, BATCH)]
    whole = bare = busy = ink = 0.0
    recognizer.recognize_many(pictures[:BATCH])  # what the first batch takes is not growth
    memory = [resident()]
    for _ in range(ROUNDS):
        started, worked = time.perf_counter(), time.process_time()
        recognizer.recognize_many(iter(pictures))
        whole += time.perf_counter() - started
        busy += time.process_time() - worked
        started = time.perf_counter()
        for batch in batches:
            recognizer.model(batch)
        bare += time.perf_counter() - started
        started = time.perf_counter()
        for picture in pictures:
            fit_to_input(to_ink(picture))
        ink += time.perf_counter() - started
        memory.append(resident())
    cores = os.cpu_count() or 1
    return [
        Figure(
            f"{ROUNDS * count:,} pictures through `recognize_many`, against the bare network "
            "on prepared batches",
            100 * bare / whole,
            PERCENT,
            at_least=80,
        ),
        Figure(
            "limit of that: were the ink, too, made on all cores, and none of them ever waiting",
            100 * bare / (bare + ink / cores),
            PERCENT,
        ),
        Figure("profile: ink of a picture, on one core", 1e3 * ink / (ROUNDS * count), "ms"),
        Figure("profile: the bare network on all cores", 1e3 * bare / (ROUNDS * count), "ms"),
        Figure("cores busy meanwhile", 100 * busy / whole / cores, PERCENT, at_least=75),
        Figure("memory it grows by after a first batch", memory[-1] - memory[0], "MB", at_most=20),
        Figure("letters a second through `recognize_many`", ROUNDS * count / whole, "a second"),
    ]


def resident() -> float:
    """Megabytes of this process, without what is only still to be collected."""
    gc.collect()
    return resident_megabytes(os.getpid())
