"""What a model scores, test set by test set."""

import hashlib
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from recognizer import Prediction, Recognizer, RecognizerError
from recognizer.characters import LETTERS

from .calibrate import calibration_error
from .dataset import Scans
from .difficulties import difficulties
from .testsets import FORMS, conditions, form_drawings, nonletter_drawings, traced

FORM_DRAWINGS = 300  # a row
ROBUSTNESS_SCANS = 1680  # every second of the AHCD test set
EVERY = 3  # so many of other people's letters are made difficult
NONLETTERS = 2000

Metrics = dict[str, Any]
Labels = NDArray[np.int64]


def score(
    predictions: Iterable[Prediction], labels: Labels, writers: NDArray[Any] | None = None
) -> Metrics:
    """Accuracy, errors, calibration and the share of each letter read.

    Args:
        predictions: n answers.
        labels: (n,) class index.
        writers: (n,) who wrote each; with them comes the accuracy's 95 % interval.
    """
    predictions = list(predictions)
    answers = np.array([LETTERS.index(prediction.letter) for prediction in predictions])
    confidence = np.array([prediction.confidence for prediction in predictions])
    right = answers == labels
    accuracy = float(right.mean())
    matrix = np.zeros((len(LETTERS), len(LETTERS)), int)
    np.add.at(matrix, (labels, answers), 1)
    interval = {} if writers is None else {"interval": round(interval_95(right, writers), 5)}
    return {
        "letters": len(labels),
        "errors": int((~right).sum()),
        "accuracy": round(accuracy, 5),
        **interval,
        "calibration_error": round(calibration_error(confidence, right), 5),
        "per_letter": {
            letter: round(float(right[labels == index].mean()), 4)
            for index, letter in enumerate(LETTERS)
            if (labels == index).any()
        },
        "confusions": _worst_confusions(matrix),
    }


def interval_95(right: NDArray[np.bool_], writers: NDArray[Any]) -> float:
    """How far the share of letters read rightly may be off, to either side: 95 %.

    One writer's letters are read or misread together; taken for independent, they would seem
    to tell twice as much. So writers are what is drawn at random, and the share is a ratio of
    their sums: the cluster-robust variance of Cameron and Miller 2015, A Practitioner's Guide
    to Cluster-Robust Inference, with its factor g / (g - 1).

    Args:
        right: (n,) whether each letter was read rightly.
        writers: (n,) who wrote it; at least two, and many more for it to mean something.
    """
    _, writer = np.unique(writers, return_inverse=True)
    residuals = np.bincount(writer, right - right.mean())  # (g,)
    g = len(residuals)
    return float(1.96 * (g / (g - 1) * (residuals**2).sum()) ** 0.5 / len(right))


def measure_forms(recognizer: Recognizer) -> dict[str, float]:
    """The share of each form that is read rightly, in a synthetic style held out."""
    rows = {}
    for form in FORMS:
        inks, labels = form_drawings(form, FORM_DRAWINGS)
        rows[form.name] = score(recognizer.recognize_many(inks), np.array(labels))["accuracy"]
    return rows


def measure_robustness(recognizer: Recognizer, test: Scans) -> list[dict[str, Any]]:
    """Accuracy on pictures of AHCD test letters under one difficulty at a time."""
    some = test.where(np.arange(len(test)) % (len(test) // ROBUSTNESS_SCANS) == 0)
    letters = list(traced(some))
    rows = []
    for what, amount, picture in conditions():
        rng = np.random.default_rng(14)
        pictures = (picture(paths, rng) for paths in letters)
        accuracy = score(recognizer.recognize_many(pictures), some.labels)["accuracy"]
        rows.append({"what": what, "amount": amount, "accuracy": accuracy})
    return rows


def measure_difficulties(
    recognizer: Recognizer, scans: NDArray[np.uint8], labels: Labels
) -> list[dict[str, Any]]:
    """Accuracy on scans that something happened to; one that is refused is misread.

    Args:
        recognizer: Reads them.
        scans: (n, h, w), dark on light.
        labels: (n,) class index.
    """
    rows = []
    for what, happens in difficulties():
        rng = np.random.default_rng(15)
        right = sum(
            _letter(recognizer, happens(scan, rng)) == LETTERS[label]
            for scan, label in zip(scans, labels, strict=True)
        )
        rows.append({"what": what, "accuracy": round(right / len(labels), 5)})
    return rows


def _letter(recognizer: Recognizer, picture: NDArray[np.uint8]) -> str | None:
    try:
        return recognizer.recognize(picture).letter
    except RecognizerError:
        return None


def measure_nonletters(recognizer: Recognizer, letters: Iterable[Prediction]) -> Metrics:
    """How well letters are told from what is none.

    Args:
        recognizer: Reads the drawings that are no letter.
        letters: Answers to real letters.
    """
    kinds, drawings = zip(*nonletter_drawings(NONLETTERS), strict=True)
    answers = recognizer.recognize_many(drawings)
    high = np.array([prediction.letterness for prediction in letters])
    low = np.array([prediction.letterness for prediction in answers])
    threshold = recognizer.model.card.thresholds.letter
    is_refused = low < threshold
    of_kind = {kind: is_refused[np.array(kinds) == kind] for kind in sorted(set(kinds))}
    return {
        "auroc": round(auroc(high, low), 5),
        "letters_accepted": round(float((high >= threshold).mean()), 5),
        "nonletters_refused": round(float(is_refused.mean()), 5),
        "kinds": [
            {"kind": kind, "drawings": len(refused), "refused": round(float(refused.mean()), 5)}
            for kind, refused in of_kind.items()
        ],
    }


def measure_speed(recognizer: Recognizer, test: Scans) -> Metrics:
    """Median milliseconds of one letter: network alone, and from picture to answer."""
    cells = test.cells[::17]
    batches = [prediction.ink[np.newaxis] for prediction in recognizer.recognize_many(cells)]
    return {
        "network_ms": _median_ms(recognizer.model, batches),
        "letter_ms": _median_ms(recognizer.recognize, cells),
    }


def measure_file(file: Path) -> Metrics:
    """Checksum, size in megabytes and number of parameters of a network's file."""
    data = file.read_bytes()
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "file_megabytes": round(len(data) / 1e6, 2),
        "parameters": int(keras.models.load_model(file, compile=False).count_params()),
    }


def _median_ms(call: Any, items: Iterable[Any]) -> float:
    times = []
    for item in items:
        started = time.perf_counter()
        call(item)
        times.append(1000 * (time.perf_counter() - started))
    return round(float(np.median(times)), 2)


def auroc(high: NDArray[np.float64], low: NDArray[np.float64]) -> float:
    """How often a letter scores above what is none (Mann and Whitney 1947); half as often equal.

    Args:
        high: (n,) scores of letters.
        low: (m,) scores of what is none.
    """
    low = np.sort(low)
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    return float(below.mean() / 2 / len(low))


def _worst_confusions(matrix: NDArray[np.int64], count: int = 8) -> list[dict[str, Any]]:
    errors = matrix * (1 - np.eye(len(matrix), dtype=int))
    worst = np.argsort(-errors, axis=None, kind="stable")[:count]
    pairs = [divmod(int(place), len(matrix)) for place in worst]
    return [
        {"written": LETTERS[row], "read": LETTERS[column], "times": int(errors[row, column])}
        for row, column in pairs
        if errors[row, column]
    ]
