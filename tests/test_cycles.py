"""The learning rate rises and falls in cycles, and what each cycle ends with is kept."""

from pathlib import Path

import keras
import numpy as np
import pytest

from train.cycles import CycleEnds, CyclicRate, cycle_ends


def test_the_first_cycle_is_the_longest_and_the_last_ends_with_the_run() -> None:
    assert cycle_ends(90, 3) == [54, 72, 90]
    assert cycle_ends(12, 1) == [12]
    assert cycle_ends(1, 3) == [1]
    assert cycle_ends(3, 3)[-1] == 3


def test_each_cycle_warms_up_to_its_peak_and_ends_near_nothing() -> None:
    rate = CyclicRate(0.01, [240, 320, 400])
    rates = np.array([float(rate(step)) for step in range(400)])
    for start, end, peak in ((0, 240, 0.01), (240, 320, 0.003), (320, 400, 0.003)):
        cycle = rates[start:end]
        assert cycle.max() == pytest.approx(peak, rel=0.01)
        top = int(cycle.argmax())
        assert 0 < top < 0.1 * len(cycle)
        assert (np.diff(cycle[: top + 1]) > 0).all() and (np.diff(cycle[top:]) < 0).all()
        assert cycle[-1] < 0.01 * peak


def line() -> keras.Model:
    """One weight that follows the mean of what it is shown."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5), "mse")
    model.set_weights([np.zeros((1, 1), np.float32)])
    return model


def trained(ends: CycleEnds, *, epochs: int, initial_epoch: int = 0) -> list[float]:
    """Train, and return the weight after each epoch."""
    weights: list[float] = []
    model = line()
    note = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: weights.append(float(model.get_weights()[0][0, 0]))
    )
    x = np.ones((8, 1))
    settings = {"epochs": epochs, "initial_epoch": initial_epoch, "batch_size": 1, "verbose": 0}
    model.fit(x, 3 * x, callbacks=[ends, note], **settings)
    return weights


def kept(ends: CycleEnds) -> dict[int, float]:
    return {epochs: float(weights[0][0, 0]) for epochs, weights in ends.weights().items()}


def test_the_averaged_weights_are_kept_at_each_end_and_training_goes_on_from_them(
    tmp_path: Path,
) -> None:
    ends = CycleEnds(tmp_path / "backup", [2, 3])
    weights = trained(ends, epochs=3)
    plain = trained(CycleEnds(tmp_path / "none", []), epochs=3)
    assert weights[0] == plain[0]
    assert 0 < weights[1] < plain[1] < 3  # an average lags behind
    assert weights[2] < plain[2]
    assert kept(ends) == {2: weights[1], 3: weights[2]}


def test_an_end_from_before_an_interruption_is_there(tmp_path: Path) -> None:
    before = trained(CycleEnds(tmp_path, [1, 2]), epochs=1)
    again = CycleEnds(tmp_path, [1, 2])
    after = trained(again, epochs=2, initial_epoch=1)
    assert kept(again) == {1: before[0], 2: after[0]}
