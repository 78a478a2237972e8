"""What is drawn as no letter is ink, and the model that ships refuses it."""

import numpy as np

from recognizer import Recognizer
from train.nonletters import NonLetters
from train.synthesis import HELD_OUT, Synthesiser
from train.testsets import nonletter_drawings, printed


def test_every_kind_of_drawing_is_fitted_ink() -> None:
    rng = np.random.default_rng(0)
    nonletters = NonLetters(Synthesiser())
    for _ in range(200):
        _, ink = nonletters.draw(rng)
        assert ink.shape == (64, 64)
        assert ink.max() > 64


def test_the_recognizer_refuses_most_of_them(recognizer: Recognizer) -> None:
    nonletters = NonLetters(Synthesiser(HELD_OUT))
    rng = np.random.default_rng(99)
    answers = recognizer.recognize_inks([nonletters.draw(rng)[1] for _ in range(300)])
    assert np.mean([answer.verdict == "not_a_letter" for answer in answers]) > 0.85


def test_the_recognizer_refuses_most_print_that_is_no_letter(recognizer: Recognizer) -> None:
    rng = np.random.default_rng(5)
    answers = recognizer.recognize_many(printed(rng)[1] for _ in range(200))
    assert np.mean([answer.verdict == "not_a_letter" for answer in answers]) > 0.8


def test_the_test_set_is_the_same_every_time() -> None:
    first, second = (list(nonletter_drawings(9)) for _ in range(2))
    for (kind, drawing), (same_kind, same) in zip(first, second, strict=True):
        assert kind == same_kind and np.array_equal(drawing, same)


def test_of_each_kind_of_print_what_is_printed_is_said() -> None:
    rng = np.random.default_rng(3)
    kinds = {printed(rng)[0] for _ in range(300)}
    assert {"printed: Latin letters", "printed: digits", "printed: ء and لا"} < kinds
