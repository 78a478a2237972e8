"""Confidence that means something, chosen on validation letters alone.

Temperature scaling (Guo et al. 2017) for the probabilities, and two thresholds:
from what letterness on a drawing passes for a letter, from what confidence on the
answer is called sure.
"""

import keras
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BINS = 15
ACCEPTED = 0.99  # share of validation letters that must pass: people's own are harder
SURE_ACCURACY = 0.98  # how often an answer called sure must be right
TEMPERATURES = np.geomspace(0.2, 3, 109)


def predict(network: keras.Model, inks: NDArray[np.uint8]) -> tuple[Array, Array]:
    """Run a network over (n, 64, 64, 1) ink: probabilities (n, 28) and letterness (n,)."""
    answers = network.predict(inks, batch_size=256, verbose=0)
    return answers["letters"].astype(np.float64), answers["letterness"][:, 0].astype(np.float64)


def choose_temperature(probabilities: Array, labels: NDArray[np.int64]) -> float:
    """The temperature with the least negative log-likelihood.

    Args:
        probabilities: (n, n_classes), as the network gives them.
        labels: (n,) class index.
    """
    rows = np.arange(len(labels))
    losses = [-np.log(tempered(probabilities, t)[rows, labels]).mean() for t in TEMPERATURES]
    return round(float(TEMPERATURES[int(np.argmin(losses))]), 4)


def choose_thresholds(
    probabilities: Array, letterness: Array, labels: NDArray[np.int64]
) -> dict[str, float]:
    """The thresholds ``letter`` and ``sure`` on tempered probabilities of letters."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    order = np.argsort(-confidence)
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.nonzero(accuracy >= SURE_ACCURACY)[0]
    sure = confidence[order][good[-1]] if len(good) else 1.0
    letter = float(np.quantile(letterness, 1 - ACCEPTED))
    return {"letter": round(letter, 4), "sure": round(float(sure), 4)}


def tempered(probabilities: Array, temperature: float) -> Array:
    """Probabilities as if the logits had been divided by the temperature."""
    logits = np.log(np.clip(probabilities, 1e-12, 1)) / temperature
    logits -= logits.max(axis=-1, keepdims=True)
    powers = np.exp(logits)
    return powers / powers.sum(axis=-1, keepdims=True)


def calibration_error(confidence: Array, right: NDArray[np.bool_]) -> float:
    """Expected calibration error over 15 equal bins of confidence (Naeini et al. 2015)."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    ]
    return float(sum(gaps))
