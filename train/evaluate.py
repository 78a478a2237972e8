"""Every figure that we publish, from the shipped file, by one command."""

import hashlib
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from recognizer import Prediction, Recognizer
from recognizer.characters import LETTERS

from .baseline import baseline_answers
from .calibrate import calibration_error
from .config import TrainConfig
from .dataset import Scans, load_ahcd, split_by_writer
from .errors import TrainError
from .files import require_run, write_json
from .pictures import draw_confusion, draw_errors, draw_robustness
from .report import summary, write_reports
from .testsets import FORMS, conditions, form_drawings, nonletter_drawings, redrawn, traced

FORM_DRAWINGS = 300  # a row
ROBUSTNESS_SCANS = 560  # every sixth of the AHCD test set
NONLETTERS = 2000

Metrics = dict[str, Any]
Labels = NDArray[np.int64]


def evaluate(folder: Path, data: Path | None = None, newhands: Path | None = None) -> Metrics:
    """Measure a model folder on everything.

    Args:
        folder: The model folder.
        data: AHCD's zip or folder; None downloads it.
        newhands: ``newhands_val.npz``, letters by other people; None leaves them out.

    Returns:
        Metrics by test set; shares are 0 to 1, times in milliseconds.

    Raises:
        TrainError: If data is missing.
        ModelError: If the model folder is not sound.
    """
    recognizer = Recognizer.load(folder)
    train, test = load_ahcd(data)
    metrics: Metrics = {
        **measure_file(folder / "model.keras"),
        **measure_speed(recognizer, test),
        "ahcd_test": score(recognizer.recognize_many(test.cells), test.labels),
        "ahcd_test_redrawn": score(recognizer.recognize_many(redrawn(test)), test.labels),
        "forms": measure_forms(recognizer),
        "robustness": measure_robustness(recognizer, test),
    }
    held_out = split_by_writer(train, TrainConfig().held_out)[1]
    metrics["held_out_writers"] = score(recognizer.recognize_many(held_out.cells), held_out.labels)
    measured = split_by_writer(held_out, TrainConfig().measured)[1]
    letters = recognizer.recognize_many(measured.cells)
    metrics["measured_writers"] = score(letters, measured.labels)
    if newhands:
        images, labels = load_newhands(newhands)
        letters = recognizer.recognize_many(images)
        metrics["newhands"] = score(letters, labels)
    metrics["nonletters"] = measure_nonletters(recognizer, letters)
    return metrics


def measure_baseline(
    run: Path, data: Path | None = None, newhands: Path | None = None
) -> dict[str, float]:
    """Accuracy of a trained baseline on the same sets, its input prepared its own way."""
    network = keras.models.load_model(run / "model.keras")
    _, test = load_ahcd(data)
    measured = {"ahcd_test_accuracy": _accuracy(baseline_answers(network, test.cells), test.labels)}
    if newhands:
        images, labels = load_newhands(newhands)
        answers = baseline_answers(network, 255 - images)
        measured["newhands_accuracy"] = _accuracy(answers, labels)
    return measured


def evaluate_and_report(
    folder: Path,
    data: Path | None = None,
    newhands: Path | None = None,
    baseline: Path | None = None,
) -> Metrics:
    """Measure a model folder, write its metrics, pictures and card, print the tables.

    For the model that ships, README's table is written too. What was left out this
    time keeps its figures from the last time, if the file is the same.

    Args:
        folder: The model folder.
        data: AHCD's zip or folder; None downloads it.
        newhands: Letters by other people.
        baseline: A run of the baseline.

    Raises:
        TrainError: If data is missing.
        ModelError: If the model folder is not sound.
    """
    check_inputs(newhands, baseline)
    metrics = evaluate(folder, data, newhands)
    if baseline:
        metrics["baseline"] = measure_baseline(baseline, data, newhands)
    metrics = with_earlier(folder / "metrics.json", metrics)
    write_json(folder / "metrics.json", metrics)
    draw_evaluation(folder, data)
    draw_robustness(metrics["robustness"], folder / "robustness.png")
    write_reports(folder, metrics)
    print(summary(metrics))
    return metrics


def with_earlier(file: Path, metrics: Metrics) -> Metrics:
    """Add what an earlier evaluation of the same weights measured and this one did not.

    Args:
        file: Where it left its metrics, if there was one.
        metrics: What was measured now.
    """
    if not file.exists():
        return metrics
    earlier = json.loads(file.read_text(encoding="utf-8"))
    if earlier.get("sha256") != metrics["sha256"]:
        return metrics
    if "newhands" in earlier and "newhands" not in metrics:
        # What is no letter was told from their letters: the two figures go together.
        metrics = {**metrics, "nonletters": earlier["nonletters"]}
    return {**earlier, **metrics}


