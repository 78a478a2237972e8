"""Cycles of the learning rate, and the weights that each of them ends with."""

from pathlib import Path

import keras
import numpy as np
from keras import ops

from .files import replace_file

Tensor = keras.KerasTensor

FIRST = 0.6  # of all epochs; what follows is shared out evenly
AGAIN = 0.3  # a later cycle's peak rate, in the first one's
WARM_UP = 0.08  # of a cycle
LOWEST = 1e-3  # of a cycle's peak, at its end
START = 1 / 25  # of a cycle's peak, at its start


def cycle_ends(epochs: int, cycles: int) -> list[int]:
    """After how many epochs each cycle ends; a run too short for its cycles has fewer."""
    rest = np.linspace(FIRST, 1, cycles) if cycles > 1 else np.ones(1)
    return sorted({max(1, round(epochs * share)) for share in rest.tolist()})


class CyclicRate(keras.optimizers.schedules.LearningRateSchedule):
    """In each cycle the rate warms up and falls as a cosine does (Loshchilov and Hutter 2017).

    Keras's ``CosineDecayRestarts`` has no warm-up, and each of its cycles is longer or shorter
    than the one before by the same factor.
    """

    def __init__(self, peak: float, ends: list[int]) -> None:
        """Take the first cycle's highest rate, and the steps after which the cycles end."""
        super().__init__()
        starts = [0, *ends[:-1]]
        self._starts = np.array(starts, np.float32)
        self._lengths = np.array(ends, np.float32) - self._starts
        self._peaks = np.array([peak, *[AGAIN * peak] * (len(ends) - 1)], np.float32)

    def __call__(self, step: Tensor) -> Tensor:
        """The rate of that step, counted from 0."""
        step = ops.cast(step, "float32")
        cycle = ops.sum(ops.cast(step >= self._starts, "int32")) - 1
        start, length, peak = (
            ops.take(values, cycle) for values in (self._starts, self._lengths, self._peaks)
        )
        done = ops.clip((step - start) / length, 0, 1)
        rising = START + (1 - START) * done / WARM_UP
        falling = (1 + ops.cos(np.pi * (done - WARM_UP) / (1 - WARM_UP))) / 2
        return peak * ops.where(done < WARM_UP, rising, LOWEST + (1 - LOWEST) * falling)


class CycleEnds(keras.callbacks.Callback):
    """Keeps the weights that each cycle ends with, and goes on from them.

    They are the optimizer's moving average. Each end is a network of its own (Huang et al.
    2017), to choose from.
    """

    def __init__(self, folder: Path, ends: list[int]) -> None:
        """Keep them in the folder; the cycles end after that many epochs."""
        super().__init__()
        self._files = {end: folder / f"cycle-{end}.npz" for end in ends}

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write the averaged weights down if a cycle ends with this epoch, counted from 0."""
        if (file := self._files.get(epoch + 1)) is None:
            return
        variables = self.model.trainable_variables
        self.model.optimizer.finalize_variable_values(variables)
        file.parent.mkdir(parents=True, exist_ok=True)
        weights = [np.asarray(variable) for variable in variables]
        replace_file(file, lambda path: np.savez(path, *weights))

    def weights(self) -> dict[int, list[np.ndarray]]:
        """The trainable variables at the end of each cycle, by the epochs until then."""
        kept = {end: np.load(file, allow_pickle=False) for end, file in self._files.items()}
        return {end: [file[name] for name in file.files] for end, file in kept.items()}
