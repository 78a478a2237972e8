"""Five folds by writer: how AHCD's letters are read by a model that never saw their writers.

Each run is trained without a fifth of the writers and then reads theirs, so that every letter
is read once, and by a stranger.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from recognizer import Recognizer

from .config import FOLD, FOLDS, TrainConfig
from .dataset import load_ahcd, split_by_writer
from .errors import TrainError
from .files import alone_in, write_json
from .fit import claim, limited, train_and_evaluate
from .measure import score
from .report import percent, write_reports

FIGURES = "fold.json"  # what a fold's model scored on its own writers


def measure_fold(
    config: TrainConfig, workdir: Path, shipped: Path, data: Path | None = None
) -> None:
    """Train one fold, or go on with it, and score it; with the last one, report their mean.

    Args:
        config: What to train, with a fifth of the writers held out by its ``fold``.
        workdir: Where all folds live, each a run of its own.
        shipped: The model folder whose ``metrics.json`` and card show the mean.
        data: AHCD's zip or folder; None downloads it.

    Raises:
        TrainError: If there is no such fold, the data is missing, or the folder holds folds
            with other settings.
    """
    if config.fold not in range(FOLDS) or config.validation_writers != FOLD.validation_writers:
        raise TrainError(f"There are {FOLDS} folds: take a --fold of 0 to {FOLDS - 1}.")
    strangers = split_by_writer(load_ahcd(data)[0], config.held_out)[1]
    strangers = limited(strangers, config.limit)
    claim(workdir, replace(config, fold=0))  # a mean of unlike runs would say nothing
    folder = workdir / str(config.fold)
    with alone_in(folder):  # the other folds may be trained meanwhile
        train_and_evaluate(config, folder, data)
        predictions = Recognizer.load(folder).recognize_many(strangers.cells)
    read = score(predictions, strangers.labels)
    # Of these writers one half chose the temperature: confidence is measured on the other.
    of_others = np.flatnonzero(np.isin(strangers.writers, config.measured))
    others = score([predictions[index] for index in of_others], strangers.labels[of_others])
    write_json(folder / FIGURES, read | {"calibration_error": others["calibration_error"]})
    print(f"fold {config.fold}: {percent(read['accuracy'])} % of {read['letters']:,} letters")
    report(workdir, config.epochs, shipped)


def report(workdir: Path, epochs: int, shipped: Path) -> None:
    """Write the mean of the folds beside the model, or say which are still to be trained."""
    files = [workdir / str(fold) / FIGURES for fold in range(FOLDS)]
    if missing := [str(fold) for fold, file in enumerate(files) if not file.exists()]:
        print(f"still to be trained: --fold {', '.join(missing)}")
        return
    measured = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    folds = mean_of(measured) | {"epochs": epochs}
    print(f"mean of {FOLDS} folds: {percent(folds['accuracy'])} %")
    file = shipped / "metrics.json"
    metrics = json.loads(file.read_text(encoding="utf-8")) | {"folds": folds}
    write_json(file, metrics)
    write_reports(shipped, metrics)


def mean_of(folds: list[dict[str, Any]]) -> dict[str, Any]:
    """The mean accuracy of the folds, 0 to 1, with each one's, and mean calibration error."""
    each = [fold["accuracy"] for fold in folds]
    return {
        "letters": sum(fold["letters"] for fold in folds),
        "accuracy": round(sum(each) / len(each), 5),
        "per_fold": each,
        "calibration_error": round(
            sum(fold["calibration_error"] for fold in folds) / len(folds), 5
        ),
    }
