"""Temperature, thresholds and calibration error do what their names say."""

import numpy as np
import pytest

from train.calibrate import (
    calibration_error,
    choose_temperature,
    choose_thresholds,
    tempered,
)


def drawn_labels(probabilities: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.array([rng.choice(len(row), p=row) for row in probabilities])


def honest(rng: np.random.Generator, count: int = 4000) -> np.ndarray:
    logits = rng.normal(0, 2, (count, 28))
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("spoiled", [0.5, 2.0])
def test_the_temperature_undoes_too_little_and_too_much_confidence(spoiled: float) -> None:
    rng = np.random.default_rng(0)
    probabilities = honest(rng)
    labels = drawn_labels(probabilities, rng)
    chosen = choose_temperature(tempered(probabilities, spoiled), labels)
    assert chosen == pytest.approx(1 / spoiled, rel=0.08)


def test_honest_confidence_has_hardly_any_calibration_error() -> None:
    rng = np.random.default_rng(1)
    confidence = rng.uniform(0, 1, 50_000)
    assert calibration_error(confidence, rng.random(50_000) < confidence) < 0.01


def test_boasting_is_measured() -> None:
    assert calibration_error(np.full(100, 0.9), np.arange(100) < 60) == pytest.approx(0.3)


def test_answers_called_sure_are_right_as_often_as_promised() -> None:
    rng = np.random.default_rng(2)
    probabilities = tempered(honest(rng, 8000), 0.3)
    labels = drawn_labels(probabilities, rng)
    thresholds = choose_thresholds(probabilities, rng.uniform(0.8, 1, 8000), labels)
    sure = probabilities.max(axis=1) >= thresholds["sure"]
    right = probabilities.argmax(axis=1) == labels
    assert sure.any()
    assert right[sure].mean() >= 0.975


def test_letters_pass_for_letters() -> None:
    rng = np.random.default_rng(3)
    probabilities = honest(rng, 1000)
    letterness = np.concatenate([rng.uniform(0.1, 0.4, 50), rng.uniform(0.6, 1, 950)])
    thresholds = choose_thresholds(probabilities, letterness, np.zeros(1000, int))
    assert (letterness >= thresholds["letter"]).mean() >= 0.96
