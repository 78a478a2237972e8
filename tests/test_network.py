"""The networks have the size and the answers that are promised."""

import numpy as np
import pytest

from recognizer import LETTERS
from train.network import BASELINE_CLASSES, build_baseline, build_network


def test_harf_stays_small() -> None:
    assert build_network().count_params() <= 1_000_000


def test_the_baseline_has_as_many_parameters_as_its_authors_say() -> None:
    assert build_baseline().count_params() == 103_014


def test_harf_answers_with_probabilities_and_letterness() -> None:
    inks = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 1)).astype(np.float32)
    answers = build_network()(inks)
    letters, letterness = np.array(answers["letters"]), np.array(answers["letterness"])
    assert letters.shape == (3, len(LETTERS))
    assert letters.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert letterness.shape == (3, 1)
    assert ((letterness > 0) & (letterness < 1)).all()


def test_the_baseline_answers_for_its_38_classes() -> None:
    answers = np.array(build_baseline()(np.zeros((2, 64, 64, 1), np.float32)))
    assert answers.shape == (2, BASELINE_CLASSES)
    assert answers.sum(axis=1) == pytest.approx(np.ones(2), abs=1e-5)
