"""The published baseline, trained as its authors describe, to compare with.

From paulaehab/Arabic-handwriting-character-recognition (97.14 % claimed). Scans are
scaled to 64×64 as they are, without finding the letter in them.
"""

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from recognizer.ink import INPUT_SIZE

from .checkpoint import Checkpoint
from .config import TrainConfig
from .dataset import Scans, load_ahcd
from .files import replace_file, write_json
from .fit import claim, limited
from .network import BASELINE_CLASSES, BASELINE_FIRST_LETTER, build_baseline
from .pictures import draw_confusion, draw_learning_curve

EPOCHS = 20 + 20  # 20, and then 20 more
BATCH_SIZE = 20


def fit_baseline(config: TrainConfig, workdir: Path, data: Path | None = None) -> dict:
    """Train the baseline on the whole training set and score it on the AHCD test set.

    A run begun in the folder goes on where it stopped; a finished one is only scored anew. Its
    epochs and batch size are fixed; of ``config`` only ``seed`` and ``limit`` count.

    Raises:
        TrainError: If the data is missing or the folder holds a run with other settings.
    """
    finished = workdir / "metrics.json"
    epochs = 1 if config.limit else EPOCHS
    config = replace(config, epochs=epochs, batch_size=BATCH_SIZE)  # what is written down
    train, test = load_ahcd(data)
    claim(workdir, config)
    keras.utils.set_random_seed(config.seed)
    if finished.exists():
        network = keras.models.load_model(workdir / "model.keras")
        seconds = json.loads(finished.read_text(encoding="utf-8"))["seconds"]
    else:
        checkpoint = Checkpoint(workdir / "backup")
        network = _fitted(config, limited(train, config.limit), workdir, checkpoint)
        seconds = round(checkpoint.seconds)
        replace_file(workdir / "model.keras", lambda partial: network.save(partial))
    answers = baseline_answers(network, test.cells)
    metrics = {
        "ahcd_test_accuracy": round(float((answers == test.labels).mean()), 5),
        "seconds": seconds,
        "config": asdict(config),
    }
    write_json(finished, metrics)
    shutil.rmtree(workdir / "backup", ignore_errors=True)
    draw_learning_curve(workdir / "history.csv", workdir / "learning_curve.png")
    draw_confusion(test.labels, answers, workdir / "confusion_matrix.png", "AHCD test")
    return metrics


def _fitted(
    config: TrainConfig, train: Scans, workdir: Path, checkpoint: Checkpoint
) -> keras.Model:
    network = build_baseline()
    network.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    network.fit(
        baseline_pixels(train.cells),
        keras.utils.to_categorical(train.labels + BASELINE_FIRST_LETTER, BASELINE_CLASSES),
        batch_size=config.batch_size,
        epochs=config.epochs,
        callbacks=[
            checkpoint,
            keras.callbacks.CSVLogger(workdir / "history.csv", append=True),
        ],
        verbose=2,
    )
    return network


def baseline_answers(network: keras.Model, cells: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The letters that the baseline reads: (n,) class index, negative for its digits."""
    probabilities = network.predict(baseline_pixels(cells), batch_size=256, verbose=0)
    return probabilities.argmax(axis=1) - BASELINE_FIRST_LETTER


def baseline_pixels(cells: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Scans as the baseline sees them: (n, 64, 64, 1) float32, 0 to 1."""
    side = (INPUT_SIZE, INPUT_SIZE)
    scaled = [cv2.resize(cell, side, interpolation=cv2.INTER_LINEAR) for cell in cells]
    return np.stack(scaled)[..., np.newaxis].astype(np.float32) / 255
