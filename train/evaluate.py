"""Every figure that we publish, from the shipped file, by one command."""

import json
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import keras
import numpy as np
from numpy.typing import NDArray
from PIL import features

from recognizer import Recognizer
from recognizer.characters import LETTERS

from .baseline import baseline_answers
from .config import TrainConfig
from .dataset import load_ahcd, split_by_writer
from .errors import TrainError
from .files import require_run, write_json
from .measure import (
    EVERY,
    Labels,
    Metrics,
    measure_difficulties,
    measure_file,
    measure_forms,
    measure_nonletters,
    measure_robustness,
    measure_speed,
    score,
)
from .pictures import draw_confusion, draw_errors, draw_robustness
from .report import summary, write_reports
from .testsets import redrawn


def evaluate(folder: Path, data: Path | None = None, newhands: Path | None = None) -> Metrics:
    """Measure a model folder on everything.

    Args:
        folder: The model folder.
        data: AHCD's zip or folder; None downloads it.
        newhands: ``newhands_val.npz``, letters by other people; None leaves them out.

    Returns:
        Metrics by test set; shares are 0 to 1, times in milliseconds.

    Raises:
        TrainError: If data is missing, or the model was trained on letters that it is to read.
        ModelError: If the model folder is not sound.
    """
    recognizer = Recognizer.load(folder)
    refuse_trained_on(TrainConfig().held_out, dict(recognizer.model.card.config))
    train, test = load_ahcd(data)
    metrics: Metrics = {
        **measure_file(folder / "model.keras"),
        **measure_speed(recognizer, test),
        "ahcd_test": score(recognizer.recognize_many(test.cells), test.labels, test.writers),
        "ahcd_test_redrawn": score(
            recognizer.recognize_many(redrawn(test)), test.labels, test.writers
        ),
        "forms": measure_forms(recognizer),
        "robustness": measure_robustness(recognizer, test),
    }
    # Without an interval: how writers differ, four of them do not tell.
    held_out = split_by_writer(train, TrainConfig().held_out)[1]
    metrics["held_out_writers"] = score(recognizer.recognize_many(held_out.cells), held_out.labels)
    measured = split_by_writer(held_out, TrainConfig().measured)[1]
    letters = recognizer.recognize_many(measured.cells)
    metrics["measured_writers"] = score(letters, measured.labels)
    if newhands:
        images, labels, writers = load_newhands(newhands)
        letters = recognizer.recognize_many(images)
        metrics["newhands"] = score(letters, labels, writers)
        metrics["newhands_difficulties"] = measure_difficulties(
            recognizer, images[::EVERY], labels[::EVERY]
        )
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
        images, labels, _ = load_newhands(newhands)
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
    if not features.check("raqm"):
        print(
            "Printed Arabic words stay unjoined here, and are refused more often than what is "
            "published says: Pillow needs the system's FriBiDi to join them.",
            file=sys.stderr,
        )
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
    """Add what an earlier evaluation measured and this one did not.

    Of other weights only the baseline's figures are kept.

    Args:
        file: Where it left its metrics, if there was one.
        metrics: What was measured now.
    """
    if not file.exists():
        return metrics
    earlier = json.loads(file.read_text(encoding="utf-8"))
    if earlier.get("sha256") != metrics["sha256"]:
        # The baseline's figures do not change with our weights.
        return {**{key: earlier[key] for key in ("baseline",) if key in earlier}, **metrics}
    if "newhands" in earlier and "newhands" not in metrics:
        # What is no letter was told from their letters: the two figures go together.
        metrics = {**metrics, "nonletters": earlier["nonletters"]}
    if "baseline" in metrics:  # without other people's letters it has fewer figures
        baseline = {**earlier.get("baseline", {}), **metrics["baseline"]}
        metrics = {**metrics, "baseline": baseline}
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
        # Only a run of the baseline writes its settings among its figures.
        run = json.loads((baseline / "metrics.json").read_text(encoding="utf-8"))
        settings = run.get("config", {})
        if settings.get("network") != "baseline":
            raise TrainError(f"{baseline} is no run of the baseline: fit --network baseline.")
        if settings["limit"]:
            raise TrainError(
                f"{baseline} is a trial on {settings['limit']} scans: train it without --limit."
            )


def refuse_trained_on(writers: Collection[int], settings: dict[str, Any]) -> None:
    """Refuse a run that knows the writers whose letters are to choose between runs.

    Args:
        writers: Who validates, 0 to 59.
        settings: Of the run, as in its ``config.json``.

    Raises:
        TrainError: If not all of them were held out of its training.
    """
    names = ("fold", "validation_writers")
    run = TrainConfig(**{name: settings[name] for name in names})
    if not set(writers) <= set(run.held_out):
        raise TrainError(
            "The run was trained on letters by the writers that validate, which would flatter "
            "it: train with the usual --fold and --validation-writers."
        )


def load_newhands(file: Path) -> tuple[NDArray[np.uint8], Labels, Labels]:
    """Letters by people who never saw AHCD: (n, 100, 100) uint8, (n,) class index, (n,) writer.

    Raises:
        TrainError: If the file is missing or something else.
    """
    try:
        with np.load(file, allow_pickle=False) as content:
            labels, writers = (content[name].astype(np.int64) for name in ("labels", "writers"))
            return content["images"], labels, writers
    except (OSError, EOFError, KeyError, TypeError, ValueError, BadZipFile) as error:
        raise TrainError(
            f"{file} is not newhands_val.npz: it needs images, labels and writers."
        ) from error


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