def check_inputs(newhands: Path | None, baseline: Path | None) -> None:
    """Find out what is missing now, not after minutes of measuring.

    Raises:
        TrainError: If one is given and is not what it should be.
    """
    if newhands:
        load_newhands(newhands)
    if baseline:
        require_run(baseline, "metrics.json")


def score(predictions: Iterable[Prediction], labels: Labels) -> Metrics:
    """Accuracy, its 95 % interval, errors, calibration and the share of each letter read.

    Args:
        predictions: n answers.
        labels: (n,) class index.
    """
    predictions = list(predictions)
    answers = np.array([LETTERS.index(prediction.letter) for prediction in predictions])
    confidence = np.array([prediction.confidence for prediction in predictions])
    right = answers == labels
    accuracy = float(right.mean())
    matrix = np.zeros((len(LETTERS), len(LETTERS)), int)
    np.add.at(matrix, (labels, answers), 1)
    return {
        "letters": len(labels),
        "errors": int((~right).sum()),
        "accuracy": round(accuracy, 5),
        "interval": round(1.96 * (accuracy * (1 - accuracy) / len(labels)) ** 0.5, 5),
        "calibration_error": round(calibration_error(confidence, right), 5),
        "per_letter": {
            letter: round(float(right[labels == index].mean()), 4)
            for index, letter in enumerate(LETTERS)
            if (labels == index).any()
        },
        "confusions": _worst_confusions(matrix),
    }


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


def measure_nonletters(recognizer: Recognizer, letters: Iterable[Prediction]) -> Metrics:
    """How well letters are told from what is none.

    Args:
        recognizer: Reads the drawings that are no letter.
        letters: Answers to real letters.
    """
    refused = recognizer.recognize_many(nonletter_drawings(NONLETTERS))
    high = np.array([prediction.letterness for prediction in letters])
    low = np.array([prediction.letterness for prediction in refused])
    threshold = recognizer.model.card.thresholds.letter
    return {
        "auroc": round(_auroc(high, low), 5),
        "letters_accepted": round(float((high >= threshold).mean()), 5),
        "nonletters_refused": round(float((low < threshold).mean()), 5),
    }


def measure_speed(recognizer: Recognizer, test: Scans) -> Metrics:
    """Median milliseconds of one letter: network alone, and from picture to answer."""
    cells = test.cells[::17]
    batches = [prediction.ink[np.newaxis] for prediction in recognizer.recognize_many(cells)]
    return {
        "network_ms": _median_ms(recognizer.model, batches),
        "letter_ms": _median_ms(recognizer.recognize, cells),
    }


def load_newhands(file: Path) -> tuple[NDArray[np.uint8], Labels]:
    """Letters by people who never saw AHCD: (n, 100, 100) uint8 and (n,) class index.

    Raises:
        TrainError: If the file is missing or something else.
    """
    try:
        with np.load(file, allow_pickle=False) as content:
            return content["images"], content["labels"].astype(np.int64)
    except (OSError, KeyError, ValueError) as error:
        raise TrainError(f"{file} is not newhands_val.npz: it needs images and labels.") from error


def measure_file(file: Path) -> Metrics:
    """Checksum, size in megabytes and number of parameters of a network's file."""
    data = file.read_bytes()
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "file_megabytes": round(len(data) / 1e6, 2),
        "parameters": int(keras.models.load_model(file, compile=False).count_params()),
    }


def draw_evaluation(folder: Path, data: Path | None) -> None:
    """Draw the confusion matrix and every error on the AHCD test set, the commonest first."""
    _, test = load_ahcd(data)
    predictions = Recognizer.load(folder).recognize_many(test.cells)
    answers = np.array([LETTERS.index(prediction.letter) for prediction in predictions])
    draw_confusion(test.labels, answers, folder / "confusion_matrix.png", "AHCD test set")
    pairs = test.labels * len(LETTERS) + answers
    times = np.bincount(pairs)[pairs]
    order = np.lexsort((pairs, -times))
    wrong = order[(answers != test.labels)[order]]
    draw_errors(test.cells[wrong], test.labels[wrong], answers[wrong], folder / "errors.png")


def _accuracy(answers: Labels, labels: Labels) -> float:
    return round(float((answers == labels).mean()), 5)


def _median_ms(call: Any, items: Iterable[Any]) -> float:
    times = []
    for item in items:
        started = time.perf_counter()
        call(item)
        times.append(1000 * (time.perf_counter() - started))
    return round(float(np.median(times)), 2)


def _auroc(high: NDArray[np.float64], low: NDArray[np.float64]) -> float:
    """How often a letter scores above a non-letter (Mann and Whitney 1947)."""
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
