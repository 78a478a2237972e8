"""Steps of the optimizer: as long in every direction for convolutions, AdamW's for the rest."""

import keras
import numpy as np
import pytest

from train.optimizer import ADAM_RATE, ConvolutionMuon

RATE = 0.01
Array = np.ndarray


def step(start: Array, gradient: Array, optimizer: keras.optimizers.Optimizer) -> Array:
    """How far one step without decay moves a variable."""
    variable = keras.Variable(start)
    optimizer.build([variable])
    optimizer.apply([gradient])
    return variable.numpy() - start


def muon() -> ConvolutionMuon:
    return ConvolutionMuon(RATE, weight_decay=0.0)


@pytest.mark.parametrize("shape", [(3, 3, 16, 48), (1, 1, 48, 96), (1, 1, 96, 48)])
def test_a_convolution_moves_as_far_in_every_direction(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    gradient = rng.normal(size=shape).astype(np.float32)
    gradient[..., 0] *= 100  # one filter shouts
    moved = step(np.zeros(shape, np.float32), gradient, muon())
    lengths = np.linalg.svd(moved.reshape(-1, shape[-1]), compute_uv=False)
    assert lengths.max() < 2.5 * lengths.min()
    assert np.sqrt(np.mean(moved**2)) == pytest.approx(0.2 * RATE, rel=0.35)
    assert np.sum(moved * gradient) < 0  # downhill


@pytest.mark.parametrize("shape", [(48,), (96, 28), (5, 5, 1, 16)])
def test_the_rest_moves_as_with_adamw(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    start, gradient = rng.normal(size=(2, *shape)).astype(np.float32)
    decay = 0.5
    ours = step(start, gradient, ConvolutionMuon(RATE, weight_decay=decay))
    adamw = keras.optimizers.AdamW(RATE * ADAM_RATE, weight_decay=decay)
    np.testing.assert_allclose(ours, step(start, gradient, adamw), rtol=1e-3, atol=1e-6)
