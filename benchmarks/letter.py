"""One letter: Harf's whole path and its network against the baseline, and where time goes."""

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
import tensorflow as tf

from recognizer import LETTERS, Recognizer, fit_to_input, strokes_to_ink, to_ink
from recognizer.looks import DOUBT
from recognizer.model import BUNDLED

from . import baseline
from .figures import TIMES, Figure, medians
from .pictures import drawings, papers

SIDE = 64  # pixels of a picture: what the baseline takes
CANVAS = 256  # pixels of a drawing saved as a picture
MATRIX = 1024  # rows and columns of the product that shows what the machine reaches


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Time one letter.

    Args:
        folder: Where files may be left.
        quick: Whether a few rounds are enough.
    """
    rounds = 2 if quick else 100
    recognizer = Recognizer.load()
    return [
        *_against_baseline(recognizer, folder, rounds),
        *_profile(recognizer, rounds),
        *_limit(recognizer, rounds),
    ]


def _against_baseline(recognizer: Recognizer, folder: Path, rounds: int) -> list[Figure]:
    model, picture = folder / "baseline.keras", folder / "letter.png"
    baseline.save_network(model)
    letters = papers(len(LETTERS), SIDE)  # of all: who is in doubt looks twice, and takes longer
    cv2.imwrite(str(picture), letters[0])
    network, pixels = keras.models.load_model(model), baseline.read(picture)
    batch = fit_to_input(to_ink(letters[0]))[np.newaxis]

    def read_all() -> None:
        for paper in letters:
            recognizer.recognize(paper).top(5)

    seconds = medians(
        {
            "whole": read_all,
            "network": lambda: recognizer.model(batch),
            "predict": lambda: baseline.predict(network, pixels),
        },
        rounds,
    )
    # A click takes half a second: fewer of them, beside our path once more.
    clicks = medians(
        {
            "whole": read_all,
            "click": lambda: baseline.click(model, picture),
        },
        max(1, rounds // 8),
        warm_up=1,
    )
    for measured in (seconds, clicks):
        measured["whole"] /= len(letters)
    return [
        Figure(
            "one letter, picture to answer, against the baseline's `predict` alone",
            seconds["predict"] / seconds["whole"],
            TIMES,
            at_least=15,
        ),
        Figure(
            "one letter, picture to answer, against the baseline's click (load and predict)",
            clicks["click"] / clicks["whole"],
            TIMES,
            at_least=60,
        ),
        Figure(
            "one letter, the network alone, against the baseline's `predict`",
            seconds["predict"] / seconds["network"],
            TIMES,
            at_least=30,
        ),
        Figure("one letter, picture to answer", 1e3 * seconds["whole"], "ms"),
        Figure("the baseline's `predict`", 1e3 * seconds["predict"], "ms"),
        Figure("the baseline's click", 1e3 * clicks["click"], "ms"),
    ]


def _profile(recognizer: Recognizer, rounds: int) -> list[Figure]:
    strokes = drawings(1)[0]
    small, large = papers(1, SIDE)[0], papers(1, CANVAS)[0]
    ink, drawn = to_ink(small), strokes_to_ink(strokes)
    batch = fit_to_input(ink)[np.newaxis]
    prediction = recognizer.recognize(small)
    parts = {
        f"to_ink, picture of {SIDE} pixels": lambda: to_ink(small),
        f"fit_to_input, ink of {SIDE} pixels": lambda: fit_to_input(ink),
        "network, one letter": lambda: recognizer.model(batch),
        "top five": lambda: prediction.top(5),
        "the whole way of that picture": lambda: recognizer.recognize(small).top(5),
        f"to_ink, picture of {CANVAS} pixels": lambda: to_ink(large),
        "strokes_to_ink": lambda: strokes_to_ink(strokes),
        f"fit_to_input, ink of {CANVAS} pixels": lambda: fit_to_input(drawn),
    }
    seconds = medians(parts, rounds)
    return [Figure(f"profile: {name}", 1e3 * seconds[name], "ms") for name in parts]


def _limit(recognizer: Recognizer, rounds: int) -> list[Figure]:
    """How near the network comes to what this machine can multiply at all."""
    operations = multiply_adds(keras.models.load_model(BUNDLED / "model.keras", compile=False))
    matrix = tf.random.uniform((MATRIX, MATRIX))
    of_bytes = _product_of_bytes(matrix)
    batch = np.stack([fit_to_input(to_ink(paper)) for paper in papers(256, SIDE)])
    batch = batch[recognizer.model(batch)[0].max(axis=1) >= DOUBT]  # what needs one look only
    seconds = medians(
        {
            "product": lambda: tf.matmul(matrix, matrix).numpy(),
            "product of bytes": of_bytes,
            "batch": lambda: recognizer.model(batch),
            "one": lambda: recognizer.model(batch[:1]),
        },
        max(2, rounds // 10),
    )
    reached = MATRIX**3 / seconds["product of bytes"]
    least = operations / reached
    # The product has all cores, and so have batches; a letter alone is read on one.
    alone = least * (os.cpu_count() or 1)
    return [
        Figure("the network's multiply-adds for a letter", operations / 1e6, "million"),
        Figure(
            "multiply-adds a second of the machine's matrix product, float32",
            MATRIX**3 / seconds["product"] / 1e9,
            "billion",
        ),
        Figure(
            "the same of bytes, as the network's are, by TensorFlow Lite",
            reached / 1e9,
            "billion",
        ),
        Figure("limit: a letter at that speed on one core", 1e3 * alone, "ms"),
        Figure("share of that speed, a letter at a time", 100 * alone / seconds["one"], "%"),
        Figure("share of that speed, in batches", 100 * len(batch) * least / seconds["batch"], "%"),
    ]


def _product_of_bytes(matrix: tf.Tensor) -> Callable[[], None]:
    """The product of a matrix with itself as the network's convolutions multiply."""
    shape = tf.TensorSpec(matrix.shape, tf.float32)
    product = tf.function(lambda left: tf.matmul(left, tf.constant(matrix.numpy())), [shape])
    concrete = product.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    lite = tf.lite.Interpreter(model_content=converter.convert(), num_threads=os.cpu_count())
    lite.allocate_tensors()
    lite.set_tensor(lite.get_input_details()[0]["index"], matrix.numpy())
    return lite.invoke  # type: ignore[no-any-return]


def multiply_adds(network: keras.Model) -> int:
    """Multiplications of a convolutional network for one input, each with its addition."""
    return sum(_multiply_adds(layer) for layer in network.layers)


def _multiply_adds(layer: Any) -> int:
    if isinstance(layer, keras.layers.Dense):
        return math.prod(layer.kernel.shape)
    if isinstance(layer, keras.layers.Conv2D):
        return math.prod(layer.kernel.shape) * math.prod(layer.output.shape[1:3])
    return 0
