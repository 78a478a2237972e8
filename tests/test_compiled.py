"""The compiled network answers as the Keras model in model.keras does, and says nothing else."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import keras
import numpy as np

from recognizer import Recognizer, fit_to_input, strokes_to_ink
from recognizer.compiled import PART, CompiledNetwork, _silence
from recognizer.model import BUNDLED
from tests.hand import by_hand, letters

ROOT = Path(__file__).parent.parent


def test_it_answers_as_the_keras_model_does() -> None:
    inks = [fit_to_input(strokes_to_ink(by_hand(letter))) for letter in letters()]
    noise = np.random.default_rng(0).integers(0, 256, (5, 64, 64), np.uint8)
    batch = np.concatenate([inks, noise])
    network = keras.models.load_model(BUNDLED / "model.keras", compile=False)
    read = network(batch[..., np.newaxis].astype(np.float32), training=False)
    temperature = 1.7
    tempered = np.asarray(read["letters"], np.float64) ** (1 / temperature)
    probabilities, letterness = CompiledNetwork(network, temperature)(batch)
    expected = tempered / tempered.sum(axis=1, keepdims=True)
    # Its numbers are bytes.
    assert np.allclose(probabilities, expected, atol=0.02)
    assert np.allclose(letterness, read["letterness"][:, 0], atol=0.02)
    assert np.array_equal(probabilities.argmax(axis=1), expected.argmax(axis=1))


def test_a_batch_of_any_size_is_answered_in_order(recognizer: Recognizer) -> None:
    inks = np.stack([fit_to_input(strokes_to_ink(by_hand(letter))) for letter in letters()])
    alone = np.concatenate([recognizer.model(ink[np.newaxis])[0] for ink in inks])
    for count in (2, PART - 1, PART, PART + 1, len(inks)):
        assert np.array_equal(recognizer.model(inks[:count])[0], alone[:count])


def test_a_recognizer_for_a_few_letters_answers_the_same(recognizer: Recognizer) -> None:
    few = Recognizer.load(compiled=False)
    for letter in letters():
        one, other = (
            few.recognize_strokes(by_hand(letter)),
            recognizer.recognize_strokes(by_hand(letter)),
        )
        assert np.allclose(one.probabilities, other.probabilities, atol=0.02)
        assert (one.letter, one.verdict) == (other.letter, other.verdict)


def test_loading_and_reading_leaves_the_console_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "recognizer", str(ROOT / "assets" / "examples" / "4-screen.png")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and done.stderr == ""


def test_two_that_load_at_once_leave_the_console_as_it_was() -> None:
    before, first_is_in, first_is_out = os.fstat(2), Event(), Event()

    def first() -> None:
        with _silence():
            first_is_in.set()
            time.sleep(0.3)
        first_is_out.set()

    def second() -> None:
        first_is_in.wait()
        with _silence():
            first_is_out.wait()

    with ThreadPoolExecutor(2) as both:
        for loading in [both.submit(first), both.submit(second)]:
            loading.result()
    assert os.path.samestat(before, os.fstat(2))


def test_it_loads_where_nobody_listens_to_errors() -> None:
    loads = "import os; os.close(2); from recognizer import Recognizer; Recognizer.load(); print(1)"
    command = [sys.executable, "-c", loads]
    done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
    assert (done.returncode, done.stdout) == (0, "1\n")
